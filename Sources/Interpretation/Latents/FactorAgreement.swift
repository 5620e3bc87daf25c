import BVAEDatasets
import Glibc

/// Which generating factors a measure answers to: the declared table by which names of latents are judged on data whose
/// factors are known.
///
/// A measure answers to a factor where moving the factor alone, in drawn data, moves the measure as the factor's own
/// definition says: the brightness of the surroundings, in street numbers, is `brightness ∓ contrast` by `polarity`.
/// Side effects do not count: a larger digit has thicker strokes, but `thickness` is not named after `size`.
extension ImageMeasure {
  /// The names of the factors of `sprites` and `streets` that this measure is the right name for.
  public var factors: [String] {
    switch self {
    case .rotation: ["rotation", "orientation", "slant"]
    case .slant: ["slant", "rotation", "orientation"]
    case .height: ["size", "scale"]
    case .width: ["width", "size", "scale"]
    case .size: ["size", "scale", "width"]
    case .aspect: ["width", "shape"]
    case .thickness: ["thickness"]
    case .centreX: ["x"]
    case .centreY: ["y"]
    case .contrast: ["contrast", "polarity", "contrast by polarity"]
    case .visibility: ["contrast"]
    case .ink: ["thickness", "size", "scale", "contrast"]
    case .brightness: ["brightness", "ground brightness"]
    case .surroundings: ["brightness", "ground brightness", "contrast", "polarity", "contrast by polarity"]
    case .lightFromRight: ["light direction", "light strength", "light from right"]
    case .lightFromBelow: ["light direction", "light strength", "light from below"]
    case .borderAgainstCentre: ["plate"]
    case .leftNeighbour: ["left", "spacing"]
    case .rightNeighbour: ["right", "spacing"]
    case .hue: ["digit hue", "ground hue"]
    case .saturation: ["digit saturation", "ground saturation", "ground chroma"]
    case .warmth: ["digit hue", "ground hue", "digit saturation", "ground saturation", "ground warmth", "digit warmth"]
    }
  }
}

/// What several factors together come to, by the definition of the data: a light has a direction and a strength, of which
/// images show the strength from the right and from below; hue, saturation and lightness make a colour.
private struct DerivedFactor {
  let name: String
  /// The names of the factors that it is made of, whose values `value` takes in this order.
  let parts: [String]
  let value: @Sendable ([Double]) -> Double

  static let all = [
    DerivedFactor("light from right", ["light direction", "light strength"]) { $0[1] * sin($0[0] * .pi / 180) },
    DerivedFactor("light from below", ["light direction", "light strength"]) { -$0[1] * cos($0[0] * .pi / 180) },
    DerivedFactor("contrast by polarity", lightness) { 2 * half($0) },
    DerivedFactor("ground brightness", lightness) { $0[0] - half($0) },
    DerivedFactor("ground warmth", lightness + ["ground hue", "ground saturation"]) {
      let colour = colour($0[0] - half($0), $0)
      return Double(colour.x - colour.z)
    },
    DerivedFactor("digit warmth", lightness + ["digit hue", "digit saturation"]) {
      let colour = colour($0[0] + half($0), $0)
      return Double(colour.x - colour.z)
    },
    DerivedFactor("ground chroma", lightness + ["ground hue", "ground saturation"]) {
      let colour = colour($0[0] - half($0), $0)
      return Double(colour.max() - colour.min())
    },
  ]

  init(_ name: String, _ parts: [String], _ value: @escaping @Sendable ([Double]) -> Double) {
    (self.name, self.parts, self.value) = (name, parts, value)
  }

  private static let lightness = ["brightness", "contrast", "polarity"]

  /// Half of the digit's brightness less the ground's, of brightness, contrast and polarity (0: a dark digit).
  private static func half(_ values: [Double]) -> Double {
    values[1] * min(values[0], 1 - values[0]) * (values[2] == 0 ? -1 : 1)
  }

  /// The colour of that lightness with the hue and saturation that come after brightness, contrast and polarity.
  private static func colour(_ lightness: Double, _ values: [Double]) -> SIMD3<Float> {
    SIMD3(lightness: Float(lightness), hue: Float(values[3]), saturation: Float(values[4]))
  }
}

extension KnownFactors {
  /// What several of the factors together come to, where these data have them.
  var derived: [Factor] {
    DerivedFactor.all.compactMap { derived in
      let parts = derived.parts.compactMap { name in factors.first { $0.name == name } }
      guard parts.count == derived.parts.count else { return nil }
      return Factor(
        name: derived.name, isCategorical: false,
        values: (0..<count).map { image in derived.value(parts.map { $0.values[image] }) })
    }
  }
}

extension LatentInterpretation {
  /// The factors that the latent goes with as closely as with the closest, as far as so many images can tell: within two
  /// standard errors of a correlation, `2 / √images`, but at most 0.1.
  private var closest: [FactorAssociation] {
    guard let factor else { return [] }
    let within = min(0.1, 2 / Double(max(1, images)).squareRoot())
    return factors.filter { $0.strength >= factor.strength - within }
  }

  /// Whether the measure that the latent is named after answers to a factor that it goes with most closely; nil where the
  /// latent is inactive or no factor is known.
  public var agreesWithFactor: Bool? {
    guard isActive, factor != nil else { return nil }
    guard let named else { return false }
    return closest.contains { named.measure.factors.contains($0.name) }
  }
}
