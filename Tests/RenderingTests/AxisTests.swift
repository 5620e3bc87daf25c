import BVAERendering
import Testing

@Suite("Axes")
struct AxisTests {
  @Test("Ticks lie at multiples of 1, 2 or 5")
  func linear() {
    let axis = Axis.linear(9.2...81.4, count: 6, snaps: true)
    #expect(axis.ticks.map(\.label) == ["0", "20", "40", "60", "80", "100"])
    #expect(axis.position(0) == 0 && axis.position(100) == 1 && axis.position(50) == 0.5)
    #expect(Axis.linear(1...200, count: 4, snaps: false).ticks.map(\.label) == ["0", "50", "100", "150", "200"])
    #expect(Axis.linear(-1...1, count: 4, snaps: true).ticks.map(\.label) == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
    #expect(Axis.linear(0...40000, count: 4, snaps: true).ticks.last?.label == "40,000")
  }

  @Test("Whole numbers have no ticks between them")
  func whole() {
    #expect(Axis.linear(0...2, count: 8, snaps: false, whole: true).ticks.map(\.label) == ["0", "1", "2"])
    #expect(Axis.linear(1...1, count: 8, snaps: false, zero: false, whole: true).ticks.map(\.label) == ["0", "1", "2"])
  }

  @Test("Very large and very small numbers share a power of ten")
  func magnitudes() {
    let huge = Axis.linear(0...3e12, count: 3, snaps: true)
    #expect(huge.exponent == 12 && huge.ticks.map(\.label) == ["0", "1", "2", "3"])
    let tiny = Axis.linear(0...3e-9, count: 3, snaps: true)
    #expect(tiny.exponent == -9 && tiny.ticks.map(\.label) == ["0", "1", "2", "3"])
  }

  @Test("Logarithmic ticks are decades, with 2 and 5 where there are few")
  func logarithmic() {
    #expect(Axis.logarithmic(12...81, count: 5).ticks.map(\.label) == ["10", "20", "50", "100"])
    #expect(
      Axis.logarithmic(0.0001...100, count: 8).ticks.map(\.label) == [
        "10⁻⁴", "0.001", "0.01", "0.1", "1", "10", "100",
      ])
    #expect(Axis.logarithmic(1...10, count: 3).position(0).isNaN)
  }

  @Test("Any two finite ends give an axis with a few ticks")
  func extremes() {
    let ends: [ClosedRange<Double>] = [
      0...0, 5...5, -3 ... -3, 1e300...1e300, -1e300...1e300, 1e-300...1e-300, 0...Double.leastNonzeroMagnitude,
      1e16...1e16 + 2,
      1e9...1e9 + 1e-6, -1e-200...1e200,
    ]
    for range in ends {
      for count in [1, 3, 7] {
        let linear = Axis.linear(range, count: count, snaps: true)
        #expect((1...30).contains(linear.ticks.count), "\(range)")
        for value in [range.lowerBound, range.upperBound] where abs(value) <= 1e300 {
          #expect((-1e-9...1 + 1e-9).contains(linear.position(value)), "\(range)")
        }
        guard range.lowerBound >= 1e-300 else { continue }
        let logarithmic = Axis.logarithmic(range, count: count)
        #expect((1...30).contains(logarithmic.ticks.count), "\(range)")
        #expect((-0.001...1.001).contains(logarithmic.position(range.lowerBound)), "\(range)")
      }
    }
    #expect(Axis.logarithmic(1e-300...1e300, count: 5).ticks.count < 15)
    #expect(Axis.linear(nil, count: 4, snaps: true).ticks.count > 2)
  }
}
