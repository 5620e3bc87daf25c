import BVAEPlatform
import Glibc

/// Does the tasks by worker processes on this machine, each of which takes one after another.
public struct LocalEngine: Engine {
  /// `local`
  public static let word = "local"
  /// What it does, in a few words.
  public static let summary = "processes on this machine"

  private let program: String
  private let jobs: Int, threads: Int

  /// How often the workers are looked at, in seconds.
  private static let interval = 0.1
  /// How often the tasks are looked at.
  private static let look = 0.5
  /// How long workers may take to write their checkpoints when they are told to stop.
  private static let patience = 60.0

  /// - Parameters:
  ///   - program: the program's own file.
  ///   - jobs: how many workers.
  ///   - threads: the threads of each.
  public init(program: String, jobs: Int, threads: Int) {
    (self.program, self.jobs, self.threads) = (program, max(1, jobs), max(1, threads))
  }

  /// See `Engine`.
  public func run(
    _ grid: Grid, _ tasks: [GridTask], progress: ([TaskState]) throws -> Void
  ) throws -> EngineOutcome {
    guard !tasks.isEmpty else { return .finished }
    var workers: [ChildProcess] = []
    defer { for worker in workers { _ = worker.stop() } }
    for _ in 0..<min(jobs, tasks.count) {
      workers.append(
        try ChildProcess(program, ["--work", grid.folder, "--threads", String(threads), "--quiet"]))
    }
    var complaints: [String] = [], next = 0.0
    while !workers.isEmpty {
      let pause = Self.interval / Double(workers.count)
      workers.removeAll { worker in
        guard case .end = worker.read(waiting: pause) else { return false }
        let known: [WorkerEnding] = [.done, .failed, .stopped]
        if case .exited(let code) = worker.wait(), WorkerEnding(rawValue: code).map(known.contains) ?? false {
          return true
        }
        let complaint = String(worker.complaint.drop(while: \.isWhitespace))
        complaints.append(complaint.isEmpty ? "a worker ended without a word" : complaint)
        return true
      }
      guard Machine.seconds >= next else { continue }
      next = Machine.seconds + Self.look
      do {
        try progress(grid.states())
      } catch {
        stop(workers)
        throw error
      }
    }
    try progress(grid.states())
    return complaints.isEmpty ? .finished : .lost(complaints)
  }

  /// Lets workers write their checkpoints and ends them.
  private func stop(_ workers: [ChildProcess]) {
    for worker in workers { worker.signal(SIGTERM) }
    let deadline = Machine.seconds + Self.patience
    for worker in workers {
      while Machine.seconds < deadline {
        if case .end = worker.read(waiting: Self.interval) { break }
      }
    }
  }
}
