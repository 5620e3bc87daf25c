import BVAECPU
import BVAEGrids
import BVAELanguage
import BVAEPlatform
import BetaVAE
import Glibc

/// `--work`: does the tasks of a grid, one after another, or one of them.
package struct GridWorker {
  private let grid: Grid
  private let options: NotebookOptions
  private let host: WorkerHost

  /// - Parameters:
  ///   - place: the grid's folder, or its name in the store.
  ///   - number: the only task; nil for all.
  ///   - owner: the process that started it, with which it ends; nil where it stands alone.
  /// - Throws: `WorkerProblem` where there is no such grid or task, or its trainings would give other bits here.
  package init(
    _ place: String, task number: Int?, owner: Int? = nil, options: NotebookOptions, host: any Host
  ) throws {
    var options = options
    let store = options.storeFolder ?? ModelStore.usual.folder
    // What the user mistypes is a name; paths come from engines, and what they lead to may be seen late.
    let seconds = place.contains("/") ? SharedFolder.patience : 0
    let host = WorkerHost(host, owner: owner)
    grid = try WorkerProblem.ending(.wrong) {
      try SharedFolder.patiently(seconds: seconds, host.goesOn) { try Grid(place, in: store, only: number) }
    }
    options.storeFolder = grid.store
    options.reportPath = nil
    // These kernels run on every machine, and a grid may have been made on one that has no others.
    if grid.maker.arithmetic == Kernels.portable.arithmetic { options.kernels = .portable }
    (self.options, self.host) = (options, host)
    guard let misfit = Self.misfit(grid.maker, options.kernels ?? .best) else { return }
    // Whoever looks at the grid finds it there.
    if number != nil, let task = grid.tasks.first, grid.state(of: task).isOpen {
      try? grid.note(.stopped(TaskNote(misfit)), of: task)
    }
    throw WorkerProblem(.wrong, FileProblem(misfit, of: grid.folder, action: "work on"))
  }

  /// Why trainings here would not give the bits that a grid's keys stand for; nil where they do.
  private static func misfit(_ maker: GridMaker, _ kernels: Kernels) -> String? {
    let own = GridMaker(kernels)
    if maker == own { return nil }
    guard maker.version == own.version, maker.training == own.training else {
      let which = maker.version == own.version ? "another build of it" : "version \(maker.version)"
      return "\(which) made it, and this is \(own.version), which may give other bits; "
        + "workers need the program that the grid was made by"
    }
    return "it was made on a processor with AVX2 and FMA, and here are only \(kernels.name) kernels "
      + "(\(Machine.processorName)), which give other bits; keep its tasks on machines that have them, with Slurm by "
      + "--engine-options \"--constraint=avx2\" or what the cluster calls it, or make the grid with BVAE_KERNELS=portable "
      + "set, which every machine can do"
  }

  /// Does what is still to be done and nobody else is at.
  /// - Returns: how it ended; `interrupted` stands for Ctrl-C and for signals alike.
  /// - Throws: `WorkerProblem` where the data cannot be read, or nothing can be written.
  package func run() throws -> WorkerEnding {
    var hasFailed = false
    for (task, state) in zip(grid.tasks, grid.states(withNotes: false)) {
      // Thousands that are done need no claim each.
      guard state.isOpen, !grid.isDone(task) else {
        hasFailed = hasFailed || state.word == "failed"
        continue
      }
      guard case .ours(let lock) = grid.claim(task) else { continue }
      defer { withExtendedLifetime(lock) {} }
      switch grid.state(of: task) {
      case .done: continue
      case .failed: hasFailed = true
      case .waiting, .running, .stopped:
        switch try run(task) {
        case .done: break
        case .failed: hasFailed = true
        case let ending: return ending
        }
      }
    }
    return hasFailed ? .failed : .done
  }

  private func run(_ task: GridTask) throws -> WorkerEnding {
    host.note("task \(task.number) of \(grid.count): \(task.title)")
    if case .stopped(let note) = grid.state(of: task), note.reason == Self.stoppedWithCheckpoint {
      // Another machine has just written it.
      _ = SharedFolder.waits(while: { !host.interrupted }, until: { grid.hasCheckpoint(task) })
    }
    let data = try WorkerProblem.ending(.wrong) {
      try SharedFolder.patiently(host.goesOn) { try GridData.read(task.data, in: grid.dataFolder) }
    }
    try WorkerProblem.ending(.failed) {
      // Before an hour of training, whether what comes of it can be stored.
      if let obstacle = grid.obstacle(to: task) { throw obstacle }
      try grid.note(.running(TaskNote()), of: task)
    }
    host.storing = nil
    let session = Session.full(host: host, options: options)
    session.set("data", to: .object(data))
    let outcome = session.run(Source(name: "task \(task.number)", text: task.script))
    if case .finished = outcome, let ending = try measure(task, data, session) { return ending }
    switch outcome {
    case .finished: return try finish(task)
    case .stopped(.interrupted):
      try? grid.note(
        .stopped(TaskNote(grid.hasCheckpoint(task) ? Self.stoppedWithCheckpoint : "stopped")), of: task)
      return .interrupted
    case .stopped(let stop): return fail(task, "\(stop)")
    case .failed(let diagnostic): return fail(task, diagnostic.message)
    case .rejected(let diagnostics): return fail(task, diagnostics.map(\.message).joined(separator: "; "))
    }
  }

  /// Measures the model that a task has trained.
  /// - Returns: how the task ended, where that cannot be done.
  private func measure(_ task: GridTask, _ data: DatasetValue, _ session: Session) throws -> WorkerEnding? {
    let test = try WorkerProblem.ending(.wrong) {
      try task.test == task.data
        ? data : SharedFolder.patiently(host.goesOn) { try GridData.read(task.test, in: grid.dataFolder) }
    }
    guard case .object(let object)? = session.value(of: "model"), let model = object as? ModelValue else { return nil }
    do {
      let file = NumbersFile(task.key, on: NumbersFile.identity(task.test))
      _ = try session.numbers(of: model, on: test, keptIn: file)
      return nil
    } catch Stop.interrupted {
      try? grid.note(.stopped(TaskNote("stopped")), of: task)
      return .interrupted
    } catch {
      return fail(task, "it was trained, and could not be measured: \(error)")
    }
  }

  private static let stoppedWithCheckpoint = "stopped with a checkpoint"

  /// Looks whether the model of a training that has come to its end is stored.
  /// - Throws: `WorkerProblem` where it could not be: the training goes on from its last checkpoint when there is room.
  private func finish(_ task: GridTask) throws -> WorkerEnding {
    guard grid.isDone(task) || host.storing == nil && SharedFolder.waits(until: { grid.isDone(task) }) else {
      let reason = host.storing ?? "it was trained and measured, and \(task.results.listed("or")) is not there"
      try? grid.note(.stopped(TaskNote(reason)), of: task)
      throw WorkerProblem(.failed, FileProblem(reason, of: grid.store, action: "finish task \(task.number) in"))
    }
    try? grid.note(.done, of: task)
    return .done
  }

  private func fail(_ task: GridTask, _ reason: String) -> WorkerEnding {
    host.warn("task \(task.number), \(task.title): \(reason)")
    try? grid.note(.failed(TaskNote(reason)), of: task)
    return .failed
  }
}

