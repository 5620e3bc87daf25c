import BVAEDatasets
import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting
import BetaVAE

struct SearchCommand: Command {
  static let about = CommandAbout(
    "search", in: .models,
    "trains models with several values of an option, compares them and recommends one",
    details:
      "Give a range or a list to any number that the model or its training takes: 'latents', 'beta', 'channels', "
      + "'rate', 'epochs', with model factorvae 'gamma', with model infogan 'lambda'; the others stay at one value. "
      + "Each training is stored like those of 'train', taken from the store if it is there, and resumed if it was "
      + "stopped. 'seeds 5' trains each value five times, with the seed and the four after it, 'seeds [1, 7]' with "
      + "those. A difference between two values then counts only if it is significant (Welch's t test at 5 %). With "
      + "one seed, chance cannot be assessed: losses of numbers of latents within 5 % count as equal, and scores are "
      + "not used. For numbers of latents, the recommendation is the fewest whose loss does not differ significantly "
      + "from the lowest; for the weight of a term of the loss, such as β, the knee of the reconstruction error "
      + "against the KL divergence; for every other option the value with the lowest loss. InfoGANs are compared by "
      + "the error of their first categories where the images have labels, else by L_cat. If the generating factors "
      + "are known and, over several seeds, one value has a significantly better mean of MIG, SAP and DCI "
      + "disentanglement than every other, that value is recommended. A value for which at least half of the models "
      + "use no latent is never recommended.\n"
      + "The result has fields: 'table' and 'chart' compare, with means over the seeds and their 95 % intervals, "
      + "'runs' has a row for each model, 'values' are the values tried, 'models' the trained models, 'recommended' "
      + "the recommended value, 'reason' the reason, 'model' the best model with it, and 'collapsed' the values for "
      + "which no latent is in use.",
    result: .object(SearchValue.self),
    example: """
      ones = load mnist digits 1 count 200
      found = search beta [1, 4] latents 4 on ones epochs 2
      print found.recommended, found.reason
      """)

  @Option("the kind of model", default: "vae") var model: ModelKindChoice
  @Group var options: SearchedOptions
  @Marker(name: "on", "the training images") var data: DatasetValue
  @Option("the images that models are compared on", default: .described("the training images"))
  var test: DatasetValue?
  @Option("the seed of weights, order and noise", default: .scriptSeed) var seed: UInt64?
  @Option(
    "how many seeds each value is trained with, or a list of them", .integer(1...1000), .range, .numbers, default: 1)
  var seeds: SearchSeeds
  @Switch("goes on without the models whose training fails; 'runs' says why they are missing") var partial: Bool

