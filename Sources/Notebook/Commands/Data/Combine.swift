import BVAEDatasets
import BVAELanguage
import BVAEReporting

struct CombineCommand: Command {
  static let about = CommandAbout(
    "combine", in: .data, "makes one dataset of several, or one table",
    details:
      "The images come one after the other; they must have one size. Classes of the same name become one. Labels, and "
      + "factors, are kept where all have them. The rows of tables come one below the other, by the names of their "
      + "columns; where one lacks a column its cells are empty.",
    result: .any,
    example: """
      ones = load mnist digits 1 count 50
      sevens = load mnist digits 7 count 50
      both = combine ones, sevens
      """)

  @Values(
    "the datasets, or the tables", .object(DatasetValue.self), .object(TableValue.self), placeholder: "DATASET, …")
  var parts: [Value]

  var rules: [Rule] { [{ site in $parts.tooFew(site, "datasets or tables") }] }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let objects = parts.compactMap { if case .object(let object) = $0 { object } else { nil } }
    let tables = objects.compactMap { $0 as? TableValue }
    if let first = tables.first, tables.count == parts.count {
      return .object(first.with(Table(below: tables.map(\.table))))
    }
    let datasets = objects.compactMap { $0 as? DatasetValue }
    guard datasets.count == parts.count else {
      throw $parts.failure("'combine' takes datasets, or tables, not both")
    }
    let joined = try $parts.blaming { try Dataset.joined(datasets.map(\.dataset)) }
    session.tell(joined.remarks)
    return .object(DatasetValue(dataset: joined))
  }
}

extension Table {
  /// The rows of several tables below each other, by the names of their columns.
  fileprivate init(below tables: [Table]) {
    var columns: [Column] = []
    for table in tables {
      for column in table.columns where !columns.contains(where: { $0.title == column.title }) {
        columns.append(column)
      }
    }
    let rows = tables.flatMap { table in
      let places = columns.map { column in table.columns.firstIndex { $0.title == column.title } }
      return table.rows.indices.map { row in places.map { $0.map { table.cell(row, $0) } ?? .empty } }
    }
    self.init(columns: columns, rows: rows)
  }
}

struct CompareCommand: Command {
  static let about = CommandAbout(
    "compare", in: .data, "lists the differences between two datasets",
    details:
      "Images, labels, the names of classes, and factors; names and origins may differ. Datasets without differences "
      + "are also equal by '=='.",
    example: """
      digits = load mnist each 10
      save digits "digits.npz"
      compare digits, (load "digits.npz")
      """)

  @Values("two datasets", placeholder: "DATASET, DATASET") var datasets: [DatasetValue]

  var rules: [Rule] {
    [
      { site in
        guard let count = $datasets.known?.count, count > 2 else { return $datasets.tooFew(site, "datasets") }
        return [$datasets.failure("'compare' takes two datasets, not \(count)")]
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let found = datasets[0].dataset.differences(from: datasets[1].dataset)
    try session.host.show(
      text: found.isEmpty ? "no difference" : "different:\n" + found.map { "  " + $0 }.joined(separator: "\n"))
    return .nothing
  }
}

extension Slot where Content: Collection {
  /// What is said of fewer than two.
  fileprivate func tooFew(_ site: CallSite, _ things: String) -> [ScriptFailure] {
    guard let count = known?.count, count < 2 else { return [] }
    return [
      failure(
        "'\(site.name)' takes 2 or more \(things), separated by commas; "
          + (count == 0 ? "found none" : "found one"))
    ]
  }
}

extension Session {
  /// Says what a reader left out or assumed.
  func tell(_ remarks: [LoadRemark]) {
    for remark in remarks {
      if remark.isWarning { host.warn(remark.text) } else { host.note(remark.text) }
    }
  }
}
