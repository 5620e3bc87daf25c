import Glibc

/// The shape of a mark for a point, so that groups differ in more than their colours.
public enum Symbol: String, Sendable, CaseIterable {
  case disc, square, triangle, diamond, plus, cross, wedge

  /// The corners about a place; discs have 24 of them. All shapes look about equally large.
  func outline(at place: Point, radius: Float) -> [Point] {
    corners.map { Point(place.x + $0.x * radius, place.y + $0.y * radius) }
  }

  private var corners: [Point] {
    switch self {
    case .disc: Self.circle
    case .square: [Point(-0.88, -0.88), Point(0.88, -0.88), Point(0.88, 0.88), Point(-0.88, 0.88)]
    case .triangle: [Point(0, -1.2), Point(1.1, 0.8), Point(-1.1, 0.8)]
    case .wedge: [Point(0, 1.2), Point(-1.1, -0.8), Point(1.1, -0.8)]
    case .diamond: [Point(0, -1.3), Point(1.1, 0), Point(0, 1.3), Point(-1.1, 0)]
    case .plus: Self.arms
    case .cross: Self.arms.map { Point(($0.x - $0.y) * 0.7071, ($0.x + $0.y) * 0.7071) }
    }
  }

  private static let circle = (0..<24).map { step in
    let angle = 2 * Double.pi * Double(step) / 24
    return Point(Float(cos(angle)), Float(sin(angle)))
  }

  private static let arms: [Point] = {
    let w: Float = 0.36, l: Float = 1.2
    return [
      Point(-w, -l), Point(w, -l), Point(w, -w), Point(l, -w), Point(l, w), Point(w, w), Point(w, l), Point(-w, l),
      Point(-w, w), Point(-l, w), Point(-l, -w), Point(-w, -w),
    ]
  }()
}
