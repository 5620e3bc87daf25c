/// A way of drawing the ten digits.
struct Typeface: Sendable {
  let name: String
  /// The width of most digits, as a share of their height.
  let width: Float
  /// How much thinner horizontal lines are than vertical ones, 0…1.
  let contrast: Float
  /// The lines of the digits 0…9.
  let digits: [[Stroke]]

  /// A digit's own width, as a share of the others'.
  func breadth(_ digit: Int) -> Float { digit == 1 ? 0.5 : 1 }

  static let all: [Typeface] = [grotesque, roman, drafting, narrow]

  /// As on enamel plates and in most signs: even lines, round bowls.
  static let grotesque = Typeface(name: "grotesque", width: 0.58, contrast: 0.15, digits: Skeletons.plain)
  /// Thick and thin lines, serifs and round ends.
  static let roman = Typeface(name: "roman", width: 0.62, contrast: 0.6, digits: Skeletons.serifed)
  /// As drawn with ruler and compasses: an open 4, a straight 6, a barred 7.
  static let drafting = Typeface(name: "drafting", width: 0.56, contrast: 0, digits: Skeletons.ruled)
  /// Tall digits with straight sides.
  static let narrow = Typeface(name: "narrow", width: 0.46, contrast: 0.1, digits: Skeletons.upright)
}
