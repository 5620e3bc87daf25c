import BetaVAE
import Datasets
import Interpretation
import Platform
import Rendering
import Reporting

extension CommandDeclaration {
  static let search = CommandDeclaration(
    "search", group: .models,
    summary: "trains with several numbers of latents or several β, compares, recommends one",
    details:
      "Give a range or a list to 'latents' or to 'beta'; the other stays at one value. Each training is stored like "
      + "those of 'train', taken from the store when it is there, and gone on with when it was stopped. The result has fields: "
      + "'table' and 'chart' compare, 'values' and 'models' are what was tried and what came of it, 'recommended' is the value that is recommended, 'reason' says why, 'model' is the model trained "
      + "with it. Latents: of those with a loss within 2 % of the least, the fewest. Beta: the knee of error against KL "
      + "divergence. Where the generating factors of the images are known, of these the one with the best mean of MIG, SAP "
      + "and DCI disentanglement, as far as their intervals tell them apart.",
    parameters: [
      .option("latents", "the numbers of latents", .integers(Architecture.latentRange), default: 12),
      .option("beta", "the weights of the KL divergence", .number(.notNegative), .numbers, default: 4),
      .marker("on", "the training images", .object(DatasetValue.self)),
      .option(
        "test", "the images that models are compared on", .object(DatasetValue.self),
        default: .described("the training images")),
      .option("epochs", "passes over the images, each model", .integer(1...1_000_000), default: 200),
      .option("batch", "images a step", .integer(1...4096), default: 64),
      .option("rate", "Adam's step size", .number(.positive), default: 5e-4),
      .option("warmup", "epochs over which beta rises from 0", .count, default: .described("none")),
      .option("channels", "channels of every convolution", .integer(Architecture.channelRange), default: 64),
      .option(
        "likelihood", "squared error or cross-entropy", .words(Objective.Likelihood.allCases.map(\.rawValue)),
        default: "gaussian"),
      .option("seed", "the seed of weights, order and noise", .seed, default: .described("the script's seed")),
    ],
    result: .object(SearchValue.self),
    example: """
      ones = load mnist digits 1 count 200
      found = search beta [1, 4] latents 4 on ones epochs 2
      print found.recommended, found.reason
      """,
    check: { call in
      guard call.hasSeveral("latents") && call.hasSeveral("beta") else { return [] }
      return [call.mistake("beta", SearchPlan.twoSearches, hint: SearchPlan.oneSearch)]
    }
  ) { call, session in
    let plan = try SearchPlan(call)
    let data = try call.object("on", as: DatasetValue.self)
    let test = try call.objectIfAny("test", as: DatasetValue.self) ?? data
    let options = TrainingOptions(
      epochs: try call.integer("epochs"), batch: try call.integer("batch"), rate: try call.float("rate"),
      seed: try call.seed(session), warmup: try call.integerIfAny("warmup") ?? 0)
    var results: [SearchResult] = []
    for (place, setting) in plan.settings.enumerated() {
      session.host.note("training with \(plan.describe(setting)), \(place + 1) of \(plan.settings.count)")
      results.append(try result(setting, plan, data, test, options, call, session))
    }
    return .object(try searchValue(plan, results, data, test, call, session))
  }

  /// Trains, or takes from the store, one model and measures it.
  private static func result(
    _ setting: SearchPlan.Setting, _ plan: SearchPlan, _ data: DatasetValue, _ test: DatasetValue,
    _ options: TrainingOptions, _ call: Invocation, _ session: Session
  ) throws -> SearchResult {
    let likelihood = Objective.Likelihood(rawValue: try call.word("likelihood")) ?? .gaussian
    let architecture = try call.blaming("on") {
      try Architecture(
        image: data.dataset.images.shape, channels: call.integer("channels"), latents: setting.latents)
    }
    let network = VariationalAutoencoder(
      architecture, objective: .variational(beta: setting.beta, likelihood: likelihood), seed: options.seed,
      compute: session.workspace.compute)
    let model = ModelValue(network, subject: data.title, session)
    model.synthetic.formUnion(call.synthetic)
    let task = try TrainingTask(model, on: data.dataset, validation: nil, options: options, call, session)
    try task.carryOut()
    task.noteProvenance()
    if let advice = network.collapseAdvice { session.host.note("\(plan.describe(setting)): \(advice)") }
    return try call.blaming(call.wasGiven("test") ? "test" : "on") {
      let evaluation = try network.evaluate(on: test.dataset.images)
      let quality = try network.quality(on: test.dataset.images, seed: options.seed)
      var scores: [Score] = []
      if let factors = test.knownFactors {
        let code = try network.encode(test.dataset.images)
        session.host.progress(Progress("scoring", fraction: nil))
        defer { session.host.progress(nil) }
        scores = ScoredCodes(codes: code.mean, factors: factors, seed: options.seed).scores(
          workers: session.workspace.compute.workers)
      }
      return SearchResult(
        value: plan.searchesBeta ? setting.writtenBeta : Double(setting.latents), model: model, evaluation: evaluation,
        quality: quality, scores: scores)
    }
  }

