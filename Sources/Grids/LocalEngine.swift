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
    for _ in 0..<min(jobs, tasks.count) { workers.append(try start(grid)) }
    // Workers that were killed, as for want of memory, are replaced so often: what they were at is taken up again.
    var complaints: [String] = [], spare = workers.count, timer = LookTimer(every: Self.look)
    while !workers.isEmpty {
      let pause = Self.interval / Double(workers.count)
      var killed = 0
      workers.removeAll { worker in
        guard case .end = worker.read(waiting: pause) else { return false }
        switch worker.wait() {
        case .exited(let code) where WorkerEnding(rawValue: code)?.isOrderly ?? false: break
        case .killed(let signal):
          killed += 1
          complaints.append("it was killed by signal \(signal)")
        case .exited: complaints.append(Self.lastLine(worker.complaint) ?? "it ended without a word")
        }
        return true
      }
      for _ in 0..<min(killed, spare) { workers.append(try start(grid)) }
      spare -= min(killed, spare)
      do {
        try timer.whenDue { try progress(grid.states(withNotes: false)) }
      } catch {
        stop(workers)
        throw error
      }
    }
    let states = grid.states(withNotes: false)
    try progress(states)
    let isLeft = tasks.contains { states[$0.number - 1].isOpen }
    return isLeft && !complaints.isEmpty ? .lost(complaints) : .finished
  }

  private func start(_ grid: Grid) throws -> ChildProcess {
    // A worker whose owner was killed ends with a checkpoint.
    try ChildProcess(
      program, ["--work", grid.folder, "--threads", String(threads), "--owner", String(getpid()), "--quiet"])
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

  /// The last line of what a worker wrote; nil where there is none.
  static func lastLine(_ text: String) -> String? {
    text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }.map {
      String($0.drop(while: \.isWhitespace))
    }
  }
}