/// Why a worker cannot do anything, in which it ends.
package struct WorkerProblem: Error, CustomStringConvertible {
  /// How it ends.
  package let ending: WorkerEnding
  private let problem: FileProblem

  fileprivate init(_ ending: WorkerEnding, _ problem: FileProblem) { (self.ending, self.problem) = (ending, problem) }

  /// The problem with the file.
  package var description: String { "\(problem)" }

  fileprivate static func ending<Result>(_ ending: WorkerEnding, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let problem as FileProblem { throw WorkerProblem(ending, problem) }
  }
}

/// A worker's host: it remembers why a model could not be stored, which is only warned of.
private final class WorkerHost: Host {
  private let host: any Host
  var storing: String?
  private var hasToldOfWaiting = false

  private let owner: Int?

  init(_ host: any Host, owner: Int?) { (self.host, self.owner) = (host, owner) }

  /// Tells of the first try in vain; whether there is to be another.
  func goesOn(_ problem: FileProblem) -> Bool {
    if !hasToldOfWaiting { note("\(problem); other machines may see it late, trying again") }
    hasToldOfWaiting = true
    return !interrupted
  }

  func show(text: String) throws { try host.show(text: text) }
  func show(picture: Preview) throws { try host.show(picture: picture) }
  func note(_ text: String) { host.note(text) }
  func warn(_ text: String) {
    if text.contains("could not be stored") || text.contains("could not be kept") { storing = text }
    host.warn(text)
  }
  func progress(_ progress: Progress?) { host.progress(progress) }
  var interrupted: Bool { host.interrupted || owner.map { Int(getppid()) != $0 } ?? false }
}

extension Workspace {
  /// What the keys of trainings here stand for.
  var gridMaker: GridMaker { GridMaker(compute.kernels) }
}

extension GridMaker {
  /// This program, with some kernels.
  fileprivate init(_ kernels: Kernels) {
    self.init(
      version: Workspace.version, arithmetic: kernels.arithmetic, training: ModelStore.trainingVersion)
  }
}
