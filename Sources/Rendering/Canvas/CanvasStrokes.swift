/// The look of a line.
public struct Stroke: Hashable, Sendable {
  /// The colour.
  public var color: Color
  /// Pixels across.
  public var width: Float
  /// Lengths in pixels of dash, gap, dash, gap …; empty for an unbroken line.
  public var dashes: [Float]

  /// A stroke.
  public init(_ color: Color, width: Float = 1, dashes: [Float] = []) {
    self.color = color
    self.width = width
    self.dashes = dashes
  }
}

extension Canvas {
  /// Draws a line through points with round joins and ends. Crossing or overlapping parts are covered once.
  /// - Parameter clip: only pixels inside are drawn; nothing means the whole page.
  public mutating func stroke(_ points: [Point], _ stroke: Stroke, clip: Rectangle? = nil) {
    let reach = stroke.width / 2 + 1
    let area = (clip ?? bounds).intersection(bounds)
    let segments = Canvas.segments(points, dashes: stroke.dashes).compactMap { segment in
      Canvas.clipped(segment.0, segment.1, to: area, reach: reach)
    }
    var box: Rectangle?
    for (a, b) in segments {
      let part = Canvas.box(a, b, reach: reach).intersection(area)
      box = box.map { $0.union(part) } ?? part
    }
    guard let box, box.width > 0, box.height > 0 else { return }
    var mask = Mask(box)
    for (a, b) in segments { mask.cover(a, b, halfWidth: stroke.width / 2) }
    blend(mask, stroke.color)
  }

  /// Draws a filled disc.
  public mutating func disc(_ center: Point, radius: Float, _ color: Color, clip: Rectangle? = nil) {
    stroke([center, center], Stroke(color, width: radius * 2), clip: clip)
  }

  /// The pieces of a line between its gaps; points that are no finite numbers break it.
  private static func segments(_ points: [Point], dashes: [Float]) -> [(Point, Point)] {
    let pairs = zip(points, points.dropFirst()).filter { $0.isFinite && $1.isFinite }
    guard dashes.count > 1, dashes.allSatisfy({ $0 > 0.5 && $0 < 1e6 }) else { return pairs }
    var pieces: [(Point, Point)] = []
    var index = 0
    var left = dashes[0]
    for (a, b) in pairs {
      let length = distance(a, b)
      guard length > 0, length < 1e5 else { continue }
      var done: Float = 0
      while done < length {
        let step = min(left, length - done)
        if index % 2 == 0 {
          pieces.append((between(a, b, done / length), between(a, b, (done + step) / length)))
        }
        done += step
        left -= step
        if left <= 0.001 {
          index = (index + 1) % (dashes.count & ~1)
          left = dashes[index]
        } else if step < 0.001 {
          break
        }
      }
    }
    return pieces
  }

  /// The part of a segment near an area (Liang and Barsky), so that far ends cost nothing.
  static func clipped(_ a: Point, _ b: Point, to area: Rectangle, reach: Float) -> (Point, Point)? {
    var from: Float = 0, to: Float = 1
    let dx = b.x - a.x, dy = b.y - a.y
    guard dx.isFinite, dy.isFinite else { return nil }
    let edges: [(Float, Float)] = [
      (-dx, a.x - Float(area.x) + reach), (dx, Float(area.right) + reach - a.x),
      (-dy, a.y - Float(area.y) + reach), (dy, Float(area.bottom) + reach - a.y),
    ]
    for (p, q) in edges {
      if p == 0 {
        if q < 0 { return nil }
      } else if p < 0 {
        from = max(from, q / p)
      } else {
        to = min(to, q / p)
      }
    }
    guard from <= to else { return nil }
    return (from == 0 ? a : between(a, b, from), to == 1 ? b : between(a, b, to))
  }

  fileprivate static func box(_ a: Point, _ b: Point, reach: Float) -> Rectangle {
    func whole(_ value: Float) -> Int { Int(max(-1e6, min(1e6, value))) }
    let left = whole((min(a.x, b.x) - reach).rounded(.down)), right = whole((max(a.x, b.x) + reach).rounded(.up))
    let top = whole((min(a.y, b.y) - reach).rounded(.down)), bottom = whole((max(a.y, b.y) + reach).rounded(.up))
    return Rectangle(x: left, y: top, width: right - left, height: bottom - top)
  }

  fileprivate static func between(_ a: Point, _ b: Point, _ share: Float) -> Point {
    Point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
  }

  fileprivate static func distance(_ a: Point, _ b: Point) -> Float {
    let x = b.x - a.x, y = b.y - a.y
    return (x * x + y * y).squareRoot()
  }
}

extension Rectangle {
  fileprivate func union(_ other: Rectangle) -> Rectangle {
    if width == 0 || height == 0 { return other }
    if other.width == 0 || other.height == 0 { return self }
    let left = min(x, other.x), top = min(y, other.y)
    return Rectangle(
      x: left, y: top, width: max(right, other.right) - left, height: max(bottom, other.bottom) - top)
  }
}

extension Mask {
  /// Covers pixels by their distance from a segment: fully within the half width, fading over one pixel.
  fileprivate mutating func cover(_ a: Point, _ b: Point, halfWidth: Float) {
    let box = Canvas.box(a, b, reach: halfWidth + 1).intersection(area)
    guard box.width > 0, box.height > 0 else { return }
    let dx = b.x - a.x, dy = b.y - a.y
    let squared = dx * dx + dy * dy
    // A line thinner than a pixel covers pixels by its width only.
    let most = min(1, halfWidth * 2)
    for y in box.y..<box.bottom {
      let row = (y - area.y) * area.width - area.x
      let py = Float(y) + 0.5 - a.y
      for x in box.x..<box.right {
        let px = Float(x) + 0.5 - a.x
        let along = squared > 0 ? max(0, min(1, (px * dx + py * dy) / squared)) : 0
        let ex = px - along * dx, ey = py - along * dy
        let share = min(most, max(halfWidth, 0.5) + 0.5 - (ex * ex + ey * ey).squareRoot())
        if share > shares[row + x] { shares[row + x] = share }
      }
    }
  }
}
