import BVAEPlatform

/// How a kind of report writes where everything comes from.
protocol ProvenanceFormat {
  /// A heading of plain text.
  func heading(_ text: String, level: Int) -> String
  /// Plain text within a table's cell.
  func escaped(_ text: String) -> String
  /// Code within a table's cell.
  func code(_ text: String) -> String
  /// Plain text as a paragraph.
  func paragraph(_ text: String) -> String
  /// A table of cells that are written already.
  func table(_ heads: [String], _ rows: [[String]]) -> String
}

extension Provenance {
  /// The section on where everything comes from, part by part.
  func parts(as format: some ProvenanceFormat) -> [String] {
    var facts = [["Program", format.escaped(version)]]
    if let script { facts.append(["Script", format.code(script)]) }
    if !arguments.isEmpty { facts.append(["Arguments", arguments.map(format.code).joined(separator: " ")]) }
    if let seed { facts.append(["Seed of the script", "\(seed)"]) }
    if let wallSeconds { facts.append(["Time taken", duration(seconds: wallSeconds)]) }
    if let machine { facts.append(["Processor", format.escaped(machine)]) }
    if let threads { facts.append(["Threads", "\(threads)"]) }
    if let date { facts.append(["Date", format.escaped(date)]) }
    var parts = [format.heading("Provenance", level: 2), format.table(["What", "Value"], facts)]
    if !data.isEmpty {
      let rows = data.map {
        [format.escaped($0.name), format.escaped($0.origin), format.code($0.fingerprint), format.escaped($0.licence)]
      }
      parts += [
        format.heading("Data", level: 3), format.table(["Data", "Origin", "Fingerprint", "Licence"], rows),
      ]
      let synthetic = data.filter(\.isSynthetic).map(\.name)
      if !synthetic.isEmpty {
        let names = synthetic.joined(separator: "; ")
        parts.append(
          format.paragraph("Synthetic data, drawn by a program: \(names)."))
      }
    }
    if !models.isEmpty {
      let rows = models.map { model in
        let options = model.options.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        return [format.escaped(model.name), format.code(model.key), format.escaped(options)]
      }
      parts += [format.heading("Models", level: 3), format.table(["Model", "Key", "Options"], rows)]
      // Models that differ in the seed alone have the same to be said.
      var told: Set<String> = []
      parts += models.compactMap { model in
        model.note.map { "\(model.name): \($0)." }.flatMap { told.insert($0).inserted ? format.paragraph($0) : nil }
      }
    }
    return parts
  }
}
