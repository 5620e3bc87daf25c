import BVAEInterpretation
import BVAELanguage
import BVAERendering
import BVAEReporting

/// The models of a search side by side, as tables and as charts.
struct SearchComparison {
  let plan: SearchPlan
  let results: [SearchResult]
  let recommendation: Recommendation

  /// Something that is told of each model.
  private struct Quantity {
    let column: Table.Column
    let value: (SearchModel) -> Double
    /// Whether its deviation over the seeds is told.
    var spreads = true
  }

  private var name: String { plan.symbol ?? "latents" }
  private var scoreNames: [String] { results.first?.models.first?.scores.map(\.name) ?? [] }
  private var hasSeveralSeeds: Bool { results.contains { $0.models.count > 1 } }

  private var quantities: [Quantity] {
    let bounds = results.first?.models.first.map { QualityCells($0.quality) }?.columns ?? []
    return [
      Quantity(column: .number("error", .decimals(2))) { $0.evaluation.reconstruction },
      Quantity(column: .number("KL", unit: "nats", .decimals(2))) { $0.evaluation.totalDivergence },
      Quantity(column: .number("loss", .decimals(2))) { $0.evaluation.loss },
      Quantity(column: .number("active", .decimals(hasSeveralSeeds ? 1 : 0)), value: { Double($0.evaluation.active) }),
    ]
      + bounds.enumerated().map { place, column in
        Quantity(column: column, value: { QualityCells($0.quality).numbers[place] }, spreads: false)
      }
      + scoreNames.enumerated().map { place, name in
        Quantity(column: .number(name, .decimals(3))) {
          $0.scores.indices.contains(place) ? $0.scores[place].value ?? .nan : .nan
        }
      }
  }

  /// A row for each value: the numbers of its model, or their means and standard deviations over the seeds.
  var table: Table {
    let quantities = quantities
    let columns =
      [Table.Column.number(name)]
      + quantities.flatMap { quantity -> [Table.Column] in
        var deviation = quantity.column
        deviation.name += " ±"
        return hasSeveralSeeds && quantity.spreads ? [quantity.column, deviation] : [quantity.column]
      } + [Table.Column("")]
    let rows = results.enumerated().map { place, result -> [Table.Cell] in
      let numbers = quantities.flatMap { quantity -> [Table.Cell] in
        let sample = result.sample(quantity.value)
        return hasSeveralSeeds && quantity.spreads
          ? [.number(sample.mean), .number(sample.deviation)] : [.number(sample.mean)]
      }
      return [.number(result.value)] + numbers + [.text(remark(place))]
    }
    let seeds = results.first?.models.map { "\($0.seed)" } ?? []
    let spread =
      hasSeveralSeeds ? " Means and standard deviations (±) over the seeds \(seeds.joined(separator: ", "))." : ""
    let missing = results.first?.models.first.flatMap { QualityCells($0.quality).reason }.map { " \($0)." } ?? ""
    return Table(columns: columns, rows: rows, note: "Recommended: \(recommendation.reason).\(spread)\(missing)")
  }

  /// A row for each model.
  var runs: Table {
    let quantities = quantities
    return Table(
      columns: [.number(name), .number("seed", .decimals(0))] + quantities.map(\.column),
      rows: results.flatMap { result in
        result.models.map { model in
          [.number(result.value), .number(Double(model.seed))] + quantities.map { .number($0.value(model)) }
        }
      })
  }

