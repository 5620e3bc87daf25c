import BVAEGrids
import BVAELanguage
import BVAEPlatform
import BetaVAE

/// Where the trainings of a search run that this process does not do itself.
package struct GridOptions: Sendable {
  /// The engine's word.
  package var engine = LocalEngine.word
  /// How many trainings at once, where the engine decides that.
  package var jobs: Int?
  /// What the engine is told further, as it stands on the command line.
  package var engineOptions: String = ""
  /// Whether trainings are handed over and not waited for.
  package var isDetached = false
  /// The program's own file.
  package var program: String

  /// - Parameter program: the program's own file.
  package init(program: String) { self.program = program }

  /// An engine as the command line names it.
  package struct Kind: Sendable {
    /// Its word, and what it does.
    package let word: String, summary: String
    let make: @Sendable (_ options: GridOptions, _ threads: Int?) -> any Engine

    init<Made: Engine>(_ make: @escaping @Sendable (GridOptions, Int?) -> Made) {
      (word, summary, self.make) = (Made.word, Made.summary, make)
    }
  }

  /// The engines: a line each.
  package static let engines = [
    Kind { options, threads in
      let jobs = options.jobs ?? Machine.processors
      return LocalEngine(
        program: options.program, jobs: jobs, threads: threads ?? max(1, Machine.processors / jobs))
    },
    Kind { options, _ in
      SlurmEngine(
        program: options.program, jobs: options.jobs, options: options.words, isDetached: options.isDetached,
        interval: Machine.environment("BVAE_ENGINE_SECONDS").flatMap(Double.init) ?? 5)
    },
    Kind { options, threads in
      SSHEngine(program: options.program, options: options.words, jobs: options.jobs ?? 1, threads: threads)
    },
    Kind { options, threads in
      PrintEngine(program: options.program, options: options.words, jobs: options.jobs, threads: threads)
    },
  ]

  private var words: [String] { engineOptions.split(whereSeparator: \.isWhitespace).map(String.init) }

  func made(threads: Int?) -> any Engine {
    let kind = Self.engines.first { $0.word == engine } ?? Self.engines[0]
    return kind.make(self, threads)
  }
}

/// Has the trainings of a search done by an engine, so that their results are in the store when the search comes to them.
struct GridRun {
  private let options: GridOptions
  private let session: Session

  /// nil where trainings are done one after another.
  init?(_ session: Session) {
    guard let options = session.notebookOptions.grid else { return nil }
    if session.notebookOptions.isFresh {
      session.host.note("with --fresh models are trained one after another, here")
      return nil
    }
    guard session.workspace.device == .cpu else {
      session.host.note("on \(session.workspace.device) models are trained one after another, here")
      return nil
    }
    (self.options, self.session) = (options, session)
  }

  /// Has models trained and measured.
  /// - Returns: why trainings failed for good, by the files of their numbers.
  /// - Throws: `ScriptFailure` for options that no other process could be told of; `Stop.interrupted` with Ctrl-C,
  ///   `Stop.unfinished` where an engine has only told what is to be run, or has lost some of it.
  func run(_ models: [PlannedModel]) throws -> [String: String] {
    let host = session.host, store = session.workspace.store
    var known: Set<String> = []
    // The order of a script's lists is none of the grid's: what task 7 is stays so, whoever asks.
    let distinct = models.filter { known.insert($0.numbersFile.name).inserted }.sorted {
      $0.numbersFile.name < $1.numbersFile.name
    }
    let isDone = distinct.allSatisfy { model in
      Self.results(of: model).allSatisfy { Files.exists(Path.join(store.folder, $0)) }
    }
    guard !isDone else { return [:] }
    var written: [String: String] = [:]
    func write(_ data: DatasetValue, _ name: String) throws -> String {
      if let name = written[name] { return name }
      written[name] = try GridData.write(data, named: name, to: Grid.dataFolder(in: store.folder))
      return name
    }
    let tasks = try distinct.enumerated().map { place, model in
      guard let script = model.script else {
        throw ScriptFailure("these options cannot be handed to other processes", hint: "leave --engine and --jobs out")
      }
      return GridTask(
        number: place + 1, key: model.key, title: "\(model.plan.objective), \(model.title)",
        data: try write(model.images.data, model.images.variation),
        test: try write(model.images.test, model.images.testVariation), results: Self.results(of: model), script: script
      )
    }
    let grid = try Grid(tasks, by: session.workspace.gridMaker, in: store.folder)
    let states = grid.states(withNotes: false)
    let open = zip(grid.tasks, states).filter { $1.isOpen }.map(\.0)
    let engine = options.made(threads: session.notebookOptions.threads)
    if !open.isEmpty {
      host.note("\(counted(open.count, "training")) by engine \(options.engine): grid \(grid.name)")
    }
    defer { host.progress(nil) }
    let outcome: EngineOutcome
    do {
      outcome = try engine.run(grid, open) { states in
        if host.interrupted { throw Stop.interrupted }
        host.progress(Self.progress(states))
      }
    } catch let problem as FileProblem {
      throw ScriptFailure("\(problem)")
    } catch Stop.interrupted where engine is SlurmEngine {
      try LeavingQueue(grid, host).run()
      throw Stop.interrupted
    }
    switch outcome {
    case .finished: break
    case .detached(let jobs):
      throw Stop.unfinished(
        "\(counted(open.count, "training")) \(open.count == 1 ? "is" : "are") in the queue as \(jobs.joined(separator: ", ")); "
          + "the same script collects them, 'bvae-script --grid \(grid.name)' shows where they are")
    case .printed(let lines):
      for line in lines { try host.show(text: line) }
      throw Stop.unfinished(
        "\(counted(open.count, "training")) \(open.count == 1 ? "is" : "are") to be run by the lines above; "
          + "then the same script goes on")
    case .lost(let complaints):
      for complaint in Set(complaints).sorted().prefix(5) { host.warn("a worker: \(complaint)") }
      let left = grid.states(withNotes: false).count(where: \.isOpen)
      // Where many machines were to do it, this one does not do the rest alone.
      if left > 0, !(engine is LocalEngine) {
        throw Stop.unfinished(
          "\(counted(left, "training")) \(left == 1 ? "is" : "are") not done; the same script begins them again, "
            + "'bvae-script --grid \(grid.name)' shows where they are")
      }
    }
    var reasons: [String: String] = [:]
    for (model, state) in zip(distinct, grid.states()) {
      if case .failed(let note) = state { reasons[model.numbersFile.name] = note.reason }
    }
    if !reasons.isEmpty {
      host.note(
        "what has failed is not tried again by itself: 'bvae-script --grid \(grid.name) --retry' lets it be tried again"
      )
    }
    return reasons
  }

  /// The files of the store that are there when a model is trained and measured.
  private static func results(of model: PlannedModel) -> [String] {
    ["\(model.key).safetensors", model.numbersFile.name]
  }

  private static func progress(_ states: [TaskState]) -> Progress {
    let done = states.count { $0 == .done }
    let running = states.count { $0.word == "running" }, failed = states.count { $0.word == "failed" }
    return Progress(
      "training", fraction: Double(done + failed) / Double(max(1, states.count)),
      detail: "\(done) of \(counted(states.count, "model")) done, \(running) in training"
        + (failed > 0 ? ", \(failed) failed" : ""))
  }
}
