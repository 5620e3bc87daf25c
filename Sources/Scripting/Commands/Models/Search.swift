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
      + "those of 'train', taken from the store when it is there, and gone on with when it was stopped. 'seeds 5' trains each "
      + "value five times, with the seed and the four after it, 'seeds [1, 7]' with those. A difference between two values then "
      + "counts where it is more than chance between seeds explains (Welch's t test at 5 %); what is not told apart so is said. "
      + "With one seed nothing tells how much is chance: losses within 5 % count as the same, and scores decide nothing. "
      + "Recommended is, of numbers of latents, the fewest whose loss is not told apart from the least; of β the knee of error "
      + "against KL divergence. Where the generating factors of the images are known and over several seeds one of these values "
      + "has a better mean of MIG, SAP and DCI disentanglement than each other one, it is that one. A value with which at least "
      + "half of the models use no latent is never recommended.\n"
      + "The result has fields: 'table' and 'chart' compare, with means and standard deviations over the seeds, 'runs' has a row "
      + "for each model, 'values' are what was tried, 'models' what came of it, 'recommended' is the value that is recommended, "
      + "'reason' says why, 'model' is the best model with it, 'collapsed' lists the values with which no latent is in use.",
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
        "likelihood", "squared error, cross-entropy or absolute error",
        .words(Objective.Likelihood.allCases.map(\.rawValue)), default: "gaussian"),
      .option("seed", "the seed of weights, order and noise", .seed, default: .described("the script's seed")),
      .option(
        "seeds", "how many seeds each value is trained with, or a list of them", .integer(1...1000), .range, .numbers,
        default: 1),
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
      warmup: try call.integerIfAny("warmup") ?? 0)
    let seeds = try seeds(call, session), total = plan.settings.count * seeds.count
    var results: [SearchResult] = []
    for setting in plan.settings {
      let models = try seeds.enumerated().map { place, seed in
        let which = seeds.count > 1 ? ", seed \(seed)" : ""
        let number = results.count * seeds.count + place + 1
        session.host.note("training with \(plan.describe(setting))\(which), \(number) of \(total)")
        return try result(setting, plan, data, test, options.with(seed: seed), call, session)
      }
      results.append(SearchResult(value: plan.value(setting), models: models))
    }
    return .object(try searchValue(plan, results, data, test, call, session))
  }

  /// The seeds that each value is trained with.
  private static func seeds(_ call: Invocation, _ session: Session) throws -> [UInt64] {
    let first = try call.seed(session)
    if let count = try call.integerIfAny("seeds") { return (0..<count).map { first + UInt64($0) } }
    let named = try call.integersIfAny("seeds") ?? []
    guard !named.isEmpty, named.count == Set(named).count, named.allSatisfy({ (0...Kind.largest).contains($0) }),
      try call.numbersIfAny("seeds")?.count == named.count
    else { throw call.failure("seeds", "seeds are whole numbers of 0 or more, each once") }
    guard !call.wasGiven("seed") else {
      throw call.failure(
        "seeds", "'seed' says where the seeds begin, and here they are listed", hint: "leave 'seed' out")
    }
    return named.map { UInt64($0) }
  }

  /// Trains, or takes from the store, one model and measures it.
  private static func result(
    _ setting: SearchPlan.Setting, _ plan: SearchPlan, _ data: DatasetValue, _ test: DatasetValue,
    _ options: TrainingOptions, _ call: Invocation, _ session: Session
  ) throws -> SearchModel {
    let likelihood = try call.likelihood("likelihood")
    let architecture = try call.blaming("on") {
      try Architecture(
        image: data.dataset.images.shape, channels: call.integer("channels"), latents: setting.latents)
    }
    let objective = try call.blaming("beta") { try Objective.variational(beta: setting.beta, likelihood: likelihood) }
    let network = VariationalAutoencoder(
      architecture, objective: objective, seed: options.seed, compute: session.workspace.compute)
    let model = ModelValue(network, subject: data.title, session)
    model.synthetic.formUnion(call.synthetic)
    var task = try TrainingTask(model, on: data.dataset, validation: nil, options: options, call, session)
    try task.carryOut()
    task.noteProvenance()
    return try call.blaming(call.wasGiven("test") ? "test" : "on") {
      let evaluation = try network.evaluate(on: test.dataset.images)
      let quality = try network.quality(on: test.dataset.images, seed: options.seed)
      var scores: [Score] = []
      if let factors = test.knownFactors {
        let code = try network.encode(test.dataset.images)
        session.host.progress(Progress("scoring", fraction: nil))
        defer { session.host.progress(nil) }
        scores = try ScoredCodes(codes: code.mean, factors: factors, seed: options.seed).scores(
          workers: session.workspace.compute.workers)
      }
      return SearchModel(
        seed: options.seed, model: model, evaluation: evaluation, quality: quality, scores: scores)
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
      notes: call.notes(session) + results.flatMap(\.models).map { ("Model", $0.model.provenance) })
    return SearchValue(
      title: "\(title), on \(test.title)", table: comparison.table, runs: comparison.runs, chart: chart, points: points,
      models: results.map { $0.models.map(\.model) }, recommendation: recommendation)
  }
}

extension TrainingOptions {
  fileprivate func with(seed: UInt64) -> TrainingOptions {
    var options = self
    options.seed = seed
    return options
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

  func value(_ setting: Setting) -> Double { searchesBeta ? setting.writtenBeta : Double(setting.latents) }
}

/// One value of a search and the models that were trained with it, one a seed.
struct SearchResult {
  let value: Double
  let models: [SearchModel]

  var point: SearchPoint { SearchPoint(value: value, runs: models.map(\.run)) }

  /// A number of each model.
  func sample(_ number: (SearchModel) -> Double) -> Sample { Sample(models.map(number)) }
}

/// One trained model of a search.
struct SearchModel {
  let seed: UInt64
  let model: ModelValue
  let evaluation: Evaluation
  let quality: ModelQuality
  let scores: [Score]

  var run: SearchRun {
    let counted = scores.filter { ["MIG", "SAP", "DCI disentanglement"].contains($0.name) }.compactMap(\.value)
    return SearchRun(
      seed: seed, reconstruction: evaluation.reconstruction, divergence: evaluation.totalDivergence,
      loss: evaluation.loss, active: evaluation.active, latents: evaluation.divergence.count,
      disentanglement: counted.isEmpty ? nil : counted.reduce(0, +) / Double(counted.count))
  }
}
