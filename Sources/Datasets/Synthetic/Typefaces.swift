/// The lines of the digits in each typeface.
enum Skeletons {
  static let plain: [[Stroke]] = [
    [.ring(0, -1, 0.7, -0.78, 1, -0.25, 1, 0.25, 0.7, 0.78, 0, 1, -0.7, 0.78, -1, 0.25, -1, -0.25, -0.7, -0.78)],
    [.curve(-0.9, -0.52, -0.2, -0.7, 0.3, -1), .line(0.3, -1, 0.3, 1)],
    [
      .curve(
        -0.95, -0.42, -0.8, -0.8, -0.35, -0.98, 0.05, -1, 0.62, -0.86, 0.93, -0.48, 0.78, -0.08, 0.2, 0.34, -0.6, 0.78,
        -0.95, 1), .line(-0.95, 1, 1, 1),
    ],
    [
      .curve(-0.9, -0.56, -0.6, -0.9, 0, -1, 0.62, -0.86, 0.86, -0.52, 0.6, -0.18, -0.15, -0.06),
      .curve(-0.15, -0.06, 0.62, 0.06, 1, 0.48, 0.7, 0.86, 0, 1, -0.66, 0.88, -0.98, 0.54),
    ],
    [.line(0.45, 1, 0.45, -1, -1, 0.42, 1, 0.42)],
    [
      .line(0.85, -1, -0.65, -1, -0.82, -0.06),
      .curve(-0.82, -0.06, -0.35, -0.3, 0.15, -0.33, 0.75, -0.12, 1, 0.32, 0.75, 0.8, 0.1, 1, -0.6, 0.9, -0.97, 0.55),
    ],
    six, [.line(-0.95, -1, 1, -1), .curve(1, -1, 0.38, -0.3, -0.02, 0.32, -0.22, 1)],
    [
      .ring(0, -1, 0.6, -0.86, 0.82, -0.52, 0.6, -0.18, 0, -0.05, -0.6, -0.18, -0.82, -0.52, -0.6, -0.86),
      .ring(0, -0.05, 0.7, 0.1, 1, 0.48, 0.72, 0.86, 0, 1, -0.72, 0.86, -1, 0.48, -0.7, 0.1),
    ],
    six.map(\.reversed),
  ]

  private static let six: [Stroke] = [
    .curve(
      0.88, -0.6, 0.58, -0.92, 0.08, -1, -0.58, -0.75, -0.94, -0.2, -1, 0.3, -0.72, 0.82, 0, 1, 0.7, 0.82, 0.98, 0.36,
      0.7, -0.08, 0.05, -0.25, -0.6, -0.04, -0.97, 0.36)
  ]

  static let serifed: [[Stroke]] = plain.enumerated().map { digit, strokes in
    switch digit {
    case 1: [.line(-0.7, -0.62, 0.2, -1, 0.2, 1), .serif(-0.75, 1, 1, 1)]
    case 2: strokes + [.ball(-0.78, -0.5), .serif(1, 1, 1, 0.66)]
    case 3: strokes + [.ball(-0.72, -0.55), .ball(-0.8, 0.55)]
    case 4: strokes + [.serif(0, 1, 0.95, 1)]
    case 5: strokes + [.ball(-0.8, 0.56), .serif(0.85, -1, 0.8, -0.85)]
    case 6: strokes + [.ball(0.7, -0.6)]
    case 7: strokes + [.serif(-0.95, -1, -0.95, -0.64)]
    case 9: strokes + [.ball(-0.7, 0.6)]
    default: strokes
    }
  }

