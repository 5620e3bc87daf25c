extension Canvas {
  /// Fills a polygon whose edges do not cross each other, by the exact area that it covers of each pixel.
  /// - Parameters:
  ///   - opacity: the share 0…1 of the colour where it covers a pixel wholly.
  ///   - clip: only pixels inside are drawn; nothing means the whole page.
  public mutating func fill(_ polygon: [Point], _ color: Color, opacity: Float = 1, clip: Rectangle? = nil) {
    // Far corners are drawn nearer: their edges are cut off by the clip anyway.
    let points = polygon.filter(\.isFinite)
      .map { Point(max(-1e6, min(1e6, $0.x)), max(-1e6, min(1e6, $0.y))) }
    guard points.count > 2, let first = points.first else { return }
    var left = first.x, right = first.x, top = first.y, bottom = first.y
    for point in points {
      left = min(left, point.x)
      right = max(right, point.x)
      top = min(top, point.y)
      bottom = max(bottom, point.y)
    }
    let box = Rectangle(
      x: Int(left.rounded(.down)), y: Int(top.rounded(.down)),
      width: Int(right.rounded(.up)) - Int(left.rounded(.down)),
      height: Int(bottom.rounded(.up)) - Int(top.rounded(.down))
    ).intersection(clip.map { $0.intersection(bounds) } ?? bounds)
    guard box.width > 0, box.height > 0 else { return }
    var accumulator = AreaAccumulator(box)
    for (a, b) in zip(points, points.dropFirst() + [first]) { accumulator.add(a, b) }
    var mask = accumulator.mask()
    if opacity < 1 { for i in mask.shares.indices { mask.shares[i] *= max(0, opacity) } }
    blend(mask, color)
  }

  /// Draws a small shape at many places, one over the other.
  mutating func draw(
    _ symbol: Symbol, at places: [Point], radius: Float, _ color: Color, opacity: Float, clip: Rectangle?
  ) {
    for place in places {
      if symbol == .disc, opacity >= 1 {
        disc(place, radius: radius, color, clip: clip)
      } else {
        fill(symbol.outline(at: place, radius: radius), color, opacity: opacity, clip: clip)
      }
    }
  }
}

/// Signed areas under edges, summed along each row: the method of font-rs (Raph Levien).
private struct AreaAccumulator {
  let box: Rectangle
  private var cells: [Float]
  private var stride: Int { box.width + 2 }

  init(_ box: Rectangle) {
    self.box = box
    cells = [Float](repeating: 0, count: (box.width + 2) * box.height)
  }

  mutating func add(_ a: Point, _ b: Point) {
    if a.y == b.y { return }
    let sign: Float = a.y < b.y ? 1 : -1
    let (upper, lower) = a.y < b.y ? (a, b) : (b, a)
    let slope = (lower.x - upper.x) / (lower.y - upper.y)
    let first = max(0, Int(upper.y.rounded(.down)) - box.y)
    let last = min(box.height, Int(lower.y.rounded(.up)) - box.y)
    guard first < last else { return }
    let width = Float(box.width)
    for row in first..<last {
      let top = Float(row + box.y)
      let y0 = max(top, upper.y), y1 = min(top + 1, lower.y)
      guard y1 > y0 else { continue }
      let height = (y1 - y0) * sign
      let xs = (upper.x + (y0 - upper.y) * slope - Float(box.x), upper.x + (y1 - upper.y) * slope - Float(box.x))
      // What lies left of the box covers whole rows of it, what lies right of it nothing.
      let x0 = max(0, min(width, min(xs.0, xs.1))), x1 = max(0, min(width, max(xs.0, xs.1)))
      spread(height, from: x0, to: x1, row: row * stride)
    }
  }

  /// Adds an edge's part inside one row: each cell gets the change of coverage that it causes to its right.
  private mutating func spread(_ height: Float, from x0: Float, to x1: Float, row: Int) {
    let first = Int(x0)
    if x1 <= Float(first + 1) {
      let middle = (x0 + x1) / 2 - Float(first)
      cells[row + first] += height * (1 - middle)
      cells[row + first + 1] += height * middle
      return
    }
    var covered: Float = 0
    var x = x0
    var cell = first
    var before: Float = 0
    while x < x1 {
      let end = min(x1, Float(cell + 1))
      let part = height * (end - x) / (x1 - x0)
      // Coverage of this cell by the edge so far and by this part of it.
      let share = covered + part * (Float(cell + 1) - (x + end) / 2)
      cells[row + cell] += share - before
      before = share
      covered += part
      x = end
      cell += 1
    }
    cells[row + cell] += height - before
  }

  func mask() -> Mask {
    var mask = Mask(box)
    for y in 0..<box.height {
      var sum: Float = 0
      for x in 0..<box.width {
        sum += cells[y * stride + x]
        mask.shares[y * box.width + x] = min(1, abs(sum))
      }
    }
    return mask
  }
}
