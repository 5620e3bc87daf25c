/// A quantity that is measured on an image. `MeasuredImage` defines digit, background, mask m and visibility;
/// `ShapeGeometry` the moments.
public enum ImageMeasure: Int, CaseIterable, Sendable {
  /// The angle of the principal axis from the vertical, −90…90°: `½ atan2(−2 μ₁₁, μ₀₂ − μ₂₀)`.
  case rotation
  /// The angle of the lean, `−atan(μ₁₁ / μ₀₂)`, in degrees; positive to the right.
  case slant
  /// The distance between the 5 % and 95 % quantiles of the mask's rows over 0.9, in pixels.
  case height
  /// The same across, with the lean taken back, in pixels.
  case width
  /// `√(height · width)`, in pixels.
  case size
  /// `height / width`.
  case aspect
  /// Twice the mask's area over the length of its outline, in pixels.
  case thickness
  /// Centre of mass from the image's middle, in pixels; positive to the right.
  case centreX
  /// Centre of mass from the image's middle, in pixels; positive downward.
  case centreY
  /// The digit's brightness less its background's, averaged over the mask, −1…1.
  case contrast
  /// `√(Σ d⁴ / Σ d²)`: how strongly the digit deviates from its background in brightness or colour, 0…1.
  case visibility
  /// `Σ d⁺ / pixels`: how much digit there is, its area times its strength, as a share of the image, 0…1.
  case ink
  /// Mean brightness of the image, 0…1.
  case brightness
  /// Brightness of the background in the middle of the image, 0…1.
  case surroundings
  /// How much brighter the background is at the right edge than at the left, −1…1.
  case lightFromRight
  /// How much brighter the background is at the lower edge than at the upper, −1…1.
  case lightFromBelow
  /// Mean brightness of the border, a fourteenth of the image wide, less that of the central quarter, −1…1.
  case borderAgainstCentre
  /// How much of the outer fifth at the left is covered by what deviates from the background as the digit does, 0…1:
  /// another digit beside it. Only measured where images have neighbours.
  case leftNeighbour
  /// The same at the right.
  case rightNeighbour
  /// Hue of the image's mean colour, 0…360°: `atan2(√3 (G − B), 2R − G − B)`.
  case hue
  /// Chroma of the image's mean colour, `max(R, G, B) − min(R, G, B)`, 0…1.
  case saturation
  /// Red less blue of the image's mean colour, −1…1: warm against cold light.
  case warmth

  /// What people call it.
  public var name: String {
    switch self {
    case .rotation: "rotation"
    case .slant: "slant"
    case .height: "height"
    case .width: "width"
    case .size: "size"
    case .aspect: "aspect"
    case .thickness: "thickness"
    case .centreX: "centre x"
    case .centreY: "centre y"
    case .contrast: "contrast"
    case .visibility: "visibility"
    case .ink: "ink"
    case .brightness: "brightness"
    case .surroundings: "surroundings"
    case .lightFromRight: "light from right"
    case .lightFromBelow: "light from below"
    case .borderAgainstCentre: "border against centre"
    case .leftNeighbour: "left neighbour"
    case .rightNeighbour: "right neighbour"
    case .hue: "hue"
    case .saturation: "saturation"
    case .warmth: "warmth"
    }
  }

  /// Its unit: `°`, `px`, or none for shares and ratios.
  public var unit: String? {
    switch self {
    case .rotation, .slant, .hue: "°"
    case .height, .width, .size, .thickness, .centreX, .centreY: "px"
    default: nil
    }
  }

  /// After how much it is the same again, for angles.
  var period: Double? {
    switch self {
    case .rotation: 180
    case .hue: 360
    default: nil
    }
  }

  /// Whether it only exists in colour.
  var needsColour: Bool { [.hue, .saturation, .warmth].contains(self) }

  /// Whether it only exists where other digits stand at the sides.
  var needsNeighbours: Bool { self == .leftNeighbour || self == .rightNeighbour }

  /// Whether it counts towards the change as a whole. These are separate by definition: each can change while the others
  /// stay. The rest is other words for them or made of several.
  var isElementary: Bool {
    switch self {
    case .slant, .height, .width, .thickness, .centreX, .centreY, .contrast, .surroundings, .lightFromRight,
      .lightFromBelow, .leftNeighbour, .rightNeighbour, .saturation, .warmth:
      true
    default: false
    }
  }

  /// The least spread that it is standardised by: about the smallest change that is seen at a glance. Data that hardly
  /// vary in a measure do not make a tiny change of it a large one.
  func smallestSpread(_ side: Double) -> Double {
    switch self {
    case .rotation, .slant: 6
    case .height, .width, .size, .centreX, .centreY: side / 28
    case .aspect: 0.1
    case .thickness: side / 80
    case .contrast, .visibility: 0.15
    case .ink: 0.02
    case .brightness, .surroundings, .borderAgainstCentre, .lightFromRight, .lightFromBelow: 0.05
    case .leftNeighbour, .rightNeighbour: 0.1
    case .hue: 15
    case .saturation, .warmth: 0.05
    }
  }
}
