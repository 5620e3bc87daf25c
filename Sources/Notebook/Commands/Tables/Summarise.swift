import BVAELanguage
import BVAEPlatform
import BVAEReporting

struct SummariseCommand: Command {
  static let about = CommandAbout(
    "summarise", in: .tables, "computes means and the like of a table's columns, in groups or over all rows",
    details:
      "With 'by' each group of rows with the same value, or the same values, becomes a row: how many there are, and of "
      + "every other column of numbers, or of those that 'of' names, what 'with' says. Without 'by' each column of "
      + "numbers becomes a row: count, mean, standard deviation, minimum, median and maximum. Cells that are empty are "
      + "passed over; std and variance of a single number are not a number, —.",
    result: .object(TableValue.self),
    example: """
      t = columns("digit", [3, 1, 3], "z0", [0.5, -1, 1.5])
      print (summarise t by "digit" with ["mean", "std"])
      """)

  @Positional("the table") var table: TableValue
  @Option("the column whose values make the groups, or several", .text, .list) var by: [String]?
  @Option("the columns of numbers that are summarised, by name", .text, .list, default: .described("all others"))
  var of: [String]?
  @Option(name: "with", "what is computed", .words(Statistic.allCases.map(\.rawValue)), .list, default: "mean")
  var wanted: [Statistic]

  /// What can be computed of the numbers of a group.
  enum Statistic: String, CaseIterable, WordValue {
    static let plural = Kind.alternatives(allCases.map(\.rawValue))

    case mean, median, std, variance, sum, min, max

    /// Not a number where there are too few.
    func of(_ numbers: [Double]) -> Double {
      guard let first = numbers.first else { return self == .sum ? 0 : .nan }
      switch self {
      case .mean: return Samples.mean(numbers)
      case .median: return Samples.quantile(numbers, 0.5)
      case .std, .variance:
        guard numbers.count > 1 else { return .nan }
        let variance = Samples.variance(numbers)
        return self == .std ? variance.squareRoot() : variance
      case .sum: return Samples.sum(numbers)
      case .min: return numbers.dropFirst().reduce(first, Swift.min)
      case .max: return numbers.dropFirst().reduce(first, Swift.max)
      }
    }
  }

  var rules: [Rule] {
    [
      { _ in
        guard !$by.wasGiven, $wanted.wasGiven else { return [] }
        return [$wanted.failure("'with' is for groups", hint: "say which, as in by \"digit\"")]
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let data = table.table
    let keys = try $by.blaming { try (by ?? []).map(table.place) }
    let places =
      try of.map { names in
        try $of.blaming {
          try names.map { name in
            let place = try table.place(name)
            guard data.isNumeric(place) else { throw ScriptFailure("the column '\(name)' does not hold numbers") }
            return place
          }
        }
      } ?? data.columns.indices.filter { !keys.contains($0) && data.isNumeric($0) }
    return .object(table.with(by == nil ? overview(places) : groups(keys, places)))
  }

  private func numbers(_ rows: [Int], _ column: Int) -> [Double] {
    rows.compactMap { row in
      guard case .number(let number) = table.table.cell(row, column), !number.isNaN else { return nil }
      return number
    }
  }

  private func groups(_ keys: [Int], _ places: [Int]) -> Table {
    let data = table.table
    var members: [[Table.Rank]: [Int]] = [:]
    for row in data.rows.indices { members[keys.map { Table.Rank(data.cell(row, $0)) }, default: []].append(row) }
    let columns =
      keys.map { data.columns[$0] }
      + [.number(data.columns.contains { $0.name == "count" } ? "rows" : "count", .decimals(0))]
      + places.flatMap { place in
        wanted.map { statistic in
          var column = Table.Column.number(data.columns[place].name, unit: data.columns[place].unit)
          if wanted.count > 1 { column.name = "\(statistic.rawValue) \(column.name)" }
          return column
        }
      }
    let rows = members.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { _, rows -> [Table.Cell] in
      let found = places.flatMap { place in
        let numbers = numbers(rows, place)
        return wanted.map { Table.Cell.number($0.of(numbers)) }
      }
      return keys.map { data.cell(rows[0], $0) } + [.number(Double(rows.count))] + found
    }
    return Table(columns: columns, rows: rows).suited(from: keys.count + 1)
  }

  private func overview(_ places: [Int]) -> Table {
    let shown: [Statistic] = [.mean, .std, .min, .median, .max], all = Array(table.table.rows.indices)
    let rows = places.map { place -> [Table.Cell] in
      let numbers = numbers(all, place)
      return [.text(table.table.columns[place].title), .number(Double(numbers.count))]
        + shown.map { .number($0.of(numbers)) }
    }
    return Table(
      columns: [Table.Column("column"), .number("count", .decimals(0))] + shown.map { .number($0.rawValue) }, rows: rows
    )
  }
}

extension Table {
  /// The table with formats for the numbers of its columns from some place on.
  fileprivate func suited(from first: Int) -> Table {
    var table = self
    for place in columns.indices.dropFirst(first) {
      table.columns[place].format = .suited(
        to: rows.compactMap { if case .number(let number) = $0[place] { number } else { nil } })
    }
    return table
  }
}
