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
  @Group(VariedOptions()) var options: VariedOptions
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
      { _ in $model.known.map { options.foreign(to: [$0.kind]) } ?? [] },
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
        guard let kind = $model.known?.kind, options.foreign(to: [kind]).isEmpty else { return [] }
        do {
          return try SearchPlan(self, of: site.name).mistakes(site)
        } catch {
          return (error as? ScriptFailure).map { [$0] } ?? []
        }
      },
      { _ in SearchSeeds.mistakes($seeds, $seed) },
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let plan = try SearchPlan(self, of: site.name), images = try $test.blaming { try TrainingImages(data, test: test) }
    let seeds = try seeds.values(from: session.seed(seed)), several = seeds.count > 1
    plan.settings.first?.kind.announce(for: data, session)
    let models = try plan.settings.flatMap { setting in
      try seeds.map { seed in
        try $data.blaming {
          try PlannedModel(
            setting.kind, setting.training, seed: seed, on: images,
            title: plan.describe(setting) + (several ? ", seed \(seed)" : ""), session)
        }
      }
    }
    // What an engine could not train or measure, by the file of its numbers.
    let failed = try GridRun(session)?.run(models) ?? [:]
    var results: [SearchResult] = [], missing: [SearchComparison.Missing] = []
    for (place, setting) in plan.settings.enumerated() {
      let found = try seeds.indices.compactMap { index -> SearchedModel? in
        let number = place * seeds.count + index, model = models[number]
        session.host.note("training with \(model.title), \(number + 1) of \(models.count)")
        do {
          if let reason = failed[model.numbersFile.name] { throw $data.failure(reason) }
          let trained = try model.trained(blaming: $data, site, session)
          return try comparing { try SearchedModel(trained, on: $0, keptIn: model.numbersFile, session) }
        } catch let failure as ScriptFailure where partial {
          session.host.warn("\(model.title) is missing: \(failure.message)")
          missing.append(SearchComparison.Missing(value: setting.value, seed: model.seed, reason: failure.message))
          return nil
        }
      }
      guard !found.isEmpty else { continue }
      let ranked = try comparing { try found.ranked(on: $0, session) }
      results.append(SearchResult(value: setting.value, models: ranked))
    }
    return .object(try searchValue(plan, results, missing, site, session))
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
    let points = results.map(\.point), criterion = results.first?.models.first?.numbers.criterion ?? .loss
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

  /// - Throws: `ScriptFailure` where they would be larger than a script's numbers are exact.
  func values(from first: UInt64) throws -> [UInt64] {
    switch self {
    case .count(let count):
      guard first + UInt64(count - 1) <= UInt64(Kind.largest) else {
        throw ScriptFailure("\(count) seeds from \(first) on would be larger than \(Kind.largest), the largest seed")
      }
      return (0..<count).map { first + UInt64($0) }
    case .listed(let seeds): return seeds
    }
  }

  /// What is wrong with a first seed beside a list of all of them.
  static func mistakes(_ seeds: Slot<SearchSeeds>, _ seed: Slot<UInt64?>) -> [ScriptFailure] {
    guard case .listed? = seeds.known, seed.wasGiven else { return [] }
    return [
      seeds.failure("'seed' sets the first seed, but 'seeds' lists all of them", hint: "leave 'seed' out")
    ]
  }
}
