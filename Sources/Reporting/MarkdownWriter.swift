import Platform

extension Report {
  /// The report as Markdown for a file at `path`: links to figures are relative to its folder.
  public func markdown(at path: String) -> String {
    var parts: [String] = []
    var tables = 0
    for block in blocks {
      switch block {
      case .prose(let text): parts.append(text)
      case .code(let text): parts.append(Markdown.codeBlock(text, language: "bvs"))
      case .figure(let figure):
        let link = Markdown.link(Path.relative(figure.path, from: Path.parent(Path.absolute(path))))
        parts += ["![\(Markdown.escaped(figure.title))](\(link))", Markdown.italic(figure.title)]
      case .table(let table, let caption):
        if let caption {
          tables += 1
          parts.append(Markdown.italic("Table \(tables): \(caption)"))
        }
        parts.append(table.markdown)
      }
    }
    if let provenance { parts += provenance.markdown }
    return parts.filter { !$0.isEmpty }.map { $0 + "\n" }.joined(separator: "\n")
  }
}

extension Table {
  /// The table as Git hosts read it, its note as a paragraph below.
  public var markdown: String {
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

extension Provenance {
  /// The section on where everything comes from, as paragraphs.
  var markdown: [String] {
    func code(_ text: String) -> String {
      // A bar ends a table's cell even within code.
      text.contains("|") ? Markdown.escaped(text) : Markdown.code(text)
    }
    func cells(_ rows: [[String]], _ heads: [String]) -> String {
      Table.markdown(heads, heads.map { _ in .left }, rows)
    }
    var facts = [["Program", Markdown.escaped(version)]]
    if let script { facts.append(["Script", code(script)]) }
    if !arguments.isEmpty { facts.append(["Arguments", arguments.map(code).joined(separator: " ")]) }
    if let seed { facts.append(["Script's seed", "\(seed)"]) }
    if let wallSeconds { facts.append(["Time taken", duration(seconds: wallSeconds)]) }
    if let machine { facts.append(["Processor", Markdown.escaped(machine)]) }
    if let threads { facts.append(["Threads", "\(threads)"]) }
    if let date { facts.append(["Date", Markdown.escaped(date)]) }
    var parts = ["## Provenance", cells(facts, ["What", "Value"])]
    if !data.isEmpty {
      let rows = data.map {
        [Markdown.escaped($0.name), Markdown.escaped($0.origin), code($0.fingerprint), Markdown.escaped($0.licence)]
      }
      parts += ["### Data", cells(rows, ["Data", "Origin", "Fingerprint", "Licence"])]
      let synthetic = data.filter(\.isSynthetic).map { Markdown.escaped($0.name) }
      if !synthetic.isEmpty {
        let names = synthetic.joined(separator: "; ")
        parts.append("These data are synthetic, drawn by a program and not taken from the world: \(names).")
      }
    }
    if !models.isEmpty {
      let rows = models.map { model in
        let options = model.options.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        return [Markdown.escaped(model.name), code(model.key), Markdown.escaped(options)]
      }
      parts += ["### Models", cells(rows, ["Model", "Key", "Options"])]
      parts += models.compactMap { model in model.note.map { Markdown.paragraph("\(model.name): \($0).") } }
    }
    return parts
  }
}
