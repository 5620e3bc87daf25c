/// A line of a digit's skeleton, in a box from −1 at the left and at the top to 1 at the right and at the bottom.
struct Stroke: Sendable {
  /// The places that the line goes through: straight from one to the next.
  let points: [SIMD2<Float>]
  /// Its thickness as a multiple of the digit's own.
  let weight: Float
  /// Whether the pen's direction changes its thickness.
  let followsPen: Bool

  /// Straight lines through places x, y, x, y, …
  static func line(_ coordinates: Float...) -> Stroke {
    Stroke(points: pairs(coordinates), weight: 1, followsPen: true)
  }

  /// A smooth line through places x, y, x, y, …
  static func curve(_ coordinates: Float...) -> Stroke {
    Stroke(points: smooth(pairs(coordinates), closed: false), weight: 1, followsPen: true)
  }

  /// A smooth line through places x, y, x, y, … and back to the first.
  static func ring(_ coordinates: Float...) -> Stroke {
    Stroke(points: smooth(pairs(coordinates), closed: true), weight: 1, followsPen: true)
  }

  /// A short line across the end of another, as serifs are.
  static func serif(_ coordinates: Float...) -> Stroke {
    Stroke(points: pairs(coordinates), weight: 0.5, followsPen: false)
  }

  /// A round end.
  static func ball(_ x: Float, _ y: Float) -> Stroke {
    Stroke(points: [SIMD2(x, y), SIMD2(x, y)], weight: 1.25, followsPen: false)
  }

  /// The line turned upside down, as a 6 becomes a 9.
  var reversed: Stroke { Stroke(points: points.map { -$0 }, weight: weight, followsPen: followsPen) }

  private static func pairs(_ coordinates: [Float]) -> [SIMD2<Float>] {
    stride(from: 0, to: coordinates.count - 1, by: 2).map { SIMD2(coordinates[$0], coordinates[$0 + 1]) }
  }

  /// A Catmull–Rom spline in four steps from place to place.
  private static func smooth(_ places: [SIMD2<Float>], closed: Bool) -> [SIMD2<Float>] {
    let count = places.count
    func place(_ index: Int) -> SIMD2<Float> {
      closed ? places[(index + count) % count] : places[min(max(index, 0), count - 1)]
    }
    var points: [SIMD2<Float>] = []
    for index in 0..<(closed ? count : count - 1) {
      let before = place(index - 1), from = place(index), to = place(index + 1), after = place(index + 2)
      for step in 0..<4 {
        let t = Float(step) / 4
        let linear = (to - before) * t
        let square = (2 * before - 5 * from + 4 * to - after) * (t * t)
        let cube = (3 * from - before - 3 * to + after) * (t * t * t)
        points.append(from + (linear + square + cube) * 0.5)
      }
    }
    points.append(closed ? places[0] : places[count - 1])
    return points
  }
}

/// How far each pixel's middle is from the nearest line, in pixels, negative within it: the distance field from which
/// digits, their edges and their shadows are drawn.
struct StrokeField {
  private let side: Int
  private var distances: [Float]

  /// A field without lines.
  init(side: Int) {
    self.side = side
    distances = [Float](repeating: 1000, count: side * side)
  }

  /// Adds a line of round ends; only pixels near it are looked at.
  /// - Parameter radius: half its thickness.
  mutating func add(from start: SIMD2<Float>, to end: SIMD2<Float>, radius: Float) {
    let margin = radius + 1.5
    guard let rows = pixels(start.y, end.y, margin), let columns = pixels(start.x, end.x, margin) else { return }
    let along = end - start
    let square = (along * along).sum()
    let scale = square > 0 ? 1 / square : 0
    for row in rows {
      let down = Float(row) + 0.5 - start.y
      for column in columns {
        let across = Float(column) + 0.5 - start.x
        let part = min(max((across * along.x + down * along.y) * scale, 0), 1)
        let x = across - part * along.x, y = down - part * along.y
        let distance = (x * x + y * y).squareRoot() - radius
        if distance < distances[row * side + column] { distances[row * side + column] = distance }
      }
    }
  }

  /// The share of each pixel that the lines cover, 0…1.
  var coverage: [Float] { distances.map { min(max(0.5 - $0, 0), 1) } }

  private func pixels(_ a: Float, _ b: Float, _ margin: Float) -> ClosedRange<Int>? {
    let low = max(min(a, b) - margin, 0), high = min(max(a, b) + margin, Float(side) - 1)
    return low <= high ? Int(low)...Int(high) : nil
  }
}
