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
    case .contrast: ["contrast", "polarity"]
    case .visibility: ["contrast"]
    case .ink: ["thickness", "size", "scale", "contrast"]
    case .brightness: ["brightness"]
    case .surroundings: ["brightness", "contrast", "polarity"]
    case .lightFromRight, .lightFromBelow: ["light direction", "light strength"]
    case .borderAgainstCentre: ["plate"]
    case .leftNeighbour: ["left", "spacing"]
    case .rightNeighbour: ["right", "spacing"]
    case .hue: ["digit hue", "ground hue"]
    case .saturation: ["digit saturation", "ground saturation"]
    case .warmth: ["digit hue", "ground hue", "digit saturation", "ground saturation"]
    }
  }
}

extension LatentInterpretation {
  /// Whether the measure that the latent is named after answers to the factor that it goes with most closely; nil where
  /// the latent is inactive or no factor is known.
  public var agreesWithFactor: Bool? {
    guard isActive, let factor else { return nil }
    return named.map { $0.measure.factors.contains(factor.name) } ?? false
  }
}
