import Rendering
import Reporting

extension CommandDeclaration {
  static let plot = CommandDeclaration(
    "plot", group: .results,
    summary: "draws a history or a table as curves",
    details: "A history becomes the loss and its parts by epoch. Of a table the first column of numbers is drawn "
      + "along the bottom, every other one as a curve.",
    parameters: [
      .positional("what", "a history or a table", .object(HistoryValue.self), .object(TableValue.self)),
      .option("title", "the heading", .text),
      .toggle("logarithmic", "draws the values on a logarithmic scale"),
    ],
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones
      figure (plot (train model on ones epochs 3)) caption "Loss by epoch"
      """
  ) { call, session in
    var chart: LineChart
    let title: String
    if let history = try call.objectIfAny("what", as: HistoryValue.self) {
      title = "Loss by epoch"
      chart = lossChart(history)
    } else {
      let table = try call.object("what", as: TableValue.self)
      title = table.caption ?? "Table"
      chart = try tableChart(table.table, call)
    }
    chart.title = try call.textIfAny("title") ?? title
    chart.logarithmic = call.isSet("logarithmic")
    return .object(try FigureValue(chart, title: title, notes: call.notes(session)))
  }

  private static func lossChart(_ value: HistoryValue) -> LineChart {
    let epochs = value.history.epochs
    let xs = epochs.indices.map { Double($0 + 1) }
    var series = [
      LineChart.Series(name: "loss", xs: xs, ys: epochs.map(\.loss)),
      LineChart.Series(name: "reconstruction", xs: xs, ys: epochs.map(\.reconstruction)),
    ]
    let weighted = epochs.map { $0.loss - $0.reconstruction }
    if weighted.contains(where: { $0 != 0 }) {
      series.append(LineChart.Series(name: "β · KL divergence", xs: xs, ys: weighted))
    }
    if epochs.contains(where: { $0.validationLoss != nil }) {
      series.append(
        LineChart.Series(
          name: "validation loss", xs: xs, ys: epochs.map { $0.validationLoss ?? .nan }, dashed: true, colorIndex: 0))
    }
    return LineChart(subtitle: value.title, xLabel: "epoch", yLabel: "mean over the images", series: series)
  }

  private static func tableChart(_ table: Table, _ call: Invocation) throws -> LineChart {
    func numbers(_ column: Int) -> [Double] {
      table.rows.map { row in
        if row.indices.contains(column), case .number(let number) = row[column] { number } else { .nan }
      }
    }
    let columns = table.columns.indices.filter { numbers($0).contains { !$0.isNaN } }
    guard let first = columns.first else {
      throw call.failure("what", "this table has no column of numbers to plot")
    }
    let others = columns.count > 1 ? Array(columns.dropFirst()) : [first]
    let xs = columns.count > 1 ? numbers(first) : table.rows.indices.map { Double($0 + 1) }
    return LineChart(
      xLabel: columns.count > 1 ? table.columns[first].title : "row",
      yLabel: others.count == 1 ? table.columns[others[0]].title : nil,
      series: others.map { LineChart.Series(name: table.columns[$0].title, xs: xs, ys: numbers($0)) })
  }
}