  private static func searchValue(
    _ plan: SearchPlan, _ results: [SearchResult], _ data: DatasetValue, _ test: DatasetValue, _ call: Invocation,
    _ session: Session
  ) throws -> SearchValue {
    let points = results.map(\.point)
    guard let recommendation = plan.searchesBeta ? Recommendation.beta(points) : Recommendation.latents(points) else {
      throw call.failure("on", "no training came to a finite loss, so there is nothing to recommend")
    }
    let title = "\(plan.searchesBeta ? "β" : "Latents") for \(data.title)"
    let comparison = SearchComparison(plan: plan, results: results, recommendation: recommendation)
    let chart = try FigureValue(
      comparison.chart, title: title,
      notes: call.notes(session) + results.map { ("Model", $0.model.provenance) })
    return SearchValue(
      title: "\(title), on \(test.title)", table: comparison.table, chart: chart, points: points,
      models: results.map(\.model), recommendation: recommendation)
  }
}

/// What a call of 'search' tries.
struct SearchPlan {
  struct Setting {
    let latents: Int
    let beta: Float
    /// β as it was written, not its neighbour among the floats.
    let writtenBeta: Double
  }

  let settings: [Setting]
  let searchesBeta: Bool

  static let twoSearches = "both 'latents' and 'beta' have several values"
  static let oneSearch = "search one of them and keep the other at one value"

  init(_ call: Invocation) throws {
    let latents = try call.integersIfAny("latents") ?? []
    let betas = try call.numbersIfAny("beta") ?? [try call.number("beta")]
    for (name, count) in [("latents", latents.count), ("beta", betas.count)] where count == 0 {
      throw call.failure(name, "'\(name)' names no value to try")
    }
    if latents.count > 1 && betas.count > 1 {
      throw call.failure("beta", Self.twoSearches, hint: Self.oneSearch)
    }
    for beta in betas where !(beta >= 0) { throw call.failure("beta", "beta is 0 or more, not \(beta.formatted())") }
    let floats = try call.floats("beta", betas)
    searchesBeta = betas.count > 1 || latents.count == 1 && call.wasGiven("beta") && !call.wasGiven("latents")
    settings =
      searchesBeta
      ? zip(floats, betas).map { Setting(latents: latents[0], beta: $0, writtenBeta: $1) }
      : latents.map { Setting(latents: $0, beta: floats[0], writtenBeta: betas[0]) }
  }

  func describe(_ setting: Setting) -> String {
    searchesBeta ? "β \(setting.writtenBeta.formatted())" : counted(setting.latents, "latent")
  }
}

/// One trained model of a search.
struct SearchResult {
  let value: Double
  let model: ModelValue
  let evaluation: Evaluation
  let quality: ModelQuality
  let scores: [Score]

  var point: SearchPoint {
    let counted = scores.filter { ["MIG", "SAP", "DCI disentanglement"].contains($0.name) }
    return SearchPoint(
      value: value, reconstruction: evaluation.reconstruction, divergence: evaluation.totalDivergence,
      loss: evaluation.loss, active: evaluation.active, latents: evaluation.divergence.count,
      disentanglement: counted.isEmpty ? nil : counted.reduce(0) { $0 + $1.value } / Double(counted.count),
      disentanglementError: (counted.reduce(0) { $0 + ($1.upper - $1.value) * ($1.upper - $1.value) }).squareRoot()
        / Double(max(1, counted.count)))
  }
}
