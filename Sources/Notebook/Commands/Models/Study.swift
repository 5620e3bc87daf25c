import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting
import BetaVAE

struct StudyCommand: Command {
  static let about = CommandAbout(
    "study", in: .models,
    "trains every combination of kinds of models, options, datasets and seeds, and tells what became of each",
    details:
      "Give a list or a range to any option of the models or of their training, a list to 'model', 'on' and 'seeds': "
      + "each combination is trained. An option varies those kinds of models, and those networks, that have it: 'model "
      + "[\"vae\", \"factorvae\"] beta [1, 4] gamma [10, 50]' is two VAEs and two FactorVAEs. 'seeds 1..5' are the "
      + "seeds of weights, order and noise; 'seeds 5' uses five, starting at the script's seed. Each training is stored "
      + "like those of 'train', taken from the store if it is there, and resumed if it was stopped, and what is "
      + "measured of a model is kept too, so that a script that is run again only does what is missing. The command line "
      + "decides where trainings run: --jobs 8, --engine slurm ('help grids').\n"
      + "A training that fails does not stop the others. The study then fails with the first error, unless 'partial' is "
      + "given: then the failed models stay in the table with their reasons.\n"
      + "The result has fields: 'table' has a row for each model, 'means' one for each combination, with means over the "
      + "seeds and their 95 % intervals, 'chart' draws the main ones (where no number varies, each model and their "
      + "median), 'keys' are the models' names in the store, 'models' the trained models. STUDY[3] is the model of row "
      + "3, STUDY[\"MIG\"] a column of the table; 'save' writes the table as .csv. Numbers are those of 'measure' with "
      + "the model's own seed. Losses of different β, kinds and likelihoods are different quantities: compare errors, "
      + "divergences and scores. To have one setting recommended, use 'search'.",
    result: .object(StudyValue.self),
    example: """
      ones = load mnist digits 1 count 100
      found = study model ["vae", "tcvae"] beta [1, 4] latents 2 channels 4 on ones epochs 1 seeds 1..2
      print found
      best = found[order(found["error"])[0]]
      """)

  @Option(
    "the kind of model, or a list of kinds", .words(ModelKindChoice.choices.map(\.word)), .list, default: "vae")
  var model: [ModelKindChoice]
  @Group(VariedOptions(takesWordLists: true)) var options: VariedOptions
  @Marker(name: "on", "the training images, or a list of datasets", .object(DatasetValue.self), .list)
  var data: [DatasetValue]
  @Option(
    "the images that models are measured on, or a list with those for each dataset", .object(DatasetValue.self), .list,
    default: .described("the training images"))
  var test: [DatasetValue]?
  @Option("the seed of weights, order and noise", default: .scriptSeed) var seed: UInt64?
  @Option(
    "how many seeds each combination is trained with, or a list of them", .integer(1...1000), .range, .numbers,
    default: 1)
  var seeds: SearchSeeds
  @Switch("goes on without the models whose training fails; the table says why they are missing") var partial: Bool

  var rules: [Rule] {
    [
      { site in
        guard let kinds = $model.known.map({ $0.map { $0.kind } }) else { return [] }
        guard !kinds.isEmpty else { return [$model.failure("this list names no kind of model")] }
        let foreign = options.foreign(to: kinds)
        guard foreign.isEmpty else { return foreign }
        do {
          return try StudyPlan(self, of: site.name, isSketch: true).mistakes(site)
        } catch {
          return (error as? ScriptFailure).map { [$0] } ?? []
        }
      },
      { _ in SearchSeeds.mistakes($seeds, $seed) },
    ]
  }

  /// A model of the table, before it is trained; of one that cannot be made the reason.
  private struct Planned {
    let setting: Int, data: Int, seed: UInt64
    let title: String
    let model: Result<PlannedModel, ScriptFailure>
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let plan = try StudyPlan(self, of: site.name), seeds = try seeds.values(from: session.seed(seed))
    let images = try trainingImages(), names = Self.names(of: images)
    try plan.checkCount(data: images.count, seeds: seeds.count)
    let planned = try planned(plan, images, names, seeds, site, session)
    let models = planned.compactMap { try? $0.model.get() }
    let failed = try GridRun(session)?.run(models) ?? [:]
    var rows: [StudyRow] = [], unstored: [Int: ModelValue] = [:], first: ScriptFailure?
    for (number, own) in planned.enumerated() {
      var key = "", outcome: StudyRow.Outcome
      do {
        let model = try own.model.get()
        key = model.key
        if let reason = failed[model.numbersFile.name] { throw $data.failure(reason) }
        let (numbers, trained) = try numbers(of: model, "\(number + 1) of \(planned.count)", site, session)
        outcome = .measured(numbers)
        unstored[number] = trained
      } catch let failure as ScriptFailure {
        outcome = .missing(failure.message)
        first = first ?? failure
        session.host.warn("\(own.title.isEmpty ? "the model" : own.title) is missing: \(failure.message)")
      }
      rows.append(StudyRow(key: key, setting: own.setting, data: own.data, seed: own.seed, outcome: outcome))
    }
    if session.host.interrupted { throw Stop.interrupted }
    let missing = rows.count { $0.numbers == nil }
    if let first, !partial || missing == rows.count {
      throw $data.failure(
        rows.count == 1
          ? first.message
          : "\(missing.grouped) of \(counted(rows.count, "model")) could not be trained: \(first.message)",
        hint: missing == rows.count ? first.hint : "the others are stored; 'partial' goes on without the missing ones")
    }
    return .object(try value(plan, images, names, rows, unstored, site, session))
  }

