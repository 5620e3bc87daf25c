/// The factors of the synthetic house numbers, in the order of a factor table's columns. Each is drawn by itself.
///
/// Lengths are shares of the image's side unless said otherwise.
enum StreetFactor: Int, CaseIterable {
  case digit, typeface, size, width, x, y, slant, rotation, thickness
  case brightness, contrast, polarity, digitHue, digitSaturation, groundHue, groundSaturation
  case lightDirection, lightStrength, shadow
  case left, right, spacing, plate, texture, blur, noise

  /// What it is and how its values are spread; the spread was chosen beside real SVHN images.
  var distribution: Distribution {
    switch self {
    case .digit: Distribution("digit", "the digit in the middle", oneOf: (0...9).map(String.init))
    case .typeface: Distribution("typeface", "how digits are drawn", oneOf: Typeface.all.map(\.name))
    case .size: Distribution("size", "the digit's height, 1 for all of the image's", [0.54, 0.66, 0.72, 0.78, 0.92])
    case .width: Distribution("width", "the digit's width, 1 for that of its typeface", [0.75, 0.9, 1, 1.1, 1.3])
    case .x: Distribution("x", "how far right of the middle the digit stands", [-0.09, -0.02, 0.02, 0.09])
    case .y: Distribution("y", "how far below the middle the digit stands", [-0.07, -0.02, 0.02, 0.07])
    case .slant:
      Distribution("slant", "how far the top leans to the right, for one unit of height", [-0.12, 0, 0.03, 0.3])
    case .rotation: Distribution("rotation", "the number's angle clockwise, in degrees", [-16, -4, 0, 4, 16])
    case .thickness:
      Distribution("thickness", "the lines' thickness, for one unit of height", [0.07, 0.11, 0.14, 0.17, 0.24])
    case .brightness:
      Distribution("brightness", "the middle between digit and ground, 1 for white", [0.18, 0.3, 0.4, 0.48, 0.6, 0.78])
    case .contrast:
      Distribution(
        "contrast", "the difference of digit and ground, for what the brightness leaves room for",
        [0.22, 0.33, 0.46, 0.6, 0.95])
    case .polarity: Distribution("polarity", "which is lighter", oneOf: ["dark digit", "light digit"])
    case .digitHue:
      Distribution("digit hue", "the digit's hue: 0 red, 1/3 green, 2/3 blue", Self.hues)
    case .digitSaturation:
      Distribution("digit saturation", "how colourful the digit is", [0, 0.05, 0.1, 0.16, 0.5])
    case .groundHue:
      Distribution("ground hue", "the ground's hue: 0 red, 1/3 green, 2/3 blue", Self.hues)
    case .groundSaturation:
      Distribution("ground saturation", "how colourful the ground is", [0, 0.05, 0.09, 0.14, 0.22, 0.6])
    case .lightDirection:
      Distribution(
        "light direction", "where light comes from, in degrees clockwise from the top", [0, 360], isCircular: true)
    case .lightStrength:
      Distribution("light strength", "how much lighter that edge of the image is", [0, 0.07, 0.15, 0.4])
    case .shadow: Distribution("shadow", "how dark the digit's shadow is", [0, 0, 0.15, 0.6])
    case .left: Distribution("left", "the digit to the left", oneOf: Self.neighbours, weights: Self.weights)
    case .right: Distribution("right", "the digit to the right", oneOf: Self.neighbours, weights: Self.weights)
    case .spacing: Distribution("spacing", "the gap between digits, for one unit of height", [0.02, 0.1, 0.16, 0.32])
    case .plate:
      Distribution("plate", "what the number is on", oneOf: ["wall", "plate", "framed plate"], weights: [4, 4, 1])
    case .texture: Distribution("texture", "how uneven wall and plate are", [0, 0.05, 0.1, 0.25])
    case .blur:
      Distribution("blur", "the blur's standard deviation, in 32nds of the side", [0.35, 0.6, 0.9, 1.25, 2.1])
    case .noise:
      Distribution("noise", "the noise's standard deviation, 1 for white", [0.002, 0.006, 0.01, 0.015, 0.035])
    }
  }

  /// Most of what stands at streets is brown, beige or blue.
  private static let hues: [Float] = [
    0, 0.02, 0.04, 0.06, 0.075, 0.09, 0.1, 0.11, 0.12, 0.14, 0.2, 0.55, 0.58, 0.59, 0.6, 0.61, 0.62, 0.63, 0.64, 0.66,
    0.68,
  ]

  private static let neighbours = ["none"] + (0...9).map(String.init)
  private static let weights = [5] + (0...9).map { _ in 1 }
}

/// The values of one image's factors.
struct StreetValues {
  private let values: ArraySlice<Float>

  /// The values in the factors' order.
  init(_ values: ArraySlice<Float>) { self.values = values }

  /// A factor's value.
  subscript(factor: StreetFactor) -> Float { values[values.startIndex + factor.rawValue] }

  /// The number of a factor's kind.
  func kind(_ factor: StreetFactor) -> Int { Int(self[factor]) }
}
