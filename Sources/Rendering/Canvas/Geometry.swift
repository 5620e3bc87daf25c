/// A place on a canvas in pixels, from the top left corner; pixel (0, 0) covers 0…1 both ways.
public struct Point: Hashable, Sendable {
  /// To the right.
  public var x: Float
  /// Down.
  public var y: Float

  /// A point.
  public init(_ x: Float, _ y: Float) {
    self.x = x
    self.y = y
  }

  /// Whether it is anywhere.
  var isFinite: Bool { x.isFinite && y.isFinite }

  /// A point on whole pixels.
  public init(_ x: Int, _ y: Int) { self.init(Float(x), Float(y)) }
}

/// A rectangle of whole pixels.
public struct Rectangle: Hashable, Sendable {
  /// The left column.
  public var x: Int
  /// The top row.
  public var y: Int
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// A rectangle; a negative size counts as none.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// One past the right column.
  public var right: Int { x + width }
  /// One past the bottom row.
  public var bottom: Int { y + height }
  /// The middle column.
  public var middleX: Int { x + width / 2 }
  /// The middle row.
  public var middleY: Int { y + height / 2 }

  /// How thick a border inside it can be, at most so many pixels.
  func border(_ thickness: Int) -> Int { min(thickness, (min(width, height) + 1) / 2) }

  /// Whether `other` lies wholly inside.
  public func contains(_ other: Rectangle) -> Bool {
    other.x >= x && other.y >= y && other.right <= right && other.bottom <= bottom
  }

  /// Whether the two share a pixel.
  public func overlaps(_ other: Rectangle) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom && width > 0 && height > 0
      && other.width > 0 && other.height > 0
  }

  /// The pixels in both.
  public func intersection(_ other: Rectangle) -> Rectangle {
    let left = max(x, other.x), top = max(y, other.y)
    return Rectangle(
      x: left, y: top, width: min(right, other.right) - left, height: min(bottom, other.bottom) - top)
  }

  /// Smaller by `amount` at every side (larger where it is negative).
  public func inset(_ amount: Int) -> Rectangle {
    Rectangle(x: x + amount, y: y + amount, width: width - 2 * amount, height: height - 2 * amount)
  }
}
