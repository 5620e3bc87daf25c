/// A page of RGB pixels to draw on. What lies outside is not drawn and no mistake.
public struct Canvas: Sendable {
  /// The pixels so far, three planes.
  public private(set) var bitmap: Bitmap

  /// A page in one colour.
  public init(width: Int, height: Int, color: Color = .white) {
    bitmap = Bitmap(width: max(1, width), height: max(1, height), planes: 3, fill: 255)
    if color != .white { fill(bounds, color) }
  }

  /// The whole page.
  public var bounds: Rectangle { Rectangle(x: 0, y: 0, width: bitmap.width, height: bitmap.height) }

  /// Covers a share 0…1 of a pixel with a colour.
  @inline(__always)
  mutating func blend(_ x: Int, _ y: Int, _ color: Color, _ share: Float) {
    guard x >= 0, y >= 0, x < bitmap.width, y < bitmap.height else { return }
    let index = (y * bitmap.width + x) * 3
    bitmap.bytes[index] = Blending.mix(bitmap.bytes[index], color.red, share)
    bitmap.bytes[index + 1] = Blending.mix(bitmap.bytes[index + 1], color.green, share)
    bitmap.bytes[index + 2] = Blending.mix(bitmap.bytes[index + 2], color.blue, share)
  }

  /// Fills whole pixels; this is also how axes and rules stay crisp.
  public mutating func fill(_ rectangle: Rectangle, _ color: Color) {
    let area = rectangle.intersection(bounds)
    guard area.width > 0, area.height > 0 else { return }
    for y in area.y..<area.bottom {
      var index = (y * bitmap.width + area.x) * 3
      for _ in 0..<area.width {
        bitmap.bytes[index] = color.red
        bitmap.bytes[index + 1] = color.green
        bitmap.bytes[index + 2] = color.blue
        index += 3
      }
    }
  }

  /// Draws a border of `thickness` pixels just inside a rectangle.
  public mutating func frame(_ rectangle: Rectangle, _ color: Color, thickness: Int = 1) {
    let r = rectangle, t = rectangle.border(thickness)
    fill(Rectangle(x: r.x, y: r.y, width: r.width, height: t), color)
    fill(Rectangle(x: r.x, y: r.bottom - t, width: r.width, height: t), color)
    fill(Rectangle(x: r.x, y: r.y, width: t, height: r.height), color)
    fill(Rectangle(x: r.right - t, y: r.y, width: t, height: r.height), color)
  }

  /// Copies a bitmap, each of its pixels becoming a square of `scale` pixels.
  public mutating func draw(_ image: Bitmap, x: Int, y: Int, scale: Int = 1) {
    for row in 0..<image.height {
      for column in 0..<image.width {
        let square = Rectangle(x: x + column * scale, y: y + row * scale, width: scale, height: scale)
        fill(square, image[column, row])
      }
    }
  }

  /// Covers pixels by the shares in a mask.
  mutating func blend(_ mask: Mask, _ color: Color) {
    for y in 0..<mask.area.height {
      for x in 0..<mask.area.width {
        let share = mask.shares[y * mask.area.width + x]
        if share > 0 { blend(mask.area.x + x, mask.area.y + y, color, share) }
      }
    }
  }
}

/// How far each pixel of an area is covered, 0…1.
struct Mask {
  let area: Rectangle
  var shares: [Float]

  init(_ area: Rectangle) {
    self.area = area
    shares = [Float](repeating: 0, count: area.width * area.height)
  }
}

extension Color {
  /// This colour with a share 0…1 of `other` in it.
  public func mixed(with other: Color, share: Float) -> Color {
    Color(
      red: Blending.mix(red, other.red, share), green: Blending.mix(green, other.green, share),
      blue: Blending.mix(blue, other.blue, share))
  }
}

/// Mixing of two colour values by coverage, in light rather than in codes.
///
/// The display's curve is taken as a square: it is close to sRGB's own, and square and square root are exact on
/// every machine, so that figures are the same bytes everywhere.
enum Blending {
  /// The code of a pixel that `over` covers by `share` (0…1) and `under` by the rest.
  static func mix(_ under: UInt8, _ over: UInt8, _ share: Float) -> UInt8 {
    if under == over || !(share > 0) { return under }
    if share >= 1 { return over }
    let below = Float(under) * Float(under), above = Float(over) * Float(over)
    return UInt8(max(0, min(255, (below + (above - below) * share).squareRoot().rounded())))
  }
}
