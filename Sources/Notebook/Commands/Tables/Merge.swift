import BVAELanguage
import BVAEPlatform
import BVAEReporting

struct MergeCommand: Command {
  static let about = CommandAbout(
    "merge", in: .tables, "joins two tables by the values of a column that both have",
    details:
      "Each row of the first table is joined with every row of the second that has the same value in the column, or "
      + "the same values in several. Rows without a partner are left out, and counted; with 'keep' those of the first "
      + "table stay, with empty cells. Columns of the same name in both are told apart by a 2 behind the second. 'combine' "
      + "puts tables below each other.",
    result: .object(TableValue.self),
    example: """
      errors = columns("beta", [1, 4], "error", [80, 95])
      scores = columns("beta", [1, 4], "MIG", [0.1, 0.2])
      print (merge errors with scores on "beta")
      """)

  @Positional("the table") var first: TableValue
  @Marker(name: "with", "the other table") var second: TableValue
  @Marker(name: "on", "the column that both have, or several", .text, .list) var keys: [String]
  @Switch("rows of the first table without a partner stay") var keep: Bool

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let (a, b) = (first.table, second.table)
    let own = try $keys.blaming { try keys.map(first.place) }
    let others = try $second.blaming { try keys.map(second.place) }
    let added = b.columns.indices.filter { !others.contains($0) }
    var partners: [[Table.Rank]: [Int]] = [:]
    for row in b.rows.indices { partners[others.map { Table.Rank(b.cell(row, $0)) }, default: []].append(row) }
    var rows: [[Table.Cell]] = [], alone = 0, met: Set<Int> = []
    for row in a.rows.indices {
      let full = a.columns.indices.map { a.cell(row, $0) }
      let found = partners[own.map { Table.Rank(a.cell(row, $0)) }] ?? []
      if found.isEmpty {
        alone += 1
        if keep { rows.append(full + added.map { _ in .empty }) }
      }
      met.formUnion(found)
      rows += found.map { partner in full + added.map { b.cell(partner, $0) } }
      guard rows.count * (a.columns.count + added.count) <= ScriptList.largest else {
        throw ScriptFailure("the joined table would have more than \(ScriptList.largest.grouped) cells")
      }
    }
    let unmet = b.rows.count - met.count
    if alone > 0 || unmet > 0 {
      session.host.note(
        "line \(site.line): \(counted(alone, "row")) of the first table and \(counted(unmet, "row")) of the second have no partner"
          + (keep && alone > 0 ? "; those of the first stay" : ""))
    }
    var names = Set(a.columns.map(\.name))
    let columns =
      a.columns
      + added.map { place in
        var column = b.columns[place]
        let base = column.name
        var number = 2
        while names.contains(column.name) {
          column.name = "\(base) \(number)"
          number += 1
        }
        names.insert(column.name)
        return column
      }
    return .object(first.with(Table(columns: columns, rows: rows)))
  }
}
