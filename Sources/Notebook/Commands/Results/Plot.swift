import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

extension CommandDeclaration {
  static let plot = CommandDeclaration(
    "plot", group: .results,
    summary: "draws a history as curves, a table as curves or bars",
    details:
      "A history becomes the loss and its parts by epoch; what an objective tells beside, such as the capacity or the "
      + "total correlation, is drawn with the KL divergence in a second chart. A table whose first column holds names, such as "
      + "latents, becomes bars, one for each row, of its first column of numbers: the KL divergence of each latent. "
      + "A table whose first column holds numbers, such as β or epochs, becomes curves along it. Where it has several "
      + "other columns of numbers, each on a scale of its own, 'columns' says which are drawn. 'show' shows a plot in the "
      + "terminal, as does a plot on a line of its own at the prompt; 'figure' writes it as a PNG.",
    parameters: [
      .positional("what", "a history or a table", .object(HistoryValue.self), .object(TableValue.self)),
      .option(
        "columns", "the columns of a table that are drawn, by their names", .text, .list,
        default: .described("as the table suggests"), placeholder: "\"…\"|[\"…\", \"…\"]"),
      .option("title", "the heading", .text),
      .toggle("logarithmic", "draws the values on a logarithmic scale; of a history the loss"),
    ],
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones
      figure (plot (train model on ones epochs 3)) caption "Loss by epoch"
      """
  ) { call, session in
    let columns = try call.textsIfAny("columns")
    let given = try call.textIfAny("title")
    let isLogarithmic = call.isSet("logarithmic")
    if columns == nil, let history = try call.objectIfAny("what", as: HistoryValue.self) {
      let charts = charts(history, title: given ?? "Loss by epoch", logarithmic: isLogarithmic)
      let figure: any Figure = charts.count == 1 ? charts[0] : ChartGrid(charts, columns: 1)
      return .object(try FigureValue(figure, title: given ?? "Loss by epoch", notes: call.notes(session)))
    }
    let table: Table, title: String
    if let history = try call.objectIfAny("what", as: HistoryValue.self) {
      (table, title) = (history.table, given ?? history.title)
    } else {
      let value = try call.object("what", as: TableValue.self)
      (table, title) = (value.table, given ?? value.caption ?? "Table")
    }
    let plot = try call.blaming(columns == nil ? "what" : "columns") { try TablePlot(table, columns: columns) }
    if isLogarithmic && plot.isBars {
      throw call.failure("logarithmic", "bars begin at zero, which a logarithmic scale does not have")
    }
    let figure = plot.figure(title: title, logarithmic: isLogarithmic)
    return .object(try FigureValue(figure, title: title, notes: call.notes(session)))
  }

  /// The loss and its parts; where an objective tells terms of its own, these stand with the KL divergence in a chart below,
  /// which has a scale of its own: the KL divergence beside the capacity that it is to have, TC beside MI.
  private static func charts(_ value: HistoryValue, title: String, logarithmic: Bool) -> [LineChart] {
    let epochs = value.history.epochs
    let xs = epochs.indices.map { Double($0 + 1) }
    func chart(_ title: String, _ subtitle: String?, _ series: [LineChart.Series]) -> LineChart {
      LineChart(title: title, subtitle: subtitle, xLabel: "epoch", yLabel: "mean over the images", series: series)
    }
    var series = [
      LineChart.Series(name: "loss", xs: xs, ys: epochs.map(\.loss)),
      LineChart.Series(name: "error", xs: xs, ys: epochs.map(\.reconstruction)),
    ]
    let terms = epochs.first?.terms ?? [], weighted = epochs.map { $0.loss - $0.reconstruction }
    if terms.isEmpty, weighted.contains(where: { $0 != 0 }) {
      series.append(LineChart.Series(name: "β · KL divergence", xs: xs, ys: weighted))
    }
    if epochs.contains(where: { $0.validationLoss != nil }) {
      series.append(
        LineChart.Series(
          name: "validation loss", xs: xs, ys: epochs.map { $0.validationLoss ?? .nan }, dashed: true, colorIndex: 0))
    }
    var loss = chart(title, value.title, series)
    loss.logarithmic = logarithmic
    guard !terms.isEmpty else { return [loss] }
    let parts =
      [LineChart.Series(name: "KL", xs: xs, ys: epochs.map(\.totalDivergence))]
      + terms.enumerated().map { place, term in
        let values = epochs.map { $0.terms.indices.contains(place) ? $0.terms[place].value : .nan }
        return LineChart.Series(name: term.name, xs: xs, ys: values)
      }
    let names = ["KL divergence"] + parts.dropFirst().map(\.name)
    return [loss, chart(names.listed("and"), nil, parts)]
  }
}
