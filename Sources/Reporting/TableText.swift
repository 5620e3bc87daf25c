import BVAEPlatform

extension Table {
  /// The table for a terminal: a line of heads, a rule, a line for each row, the note; columns two spaces apart.
  /// - Parameter width: the columns of the terminal. Where the table is wider, heads and cells of text are broken at
  ///   words; where that is not enough, each row becomes a block with a line for each of its cells. Nil leaves everything
  ///   as wide as it is.
  package func text(width: Int? = nil) -> String {
    let heads = columns.map { Table.line($0.title) }
    let body = rows.indices.map { row in columns.indices.map { Table.line(text(row: row, column: $0)) } }
    let notes = note.map { note in width.map { Table.wrapped(note, $0) } ?? [note] } ?? []
    guard let widths = fittingWidths([heads] + body, width) else {
      return blocks(heads, body, max(1, width ?? .max)) + notes.map { $0 + "\n" }.joined()
    }
    func lines(_ cells: [String]) -> [String] {
      let pieces = cells.indices.map { Table.wrapped(cells[$0], widths[$0]) }
      return (0..<(pieces.map(\.count).max() ?? 1)).map { place in
        let line = pieces.indices.map { column in
          let piece = pieces[column].indices.contains(place) ? pieces[column][place] : ""
          return Table.padded(piece, widths[column], columns[column].alignment)
        }
        return Table.withoutTrailingSpaces(line.joined(separator: "  "))
      }
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return (lines(heads) + [rule] + body.flatMap(lines) + notes).map { $0 + "\n" }.joined()
  }

  /// The narrowest that a column of sentences is made.
  private static let narrowestText = 24

  /// How wide the columns are made so that the table fits; nil where it cannot.
  private func fittingWidths(_ lines: [[String]], _ width: Int?) -> [Int]? {
    var widths = columns.indices.map { column in lines.map { $0[column].displayWidth }.max() ?? 0 }
    guard let width else { return widths }
    let least = columns.indices.map { column in
      let words = lines.flatMap { $0[column].split(separator: " ") }.map(\.displayWidth).max() ?? 0
      let cells = lines.dropFirst().map { $0[column].displayWidth }.max() ?? 0
      // Numbers stay whole; their heads are broken.
      return columns[column].alignment == .right
        ? max(words, cells) : min(widths[column], max(words, Self.narrowestText))
    }
    while widths.reduce(2 * (widths.count - 1), +) > width {
      let shrinkable = columns.indices.filter { widths[$0] > least[$0] }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
    }
    return widths
  }

  /// Each row as a block, a line for each cell that is not empty: its head, and what it holds.
  private func blocks(_ heads: [String], _ body: [[String]], _ width: Int) -> String {
    let head = max(1, min(heads.map(\.displayWidth).max() ?? 0, width / 2))
    return body.map { cells in
      cells.indices.filter { !cells[$0].isEmpty }.map { column in
        let names = Table.wrapped(heads[column], head), values = Table.wrapped(cells[column], max(1, width - head - 2))
        return (0..<max(names.count, values.count)).map { place in
          let name = names.indices.contains(place) ? names[place] : ""
          let value = values.indices.contains(place) ? values[place] : ""
          return Table.withoutTrailingSpaces("\(Table.padded(name, head, .left))  \(value)") + "\n"
        }.joined()
      }.joined()
    }.joined(separator: "\n")
  }

  /// A text broken at words into lines of at most `width` columns, words that are longer anywhere.
  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    if text.displayWidth <= width { return [text] }
    var lines: [String] = [], line = "", used = 0
    func end() {
      lines.append(line)
      (line, used) = ("", 0)
    }
    for word in text.split(separator: " ") {
      if used > 0 && used + 1 + word.displayWidth > width { end() }
      if used > 0 {
        line += " "
        used += 1
      }
      for character in word {
        if used > 0 && used + character.displayWidth > width { end() }
        line.append(character)
        used += character.displayWidth
      }
    }
    if used > 0 || lines.isEmpty { end() }
    return lines
  }

  private static func padded(_ text: String, _ width: Int, _ alignment: Alignment) -> String {
    let missing = max(0, width - text.displayWidth)
    let left =
      switch alignment {
      case .left: 0
      case .center: missing / 2
      case .right: missing
      }
    return String(repeating: " ", count: left) + text + String(repeating: " ", count: missing - left)
  }

  private static func withoutTrailingSpaces(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// Text on one line: line ends, tabs and other control characters become spaces.
  static func line(_ text: String) -> String {
    String(text.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
  }
}
