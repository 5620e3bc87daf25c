import BVAEPlatform

/// The line that a message is about as a terminal can show it, and the mark that stands under it.
struct Excerpt {
  /// The line, with tabs as spaces, control characters replaced, and cut to a window when it is very long.
  let text: String
  /// Blanks up to the words that are wrong, then `^~~~`.
  let mark: String

  private static let tabWidth = 4
  /// The most columns that it has; of longer lines the neighbourhood of the mark is shown.
  @TaskLocal static var widest = 160

  init(source: Source, line: Int, span: Span) {
    let range = source.byteRange(ofLine: line)
    let lower = min(max(span.lower, range.lower), range.upper)
    let upper = min(max(span.upper, lower), range.upper)
    // Only the neighbourhood of the mark is looked at, however long the line is.
    let before = Self.cells(source.text(Span(max(range.lower, lower - 4 * Self.widest), lower)))
    let marked = Self.cells(source.text(Span(lower, min(upper, lower + 4 * Self.widest))))
    let after = Self.cells(source.text(Span(upper, min(range.upper, upper + 4 * Self.widest))))
    let isWhole = range.upper - range.lower <= 4 * Self.widest
    if isWhole && before.width + marked.width + after.width <= Self.widest {
      text = before.text + marked.text + after.text
      mark = Self.mark(indent: before.width, width: marked.width)
      return
    }
    let head = Self.tail(of: before, width: Self.widest / 2, atEdge: lower - 4 * Self.widest <= range.lower)
    let middle = Self.head(of: marked, width: Self.widest / 4, atEdge: true)
    let rest = Self.head(of: after, width: Self.widest / 4, atEdge: upper + 4 * Self.widest >= range.upper)
    text = head.text + middle.text + rest.text
    mark = Self.mark(indent: head.width, width: middle.width)
  }

  /// A message's text without characters that would move a terminal's cursor.
  static func printable(_ text: String) -> String {
    if text.utf8.count > 1000 { return printable("\(text.prefix(200)) … \(text.suffix(100))") }
    return text.utf8.contains { $0 < 32 || $0 == 127 || $0 == 0xC2 } ? cells(text).text : text
  }

  private typealias Cells = (text: String, width: Int)

  private static func mark(indent: Int, width: Int) -> String {
    String(repeating: " ", count: indent) + "^" + String(repeating: "~", count: max(0, width - 1))
  }

  private static func cells(_ text: String) -> Cells {
    var shown = ""
    var width = 0
    for character in text {
      let (glyph, columns) = cell(character)
      shown += glyph
      width += columns
    }
    return (shown, width)
  }

  private static func cell(_ character: Character) -> (String, Int) {
    if character == "\t" { return (String(repeating: " ", count: tabWidth), tabWidth) }
    let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
    return isControl ? ("\u{FFFD}", 1) : (String(character), character.displayWidth)
  }

  private static func tail(of cells: Cells, width: Int, atEdge: Bool) -> Cells {
    if cells.width <= width && atEdge { return cells }
    var shown: [String] = []
    var used = 0
    for character in cells.text.reversed() {
      used += character.displayWidth
      if used > width { break }
      shown.append(String(character))
    }
    return self.cells("…" + shown.reversed().joined())
  }

  private static func head(of cells: Cells, width: Int, atEdge: Bool) -> Cells {
    if cells.width <= width && atEdge { return cells }
    var shown = ""
    var used = 0
    for character in cells.text {
      used += character.displayWidth
      if used > width { break }
      shown.append(character)
    }
    return self.cells(shown + "…")
  }
}
