/// The looks that all figures share.
public enum Theme {
  /// The heading of a figure.
  public static let title = Font(size: 18, bold: true)
  /// The line below the heading.
  public static let subtitle = Font(size: 13)
  /// Row labels and captions that name things.
  public static let strong = Font(size: 13, bold: true)
  /// Axis titles, legends, notes.
  public static let label = Font(size: 13)
  /// Numbers at ticks and under frames.
  public static let small = Font(size: 11)
  /// Small text that stands out.
  public static let smallStrong = Font(size: 11, bold: true)

  /// Text.
  public static let ink = Color(0x1A1A1A)
  /// Text of second rank.
  public static let soft = Color(0x595959)
  /// Axes and rules.
  public static let rule = Color(0x8C8C8C)
  /// Borders of frames.
  public static let hairline = Color(0xC9C9C9)
  /// Grid lines.
  public static let grid = Color(0xE6E6E6)
  /// What is marked out.
  public static let accent = Color(0xD55E00)
  /// The page.
  public static let paper = Color.white

  /// Colours of series: Okabe and Ito's, which also colour-blind people tell apart; their yellow is too faint here.
  public static let series: [Color] = [
    Color(0x0072B2), Color(0xD55E00), Color(0x009E73), Color(0xCC79A7), Color(0x56B4E9), Color(0xE69F00),
    Color(0x3A3A3A),
  ]
  /// Colours of up to ten groups, the first seven those of series. Colour-blind people tell those apart; where there are
  /// more groups, their marks differ in shape, too.
  public static let groups: [Color] = series + [Color(0x332288), Color(0x882255), Color(0x999933)]

  /// The colour of a group; after the last they come again.
  static func group(_ index: Int) -> Color { groups[index % groups.count] }
  /// Dash patterns: unbroken, then one for each further round through the colours.
  public static let dashes: [[Float]] = [[], [7, 5], [2, 5], [11, 5, 2, 5]]

  /// White at the edge of the page.
  public static let margin = 20
  /// Between unrelated things.
  public static let space = 16
  /// Between related things.
  public static let gap = 6

  /// The most pixels that a figure may have.
  public static let mostPixels = 1 << 26
}