  static let ruled: [[Stroke]] = [
    [.ring(0, -1, 0.72, -0.72, 1, 0, 0.72, 0.72, 0, 1, -0.72, 0.72, -1, 0, -0.72, -0.72)],
    [.line(-0.6, -0.5, 0.2, -1, 0.2, 1)],
    [
      .curve(-0.95, -0.5, -0.66, -0.88, 0, -1, 0.7, -0.85, 0.9, -0.45, 0.65, -0.02, -0.95, 1), .line(-0.95, 1, 1, 1),
    ],
    [
      .line(-0.85, -1, 0.85, -1, -0.1, -0.22),
      .curve(-0.1, -0.22, 0.6, -0.1, 0.97, 0.38, 0.7, 0.85, 0, 1, -0.65, 0.88, -0.95, 0.58),
    ],
    [.line(-0.45, -1, -0.9, 0.3, 1, 0.3), .line(0.45, -0.4, 0.45, 1)],
    [
      .line(0.8, -1, -0.75, -1, -0.75, -0.12),
      .curve(-0.75, -0.12, -0.2, -0.3, 0.45, -0.22, 0.95, 0.15, 0.9, 0.62, 0.45, 0.95, -0.2, 1, -0.9, 0.72),
    ],
    bowl, [.line(-0.95, -1, 0.95, -1, -0.3, 1), .line(-0.45, 0, 0.75, 0)],
    [
      .ring(0, -1, 0.58, -0.86, 0.8, -0.5, 0.58, -0.16, 0, -0.02, -0.58, -0.16, -0.8, -0.5, -0.58, -0.86),
      .ring(0, -0.02, 0.7, 0.14, 0.98, 0.5, 0.7, 0.86, 0, 1, -0.7, 0.86, -0.98, 0.5, -0.7, 0.14),
    ],
    bowl.map(\.reversed),
  ]

  private static let bowl: [Stroke] = [
    .curve(0.5, -1, -0.3, -0.35, -0.82, 0.15, -0.98, 0.45),
    .ring(0, -0.12, 0.7, 0.04, 0.98, 0.44, 0.7, 0.84, 0, 1, -0.7, 0.84, -0.98, 0.44, -0.7, 0.04),
  ]

  static let upright: [[Stroke]] = [
    [.ring(-0.4, -1, 0.4, -1, 1, -0.72, 1, 0.72, 0.4, 1, -0.4, 1, -1, 0.72, -1, -0.72)],
    [.line(-0.7, -0.66, 0.25, -1, 0.25, 1)],
    [
      .curve(-1, -0.56, -0.92, -0.82, -0.4, -1, 0.4, -1, 1, -0.74, 1, -0.36, 0.6, 0.06, -0.95, 0.96),
      .line(-1, 1, 1, 1),
    ],
    [
      .curve(-1, -0.62, -0.9, -0.85, -0.4, -1, 0.4, -1, 0.96, -0.78, 0.96, -0.28, 0.5, -0.06, -0.2, -0.05),
      .curve(-0.2, -0.05, 0.5, -0.05, 1, 0.22, 1, 0.72, 0.4, 1, -0.4, 1, -0.92, 0.85, -1, 0.6),
    ],
    [.line(0.5, 1, 0.5, -1, -1, 0.38, 1, 0.38)],
    [
      .line(0.9, -1, -0.9, -1, -0.9, -0.1),
      .curve(-0.9, -0.1, -0.4, -0.3, 0.4, -0.3, 1, -0.02, 1, 0.7, 0.4, 1, -0.4, 1, -0.92, 0.85, -1, 0.6),
    ],
    tall, [.line(-1, -1, 1, -1, -0.25, 1)],
    [
      .ring(-0.3, -1, 0.3, -1, 0.88, -0.8, 0.88, -0.26, 0.3, -0.05, -0.3, -0.05, -0.88, -0.26, -0.88, -0.8),
      .ring(-0.4, -0.05, 0.4, -0.05, 1, 0.2, 1, 0.75, 0.4, 1, -0.4, 1, -1, 0.75, -1, 0.2),
    ],
    tall.map(\.reversed),
  ]

  private static let tall: [Stroke] = [
    .curve(
      1, -0.6, 0.9, -0.85, 0.4, -1, -0.4, -1, -1, -0.72, -1, 0.72, -0.4, 1, 0.4, 1, 1, 0.72, 1, 0.12, 0.45, -0.15, -0.4,
      -0.15, -0.98, 0.15)
  ]
}

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
