/// Red, green and blue, 0…1, as a picture stores them.
typealias StreetColor = SIMD3<Float>

extension SIMD3<Float> {
  /// The weights of red, green and blue in what looks light (ITU-R BT.601, as in JPEG).
  private static var weights: SIMD3<Float> { SIMD3(0.299, 0.587, 0.114) }

  /// How light it looks, 0…1.
  var lightness: Float { (self * Self.weights).sum() }

  /// A colour as light as wanted.
  /// - Parameters:
  ///   - hue: 0 red, 1/3 green, 2/3 blue, 1 red again.
  ///   - saturation: 0 grey, 1 as colourful as that lightness allows.
  package init(lightness: Float, hue: Float, saturation: Float) {
    let lightness = Swift.min(Swift.max(lightness, 0.02), 0.98)
    let six = (hue - hue.rounded(.down)) * 6
    func ramp(_ distance: Float) -> Float { Swift.min(Swift.max(distance, 0), 1) }
    let pure = SIMD3<Float>(ramp((six - 3).magnitude - 1), ramp(2 - (six - 2).magnitude), ramp(2 - (six - 4).magnitude))
    let own = pure.lightness
    // As far from grey as neither a plane below 0 nor one above 1 comes of it.
    let most = Swift.min(lightness / own, (1 - lightness) / (1 - own), 1)
    self = SIMD3(repeating: lightness) + (pure - SIMD3(repeating: own)) * (saturation * most)
  }
}
