/// Light or dark: which colours a finished page has. Figures are laid out in the colours of `Theme`, and the page's are
/// exchanged as a whole.
public enum PageTheme: String, Sendable, CaseIterable {
  /// Ink on white.
  case light
  /// Light ink on nearly black.
  case dark

  /// What shows where nothing is drawn.
  package var paper: Color { self == .light ? Theme.paper : Color(0x16181C) }

  /// The colour that stands for one of `Theme`'s. Greys are mirrored between ink and paper; colours that would be too dark
  /// on a dark page become lighter; all others stand for data and stay.
  package func color(_ color: Color) -> Color {
    guard self == .dark else { return color }
    if let own = Self.lighter[color] { return own }
    guard color.red == color.green, color.green == color.blue else { return color }
    let ink = Color(0xF2F2F2)
    func mirrored(_ ink: UInt8, _ paper: UInt8) -> UInt8 {
      UInt8(max(0, min(255, Int(ink) + (Int(paper) - Int(ink)) * Int(color.red) / 255)))
    }
    return Color(
      red: mirrored(ink.red, paper.red), green: mirrored(ink.green, paper.green),
      blue: mirrored(ink.blue, paper.blue))
  }

  /// By hand, so that they stay apart from each other: the colours of series and groups on a dark page.
  private static let lighter: [Color: Color] = [
    Color(0x0072B2): Color(0x3B97D3), Color(0xD55E00): Color(0xF0792B), Color(0x009E73): Color(0x18B889),
    Color(0xCC79A7): Color(0xE29AC2), Color(0x56B4E9): Color(0x8FD0F5), Color(0xE69F00): Color(0xF2B531),
    Color(0x3A3A3A): Color(0xD6D6D6), Color(0x332288): Color(0x7C6BD6), Color(0x882255): Color(0xC2527F),
    Color(0x999933): Color(0xB9B95A),
  ]
}

extension Page {
  /// The same page in another theme; pictures stay as they are.
  package func themed(_ theme: PageTheme) -> Page {
    guard theme != .light else { return self }
    var page = self
    page.paper = theme.paper
    page.marks = marks.map { mark in
      switch mark {
      case .text(var text):
        if !text.isOnData { text.color = theme.color(text.color) }
        return .text(text)
      case .fill(let area, let color): return .fill(area, theme.color(color))
      case .frame(let area, let color, let thickness): return .frame(area, theme.color(color), thickness: thickness)
      case .line(let points, var stroke, let clip):
        stroke.color = theme.color(stroke.color)
        return .line(points, stroke, clip: clip)
      case .disc(let center, let radius, let color, let clip):
        return .disc(center, radius: radius, theme.color(color), clip: clip)
      case .polygon(let points, let color, let opacity, let clip):
        return .polygon(points, theme.color(color), opacity: opacity, clip: clip)
      case .symbols(let places, let symbol, let radius, let color, let opacity, let clip):
        return .symbols(places, symbol, radius: radius, theme.color(color), opacity: opacity, clip: clip)
      case .image: return mark
      }
    }
    return page
  }
}
