/// A colour of the sRGB space, eight bits a plane.
public struct Color: Hashable, Sendable {
  /// The red part, 0…255.
  public let red: UInt8
  /// The green part, 0…255.
  public let green: UInt8
  /// The blue part, 0…255.
  public let blue: UInt8

  /// A colour from its parts.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour as written in style sheets: `Color(0x0072B2)`; the upper eight bits are ignored.
  public init(_ hexadecimal: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hexadecimal >> 16), green: UInt8(truncatingIfNeeded: hexadecimal >> 8),
      blue: UInt8(truncatingIfNeeded: hexadecimal))
  }

  /// A grey, 0 black … 255 white.
  public init(grey: UInt8) { self.init(red: grey, green: grey, blue: grey) }

  /// White.
  public static let white = Color(grey: 255)
  /// Black.
  public static let black = Color(grey: 0)
}

/// Pixels with their transparency: grey and alpha, or colour and alpha, a byte each.
struct TransparentPixels {
  /// 1 for grey, 3 for colour.
  let planes: Int
  /// `planes + 1` bytes a pixel, alpha last, 0 for what cannot be seen.
  private(set) var bytes: [UInt8]

  init(planes: Int, bytes: consuming [UInt8]) { (self.planes, self.bytes) = (planes, bytes) }

  /// Mixes the pixels with a background, in stored values as they are and rounded to the nearest; alpha is gone then. A
  /// grey picture shows the background's grey. The bytes are changed in place, so that a large picture is in memory once.
  /// - Returns: whether all pixels came to be alike although they were not.
  mutating func mix(over background: Color) -> Bool {
    let grey = Bitmap(width: 1, height: 1, planes: 3, bytes: [background.red, background.green, background.blue]).grey
    let under = planes == 1 ? grey.bytes : [background.red, background.green, background.blue]
    let planes = planes, size = planes + 1, count = bytes.count / size
    guard count > 0 else { return false }
    let first = Array(bytes.prefix(size))
    var differs = false, isTransparent = false, isUniform = true
    bytes.withUnsafeMutableBufferPointer { bytes in
      for pixel in 0..<count {
        let alpha = Int(bytes[pixel * size + planes])
        if alpha < 255 { isTransparent = true }
        if alpha != Int(first[planes]) { differs = true }
        for plane in 0..<planes {
          let value = bytes[pixel * size + plane]
          if value != first[plane] { differs = true }
          // At most 255² + 127; the target never lies behind the source.
          let mixed = UInt8((Int(value) * alpha + Int(under[plane]) * (255 - alpha) + 127) / 255)
          bytes[pixel * planes + plane] = mixed
          if mixed != bytes[plane] { isUniform = false }
        }
      }
    }
    bytes.removeLast(count)
    return isTransparent && differs && isUniform
  }
}
