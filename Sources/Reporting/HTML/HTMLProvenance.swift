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
