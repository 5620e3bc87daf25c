import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

/// The models of a search side by side, as tables and as charts.
struct SearchComparison {
  let plan: SearchPlan
  /// Those with a model at least.
  let results: [SearchResult]
  /// The models whose training failed.
  let missing: [Missing]
  let recommendation: Recommendation

  /// A model that is not there.
  struct Missing {
    let value: Double
    let seed: UInt64
    let reason: String
  }

  /// The name of what was varied.
  private var name: String { plan.symbol ?? plan.varied }
  private var models: [SearchedModel] { results.flatMap(\.models) }
  private var hasSeveralSeeds: Bool { results.contains { $0.models.count > 1 } }

  /// All that is told of any model: with other options there may be other codes.
  private var quantities: [ModelNumbers.Quantity] {
    var all: [ModelNumbers.Quantity] = []
    for quantity in models.flatMap(\.quantities) where !all.contains(where: { $0.column == quantity.column }) {
      all.append(quantity)
    }
    return all
  }

  /// A row for each value: the numbers of its model, or their means over the seeds with 95 % intervals.
  var table: Table {
    let quantities = quantities
    let columns =
      [Table.Column.number(name)]
      + quantities.flatMap { quantity -> [Table.Column] in
        var margin = quantity.column
        margin.name += " ±"
        return hasSeveralSeeds && quantity.spreads ? [quantity.column, margin] : [quantity.column]
      } + [Table.Column("")]
    let rows = results.enumerated().map { place, result -> [Table.Cell] in
      let numbers = quantities.flatMap { quantity -> [Table.Cell] in
        let sample = result.sample(quantity.column.name)
        return [.number(sample.mean)] + (hasSeveralSeeds && quantity.spreads ? [.number(sample.margin)] : [])
      }
      return [.number(result.value)] + numbers + [.text(remark(place))]
    }
    let seeds = results.first?.models.map { "\($0.run.seed)" } ?? []
    let spread =
      hasSeveralSeeds
      ? " Means over the seeds \(seeds.joined(separator: ", ")); ±: half the width of the mean's 95 % interval." : ""
    let note = models.first?.numbers.note.map { " \($0)." } ?? ""
    let gaps = missing.isEmpty ? "" : " \(counted(missing.count, "model")) missing: the training failed."
    return Table(columns: columns, rows: rows, note: "Recommended: \(recommendation.reason).\(spread)\(note)\(gaps)")
  }

  /// A row for each model.
  var runs: Table {
    let quantities = quantities, hasGaps = !missing.isEmpty
    let told = results.flatMap { result in
      result.models.map { model in
        [.number(result.value), .number(Double(model.run.seed))]
          + quantities.map { Table.Cell.number(model.number($0.column.name)) } + (hasGaps ? [.empty] : [])
      }
    }
    let gaps = missing.map { gap in
      [.number(gap.value), .number(Double(gap.seed))] + quantities.map { _ in Table.Cell.empty } + [.text(gap.reason)]
    }
    return Table(
      columns: [.number(name), .number("seed", .decimals(0))] + quantities.map(\.column)
        + (hasGaps ? [Table.Column("missing because")] : []),
      rows: told + gaps)
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

  // MARK: - Charts

  /// Of models that reconstruct: their trade-off, losses, latents in use and scores; of generators: what Q tells, its
  /// errors, latents in use and scores. Where the factors are not known, the total correlation or the entropies stand in
  /// for scores.
  var chart: ChartGrid {
    let scores = models.first?.numbers.scores ?? []
    let names = quantities.map(\.column.name)
    func known(_ prefix: String) -> [String] { names.filter { $0.hasPrefix(prefix) } }
    let disentanglement = lines("Disentanglement", "score", scores)
    let inUse = chart(
      "Latents in use", "latents",
      [series("active", as: "in use"), LineChart.Series(name: "all", xs: values, ys: all, dashed: true, colorIndex: 6)])
    guard models.first?.numbers.criterion == .loss else {
      let errors = known("error of"), entropies = lines("Use of the categories", "entropy (nats)", known("entropy of"))
      let told = lines("What Q tells of the codes", "nats", known("L_"))
      return ChartGrid(
        [told] + (errors.isEmpty ? [] : [lines("Images given a wrong category", "share of the images", errors)])
          + [inUse, scores.isEmpty ? entropies : disentanglement])
    }
    let total = known("TC, ").filter { $0 != "TC, Gaussian fit" }
    return ChartGrid([
      tradeoff,
      chart(
        "Loss and reconstruction error", "mean over the images",
        [series("loss"), series("error", as: "reconstruction error")]),
      inUse,
      scores.isEmpty
        ? chart(
          "Total correlation", "total correlation (nats)",
          total.enumerated().map { place, name in
            place == 0 ? series(name, as: "mixture") : series(name, as: "bias (latents shuffled)", dashed: true)
          })
        : disentanglement,
    ])
  }

  private var values: [Double] { results.map(\.value) }
  private var all: [Double] { results.map { Double($0.models[0].run.latents) } }

  private func lines(_ title: String, _ y: String, _ names: [String]) -> LineChart {
    chart(title, y, names.map { series($0) })
  }

  /// The means of a quantity with their intervals.
  private func series(_ quantity: String, as name: String? = nil, dashed: Bool = false) -> LineChart.Series {
    let samples = results.map { $0.sample(quantity) }
    return LineChart.Series(
      name: name ?? quantity, xs: values, ys: samples.map(\.mean), margins: samples.map(\.margin), dashed: dashed,
      colorIndex: dashed ? 6 : nil)
  }

  private func chart(_ title: String, _ y: String, _ series: [LineChart.Series]) -> LineChart {
    chart(title, x: name, y, series)
  }

  private func chart(_ title: String, x: String, _ y: String, _ series: [LineChart.Series]) -> LineChart {
    let spreads = series.contains { $0.margins.contains(where: \.isFinite) }
    return LineChart(
      title: title, subtitle: spreads ? "means over the seeds, bars: 95 % intervals" : nil, xLabel: x, yLabel: y,
      series: series, width: 500, height: 360)
  }

  /// Reconstruction error against divergence, through the values in the order of their divergence.
  private var tradeoff: LineChart {
    let points = results.map(\.point)
    let order = points.sorted { $0.divergence.mean < $1.divergence.mean }
    func line(_ name: String, _ points: [SearchPoint], _ color: Int) -> LineChart.Series {
      LineChart.Series(
        name: name, xs: points.map(\.divergence.mean), ys: points.map(\.reconstruction.mean),
        margins: points.map(\.reconstruction.margin), colorIndex: color)
    }
    let chosen = recommendation.index.map { [line("recommended", [points[$0]], 1)] } ?? []
    return chart(
      "Reconstruction error against KL divergence", x: "KL divergence (nats)", "reconstruction error",
      chosen + [line("models", order, 0)])
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