  private func remark(_ place: Int) -> String {
    let point = results[place].point
    let collapsed =
      point.collapsed == 0
      ? ""
      : point.collapsed == point.runs.count
        ? "no latent in use" : "no latent in use for \(point.collapsed) of \(point.runs.count) seeds"
    let parts = [place == recommendation.index ? "recommended" : "", collapsed]
    return parts.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  var chart: ChartGrid {
    let values = results.map(\.value)
    func means(_ value: (SearchModel) -> Double) -> [Double] { results.map { $0.sample(value).mean } }
    func series(_ name: String, _ ys: [Double], dashed: Bool = false, color: Int? = nil) -> LineChart.Series {
      LineChart.Series(name: name, xs: values, ys: ys, dashed: dashed, colorIndex: color)
    }
    func chart(_ title: String, _ x: String, _ y: String, _ series: [LineChart.Series]) -> LineChart {
      LineChart(title: title, xLabel: x, yLabel: y, series: series, width: 500, height: 360)
    }
    let points = results.map(\.point)
    // The curve goes through the values in the order of their divergence.
    let order = points.sorted { $0.divergence.mean < $1.divergence.mean }
    let chosen = recommendation.index.map { points[$0] }
    let tradeoff = chart(
      "Reconstruction error against KL divergence", "KL divergence (nats)", "reconstruction error",
      (chosen.map {
        [
          LineChart.Series(
            name: "recommended", xs: [$0.divergence.mean], ys: [$0.reconstruction.mean], colorIndex: 1)
        ]
      } ?? []) + [
        LineChart.Series(
          name: "models", xs: order.map(\.divergence.mean), ys: order.map(\.reconstruction.mean), colorIndex: 0)
      ])
    let loss = chart(
      "Loss and reconstruction error", name, "mean over the images",
      [
        series("loss", means(\.evaluation.loss)),
        series("reconstruction error", means(\.evaluation.reconstruction)),
      ])
    let active = chart(
      "Latents in use", name, "latents",
      [
        series("in use", means { Double($0.evaluation.active) }),
        series("all", means { Double($0.evaluation.divergence.count) }, dashed: true, color: 6),
      ])
    let last =
      scoreNames.isEmpty
      ? chart(
        "Total correlation", name, "total correlation (nats)",
        [
          series("mixture", means { $0.quality.totalCorrelation?.mixture ?? .nan }),
          series(
            "bias (latents shuffled)", means { $0.quality.totalCorrelation?.bias ?? .nan }, dashed: true, color: 6),
        ])
      : chart(
        "Disentanglement", name, "score",
        scoreNames.enumerated().map { place, name in
          series(name, means { $0.scores.indices.contains(place) ? $0.scores[place].value ?? .nan : .nan })
        })
    return ChartGrid([tradeoff, loss, active, last])
  }
}

/// Bound and total correlation as cells of a table.
struct QualityCells {
  let columns: [Table.Column]
  /// One for each column; NaN where there is none.
  let numbers: [Double]
  /// Why there is no bound; nil where there is one.
  let reason: String?

  /// - Parameter isWhole: whether mutual information and the latents' own divergence are told too.
  init(_ quality: ModelQuality, isWhole: Bool = false) {
    func nats(_ name: String, _ decimals: Int) -> Table.Column { .number(name, unit: "nats", .decimals(decimals)) }
    var columns: [Table.Column], numbers: [Double], reason: String?
    switch quality.evidenceLowerBound {
    case .gaussian(let withHalf, let withBest, _):
      columns = [nats("ELBO, σ² = ½", 1), nats("ELBO, best σ²", 1)]
      numbers = [withHalf, withBest]
    case .laplace(let withOne, let withBest, _):
      columns = [nats("ELBO, b = 1", 1), nats("ELBO, best b", 1)]
      numbers = [withOne, withBest]
    case .bernoulli(let bound):
      columns = [nats("ELBO", 1)]
      numbers = [bound]
    case .none(let cause):
      columns = [nats("ELBO", 1)]
      numbers = [.nan]
      reason = "No ELBO: \(cause)"
    }
    let correlation = quality.totalCorrelation
    columns += [nats("TC, mixture", 3), nats("TC, shuffled", 3), nats("TC, Gaussian fit", 3)]
    numbers += [correlation?.mixture ?? .nan, correlation?.bias ?? .nan, correlation?.gaussianFit ?? .nan]
    if isWhole {
      columns += [nats("MI, mixture", 3), nats("DW, mixture", 3)]
      numbers += [correlation?.mutualInformation ?? .nan, correlation?.dimensionWise ?? .nan]
    }
    self.columns = columns
    self.numbers = numbers
    self.reason = reason
  }
}
