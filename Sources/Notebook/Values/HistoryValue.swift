import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting
import BetaVAE

/// The record of a training, in a script.
struct HistoryValue: SyntheticOrigin {
  static let typeName = "history"
  static let typeSummary = "the record of a training, epoch by epoch; 'plot' draws it"
  static let fields: [Field<HistoryValue>] = [
    Field("epochs", .number, "how many epochs were trained") { .number($0.history.epochs.count) },
    Field("loss", .list, "mean loss of each epoch") { try .numbers($0.history.epochs.map(\.loss)) },
    Field("error", .list, "mean reconstruction error of an image, each epoch; empty for an InfoGAN") {
      try .numbers($0.history.epochs.compactMap(\.reconstruction))
    },
    Field("reconstruction", .list, "the same as 'error', by its former name") {
      try .numbers($0.history.epochs.compactMap(\.reconstruction))
    },
    Field("divergence", .list, "mean KL divergence of an image in nats, each epoch") {
      try .numbers($0.history.epochs.map(\.totalDivergence))
    },
    Field("active", .list, "latents in use, each epoch") {
      try .numbers($0.history.epochs.map { Double($0.active) })
    },
    Field("validation", .list, "loss on the validation images, each epoch; empty without any") {
      try .numbers($0.history.epochs.compactMap(\.validationLoss))
    },
    Field("seconds", .number, "wall time of the training, 0 where it is not known") {
      .number($0.history.seconds)
    },
  ]

  let history: History
  let title: String
  var synthetic: Set<String> = []

  var summary: String {
    guard let last = history.epochs.last else { return "history: no epochs" }
    let time = history.seconds > 0 ? " in \(duration(seconds: history.seconds))" : ""
    return "history: \(counted(history.epochs.count, "epoch"))\(time); in the last epoch "
      + "mean loss \(last.loss.formatted(decimals: 2)), "
      + (last.reconstruction.map {
        "error \($0.formatted(decimals: 2)), KL \(last.totalDivergence.formatted(decimals: 2)) nats, "
      } ?? last.terms.map { "\($0.name) \($0.value.formatted(decimals: 2)), " }.joined())
      + "\(counted(last.active, "latent")) active"
      + (history.wasInterrupted ? " (interrupted)" : "")
  }
}

extension HistoryValue {
  /// One row an epoch.
  var table: Table {
    let names = history.epochs.first?.named.map(\.name) ?? ["loss", "error", "KL"]
    let reconstructs = history.epochs.first?.reconstruction != nil
    let latents = reconstructs ? history.epochs.first?.divergence.count ?? 0 : 0
    let hasValidation = history.epochs.contains { $0.validationLoss != nil }
    let columns: [Table.Column] =
      [.number("epoch", .decimals(0))]
      + names.map { .number($0, .decimals(3)) }
      + [.number("active", .decimals(0)), .number("seconds", .decimals(2))]
      + (hasValidation ? [.number("validation loss", .decimals(3))] : [])
      + (0..<latents).map { .number("KL Z\($0)", .decimals(4)) }
    let rows = history.epochs.enumerated().map { index, epoch -> [Table.Cell] in
      let numbers = [Double(index + 1)] + epoch.named.map(\.value) + [Double(epoch.active)]
      var cells = numbers.map(Table.Cell.number)
      cells.append(epoch.seconds.map(Table.Cell.number) ?? .empty)
      if hasValidation { cells.append(epoch.validationLoss.map(Table.Cell.number) ?? .empty) }
      if reconstructs { cells += epoch.divergence.map(Table.Cell.number) }
      return cells
    }
    return Table(columns: columns, rows: rows)
  }
}

extension HistoryValue: SavableValue {
  static let endings = ["csv"]

  func write(to path: String) throws { try Files.write(table.csv, to: path) }
}

extension HistoryValue: PlottableValue {
  var plottedTable: Table { table }
  var plotTitle: String { title }

  func plot(title: String?, isLogarithmic: Bool) -> (any Drawable, title: String)? {
    let title = title ?? "Loss by epoch", charts = charts(title: title, logarithmic: isLogarithmic)
    return (charts.count == 1 ? charts[0] : ChartGrid(charts, columns: 1), title)
  }

  /// The loss and its parts; where an objective tells terms of its own, these stand with the KL divergence in a chart below,
  /// which has a scale of its own: the KL divergence beside the capacity that it is to have, TC beside MI.
  private func charts(title: String, logarithmic: Bool) -> [LineChart] {
    let epochs = history.epochs
    let xs = epochs.indices.map { Double($0 + 1) }
    func chart(_ title: String, _ subtitle: String?, _ series: [LineChart.Series]) -> LineChart {
      LineChart(title: title, subtitle: subtitle, xLabel: "epoch", yLabel: "mean over the images", series: series)
    }
    let reconstructs = epochs.first?.reconstruction != nil, terms = epochs.first?.terms ?? []
    let weighted = epochs.map { $0.loss - ($0.reconstruction ?? 0) }
    var series = [LineChart.Series(name: "loss", xs: xs, ys: epochs.map(\.loss))]
    if reconstructs {
      series.append(
        LineChart.Series(name: "reconstruction error", xs: xs, ys: epochs.map { $0.reconstruction ?? .nan }))
    }
    if terms.isEmpty, weighted.contains(where: { $0 != 0 }) {
      series.append(LineChart.Series(name: "β · KL divergence", xs: xs, ys: weighted))
    }
    if epochs.contains(where: { $0.validationLoss != nil }) {
      series.append(
        LineChart.Series(
          name: "validation loss", xs: xs, ys: epochs.map { $0.validationLoss ?? .nan }, dashed: true, colorIndex: 0))
    }
    var loss = chart(title, self.title, series)
    loss.logarithmic = logarithmic
    guard !terms.isEmpty else { return [loss] }
    let parts =
      (reconstructs ? [LineChart.Series(name: "KL", xs: xs, ys: epochs.map(\.totalDivergence))] : [])
      + terms.enumerated().map { place, term in
        let values = epochs.map { $0.terms.indices.contains(place) ? $0.terms[place].value : .nan }
        return LineChart.Series(name: term.name, xs: xs, ys: values)
      }
    let names = parts.map { $0.name == "KL" ? "KL divergence" : $0.name }
    let heading = names.listed("and")
    return [loss, chart(heading.prefix(1).uppercased() + heading.dropFirst(), nil, parts)]
  }
}