  var rules: [Rule] {
    [
      { _ in $model.known.map { options.foreign(to: $0.kind) } ?? [] },
      { _ in
        let several = options.several
        guard several.count > 1 else { return [] }
        let names = several.map { "'\($0.name)'" }.listed("and")
        return [
          several[1].failure(
            "\(several.count == 2 ? "both " : "")\(names) have several values",
            hint: "search one of them and keep the other at one value")
        ]
      },
      { site in
        guard let kind = $model.known?.kind, options.foreign(to: kind).isEmpty else { return [] }
        do {
          return try SearchPlan(self, of: site.name).mistakes(site)
        } catch {
          return (error as? ScriptFailure).map { [$0] } ?? []
        }
      },
      { _ in
        guard case .listed? = $seeds.known, $seed.wasGiven else { return [] }
        return [
          $seeds.failure(
            "'seed' sets the first seed, but 'seeds' lists all of them", hint: "leave 'seed' out")
        ]
      },
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let plan = try SearchPlan(self, of: site.name)
    let seeds = seeds.values(from: session.seed(seed)), total = plan.settings.count * seeds.count
    plan.settings.first?.kind.announce(for: data, session)
    // What an engine could not train, by its place in the order of the search.
    var failed: [Int: String] = [:]
    if let grid = GridRun(session) { failed = try grid.run(try trainings(plan, seeds: seeds, session), on: data) }
    var results: [SearchResult] = [], missing: [SearchComparison.Missing] = [], number = 0
    for setting in plan.settings {
      let models = try seeds.compactMap { seed -> SearchedModel? in
        let which = seeds.count > 1 ? ", seed \(seed)" : ""
        defer { number += 1 }
        session.host.note("training with \(plan.describe(setting))\(which), \(number + 1) of \(total)")
        do {
          if let reason = failed[number] { throw $data.failure(reason) }
          return try result(setting, seed: seed, site, session)
        } catch let failure as ScriptFailure where partial {
          session.host.warn("\(plan.describe(setting))\(which) is missing: \(failure.message)")
          missing.append(SearchComparison.Missing(value: setting.value, seed: seed, reason: failure.message))
          return nil
        }
      }
      guard !models.isEmpty else { continue }
      let ranked = try comparing { try models.ranked(on: $0, session) }
      results.append(SearchResult(value: setting.value, models: ranked))
    }
    return .object(try searchValue(plan, results, missing, site, session))
  }

  /// What is to be trained, as tasks of a grid have it.
  /// - Throws: `ScriptFailure` for an option that no other process could be told of.
  private func trainings(
    _ plan: SearchPlan, seeds: [UInt64], _ session: Session
  ) throws -> [(key: String, title: String, script: String)] {
    try plan.settings.flatMap { setting in
      try seeds.map { seed in
        guard let script = GridScript.text(setting.kind, setting.training, seed: seed) else {
          throw ScriptFailure(
            "these options cannot be handed to other processes", hint: "leave --engine and --jobs out")
        }
        let model = try $data.blaming { try setting.kind.model(for: data, seed: seed, session) }
        let key = TrainingTask.key(
          of: model, on: data.dataset,
          options: setting.training.options(seed: seed, usualBatch: model.objective.usualBatch))
        return (key, "\(model.objective), \(plan.describe(setting)), seed \(seed)", script)
      }
    }
  }

  /// Trains, or takes from the store, one model and measures it.
  private func result(_ setting: SearchPlan.Setting, seed: UInt64, _ site: CallSite, _ session: Session) throws
    -> SearchedModel
  {
    let made = try $data.blaming { try setting.kind.model(for: data, seed: seed, session) }
    let model = ModelValue(made, subject: data.title, session)
    let training = setting.training
    var task = try TrainingTask(
      model, on: data.dataset, validation: nil,
      options: training.options(seed: seed, usualBatch: made.objective.usualBatch),
      places: (data: $data, warmup: training.$warmup), site, session)
    try task.run()
    return try comparing { try SearchedModel(model, on: $0, seed: seed, session) }
  }

  /// Does something with the images that models are compared on, to which its errors then belong.
  private func comparing<Result>(_ action: (DatasetValue) throws -> Result) throws -> Result {
    let place: any DeclaredArgument = test == nil ? $data : $test
    return try place.blaming { try action(test ?? data) }
  }

  private func searchValue(
    _ plan: SearchPlan, _ results: [SearchResult], _ missing: [SearchComparison.Missing], _ site: CallSite,
    _ session: Session
  ) throws -> SearchValue {
    guard !results.isEmpty else { throw $data.failure("every training failed: \(missing.first?.reason ?? "")") }
    let points = results.map(\.point), criterion = results.first?.models.first?.criterion ?? .loss
    let found: Recommendation? =
      if plan.varied == "latents" {
        .latents(points)
      } else if let symbol = plan.symbol, criterion == .loss {
        .weight(symbol, points)
      } else {
        .best(plan.symbol ?? plan.varied, points, by: criterion)
      }
    guard let recommendation = found else {
      throw $data.failure("no training reached a finite loss, so nothing can be recommended")
    }
    let kind = model.word == "vae" ? "" : " of \(model.word)"
    let title = "\(plan.symbol ?? plan.varied.capitalizedFirst)\(kind) for \(data.title)"
    let comparison = SearchComparison(
      plan: plan, results: results, missing: missing, recommendation: recommendation)
    let chart = try FigureValue(
      comparison.chart, title: title,
      notes: site.notes(session) + results.flatMap(\.models).map { ("Model", $0.model.provenance) })
    return SearchValue(
      title: "\(title), on \((test ?? data).title)", table: comparison.table, runs: comparison.runs, chart: chart,
      points: points, models: results.map { $0.models.map(\.model) }, criterion: criterion,
      recommendation: recommendation)
  }
}

/// A kind of model by its word.
struct ModelKindChoice: WordValue {
  static let choices = ModelKinds.all.map(ModelKindChoice.init)
  let kind: any ModelKind.Type
  var word: String { kind.word }
}

/// The seeds that each value is trained with.
enum SearchSeeds: ArgumentValue {
  /// So many, from one on.
  case count(Int)
  case listed([UInt64])

  static let refusesValues = true

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> SearchSeeds? {
    if let count = Int.read(content, for: parameter, of: verb) { return .count(count) }
    guard let numbers = try [Double].read(content, for: parameter, of: verb) else { return nil }
    let seeds = numbers.compactMap { Value.number($0).whole }.filter { $0 >= 0 }
    guard !seeds.isEmpty, Set(seeds).count == numbers.count else {
      throw ScriptFailure("seeds are whole numbers of 0 or more, each once")
    }
    return .listed(seeds.map { UInt64($0) })
  }

  func values(from first: UInt64) -> [UInt64] {
    switch self {
    case .count(let count): (0..<count).map { first + UInt64($0) }
    case .listed(let seeds): seeds
    }
  }
}