  /// What is trained and measured on, dataset by dataset.
  private func trainingImages() throws -> [TrainingImages] {
    guard !data.isEmpty else { throw $data.failure("this list has no datasets") }
    if let test, test.isEmpty { throw $test.failure("this list has no datasets") }
    let tests = test ?? []
    guard tests.count <= 1 || tests.count == data.count else {
      throw $test.failure("there are \(counted(tests.count, "dataset")) to measure on for \(data.count) to train on")
    }
    let images = try data.enumerated().map { place, own in
      try $test.blaming {
        try TrainingImages(own, test: tests.isEmpty ? nil : tests[tests.count == 1 ? 0 : place])
      }
    }
    var known: Set<String> = []
    for own in images where !known.insert(own.variation + own.measured).inserted {
      throw $data.failure("\(own.data.title) is there twice")
    }
    return images
  }

  /// What datasets are called in the table: those of one title by the number of their images too, or by their place.
  private static func names(of images: [TrainingImages]) -> [String] {
    func isUnique(_ names: [String]) -> Bool { Set(names).count == names.count }
    let titles = images.map(\.data.title)
    if isUnique(titles) { return titles }
    let counted = images.map { "\($0.data.title), \(BVAEPlatform.counted($0.data.dataset.count, "image"))" }
    return isUnique(counted) ? counted : titles.enumerated().map { "\($1) (\($0 + 1))" }
  }

  /// All models in the order of the table.
  private func planned(
    _ plan: StudyPlan, _ images: [TrainingImages], _ names: [String], _ seeds: [UInt64], _ site: CallSite,
    _ session: Session
  ) throws -> [Planned] {
    var announced: Set<String> = [], planned: [Planned] = []
    let broken = plan.settings.map { plan.mistakes(of: $0, site).first }
    for (place, own) in images.enumerated() {
      for (number, setting) in plan.settings.enumerated() {
        let kind = "\(type(of: setting.kind).word) \(own.data.dataset.images.shape)"
        if announced.insert(kind).inserted { setting.kind.announce(for: own.data, session) }
        for seed in seeds {
          let parts = [
            images.count > 1 ? names[place] : "", plan.describe(setting), seeds.count > 1 ? "seed \(seed)" : "",
          ]
          let title = parts.filter { !$0.isEmpty }.joined(separator: ", ")
          let model: Result<PlannedModel, ScriptFailure>
          do {
            if let mistake = broken[number] { throw mistake }
            model = .success(
              try $data.blaming {
                try PlannedModel(setting.kind, setting.training, seed: seed, on: own, title: title, session)
              })
          } catch let failure as ScriptFailure where partial {
            model = .failure(failure)
          }
          planned.append(Planned(setting: number, data: place, seed: seed, title: title, model: model))
        }
      }
    }
    return planned
  }

  /// What is known of a model, from the store where it is there.
  /// - Returns: the numbers, and the model where it could not be stored.
  private func numbers(
    of model: PlannedModel, _ place: String, _ site: CallSite, _ session: Session
  ) throws -> (ModelNumbers, ModelValue?) {
    let store = session.workspace.store
    if session.host.interrupted { throw Stop.interrupted }
    if !session.notebookOptions.isFresh, Files.exists(store.path(model.key)),
      let numbers = model.numbersFile.numbers(in: store)
    {
      session.workspace.record(model, numbers)
      return (numbers, nil)
    }
    session.host.note(model.title.isEmpty ? "training the model" : "training \(model.title), \(place)")
    let trained = try model.trained(blaming: $data, site, session)
    let blamed: any DeclaredArgument = test == nil ? $data : $test
    let numbers = try blamed.blaming {
      try session.numbers(of: trained, on: model.images.test, keptIn: model.numbersFile)
    }
    return (numbers, Files.exists(store.path(model.key)) ? nil : trained)
  }

  private func value(
    _ plan: StudyPlan, _ images: [TrainingImages], _ names: [String], _ rows: [StudyRow],
    _ unstored: [Int: ModelValue], _ site: CallSite, _ session: Session
  ) throws -> StudyValue {
    let comparison = StudyComparison(plan: plan, data: names, rows: rows)
    let subject = images.count == 1 ? names[0] : counted(images.count, "dataset")
    let title = "Study of \(counted(rows.count, "model")) for \(subject)"
    let chart = try FigureValue(
      comparison.chart, title: title, notes: site.notes(session) + [("Models", comparison.summary)],
      theme: session.workspace.theme)
    return StudyValue(
      title: title, comparison: comparison, chart: chart,
      load: { [store = session.workspace.store, compute = session.workspace.compute, unowned session] number in
        if let model = unstored[number] { return model }
        let subject = images[rows[number].data].data.title
        return ModelValue(try store.model(rows[number].key, compute: compute), subject: subject, session)
      }, synthetic: data.reduce(into: []) { $0.formUnion($1.synthetic) })
  }
}
