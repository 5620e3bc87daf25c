import BVAEPlatform

extension Table {
  /// The table as comma-separated values (RFC 4180): a line of heads, then the rows, each ended by CR LF. Numbers are
  /// written with all their digits, as `NaN`, `Inf` and `-Inf` where they are none; the note is left out. Text that a
  /// spreadsheet would take for a formula has an apostrophe in front, which `init(csv:)` takes off again.
  package var csv: String {
    let body = rows.indices.map { row in columns.indices.map { Table.value(cell(row, $0)) } }
    // A line with a single empty field would be an empty line, which readers skip.
    func line(_ fields: [String]) -> String {
      fields == [""] ? "\"\"\r\n" : fields.map(Table.field).joined(separator: ",") + "\r\n"
    }
    return ([columns.map { Table.harmless($0.title) }] + body).map(line).joined()
  }

  private static func value(_ cell: Cell) -> String {
    switch cell {
    case .empty: return ""
    case .text(let text): return harmless(text)
    case .number(let value):
      if value.isNaN { return "NaN" }
      if value.isInfinite { return value < 0 ? "-Inf" : "Inf" }
      return Int(exactly: value).map(String.init) ?? value.description
    }
  }

  private static func field(_ text: String) -> String {
    let special = text.utf8.contains(where: separators.contains)
    return special
      ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : text
  }

  /// What a cell that holds it is quoted for: spreadsheets of many countries split at semicolons.
  private static let separators = Array(",;\"\t\r\n".utf8)

  // MARK: - Formulas

  /// What a spreadsheet takes for the beginning of a formula, in its full-width form too (OWASP, "CSV Injection").
  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
  ]

  /// Whether a text, apostrophes in front of it aside, would be taken for a formula. A number that is written out is
  /// none.
  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first(where: { $0 != "'" }), formulaStarts.contains(first) else {
      return false
    }
    return !isNumber(text)
  }

  private static func harmless(_ text: String) -> String { isFormula(text) ? "'" + text : text }

  private static func isNumber(_ text: String) -> Bool {
    text.utf8.allSatisfy(numeric.contains) && Double(text)?.isFinite == true
  }

  /// What numbers are written with here. `Double` reads more: hexadecimal digits, `nan`, `inf`.
  private static let numeric = Array("0123456789+-.eE".utf8)
}

extension Table {
  /// Reads comma-separated values as `csv` writes them: the first line holds the heads, a cell that is a number becomes
  /// one, an apostrophe in front of a formula is taken off. Units stay in the heads; rows may be of any length.
  /// - Throws: `FileProblem`.
  package init(csv text: String) throws(FileProblem) {
    let lines = try Table.records(text)
    guard let heads = lines.first else {
      throw FileProblem("it is empty", expected: "a table, which begins with a header line")
    }
    let body = lines.dropFirst().map { $0.map(Table.cell) }
    columns = heads.indices.map { index in
      let cells = body.compactMap { $0.indices.contains(index) ? $0[index] : nil }
      let isNumeric = cells.contains { if case .number = $0 { true } else { false } }
      let name = Table.withoutApostrophe(heads[index])
      return isNumeric ? .number(name, .digits(6)) : Column(name)
    }
    rows = Array(body)
    note = nil
  }

  private static func cell(_ text: String) -> Cell {
    switch text {
    case "": .empty
    case "NaN": .number(.nan)
    case "Inf": .number(.infinity)
    case "-Inf": .number(-.infinity)
    default: isNumber(text) ? .number(Double(text) ?? .nan) : .text(withoutApostrophe(text))
    }
  }

  private static func withoutApostrophe(_ text: String) -> String {
    text.hasPrefix("'") && isFormula(text) ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// The fields of each line that is not empty.
  private static func records(_ text: String) throws(FileProblem) -> [[String]] {
    var records: [[String]] = [], fields: [String] = [], field = String.UnicodeScalarView()
    var line = 1, quoteLine: Int?, wasQuoted = false
    func isBlank() -> Bool { fields.isEmpty && field.isEmpty && !wasQuoted }
    var scalars = text.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    while let scalar = scalars.popFirst() {
      if scalar == "\n" { line += 1 }
      if quoteLine != nil {
        if scalar != "\"" {
          field.append(scalar)
        } else if scalars.first == "\"" {
          field.append(scalar)
          scalars.removeFirst()
        } else {
          quoteLine = nil
        }
      } else if scalar == "\"" && field.isEmpty && !wasQuoted {
        quoteLine = line
        wasQuoted = true
      } else if scalar == "," || scalar == "\n" || scalar == "\r" {
        if scalar == "," || !isBlank() { fields.append(String(field)) }
        field = String.UnicodeScalarView()
        wasQuoted = false
        if scalar != ",", !fields.isEmpty {
          records.append(fields)
          fields = []
        }
      } else {
        field.append(scalar)
      }
    }
    if let quoteLine { throw FileProblem("a quote begins that is never closed", at: .line(quoteLine)) }
    if !isBlank() { records.append(fields + [String(field)]) }
    return records
  }
}
