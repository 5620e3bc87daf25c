import BVAEPlatform
import BVAEReporting
import Testing

/// Where a table's cells stand, read from what was written.
@Suite("The layout of tables")
struct TableLayoutTests {
  private let table = Table(
    columns: [
      Table.Column("name"), .number("number", .decimals(1)), Table.Column("middle", alignment: .center),
      Table.Column("last"),
    ],
    rows: [["a", 3.25, "xy", "p"], ["long name", 12345.04, "m", "q"], ["c", -0.5, "wxyz", "r"]])

  /// The columns of a line, where the rule below the heads has them.
  private func cells(_ line: String, _ rule: String) -> [String] {
    var start = rule.startIndex
    let line = line + String(repeating: " ", count: max(0, rule.count - line.count))
    return rule.split(separator: " ").map { dashes in
      let from = line.index(line.startIndex, offsetBy: rule.distance(from: rule.startIndex, to: start))
      start = rule.index(start, offsetBy: dashes.count)
      while start < rule.endIndex, rule[start] == " " { start = rule.index(after: start) }
      return String(line[from..<line.index(from, offsetBy: dashes.count)])
    }
  }

  @Test("In a terminal text stands at the left, numbers at the right, and what is centred in the middle of its column")
  func alignment() {
    let lines = table.text().split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    let rule = lines[1]
    #expect(rule.split(separator: " ").map(\.count) == [9, 7, 6, 4])
    #expect(cells(lines[0], rule) == ["name     ", " number", "middle", "last"])
    #expect(cells(lines[2], rule) == ["a        ", "    3.2", "  xy  ", "p   "])
    #expect(cells(lines[3], rule) == ["long name", "12345.0", "  m   ", "q   "])
    #expect(cells(lines[4], rule) == ["c        ", "   -0.5", " wxyz ", "r   "])
  }

  @Test("Markdown and HTML say the alignment of every column in their own way, and keep rows and columns in order")
  func marks() {
    var report = Report()
    report.add(table: table)
    let lines = report.markdown(at: "r.md").split(separator: "\n")
    #expect(lines[0] == "| name | number | middle | last |")
    #expect(lines[1] == "| :-- | --: | :-: | :-- |")
    #expect(lines[2] == "| a | 3.2 | xy | p |" && lines[4] == "| c | -0.5 | wxyz | r |")
  }

  @Test("Numbers are rounded to the column's decimals or digits as C's printf rounds them")
  func numbers() {
    func text(_ value: Double, _ format: Table.Format) -> String {
      Table(columns: [.number("x", format)], rows: [[.number(value)]]).text(row: 0, column: 0)
    }
    // Halves that binary numbers hold go to the even neighbour; 2.675 and 1.005 are a little less than they look.
    for (value, decimals, expected) in [
      (0.125, 2, "0.12"), (0.375, 2, "0.38"), (2.675, 2, "2.67"), (1.005, 2, "1.00"), (-1.5, 0, "-2"),
      (0.05, 1, "0.1"), (9.995, 2, "9.99"), (99.96, 1, "100.0"), (0, 3, "0.000"),
    ] { #expect(text(value, .decimals(decimals)) == expected, "\(value)") }
    for (value, digits, expected) in [
      (0.00123456, 3, "0.00123"), (123456, 3, "1.23e+05"), (99.96, 3, "100"), (1.5, 4, "1.5"), (-0.5, 2, "-0.5"),
    ] { #expect(text(value, .digits(digits)) == expected, "\(value)") }
  }

  @Test("Tables with captions are numbered from 1 in their order; a table without one is not counted")
  func tableNumbers() throws {
    var report = Report()
    report.add(table: table, caption: "First")
    report.add(table: table)
    report.add(figure: "a.png", caption: "Between")
    report.add(table: table, caption: "Second")
    let text = report.markdown(at: "r.md")
    let first = try #require(text.firstRange(of: "*Table 1: First*")),
      second = try #require(text.firstRange(of: "*Table 2: Second*"))
    #expect(first.upperBound < second.lowerBound)
    #expect(text.ranges(of: "*Table ").count == 2)
  }

  @Test("The provenance holds every fact under its own name")
  func provenance() {
    var provenance = Provenance(version: "bvae-script 1.2.3")
    provenance.script = "a.bvs"
    provenance.arguments = ["one", "two"]
    provenance.seed = 4711
    provenance.data = [.init(name: "D", origin: "O", fingerprint: "F", licence: "L")]
    provenance.models = [.init(name: "M", key: "K", options: [.init("beta", "4"), .init("seed", "9")])]
    provenance.wallSeconds = 61
    provenance.machine = "P"
    provenance.threads = 3
    provenance.date = "now"
    var report = Report()
    report.provenance = provenance
    let lines = report.markdown(at: "r.md").split(separator: "\n").map(String.init)
    for line in [
      "| Program | bvae-script 1.2.3 |", "| Script | `a.bvs` |", "| Arguments | `one` `two` |",
      "| Seed of the script | 4711 |",
      "| Processor | P |", "| Threads | 3 |", "| Date | now |", "| Data | Origin | Fingerprint | Licence |",
      "| D | O | `F` | L |", "| Model | Key | Options |", "| M | `K` | beta 4, seed 9 |",
    ] { #expect(lines.contains(line), "\(line)") }
  }
}
