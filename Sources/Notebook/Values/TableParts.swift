import BVAELanguage
import BVAEPlatform
import BVAEReporting

/// What can be chosen of a table: a row as a record, rows as a table, a column as a list, columns as a table.
extension TableValue {
  static let elementType: ValueType? = .object(RecordValue.typeName)
  static let sliceType: ValueType? = .object(TableValue.typeName)
  static let namedElementType: ValueType? = .list

  var count: Int { table.rows.count }

  /// Of many rows the first and the last ones.
  func glance(columns: Int?) -> String {
    shortened.map { $0.text(width: columns) + "\n\(count.grouped) rows; print shows all" } ?? text(columns: columns)
  }

  var html: String? { (shortened ?? table).htmlPiece(note: shortened == nil ? nil : "\(count.grouped) rows") }

  /// The first and the last rows of a table of many; nil where it has few.
  private var shortened: Table? {
    let ends = 5, most = 60
    guard count > most else { return nil }
    var part = table
    let gap = table.columns.map { _ in Table.Cell.text("…") }
    part.rows = table.rows.prefix(ends) + [gap] + table.rows.suffix(ends)
    return part
  }

  func element(_ index: Int) throws -> Value {
    let names = table.columns.map(\.name)
    let parts = table.columns.indices.map { column in
      // Heads that differ only in their units keep them.
      let isUnique = names.count { $0 == names[column] } == 1
      return (name: isUnique ? names[column] : table.columns[column].title, value: table.value(index, column))
    }
    return .object(try RecordValue(parts))
  }

  func slice(_ range: Range<Int>) throws -> Value { try elements(Array(range)) }

  func elements(_ places: [Int]) throws -> Value {
    .object(with(Table(columns: table.columns, rows: places.map { table.rows[$0] }, note: table.note)))
  }

  func elements(named names: [String], asList: Bool) throws -> Value {
    let places = try names.map(place)
    guard asList else {
      // What is missing among numbers is not a number.
      let missing = table.isNumeric(places[0]) ? Value.number(Double.nan) : .text("")
      return .list(
        try ScriptList(
          table.rows.indices.map { row in
            let value = table.value(row, places[0])
            if case .text("") = value { return missing }
            return value
          }))
    }
    let rows = table.rows.indices.map { row in places.map { table.cell(row, $0) } }
    return .object(with(Table(columns: places.map { table.columns[$0] }, rows: rows)))
  }

  /// The same value with another table.
  func with(_ table: Table) -> TableValue { TableValue(table: table, caption: caption, synthetic: synthetic) }

  /// Where the column of a name stands.
  func place(_ name: String) throws -> Int { try table.place(name) }
}

extension Table {
  /// A column's place by its name, with or without its unit; nil where there is none.
  func place(of name: String) -> Int? { columns.firstIndex { $0.title == name || $0.name == name } }

  /// The same, for a name that must be there.
  /// - Parameter names: the columns that may be meant, nil for all.
  /// - Throws: `ScriptFailure` that names them.
  func place(_ name: String, among names: [String]? = nil) throws -> Int {
    if let place = place(of: name) { return place }
    let names = names ?? columns.map(\.name)
    throw ScriptFailure(
      "the table has no column '\(name)'", hint: Suggestion.hint(name, among: names) ?? "it has \(Kind.list(names))")
  }

  /// The table with empty cells where rows are short.
  var filled: Table {
    var table = self
    table.rows = rows.map { $0 + Array(repeating: .empty, count: max(0, columns.count - $0.count)) }
    return table
  }

  /// What makes one doubt that a file was read as it was meant.
  var doubts: [String] {
    var found: [String] = []
    if columns.count == 1, let separator = [";", "\t"].first(where: columns[0].name.contains) {
      found.append(
        "its only column has \(separator == ";" ? "semicolons" : "tabs") in its name; columns are separated by commas")
    }
    let longer = rows.count { $0.count > columns.count }
    if longer > 0 { found.append("\(counted(longer, "row")) have more cells than the header, which are left out") }
    return found
  }

  /// A cell for scripts; an empty one is an empty text.
  func value(_ row: Int, _ column: Int) -> Value {
    switch cell(row, column) {
    case .text(let text): return .text(text)
    case .number(let number): return .number(number)
    case .empty: return .text("")
    }
  }

  /// Whether the cells of a column are numbers, but for empty ones.
  func isNumeric(_ column: Int) -> Bool {
    var found = false
    for row in rows.indices {
      switch cell(row, column) {
      case .number: found = true
      case .text: return false
      case .empty: break
      }
    }
    return found
  }
}

extension Table.Format {
  /// Decimals for all numbers of a column that tell them apart and stand below each other; significant digits where they
  /// are of too many sizes for that.
  static func suited(to numbers: some Sequence<Double>) -> Table.Format {
    let sizes = numbers.lazy.map(\.magnitude).filter { $0 > 0 && $0.isFinite }
    guard let largest = sizes.max(), let smallest = sizes.min(), largest < 1e7 else { return .digits(6) }
    let decimals = largest >= 1000 ? 1 : largest >= 100 ? 2 : largest >= 10 ? 3 : largest >= 0.1 ? 4 : 6
    let least = decimals >= 6 ? 1e-6 : decimals >= 4 ? 1e-4 : decimals == 3 ? 1e-3 : decimals == 2 ? 1e-2 : 1e-1
    return smallest >= least ? .decimals(decimals) : .digits(6)
  }
}

extension Table.Cell {
  /// A value in a table: a number, a text, a truth value by its word.
  /// - Throws: `ScriptFailure` for lists and objects.
  init(_ value: Value) throws {
    switch value {
    case .number(let number): self = .number(number)
    case .text(let text): self = text.isEmpty ? .empty : .text(text)
    case .truth(let truth): self = .text(truth ? "true" : "false")
    default: throw ScriptFailure("a cell of a table holds a number or a text; \(value.found)")
    }
  }
}

extension Table.Column {
  /// A column for some cells: numbers at the right, whole ones without decimals.
  init(_ name: String, for cells: some Sequence<Table.Cell>) {
    var isNumeric = false, isWhole = true, numbers: [Double] = []
    for cell in cells {
      switch cell {
      case .number(let number):
        isNumeric = true
        numbers.append(number)
        isWhole = isWhole && (number == number.rounded() || !number.isFinite)
      case .text:
        self.init(name)
        return
      case .empty: break
      }
    }
    self = isNumeric ? .number(name, isWhole ? .decimals(0) : .suited(to: numbers)) : Table.Column(name)
  }
}
