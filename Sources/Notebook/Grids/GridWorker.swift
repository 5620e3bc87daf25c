import BVAEGrids
import BVAELanguage
import BVAEPlatform
import BetaVAE

/// `--work`: does the tasks of a grid, one after another, or one of them.
package struct GridWorker {
  private let grid: Grid
  private let options: NotebookOptions
  private let host: any Host

  /// - Parameter place: the grid's folder, or its name in the store.
  /// - Throws: `FileProblem` where there is none, or it was made by another version.
  package init(_ place: String, options: NotebookOptions, host: any Host) throws {
    grid = try Grid(place, in: options.storeFolder ?? ModelStore.usual.folder)
    guard grid.version == Workspace.version else {
      throw FileProblem(
        "version \(grid.version) made it, and this is \(Workspace.version), which may give other bits", of: grid.folder)
    }
    var options = options
    options.storeFolder = grid.store
    options.reportPath = nil
    (self.options, self.host) = (options, host)
  }

  /// Does what is still to be done and nobody else is at.
  /// - Parameter number: the only task; nil for all.
  /// - Returns: how it ended; `interrupted` stands for Ctrl-C and for signals alike.
  /// - Throws: `FileProblem` where there is no such task, or its data cannot be read.
  package func run(task number: Int?) throws -> WorkerEnding {
    if let number, !grid.tasks.indices.contains(number - 1) {
      throw FileProblem("it has tasks 1 to \(grid.tasks.count.grouped), not \(number)", of: grid.folder)
    }
    var hasFailed = false
    for task in number.map({ [grid.tasks[$0 - 1]] }) ?? grid.tasks {
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
    host.note("task \(task.number) of \(grid.tasks.count): \(task.title)")
    let session = Session.full(host: host, options: options)
    let data = try GridData.read(task.data, in: grid.dataFolder)
    session.set("data", to: .object(data))
    try? grid.note(.running(TaskNote()), of: task)
    let outcome = session.run(Source(name: "task \(task.number)", text: task.script))
    if case .finished = outcome, let ending = try measure(task, data, session) { return ending }
    switch outcome {
    case .finished where grid.state(of: task) == .done:
      try? grid.note(.done, of: task)
      return .done
    case .finished: return fail(task, "it was trained, and its model is not in the store under \(task.key)")
    case .stopped(.interrupted):
      try? grid.note(.stopped(TaskNote("stopped")), of: task)
      return .interrupted
    case .stopped(let stop): return fail(task, "\(stop)")
    case .failed(let diagnostic): return fail(task, diagnostic.message)
    case .rejected(let diagnostics): return fail(task, diagnostics.map(\.message).joined(separator: "; "))
    }
  }

  /// Measures the model that a task has trained.
  /// - Returns: how the task ended, where that cannot be done.
  private func measure(_ task: GridTask, _ data: DatasetValue, _ session: Session) throws -> WorkerEnding? {
    let test = task.test == task.data ? data : try GridData.read(task.test, in: grid.dataFolder)
    guard case .object(let object)? = session.value(of: "model"), let model = object as? ModelValue else { return nil }
    do {
      _ = try session.numbers(of: model, on: test)
      return nil
    } catch Stop.interrupted {
      try? grid.note(.stopped(TaskNote("stopped")), of: task)
      return .interrupted
    } catch {
      return fail(task, "it was trained, and could not be measured: \(error)")
    }
  }

  private func fail(_ task: GridTask, _ reason: String) -> WorkerEnding {
    host.warn("task \(task.number), \(task.title): \(reason)")
    try? grid.note(.failed(TaskNote(reason)), of: task)
    return .failed
  }
}
