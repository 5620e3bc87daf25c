import BVAELanguage
import BVAEPlatform
import BVAEReporting

struct ArrangeCommand: Command {
  static let about = CommandAbout(
    "arrange", in: .tables, "sorts the rows of a table",
    details:
      "Numbers come before texts, and empty cells last. Rows with the same value keep their order; with several columns "
      + "the next one decides among them. table[order(x)] sorts by any list.",
    result: .object(TableValue.self),
    example: """
      t = columns("name", ["a", "b", "c"], "error", [80, 95, 70])
      print (arrange t by "error" descending)
      """)

  @Positional("the table") var table: TableValue
  @Marker("the column, or several", .text, .list) var by: [String]
  @Switch("the largest first") var descending: Bool

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let places = try $by.blaming { try by.map(table.place) }, data = table.table
    let order = data.rows.indices.sorted { one, other in
      for place in places {
        let a = Table.Rank(data.cell(one, place)), b = Table.Rank(data.cell(other, place))
        if a != b { return descending && a.isSet && b.isSet ? b < a : a < b }
      }
      return one < other
    }
    return try table.elements(order)
  }
}

extension Table {
  /// Where a cell stands among others: numbers, then texts, then what is empty or not a number.
  enum Rank: Comparable, Hashable {
    case number(Double)
    case text(String)
    case empty

    init(_ cell: Cell) {
      switch cell {
      case .number(let number): self = number.isNaN ? .empty : .number(number)
      case .text(let text): self = .text(text)
      case .empty: self = .empty
      }
    }

    var isSet: Bool { self != .empty }
  }
}
