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
