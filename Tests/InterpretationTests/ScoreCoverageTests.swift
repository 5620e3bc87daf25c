import BVAECPU
import BVAEInterpretation
import BVAEPlatform
import Glibc
import Testing

/// How often the 95 % intervals of scores hold the truth. Takes many minutes of an optimised build, so it runs only where
/// `BVAE_TEST_COVERAGE` says how many sets of images to simulate: 60 or more.
@Suite(
  "Coverage of the intervals of scores",
  .enabled("BVAE_TEST_COVERAGE is the number of sets to simulate") { getenv("BVAE_TEST_COVERAGE") != nil })
struct ScoreCoverageTests {
  private static let sets = getenv("BVAE_TEST_COVERAGE").flatMap { Int(String(cString: $0)) } ?? 60

  /// Images of which five factors are drawn anew, and codes that mix them: some clear, some not, one nothing.
  private func scored(_ count: Int, seed: UInt64) throws -> ScoredCodes {
    var generator = RandomGenerator(seed: seed, stream: .testDraw)
    let noise = RandomGenerator(seed: seed, stream: .noise)
    var factors = [[Double]](repeating: [], count: 5), codes: [Float] = []
    for image in 0..<count {
      let f = [3, 6, 8, 8, 8].map { Double(generator.index(below: $0)) / Double($0) }
      for k in 0..<5 { factors[k].append(f[k]) }
      let n = (0..<3).flatMap { part -> [Double] in
        let pair = noise.normalPair(at: UInt64(3 * image + part))
        return [pair.0, pair.1]
      }
      codes += [
        f[3] + 0.4 * f[1] + 0.3 * n[0], f[4] - 0.3 * f[3] + 0.4 * n[1], f[1] * f[1] + 0.5 * f[0] + 0.3 * n[2],
        sin(6 * f[2]) * f[1] + 0.5 * n[3], f[0] - f[4] + 0.6 * n[4], n[5],
      ].map(Float.init)
    }
    return try ScoredCodes(
      codes: Tensor(shape: [count, 6], values: codes),
      factors: KnownFactors(
        factors.enumerated().map { KnownFactors.Factor(name: "\($0)", isCategorical: $0 == 0, values: $1) }), seed: seed
    )
  }

  @Test(
    "90 to 99 % of the intervals hold the score of 15,000 images, and they are no wider than that takes",
    arguments: [600, 1000, 2000])
  func coverage(count: Int) throws {
    let workers = Workers()
    let truths = try (1...5).map { try scored(15_000, seed: 1000 + $0).scores(intervals: false, workers: workers) }
    var found: [String: [(value: Double, interval: ClosedRange<Double>)]] = [:]
    for set in 0..<Self.sets {
      for score in try scored(count, seed: UInt64(set + 1)).scores(workers: workers) {
        guard let interval = score.interval, let value = score.value else { continue }
        found[score.name, default: []].append((value, interval))
      }
    }
    for (place, name) in truths[0].map(\.name).enumerated() {
      guard let found = found[name] else { continue }
      let truth = truths.reduce(0) { $0 + ($1[place].value ?? .nan) } / Double(truths.count)
      let share = Double(found.count { $0.interval.contains(truth) }) / Double(found.count)
      let half = found.reduce(0) { $0 + $1.interval.upperBound - $1.interval.lowerBound } / Double(2 * found.count)
      let squares = found.reduce(0) { $0 + ($1.value - truth) * ($1.value - truth) }
      let error = (squares / Double(found.count)).squareRoot()
      print("\(count) images, \(name): \(Int((100 * share).rounded())) % of \(found.count)", half, error)
      // Of 60 intervals that hold the truth 95 times in 100, 52 or more do so 99 times in 100.
      #expect(share >= 0.86, "\(name) with \(count) images: \(share)")
      // A normal error takes 1.96 times its deviation to either side, or 2.26 where ten halves tell of it; votes of few
      // images vary more from half to half than they err.
      #expect(half <= 4 * error, "\(name) with \(count) images: \(half) for errors of \(error)")
    }
  }
}
