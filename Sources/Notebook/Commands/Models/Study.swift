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
      + "each combination is trained. An option varies those kinds of models that have it: 'model [\"vae\", "
      + "\"factorvae\"] beta [1, 4] gamma [10, 50]' is two VAEs and two FactorVAEs. 'seeds 1..5' are the seeds of weights, order and noise; 'seeds "
      + "5' are as many, from the script's on. Each training is stored like those of 'train', taken from the store if it is "
      + "there, and resumed if it was stopped, and what is measured of a model is kept too, so that a script that is run "
      + "again only does what is missing. Where it is done is said on the command line: --jobs 8, --engine slurm (bvae-script --help).\n"
      + "A training that fails does not stop the others. In the end the study fails with the first reason, unless "
      + "'partial' is given: then the failed models stay in the table with their reasons.\n"
      + "The result has fields: 'table' has a row for each model, 'means' one for each combination, with means over the seeds "
      + "and their 95 % intervals, 'chart' draws them, 'keys' are the models' names in the store, 'models' the trained models. "
      + "STUDY[3] is the model of row 3, STUDY[\"MIG\"] a column of the table. To find one setting and the reasons for it, "
      + "there is 'search'.",
    result: .object(StudyValue.self),
    example: """
      ones = load mnist digits 1 count 100
      found = study model ["vae", "tcvae"] beta [1, 4] latents 2 channels 4 on ones epochs 1 seeds 1..2
      print found.means
      best = found[order(found["loss"])[0]]
      """)

  @Option(
    "the kind of model, or a list of kinds", .words(ModelKindChoice.choices.map(\.word)), .list, default: "vae")
  var model: [ModelKindChoice]
  @Group(VariedOptions(lists: .ofNumbersAndWords)) var options: VariedOptions
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
      { _ in $model.known.map { options.foreign(to: $0.map { $0.kind }) } ?? [] },
      { site in
        guard let kinds = $model.known.map({ $0.map { $0.kind } }), options.foreign(to: kinds).isEmpty else {
          return []
        }
        do {
          return try StudyPlan(self, of: site.name).mistakes(site)
        } catch {
          return (error as? ScriptFailure).map { [$0] } ?? []
        }
      },
      { _ in
        guard case .listed? = $seeds.known, $seed.wasGiven else { return [] }
        return [
          $seeds.failure("'seed' sets the first seed, but 'seeds' lists all of them", hint: "leave 'seed' out")
        ]
      },
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let plan = try StudyPlan(self, of: site.name), seeds = seeds.values(from: session.seed(seed))
    let images = try trainingImages()
    try plan.checkCount(data: images.count, seeds: seeds.count)
    let planned = try self.planned(plan, images, seeds, session)
    let failed = try GridRun(session)?.run(planned.map(\.model)) ?? [:]
    var rows: [StudyRow] = [], number = 0
    for (model, setting, place) in planned {
      defer { number += 1 }
      var row = StudyRow(key: model.key, setting: setting, data: place, seed: model.seed)
      do {
        if let reason = failed[number] { throw $data.failure(reason) }
        row.numbers = try numbers(of: model, "\(number + 1) of \(planned.count)", site, session)
      } catch let failure as ScriptFailure {
        row.reason = failure.message
        session.host.warn("\(model.title) is missing: \(failure.message)")
      }
      rows.append(row)
    }
    let missing = rows.filter { $0.reason != nil }
    if let first = missing.first, !partial || missing.count == rows.count {
      throw $data.failure(
        "\(counted(missing.count, "model")) of \(rows.count.grouped) could not be trained: \(first.reason ?? "")",
        hint: missing.count == rows.count
          ? nil : "the others are stored; 'partial' goes on without those that are missing")
    }
    return .object(try value(plan, images, rows, site, session))
  }

  /// What is trained and measured on, dataset by dataset.
  private func trainingImages() throws -> [TrainingImages] {
    guard !data.isEmpty else { throw $data.failure("this list has no datasets") }
    let tests = test ?? []
    guard tests.count <= 1 || tests.count == data.count else {
      throw $test.failure("there are \(counted(tests.count, "dataset")) to measure on for \(data.count) to train on")
    }
    return data.enumerated().map { place, own in
      TrainingImages(own, test: tests.isEmpty ? nil : tests[tests.count == 1 ? 0 : place])
    }
  }

  /// All models in the order of the table.
  private func planned(
    _ plan: StudyPlan, _ images: [TrainingImages], _ seeds: [UInt64], _ session: Session
  ) throws -> [(model: PlannedModel, setting: Int, data: Int)] {
    var announced: Set<String> = []
    return try images.enumerated().flatMap { place, own in
      try plan.settings.enumerated().flatMap { number, setting in
        if announced.insert(type(of: setting.kind).word).inserted { setting.kind.announce(for: own.data, session) }
        return try seeds.map { seed in
          let parts = [
            images.count > 1 ? own.data.title : "", plan.describe(setting), seeds.count > 1 ? "seed \(seed)" : "",
          ]
          let model = try $data.blaming {
            try PlannedModel(
              setting.kind, setting.training, seed: seed, on: own,
              title: parts.filter { !$0.isEmpty }.joined(separator: ", "), session)
          }
          return (model, number, place)
        }
      }
    }
  }

  /// What is known of a model, from the store where it is there.
  private func numbers(
    of model: PlannedModel, _ place: String, _ site: CallSite, _ session: Session
  ) throws -> ModelNumbers {
    let store = session.workspace.store
    if session.host.interrupted { throw Stop.interrupted }
    if !session.notebookOptions.isFresh, Files.exists(store.path(model.key)),
      let numbers = model.numbersFile.numbers(in: store)
    {
      session.workspace.record(model, numbers)
      return numbers
    }
    session.host.note("training \(model.title.isEmpty ? "a model" : model.title), \(place)")
    let trained = try model.trained(blaming: $data, site, session)
    let blamed: any DeclaredArgument = test == nil ? $data : $test
    return try blamed.blaming { try session.numbers(of: trained, on: model.images.test) }
  }

  private func value(
    _ plan: StudyPlan, _ images: [TrainingImages], _ rows: [StudyRow], _ site: CallSite, _ session: Session
  ) throws -> StudyValue {
    let comparison = StudyComparison(plan: plan, data: images.map(\.data.title), rows: rows)
    let subject = images.count == 1 ? images[0].data.title : counted(images.count, "dataset")
    let title = "Study of \(counted(rows.count, "model")) for \(subject)"
    let chart = try FigureValue(
      comparison.chart, title: title, notes: site.notes(session) + [("Models", comparison.summary)])
    return StudyValue(
      title: title, comparison: comparison, chart: chart, subjects: images.map(\.data.title),
      load: { [store = session.workspace.store, compute = session.workspace.compute, unowned session] key, subject in
        ModelValue(try store.model(key, compute: compute), subject: subject, session)
      }, synthetic: data.reduce(into: []) { $0.formUnion($1.synthetic) })
  }
}
