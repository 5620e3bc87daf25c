import Interpretation
import Rendering
import Reporting

/// The models of a search side by side, as a table and as charts.
struct SearchComparison {
  let plan: SearchPlan
  let results: [SearchResult]
  let recommendation: Recommendation

  private var name: String { plan.searchesBeta ? "β" : "latents" }
  private var scoreNames: [String] { results.first?.scores.map(\.name) ?? [] }

  var table: Table {
    let columns: [Table.Column] =
      [
        .number(name), .number("error", .decimals(2)), .number("KL", unit: "nats", .decimals(2)),
        .number("loss", .decimals(2)), .number("active", .decimals(0)), .number("ELBO", unit: "nats", .decimals(1)),
        .number("TC", unit: "nats", .decimals(3)),
      ] + scoreNames.map { .number($0, .decimals(3)) } + [Table.Column("")]
    let rows = results.enumerated().map { place, result -> [Table.Cell] in
      let evaluation = result.evaluation
      let numbers = [
        result.value, evaluation.reconstruction, evaluation.totalDivergence, evaluation.loss, Double(evaluation.active),
        result.quality.evidenceLowerBound ?? .nan, result.quality.totalCorrelation ?? .nan,
      ]
      return numbers.map(Table.Cell.number) + result.scores.map { $0.value.map(Table.Cell.number) ?? .empty }
        + [.text(place == recommendation.index ? "recommended" : "")]
    }
    return Table(columns: columns, rows: rows, note: "Recommended: \(recommendation.reason).")
  }

  var chart: ChartGrid {
    let values = results.map(\.value)
    func series(_ name: String, _ ys: [Double], dashed: Bool = false, color: Int? = nil) -> LineChart.Series {
      LineChart.Series(name: name, xs: values, ys: ys, dashed: dashed, colorIndex: color)
    }
    func chart(_ title: String, _ x: String, _ y: String, _ series: [LineChart.Series]) -> LineChart {
      LineChart(title: title, xLabel: x, yLabel: y, series: series, width: 480, height: 360)
    }
    // The curve goes through the models in the order of their divergence.
    let order = results.sorted { $0.evaluation.totalDivergence < $1.evaluation.totalDivergence }.map(\.evaluation)
    let chosen = results[recommendation.index].evaluation
    let tradeoff = chart(
      "Error against divergence", "KL divergence (nats)", "reconstruction error",
      [
        LineChart.Series(
          name: "recommended", xs: [chosen.totalDivergence], ys: [chosen.reconstruction], colorIndex: 1),
        LineChart.Series(
          name: "models", xs: order.map(\.totalDivergence), ys: order.map(\.reconstruction), colorIndex: 0),
      ])
    let loss = chart(
      "Loss and error", name, "mean over the images",
      [
        series("loss", results.map(\.evaluation.loss)),
        series("reconstruction", results.map(\.evaluation.reconstruction)),
      ])
    let active = chart(
      "Latents in use", name, "latents",
      [
        series("in use", results.map { Double($0.evaluation.active) }),
        series("all", results.map { Double($0.evaluation.divergence.count) }, dashed: true, color: 6),
      ])
    let last =
      scoreNames.isEmpty
      ? chart(
        "Total correlation", name, "total correlation (nats)",
        [series("", results.map { $0.quality.totalCorrelation ?? .nan })])
      : chart(
        "Disentanglement", name, "score",
        scoreNames.enumerated().map { place, name in
          series(name, results.map { $0.scores.indices.contains(place) ? $0.scores[place].value ?? .nan : .nan })
        })
    return ChartGrid([tradeoff, loss, active, last])
  }
}
