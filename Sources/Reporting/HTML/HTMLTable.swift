import BVAEPlatform

/// Tables in pages.
enum HTMLTable {
  /// A table of cells that are HTML already.
  /// - Parameters:
  ///   - caption: HTML too.
  ///   - sentences: the columns that get a line of their own below the rest of each row, as wide as the page.
  static func html(
    heads: [String], alignments: [Table.Alignment], rows: [[String]], caption: String? = nil, sentences: Set<Int> = []
  ) -> String {
    guard !heads.isEmpty else { return caption.map { "<p>\($0)</p>" } ?? "" }
    let short = heads.indices.filter { !sentences.contains($0) }
    func lines(_ cells: [String], _ tag: String) -> String {
      let shown = short.filter(cells.indices.contains).map { "<\(tag)\(style(alignments[$0]))>\(cells[$0])</\(tag)>" }
      let below = sentences.sorted().filter(cells.indices.contains).map {
        "<tr><\(tag) class=\"words\" colspan=\"\(short.count)\"><div class=\"fit\">\(cells[$0])</div></\(tag)></tr>"
      }
      return "<tr>\(shown.joined())</tr>" + below.joined()
    }
    let top = caption.map { "<caption><div class=\"fit\">\($0)</div></caption>\n" } ?? ""
    let body = rows.map { lines($0, "td") }
    let bodies =
      sentences.isEmpty
      ? "<tbody>\n\(body.joined(separator: "\n"))\n</tbody>"
      // Each row with what stands below it is a group.
      : body.map { "<tbody>\n\($0)\n</tbody>" }.joined(separator: "\n")
    // Wide tables scroll by themselves.
    return "<div class=\"table\"><table\(short.count > 8 ? " class=\"wide\"" : "")>\n\(top)<thead>\(lines(heads, "th"))"
      + "</thead>\n\(bodies)\n</table></div>"
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
      caption: caption.map { HTML.escaped($0) }, sentences: sentences)
    return table + (note.map { "\n<p class=\"note\">\(HTML.escaped($0))</p>" } ?? "")
  }

  /// The table for a page of somebody else's, such as a notebook's: it brings its few styles itself.
  /// - Parameter note: a remark below it, beside its own.
  package func htmlPiece(note further: String? = nil) -> String {
    func cells(_ tag: String, _ texts: [String]) -> String {
      let cells = zip(columns, texts).map { column, text in
        let side = column.alignment == .right ? "right" : column.alignment == .center ? "center" : "left"
        return "<\(tag) style=\"text-align:\(side)\">\(HTML.escaped(text))</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    let body = rows.indices.map { row in cells("td", columns.indices.map { text(row: row, column: $0) }) }
    let notes = [note, further].compactMap { $0 }.map { "<p>\(HTML.escaped($0))</p>" }
    return "<table>\n<thead>\(cells("th", columns.map(\.title)))</thead>\n<tbody>\n\(body.joined(separator: "\n"))\n"
      + "</tbody>\n</table>\(notes.joined())"
  }

  /// The columns of sentences in a table that would be too wide with them.
  private var sentences: Set<Int> {
    let widths = columns.indices.map { column in
      rows.indices.map { text(row: $0, column: column).displayWidth }.max() ?? 0
    }
    // With a head of at least five characters, and white at both sides.
    guard widths.reduce(0, { $0 + max($1, 5) + 3 }) > 100 else { return [] }
    let long = columns.indices.filter { widths[$0] > 36 && columns[$0].alignment == .left }
    return long.count < columns.count ? Set(long) : []
  }
}

/// Provenance on a page.
struct HTMLProvenance: ProvenanceFormat {
  func heading(_ text: String, level: Int) -> String { "<h\(level)>\(text)</h\(level)>" }
  func escaped(_ text: String) -> String { HTML.escaped(text) }
  func code(_ text: String) -> String { "<code>\(HTML.escaped(text))</code>" }
  func paragraph(_ text: String) -> String { "<p>\(HTML.escaped(text))</p>" }

  func table(_ heads: [String], _ rows: [[String]]) -> String {
    HTMLTable.html(heads: heads, alignments: heads.map { _ in .left }, rows: rows)
  }
}
