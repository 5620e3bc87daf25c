import BVAEDatasets
import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting
import BetaVAE

extension CommandDeclaration {
  static let search = CommandDeclaration(
    "search", group: .models,
    summary: "trains with several numbers of latents, β or other settings, compares, recommends one",
    details:
      "Give a range or a list to 'latents' or to a setting of the model: 'beta', or with model capacityvae 'capacity' or "
      + "'gamma', with model dipvae 'offdiagonal' or 'diagonal'; the others stay at one value. Each training is stored like "
      + "those of 'train', taken from the store when it is there, and gone on with when it was stopped. 'seeds 5' trains each "
      + "value five times, with the seed and the four after it, 'seeds [1, 7]' with those. A difference between two values then "
      + "counts where it is more than chance between seeds explains (Welch's t test at 5 %); what is not told apart so is said. "
      + "With one seed nothing tells how much is chance: losses within 5 % count as the same, and scores decide nothing. "
      + "Recommended is, of numbers of latents, the fewest whose loss is not told apart from the least; of β and other settings the knee of error "
      + "against KL divergence. Where the generating factors of the images are known and over several seeds one of these values "
      + "has a better mean of MIG, SAP and DCI disentanglement than each other one, it is that one. A value with which at least "
      + "half of the models use no latent is never recommended.\n"
      + "The result has fields: 'table' and 'chart' compare, with means and standard deviations over the seeds, 'runs' has a row "
      + "for each model, 'values' are what was tried, 'models' what came of it, 'recommended' is the value that is recommended, "
      + "'reason' says why, 'model' is the best model with it, 'collapsed' lists the values with which no latent is in use.",
    parameters: [
      .option("latents", "the numbers of latents", .integers(Architecture.latentRange), default: 12),
      .option("model", "the kind of model", .words(ModelKind.all.map(\.name)), default: "vae"),
    ] + SearchPlan.modelParameters + [
      .marker("on", "the training images", .object(DatasetValue.self)),
      .option(
        "test", "the images that models are compared on", .object(DatasetValue.self),
        default: .described("the training images")),
    ] + Parameter.trainingOptions + Parameter.networkOptions + [
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
      if let mistake = NetworkChoice.mistakes(call).first { return [mistake] }
      // A kind that is not written as a word is known when it runs.
      if !call.wasGiven("model") || call.word("model") != nil {
        let kind = call.word("model").flatMap(ModelKind.named) ?? .vae
        for name in SearchPlan.foreign(to: kind) where call.wasGiven(name) {
          let (message, hint) = SearchPlan.foreignOption(name, kind)
          return [call.mistake(name, message, hint: hint)]
        }
      }
      let several = (["latents"] + SearchPlan.modelParameters.map(\.name)).filter(call.hasSeveral)
      guard several.count > 1 else { return [] }
      return [call.mistake(several[1], SearchPlan.twoSearches(several), hint: SearchPlan.oneSearch)]
    }
  ) { call, session in
    let plan = try SearchPlan(call)
    let data = try call.object("on", as: DatasetValue.self)
    let test = try call.objectIfAny("test", as: DatasetValue.self) ?? data
    let options = try TrainingOptions(call, seed: 0)
    let seeds = try seeds(call, session), total = plan.settings.count * seeds.count
    var results: [SearchResult] = []
    for setting in plan.settings {
      let models = try seeds.enumerated().map { place, seed in
        let which = seeds.count > 1 ? ", seed \(seed)" : ""
        let number = results.count * seeds.count + place + 1
        session.host.note("training with \(plan.describe(setting))\(which), \(number) of \(total)")
        return try result(setting, plan, data, test, options.with(seed: seed), call, session)
      }
      results.append(SearchResult(value: setting.value, models: models))
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
    let network = try plan.kind.make(
      ModelOptions(call, plan.kind, trying: setting.tried), images: data, blaming: "on", latents: setting.latents,
      seed: options.seed, call, session)
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
    let found = plan.symbol.map { Recommendation.setting($0, points) } ?? Recommendation.latents(points)
    guard let recommendation = found else {
      throw call.failure("on", "no training came to a finite loss, so there is nothing to recommend")
    }
    let kind = plan.kind.name == ModelKind.vae.name ? "" : " of \(plan.kind.name)"
    let title = "\(plan.symbol ?? "Latents")\(kind) for \(data.title)"
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
    /// What is tried of the model's options.
    let tried: [String: Double]
    /// The value that is varied, as it was written, not its neighbour among the floats.
    let value: Double
  }

  /// The kind of model.
  let kind: ModelKind
  let settings: [Setting]
  /// The sign of the option that is varied; nil for the number of latents.
  let symbol: String?

  /// The options of all kinds of models, with lists where several values can be tried.
  static let modelParameters: [Parameter] = {
    let all = ModelKind.all.flatMap(\.parameters)
    return all.indices.filter { i in !all[..<i].contains { $0.name == all[i].name } }.map { i in
      let owners = ModelKind.all.filter { kind in kind.parameters.contains { $0.name == all[i].name } }
      let own = owners.compactMap { kind in kind.parameters.first { $0.name == all[i].name } }
      let fallbacks = zip(owners, own).compactMap { kind, one in one.fallback.map { "\($0.text) for \(kind.name)" } }
      return all[i].varied(
        zip(owners, own).map { "\($0.name): \($1.summary)" }.joined(separator: "; "),
        adding: owners.contains { $0.symbols[all[i].name] != nil } ? [.numbers] : [],
        default: own.count == 1 ? all[i].fallback : .described(fallbacks.joined(separator: ", ")))
    }
  }()

  /// The options that a kind of model does not have.
  static func foreign(to kind: ModelKind) -> [String] {
    modelParameters.map(\.name).filter { name in !kind.parameters.contains { $0.name == name } }
  }

  static func foreignOption(_ name: String, _ kind: ModelKind) -> (message: String, hint: String) {
    let owners = ModelKind.all.filter { other in other.parameters.contains { $0.name == name } }
    return (
      "models made by '\(kind.name)' have no '\(name)'",
      "write \(owners.map { "model \($0.name)" }.listed("or")) for it"
    )
  }

  static func twoSearches(_ names: [String]) -> String {
    "\(names.count == 2 ? "both " : "")\(names.map { "'\($0)'" }.listed("and")) have several values"
  }
  static let oneSearch = "search one of them and keep the other at one value"

  init(_ call: Invocation) throws {
    kind = try ModelKind.named(call.word("model")) ?? .vae
    for name in Self.foreign(to: kind) where call.wasGiven(name) {
      let (message, hint) = Self.foreignOption(name, kind)
      throw call.failure(name, message, hint: hint)
    }
    let latents = try call.integersIfAny("latents") ?? []
    guard !latents.isEmpty else { throw call.failure("latents", "'latents' names no value to try") }
    var lists: [(name: String, values: [Double])] = []
    for name in kind.parameters.map(\.name) where kind.symbols[name] != nil && call.wasGiven(name) {
      let values = try call.numbersIfAny(name) ?? [try call.number(name)]
      guard !values.isEmpty else { throw call.failure(name, "'\(name)' names no value to try") }
      for value in values where !(value >= 0) {
        throw call.failure(name, "\(name) is 0 or more, not \(value.formatted())")
      }
      _ = try call.floats(name, values)
      lists.append((name, values))
    }
    let several = (latents.count > 1 ? ["latents"] : []) + lists.filter { $0.values.count > 1 }.map(\.name)
    guard several.count <= 1 else {
      throw call.failure(several[1], Self.twoSearches(several), hint: Self.oneSearch)
    }
    let varied =
      lists.first { $0.values.count > 1 } ?? (latents.count == 1 && !call.wasGiven("latents") ? lists.first : nil)
    let fixed = Dictionary(uniqueKeysWithValues: lists.filter { $0.values.count == 1 }.map { ($0.name, $0.values[0]) })
    symbol = varied.flatMap { [kind] in kind.symbols[$0.name] }
    settings =
      varied.map { varied in
        varied.values.map { value in
          Setting(latents: latents[0], tried: fixed.merging([varied.name: value]) { $1 }, value: value)
        }
      } ?? latents.map { Setting(latents: $0, tried: fixed, value: Double($0)) }
  }

  func describe(_ setting: Setting) -> String {
    symbol.map { "\($0) \(setting.value.formatted())" } ?? counted(setting.latents, "latent")
  }
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
