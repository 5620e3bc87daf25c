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

  /// This colour with a share 0…1 of `other` in it.
  public func mixed(with other: Color, share: Float) -> Color {
    Color(
      red: Blending.mix(red, other.red, share), green: Blending.mix(green, other.green, share),
      blue: Blending.mix(blue, other.blue, share))
  }

  /// White.
  public static let white = Color(grey: 255)
  /// Black.
  public static let black = Color(grey: 0)
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
