import Platform

extension Table {
  /// The table for a terminal: a line of heads, a rule, a line for each row, the note; columns two spaces apart.
  /// - Parameter width: the columns of the terminal; where the table is wider, its widest columns of text are cut with
  ///   `…`, but to no less than eight. Nil leaves everything as wide as it is.
  public func text(width: Int? = nil) -> String {
    let heads = columns.map { Table.line($0.title) }
    let body = rows.indices.map { row in columns.indices.map { Table.line(text(row: row, column: $0)) } }
    var widths = columns.indices.map { column in ([heads] + body).map { $0[column].displayWidth }.max() ?? 0 }
    if let width { fit(&widths, into: width) }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        text += column > 0 ? "  " : ""
        text += Table.padded(cell, widths[column], columns[column].alignment)
      }
      return Table.withoutTrailingSpaces(text)
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(heads), rule] + body.map(line) + (note.map { [$0] } ?? [])).map { $0 + "\n" }.joined()
  }

  private func fit(_ widths: inout [Int], into width: Int) {
    let shrinkable = columns.indices.filter { columns[$0].alignment != .right }
    while widths.reduce(2 * (widths.count - 1), +) > width {
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }), widths[widest] > 8 else { return }
      widths[widest] -= 1
    }
  }

  private static func padded(_ text: String, _ width: Int, _ alignment: Alignment) -> String {
    let text = cut(text, width)
    let missing = max(0, width - text.displayWidth)
    let left =
      switch alignment {
      case .left: 0
      case .center: missing / 2
      case .right: missing
      }
    return String(repeating: " ", count: left) + text + String(repeating: " ", count: missing - left)
  }

  private static func cut(_ text: String, _ width: Int) -> String {
    guard text.displayWidth > width else { return text }
    var kept = "", used = 1
    for character in text {
      used += character.displayWidth
      if used > width { break }
      kept.append(character)
    }
    return kept + "…"
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
