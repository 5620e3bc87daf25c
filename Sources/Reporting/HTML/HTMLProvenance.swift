import Platform

extension Provenance {
  /// The section on where everything comes from.
  var html: String {
    func code(_ text: String) -> String { "<code>\(HTML.escaped(text))</code>" }
    func table(_ heads: [String], _ rows: [[String]]) -> String {
      HTMLTable.html(heads: heads, alignments: heads.map { _ in .left }, rows: rows)
    }
    var facts = [["Program", HTML.escaped(version)]]
    if let script { facts.append(["Script", code(script)]) }
    if !arguments.isEmpty { facts.append(["Arguments", arguments.map(code).joined(separator: " ")]) }
    if let seed { facts.append(["Script's seed", "\(seed)"]) }
    if let wallSeconds { facts.append(["Time taken", duration(seconds: wallSeconds)]) }
    if let machine { facts.append(["Processor", HTML.escaped(machine)]) }
    if let threads { facts.append(["Threads", "\(threads)"]) }
    if let date { facts.append(["Date", HTML.escaped(date)]) }
    var parts = ["<h2>Provenance</h2>", table(["What", "Value"], facts)]
    if !data.isEmpty {
      let rows = data.map {
        [HTML.escaped($0.name), HTML.escaped($0.origin), code($0.fingerprint), HTML.escaped($0.licence)]
      }
      parts += ["<h3>Data</h3>", table(["Data", "Origin", "Fingerprint", "Licence"], rows)]
      let synthetic = data.filter(\.isSynthetic).map(\.name)
      if !synthetic.isEmpty {
        let names = HTML.escaped(synthetic.joined(separator: "; "))
        parts.append("<p>These data are synthetic, drawn by a program and not taken from the world: \(names).</p>")
      }
    }
    if !models.isEmpty {
      let rows = models.map { model in
        let options = model.options.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        return [HTML.escaped(model.name), code(model.key), HTML.escaped(options)]
      }
      parts += ["<h3>Models</h3>", table(["Model", "Key", "Options"], rows)]
      parts += models.compactMap { model in model.note.map { "<p>\(HTML.escaped("\(model.name): \($0)."))</p>" } }
    }
    return parts.joined(separator: "\n")
  }
}
