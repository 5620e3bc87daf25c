import BVAELanguage
import BVAERendering
import BVAEReporting

/// How a table becomes a chart: curves along a first column of numbers, else bars, one for each row, under the names of
/// the first column.
struct TablePlot {
  private let table: Table
  /// The columns that are drawn.
  private let columns: [Int]
  /// The rows by rising value of the first column, where curves go along it; nil for bars.
  private let order: [Int]?
  /// Whether the names of bars are those of the first two columns.
  private let isPaired: Bool

  /// Whether it is drawn as bars.
  var isBars: Bool { order == nil }

  /// - Parameter columns: the names of the columns that are drawn; nil for what the table suggests.
  /// - Throws: `ScriptFailure` where the table does not tell what to draw, or the columns cannot be drawn.
  init(_ table: Table, columns names: [String]?) throws {
    self.table = table
    guard table.rows.count > 1 else {
      throw ScriptFailure("a chart needs two rows or more; this table has \(table.rows.isEmpty ? "none" : "one")")
    }
    var numeric = table.columns.indices.filter { column in table.numbers(column).contains { !$0.isNaN } }
    // Rows that only two columns together tell apart, as the categories of each latent.
    isPaired = numeric.first == 1 && numeric.count > 1 && table.hasPairedNames
    if isPaired { numeric.removeFirst() }
    let hasAxis = numeric.first == 0
    let drawable = hasAxis ? Array(numeric.dropFirst()) : numeric
    guard !drawable.isEmpty else { throw ScriptFailure("this table has no column of numbers to draw") }
    let listed = Kind.list(drawable.map { "'\(table.columns[$0].name)'" })
    if let names {
      columns = try names.map { name in
        let place = try table.place(name, among: drawable.map { table.columns[$0].name })
        guard drawable.contains(place) else {
          throw ScriptFailure(
            numeric.contains(place)
              ? "'\(name)' is the column that the others are drawn along" : "the column '\(name)' holds no numbers",
            hint: "those that can be drawn are \(listed)")
        }
        return place
      }
      guard !columns.isEmpty else { throw ScriptFailure("'columns' is empty", hint: "choose among \(listed)") }
    } else if hasAxis {
      let units = Set(drawable.map { table.columns[$0].unit })
      guard drawable.count == 1 || units.count == 1 && units != [nil] else {
        throw ScriptFailure(
          "this table has several columns of numbers, each on a scale of its own",
          hint: "choose, as in columns \"\(table.columns[drawable[0]].name)\", among \(listed)")
      }
      columns = drawable
    } else {
      columns = [drawable[0]]
    }
    order = hasAxis ? try Self.order(table) : nil
    if order == nil {
      guard columns.count == 1 else {
        throw ScriptFailure("bars show one column, not \(columns.count)", hint: "choose among \(listed)")
      }
      var seen: Set<String> = []
      for name in self.names where !seen.insert(name).inserted {
        throw ScriptFailure("this table has several rows for '\(name)', which bars would not tell apart")
      }
    }
  }

  /// The rows by rising value of the first column.
  private static func order(_ table: Table) throws -> [Int] {
    let places = table.numbers(0)
    let order = places.indices.filter { !places[$0].isNaN }.sorted { places[$0] < places[$1] }
    for (one, next) in zip(order, order.dropFirst()) where places[one] == places[next] {
      throw ScriptFailure(
        "this table has several rows with '\(table.columns[0].name)' \(table.text(row: one, column: 0)), "
          + "so a curve along it would be ambiguous")
    }
    return order
  }

  /// The chart.
  func figure(title: String, logarithmic: Bool) -> any Drawable {
    let heads = columns.map { table.columns[$0] }
    let units = Set(heads.map(\.unit))
    let label = heads.count == 1 ? heads[0].title : units.count == 1 ? heads[0].unit : nil
    guard let order else { return bars(title: title, label: label) }
    let xs = table.numbers(0)
    let series = columns.map { column in
      let ys = table.numbers(column)
      return LineChart.Series(name: table.columns[column].title, xs: order.map { xs[$0] }, ys: order.map { ys[$0] })
    }
    var chart = LineChart(title: title, xLabel: table.columns[0].title, yLabel: label, series: series)
    chart.logarithmic = logarithmic
    return chart
  }

  /// What is written under the bars.
  private var names: [String] {
    guard isPaired else { return table.names }
    let seconds = table.rows.indices.map { table.text(row: $0, column: 1) }
    return Set(table.names).count == 1 ? seconds : zip(table.names, seconds).map { "\($0) \($1)" }
  }

  private var xLabel: String {
    guard isPaired else { return table.columns[0].title }
    let second = table.columns[1].title
    return Set(table.names).count == 1 ? "\(second) of \(table.names[0])" : "\(table.columns[0].title) and \(second)"
  }

  private func bars(title: String, label: String?) -> BarChart {
    let values = table.numbers(columns[0])
    let state = table.columns.firstIndex { $0.name == "state" }
    let bars = names.indices.map { row in
      let isMuted = state.map { table.text(row: row, column: $0) == "inactive" } ?? false
      return BarChart.Bar(name: names[row], value: values[row], muted: isMuted)
    }
    return BarChart(
      title: title, subtitle: bars.contains(where: \.muted) ? "grey: inactive" : nil, xLabel: xLabel,
      yLabel: label, bars: bars)
  }
}

extension Table {
  /// A column's numbers, row by row; not a number where a row has none.
  func numbers(_ column: Int) -> [Double] {
    rows.indices.map { if case .number(let number) = cell($0, column) { number } else { .nan } }
  }

  /// What the first column shows, row by row.
  fileprivate var names: [String] { rows.indices.map { text(row: $0, column: 0) } }

  /// Whether the first column's names come several times, and the second column's numbers tell their rows apart.
  fileprivate var hasPairedNames: Bool {
    let pairs = rows.indices.map { [text(row: $0, column: 0), text(row: $0, column: 1)] }
    return Set(names).count < names.count && Set(pairs).count == pairs.count
  }
}
