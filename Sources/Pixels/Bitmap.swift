/// Pixels: row after row from the top, the planes of a pixel together, a byte each.
public struct Bitmap: Hashable, Sendable {
  /// Columns, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// 1 (grey) or 3 (red, green, blue).
  public let planes: Int
  /// `height · width · planes` bytes.
  public package(set) var bytes: [UInt8]

  /// A bitmap of existing bytes, of which there must be `height · width · planes`.
  package init(width: Int, height: Int, planes: Int, bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    precondition(width > 0 && height > 0 && (planes == 1 || planes == 3))
    precondition(bytes.count == width * height * planes, "a bitmap needs width · height · planes bytes")
    self.width = width
    self.height = height
    self.planes = planes
    self.bytes = bytes
  }

  /// A bitmap in one shade of grey.
  package init(width: Int, height: Int, planes: Int, fill: UInt8 = 0) {
    self.init(
      width: width, height: height, planes: planes,
      bytes: repeatElement(fill, count: max(0, width * height * planes)))
  }

  /// The colour of a pixel, which must be inside.
  package subscript(x: Int, y: Int) -> Color {
    precondition(x >= 0 && x < width && y >= 0 && y < height)
    let index = (y * width + x) * planes
    return planes == 1
      ? Color(grey: bytes[index]) : Color(red: bytes[index], green: bytes[index + 1], blue: bytes[index + 2])
  }

  /// The same picture with three planes.
  public var colored: Bitmap {
    if planes == 3 { return self }
    return Bitmap(width: width, height: height, planes: 3, bytes: bytes.lazy.flatMap { repeatElement($0, count: 3) })
  }
}
