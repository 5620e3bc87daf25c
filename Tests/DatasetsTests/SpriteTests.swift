import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

/// What sprites look like, measured in their pixels and not taken from the drawing.
@Suite("Sprites as they are seen")
struct SpriteTests {
  private static let side = 64

  private func image(_ values: [Float]) throws -> [Double] {
    let data = SyntheticData.sprites
    let table = FactorTable(factors: data.factors, count: 1, values: values)
    return try data.dataset(of: table, side: Self.side, workers: Workers(count: 1)).images.bytes.map {
      Double($0) / 255
    }
  }

  /// Area, middle and second moments of what is white, in pixels; x to the right, y downward.
  private func moments(_ image: [Double]) -> (area: Double, x: Double, y: Double, xx: Double, xy: Double, yy: Double) {
    var area = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0, yy = 0.0
    func each(_ body: (Double, Double, Double) -> Void) {
      for (place, value) in image.enumerated() where value > 0 {
        body(value, Double(place % Self.side) + 0.5, Double(place / Self.side) + 0.5)
      }
    }
    each { value, column, row in
      area += value
      x += value * column
      y += value * row
    }
    x /= area
    y /= area
    each { value, column, row in
      xx += value * (column - x) * (column - x) / area
      xy += value * (column - x) * (row - y) / area
      yy += value * (row - y) * (row - y) / area
    }
    return (area, x, y, xx, xy, yy)
  }

  @Test("x goes from left to right and y from top to bottom, over the middle half of the image")
  func position() throws {
    // Square and ellipse, whose middle is that of their area.
    for shape: Float in [0, 1] {
      for (x, y) in [(0, 0), (1, 0), (0, 1), (0.25, 0.75)] as [(Float, Float)] {
        let found = moments(try image([shape, 0.7, 0, x, y]))
        #expect(
          abs(found.x - 64 * (0.25 + 0.5 * Double(x))) < 0.1 && abs(found.y - 64 * (0.25 + 0.5 * Double(y))) < 0.1)
      }
    }
  }

  @Test("The scale is one of lengths: half of it is a quarter of the area")
  func scale() throws {
    for shape: Float in [0, 1, 2] {
      let whole = moments(try image([shape, 1, 0, 0.5, 0.5])).area
      let half = moments(try image([shape, 0.5, 0, 0.5, 0.5])).area
      #expect(abs(half / whole - 0.25) < 0.01)
    }
  }

  @Test("A square is as wide as high, an ellipse twice as high as wide, and a turn of it is clockwise")
  func shapes() throws {
    let square = moments(try image([0, 1, 0, 0.5, 0.5])), ellipse = moments(try image([1, 1, 0, 0.5, 0.5]))
    #expect(abs(square.xx / square.yy - 1) < 0.01)
    // A square of side a has a variance of a²/12, so that area and variance tell it from a disc.
    #expect(abs(square.area / (12 * square.xx) - 1) < 0.02)
    #expect(abs(ellipse.yy / ellipse.xx - 4) < 0.1 && abs(ellipse.xy) < 0.05)
    // An eighth of a turn takes the upper end of the ellipse to the right, where y falls as x rises.
    let turned = moments(try image([1, 1, 0.125, 0.5, 0.5]))
    #expect(turned.xy < -5 && abs(turned.xx / turned.yy - 1) < 0.02)
    // A heart is wide above and ends in a point.
    let heart = try image([2, 1, 0, 0.5, 0.5])
    let rows = (0..<Self.side).map { row in heart[row * Self.side..<(row + 1) * Self.side].reduce(0, +) }
    let top = try #require(rows.firstIndex { $0 > 0.5 }), bottom = try #require(rows.lastIndex { $0 > 0.5 })
    #expect(rows[top + 4] > 1.5 * rows[bottom - 4])
  }

  @Test("One of ten sprites is for testing, spread over every factor")
  func split() throws {
    func count(_ split: Split?) throws -> [Float: Int] {
      let wish = SyntheticWish(selection: Selection(skip: 0, shuffle: nil), split: split)
      let table = try SyntheticData.sprites.factors(wish, side: 8)
      return try #require(table.column("scale")).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    let test = try count(.test), all = try count(nil)
    #expect(all.values.reduce(0, +) == 737_280 && all.count == 6)
    // 73,728 and 12,288 of them, give or take five standard deviations.
    #expect(abs(test.values.reduce(0, +) - 73_728) < 1300)
    #expect(test.count == 6 && test.values.allSatisfy { abs($0 - 12_288) < 530 })
  }

  @Test("'vary' leaves every other factor alone and goes over all of its own", arguments: SyntheticData.all)
  func vary(data: SyntheticData) throws {
    let wish = SyntheticWish(selection: Selection(count: 6, shuffle: 3), split: .train)
    for factor in data.factors {
      let table = try data.factors(varying: factor.name, of: wish)
      #expect(table.count == 6 && Set(table.seeds ?? [0]).count == 1)
      for other in data.factors where other.name != factor.name {
        #expect(Set(try #require(table.column(other.name))).count == 1, "\(factor.name) changes \(other.name)")
      }
      let values = try #require(table.column(factor.name))
      guard case .continuous(let range) = factor.kind else { continue }
      #expect(values == values.sorted() && values.first == range.lowerBound)
      let step = (range.upperBound - range.lowerBound) / Float(factor.isCircular ? 6 : 5)
      #expect(
        zip(values, values.dropFirst()).allSatisfy { abs($1 - $0 - step) < 1e-4 * (abs(step) + 1) }, "\(factor.name)")
    }
  }
}
