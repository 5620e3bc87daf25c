import BVAELanguage
import BVAEPlatform

/// What stands in one place of the screen: a character with what combines with it.
package struct Cell: Equatable {
  package let character: Character
  /// Columns, 1 or 2.
  package let width: Int
  package let style: Style

  /// How it looks.
  package enum Style: Equatable {
    case plain
    case prompt
    case role(Highlight.Role)
    case hint
    /// What a search has found.
    case match
    case selected
    case failure
  }

  /// The cells of a character: what has no width of its own is shown with something that has.
  package static func cells(_ character: Character, _ style: Style) -> [Cell] {
    if character == "\t" { return Array(repeating: Cell(character: " ", width: 1, style: style), count: 2) }
    let width = character.displayWidth
    guard width == 0 else { return [Cell(character: character, width: width, style: style)] }
    let isMark = character.unicodeScalars.allSatisfy {
      [.nonspacingMark, .enclosingMark, .spacingMark].contains($0.properties.generalCategory)
    }
    let shown = isMark ? String("◌") + String(character) : "\u{FFFD}"
    return [Cell(character: shown.first ?? "?", width: 1, style: style)]
  }

  package static func cells(_ text: String, _ style: Style) -> [Cell] { text.flatMap { cells($0, style) } }
}

extension [Cell] {
  /// The columns that they take.
  package var columns: Int { reduce(0) { $0 + $1.width } }

  /// As many of them as fit, the last one `…` where some do not.
  package func fitting(columns: Int) -> [Cell] {
    if self.columns <= columns { return self }
    guard columns > 0 else { return [] }
    var kept: [Cell] = [], used = 0
    for cell in self {
      if used + cell.width > columns - 1 { break }
      kept.append(cell)
      used += cell.width
    }
    return kept + [Cell(character: "…", width: 1, style: last?.style ?? .plain)]
  }
}

extension Cell.Style {
  /// The terminal's code for it. The sixteen basic colours suit light and dark backgrounds as their user likes.
  package var code: String {
    switch self {
    case .plain, .role(.variable): "0"
    case .prompt: "0;1"
    case .hint, .role(.comment): "0;90"
    case .match: "0;4"
    case .selected: "0;7"
    case .failure, .role(.mistake): "0;31"
    case .role(.command): "0;1;34"
    case .role(.keyword): "0;35"
    case .role(.option): "0;36"
    case .role(.word): "0;33"
    case .role(.function): "0;34"
    case .role(.number): "0;33"
    case .role(.text): "0;32"
    case .role(.prose): "0;3"
    }
  }

  /// Without colours only what shows where one is stays.
  package var colorlessCode: String {
    switch self {
    case .prompt: "0;1"
    case .match: "0;4"
    case .selected: "0;7"
    default: "0"
    }
  }
}
