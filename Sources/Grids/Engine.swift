import BVAEPlatform

/// What has the tasks of a grid done.
public protocol Engine {
  /// Its word on the command line.
  static var word: String { get }
  /// What it does, in a few words.
  static var summary: String { get }
  /// Has the tasks done that are still to be done, and comes back when nothing is left that it could do.
  /// - Parameters:
  ///   - progress: told now and then where the tasks are; what it throws ends the work, after the workers have written
  ///     their checkpoints.
  /// - Throws: what `progress` throws; `FileProblem` where no worker can be started.
  func run(_ grid: Grid, _ tasks: [GridTask], progress: ([TaskState]) throws -> Void) throws -> EngineOutcome
}

/// How a run of an engine ended.
public enum EngineOutcome: Equatable, Sendable {
  /// There is nothing left to do.
  case finished
  /// What is to be run was only told: these lines.
  case printed([String])
  /// The tasks were handed over and are not waited for: the scheduler's numbers of them.
  case detached([String])
  /// Workers ended that did not say why: what they wrote last.
  case lost([String])
}

/// How a worker ends; as in sysexits.h where it says something of that.
public enum WorkerEnding: Int32, Sendable {
  /// All that it was to do is done.
  case done = 0
  /// A training cannot be done, and trying it again would not help.
  case failed = 1
  /// The grid is none, or of another version.
  case wrong = 2
  /// It was stopped with a checkpoint, to be started again (EX_TEMPFAIL).
  case stopped = 75
  /// Ctrl-C.
  case interrupted = 130

  /// Whether the worker has come to where it could note how its task stands.
  var isOrderly: Bool { self == .done || self == .failed || self == .stopped }
}
