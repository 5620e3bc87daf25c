/// Tables in pages.
enum HTMLTable {
  /// A table of cells that are HTML already.
  /// - Parameter caption: HTML too.
  static func html(heads: [String], alignments: [Table.Alignment], rows: [[String]], caption: String? = nil) -> String {
    guard !heads.isEmpty else { return caption.map { "<p>\($0)</p>" } ?? "" }
    func line(_ cells: [String], _ tag: String) -> String {
      let shown = zip(cells, alignments).map { cell, alignment in "<\(tag)\(style(alignment))>\(cell)</\(tag)>" }
      return "<tr>\(shown.joined())</tr>"
    }
    let top = caption.map { "<caption>\($0)</caption>\n" } ?? ""
    let body = rows.map { line($0, "td") }.joined(separator: "\n")
    // Wide tables scroll by themselves.
    return "<div class=\"table\"><table>\n\(top)<thead>\(line(heads, "th"))</thead>\n<tbody>\n\(body)\n</tbody>\n"
      + "</table></div>"
  }

  private static func style(_ alignment: Table.Alignment) -> String {
    switch alignment {
    case .left: ""
    case .center: " class=\"center\""
    case .right: " class=\"right\""
    }
  }
}

extension Table {
  /// The table for a page, its note as a paragraph below.
  func html(caption: String?) -> String {
    let cells = rows.indices.map { row in columns.indices.map { HTML.escaped(text(row: row, column: $0)) } }
    let table = HTMLTable.html(
      heads: columns.map { HTML.escaped($0.title) }, alignments: columns.map(\.alignment), rows: cells,
      caption: caption.map { HTML.escaped($0) })
    return table + (note.map { "\n<p class=\"note\">\(HTML.escaped($0))</p>" } ?? "")
  }
}
