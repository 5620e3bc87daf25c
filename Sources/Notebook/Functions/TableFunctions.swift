import BVAELanguage
import BVAEPlatform
import BVAEReporting

extension FunctionDeclaration {
  /// A table of one's own.
  static let columns = FunctionDeclaration(
    name: "columns", syntax: "columns(name, list, …)",
    summary:
      "a table of named columns; a single value fills its column. A table among them adds its own columns, a list "
      + "of records has a row for each, and a list of names takes the columns of a matrix",
    example: """
      t = columns("digit", [3, 1, 3], "z0", [0.5, -1, 1.5])
      print t[t["digit"] == 3], mean(t["z0"]), t[0].z0
      t = columns(t, "size", abs(t["z0"]))
      print t[order(t["size"])]
      r = record("beta", 1, "error", 80)
      print columns([r, record("beta", 4)])
      """,
    arity: 1...Int.max, parameters: [[.any]], result: { _ in .object(TableValue.self) },
    apply: { .object(TableValue(table: try TableMaker($0).table, caption: nil)) })

  /// The cells of a table under one name, so that scripts need not count columns.
  static let column = FunctionDeclaration(
    name: "column", syntax: "column(table, name)",
    summary: "the cells of a table's column, row by row; the unit may be left out of the name. The same as table[name]",
    example:
      "ones = load mnist digits 1 count 20\nmodel = vae for ones latents 4\nprint column((measure model on ones latents), \"state\")",
    arity: 2...2,
    parameters: [[.object(TableValue.self)], [.text]], result: { _ in .list },
    choices: { value in
      guard case .object(let object) = value, let table = (object as? TableValue)?.table else { return [] }
      return table.columns.map(\.name)
    },
    apply: { arguments in
      guard case .object(let object) = arguments[0], let table = object as? TableValue,
        case .text(let name) = arguments[1]
      else { throw ScriptFailure("'column' takes a table and a text") }
      return try table.elements(named: [name], asList: false)
    })
}

extension ScriptList {
  /// The texts of a list of nothing but texts; none of any other.
  fileprivate var texts: [String] {
    guard numbers == nil else { return [] }
    let texts = elements.compactMap { if case .text(let text) = $0 { text } else { nil as String? } }
    return texts.count == count ? texts : []
  }
}

/// Puts columns side by side: names with their values, tables, lists of records.
private struct TableMaker {
  private enum Column {
    case cells(String, [Table.Cell])
    case filled(String, Table.Cell)
    case taken(Table.Column, [Table.Cell])

    var count: Int? {
      switch self {
      case .cells(_, let cells), .taken(_, let cells): cells.count
      case .filled: nil
      }
    }

    var name: String {
      switch self {
      case .cells(let name, _), .filled(let name, _): name
      case .taken(let column, _): column.name
      }
    }
  }

  private var columns: [Column] = []

  init(_ arguments: [Value]) throws {
    var place = 0
    while place < arguments.count {
      switch arguments[place] {
      case .text(let name):
        guard place + 1 < arguments.count else {
          throw ScriptFailure("the column '\(name)' has no values", hint: "write columns(\"\(name)\", list)")
        }
        columns.append(try Self.column(name, arguments[place + 1]))
        place += 2
        continue
      case .object(let object):
        if let table = (object as? TableValue)?.table {
          for (column, head) in table.columns.enumerated() {
            columns.append(.taken(head, table.rows.indices.map { table.cell($0, column) }))
          }
        } else if let record = object as? RecordValue {
          try add([record])
        } else {
          throw Self.unsuitable(arguments[place])
        }
      case .list(let list) where place + 1 < arguments.count && !list.texts.isEmpty:
        columns += try Self.columns(list.texts, arguments[place + 1])
        place += 2
        continue
      case .list(let list) where list.numbers == nil && list.count > 0:
        try add(
          try list.elements.map { element in
            guard case .object(let object) = element, let record = object as? RecordValue else {
              throw Self.unsuitable(arguments[place])
            }
            return record
          })
      default: throw Self.unsuitable(arguments[place])
      }
      place += 1
    }
    for (place, column) in columns.enumerated()
    where columns[..<place].contains(where: { $0.name == column.name }) {
      throw ScriptFailure("two columns are called '\(column.name)'")
    }
  }

  private static func unsuitable(_ value: Value) -> ScriptFailure {
    ScriptFailure(
      "'columns' takes names, each with its values; \(value.found)", hint: "columns(\"digit\", labels, \"z0\", z0)")
  }

  /// Names with the columns of a matrix.
  private static func columns(_ names: [String], _ value: Value) throws -> [Column] {
    guard case .list(let list) = value, let array = list.numbers, array.shape.count == 2, array.shape[1] == names.count
    else {
      throw ScriptFailure(
        "\(counted(names.count, "name")) of columns need a list of lists of as many values each; \(value.found)")
    }
    let values = array.values
    return names.enumerated().map { column, name in
      .cells(name, (0..<array.shape[0]).map { .number(values[$0 * names.count + column]) })
    }
  }

  private static func column(_ name: String, _ value: Value) throws -> Column {
    guard !name.isEmpty else { throw ScriptFailure("the name of a column has one character or more") }
    switch value {
    case .list, .range:
      let list = try value.listed()
      if let array = list.numbers, array.shape.count > 1 {
        throw ScriptFailure(
          "the column '\(name)' takes a list of single values; this has the shape \(array.shape)",
          hint: "choose one column: x[.., 0]")
      }
      return .cells(name, try list.elements.map(Table.Cell.init))
    default: return .filled(name, try Table.Cell(value))
    }
  }

  /// Records as rows; what one of them lacks is empty.
  private mutating func add(_ records: [RecordValue]) throws {
    var names: [String] = []
    for record in records { for name in record.names where !names.contains(name) { names.append(name) } }
    for name in names {
      columns.append(.cells(name, try records.map { try $0[name].map(Table.Cell.init) ?? .empty }))
    }
  }

  var table: Table {
    get throws {
      let counts = columns.compactMap(\.count)
      guard Set(counts).count <= 1 else {
        let listed = columns.filter { $0.count != nil }.map { "'\($0.name)' \($0.count ?? 0)" }
        throw ScriptFailure("the columns of a table are of one length; \(Kind.list(listed))")
      }
      let count = counts.first ?? 1
      guard count * columns.count <= ScriptList.largest else {
        throw ScriptFailure("this table would have more than \(ScriptList.largest.grouped) cells")
      }
      let lists = columns.map { column -> [Table.Cell] in
        switch column {
        case .cells(_, let cells), .taken(_, let cells): cells
        case .filled(_, let cell): Array(repeating: cell, count: count)
        }
      }
      let heads = zip(columns, lists).map { column, cells -> Table.Column in
        if case .taken(let head, _) = column { head } else { Table.Column(column.name, for: cells) }
      }
      return Table(columns: heads, rows: (0..<count).map { row in lists.map { $0[row] } })
    }
  }
}
