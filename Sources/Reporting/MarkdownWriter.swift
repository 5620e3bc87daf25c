import BVAEPlatform

extension Report {
  /// The report as Markdown for a file at `path`: links to figures are relative to its folder, symbolic links resolved.
  package func markdown(at path: String) -> String {
    let folder = Path.parent(Files.resolved(path))
    var parts: [String] = []
    var tables = 0
    for block in blocks {
      switch block {
      case .prose(let text): parts.append(text)
      case .code(let text): parts.append(Markdown.codeBlock(text, language: "bvs"))
      case .figure(let figure):
        let link = Markdown.link(Path.relative(Files.resolved(figure.path), from: folder))
        parts += ["![\(Markdown.escaped(figure.title))](\(link))", Markdown.italic(figure.title)]
      case .page(let page):
        let link = Markdown.link(Path.relative(Files.resolved(page.path), from: folder))
        parts.append("[\(Markdown.escaped(page.title))](\(link))")
      case .table(let table, let caption):
        if let caption {
          tables += 1
          parts.append(Markdown.italic("Table \(tables): \(caption)"))
        }
        parts.append(table.markdown)
      }
    }
    if let provenance { parts += provenance.parts(as: MarkdownProvenance()) }
    return parts.filter { !$0.isEmpty }.map { $0 + "\n" }.joined(separator: "\n")
  }
}

extension Table {
  /// The table as Git hosts read it, its note as a paragraph below.
  package var markdown: String {
    let cells = rows.indices.map { row in columns.indices.map { Markdown.escaped(text(row: row, column: $0)) } }
    let lines = Table.markdown(columns.map { Markdown.escaped($0.title) }, columns.map(\.alignment), cells)
    return lines + (note.map { "\n\n" + Markdown.paragraph($0) } ?? "")
  }

  /// A table of cells that are Markdown already.
  static func markdown(_ heads: [String], _ alignments: [Alignment], _ rows: [[String]]) -> String {
    guard !heads.isEmpty else { return "" }
    let rule = alignments.map { alignment in
      switch alignment {
      case .left: ":--"
      case .center: ":-:"
      case .right: "--:"
      }
    }
    return ([heads, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}

/// Provenance as Markdown.
struct MarkdownProvenance: ProvenanceFormat {
  func heading(_ text: String, level: Int) -> String { String(repeating: "#", count: level) + " " + text }
  func escaped(_ text: String) -> String { Markdown.escaped(text) }
  func paragraph(_ text: String) -> String { Markdown.paragraph(text) }

  func code(_ text: String) -> String {
    // A bar ends a table's cell even within code.
    text.contains("|") ? Markdown.escaped(text) : Markdown.code(text)
  }

  func table(_ heads: [String], _ rows: [[String]]) -> String {
    Table.markdown(heads, heads.map { _ in .left }, rows)
  }
}
