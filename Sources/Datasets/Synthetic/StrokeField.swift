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
