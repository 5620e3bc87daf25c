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
