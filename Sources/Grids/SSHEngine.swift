import BVAEPlatform
import Glibc

/// Does the tasks on other machines that share the folder of the grid and have the program under the same path, each task
/// by a call of `ssh`. Machines that cannot be reached, or have another version of the program, are left out, and their
/// tasks go to the others.
public struct SSHEngine: Engine {
  /// `ssh`
  public static let word = "ssh"
  /// What it does, in a few words.
  public static let summary = "other machines, named by --engine-options"

  private let program: String
  private let hosts: [String], options: [String]
  private let jobs: Int, threads: Int?

  /// What `ssh` ends with where the connection failed, or the program was killed.
  private static let unreachable: Int32 = 255
  /// What a shell ends with where the program cannot be started, or is not there.
  private static let startless: [Int32] = [126, 127]
  /// How often a machine may fail in a row before it is left out.
  private static let mostFailures = 2
  /// How often a task is begun whose worker ends without having said how the task stands.
  private static let mostTries = 3
  /// Seconds from one call of a machine to the next, since many at once are turned away, and from a failure to the next.
  private static let pause = 0.1, pauseAfterFailure = 1.0
  /// How long workers may take to write their checkpoints when they are hung up on, in seconds.
  private static let patience = 30.0

  /// - Parameters:
  ///   - program: the program's file on all machines.
  ///   - options: machines as `ssh` takes them; words that begin with a dash, and what follows `-o`, `-p`, `-i`, `-F`, are
  ///     handed to `ssh`.
  ///   - jobs: how many tasks at once on each.
  ///   - threads: the threads of each; nil for all that the machine has.
  public init(program: String, options: [String], jobs: Int, threads: Int?) {
    var hosts: [String] = [], further: [String] = [], rest = options[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("-") else {
        hosts.append(word)
        continue
      }
      further.append(word)
      if ["-o", "-p", "-i", "-F", "-l", "-J"].contains(word), let value = rest.popFirst() { further.append(value) }
    }
    (self.program, self.hosts, self.options) = (program, hosts, further)
    (self.jobs, self.threads) = (max(1, jobs), threads)
  }

  /// A call that does a task on a machine.
  private final class Call {
    let host: String, task: GridTask, process: ChildProcess
    // With a terminal all that the worker writes comes by standard output.
    private var words: [UInt8] = []

    init(_ task: GridTask, on host: String, _ process: ChildProcess) {
      (self.task, self.host, self.process) = (task, host, process)
    }

    /// Takes what has come; how the call has ended, nil while it goes on.
    func ending(waiting seconds: Double) -> ChildProcess.Ending? {
      switch process.read(waiting: seconds) {
      case .bytes(let more):
        words = (words + more).suffix(4096)
        return nil
      case .nothing: return nil
      case .end: return process.wait()
      }
    }

    /// The last that `ssh`, or the worker, has said.
    var lastWords: String {
      let said = process.complaint.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("Connection to ") }
      return LocalEngine.lastLine(said.joined(separator: "\n"))
        ?? Self.lastMessage(String(decoding: words, as: UTF8.self)) ?? "it ended without a word"
    }

    /// The worker's last message, which the terminal may have broken into lines; else the last line.
    private static func lastMessage(_ text: String) -> String? {
      let lines = text.split(whereSeparator: \.isNewline)
      guard let first = lines.lastIndex(where: { $0.hasPrefix("bvae-script: ") }) else {
        return LocalEngine.lastLine(text)
      }
      return lines[first...].map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
    }
  }

  /// What is known of a machine.
  private struct Place {
    var failures = 0
    var next = 0.0
    var isOut: Bool { failures >= SSHEngine.mostFailures }
  }

  /// See `Engine`.
  public func run(
    _ grid: Grid, _ tasks: [GridTask], progress: ([TaskState]) throws -> Void
  ) throws -> EngineOutcome {
    guard !hosts.isEmpty else {
      throw FileProblem("no machine is named; write --engine-options \"alpha beta\"", of: "ssh", action: "start")
    }
    var waiting = tasks[...], calls: [Call] = [], tries: [Int: Int] = [:], complaints: [String] = []
    var machines = Dictionary(hosts.map { ($0, Place()) }) { first, _ in first }
    var timer = LookTimer(every: 0.5)
    defer { for call in calls { _ = call.process.stop() } }
    while true {
      for host in hosts where calls.count(where: { $0.host == host }) < jobs {
        guard let machine = machines[host], !machine.isOut, machine.next <= Machine.seconds,
          let task = waiting.popFirst()
        else { continue }
        machines[host]?.next = Machine.seconds + Self.pause
        calls.append(Call(task, on: host, try start(task, of: grid, on: host)))
      }
      if calls.isEmpty && (waiting.isEmpty || machines.values.allSatisfy(\.isOut)) { break }
      if calls.isEmpty { Machine.sleep(seconds: Self.pause) }
      let wait = 0.1 / Double(max(1, calls.count))
      calls.removeAll { call in
        guard let ending = call.ending(waiting: wait) else { return false }
        switch ending {
        case .exited(WorkerEnding.stopped.rawValue):
          waiting.append(call.task)
          return true
        case .exited(WorkerEnding.done.rawValue):
          machines[call.host]?.failures = 0
          return true
        case .exited(WorkerEnding.failed.rawValue) where isFailed(call.task, of: grid):
          machines[call.host]?.failures = 0
          return true
        default: break
        }
        complaints.append("\(call.host): \(call.lastWords)")
        let isUnfit = ([WorkerEnding.wrong.rawValue] + Self.startless).contains { ending == .exited($0) }
        machines[call.host]?.failures += isUnfit ? Self.mostFailures : 1
        machines[call.host]?.next = Machine.seconds + Self.pauseAfterFailure
        tries[call.task.number, default: 0] += isUnfit ? 0 : 1
        if tries[call.task.number, default: 0] < Self.mostTries { waiting.append(call.task) }
        return true
      }
      do {
        try timer.whenDue { try progress(grid.states(withNotes: false)) }
      } catch {
        hangUp(calls, grid)
        throw error
      }
    }
    // What other machines have stored may be seen late.
    _ = SharedFolder.waits(
      seconds: complaints.isEmpty ? SharedFolder.patience : 0, until: { !grid.isOpen(tasks) })
    try progress(grid.states(withNotes: false))
    guard grid.isOpen(tasks) else { return .finished }
    return .lost(complaints.isEmpty ? ["trainings are neither done nor failed; others may be at them"] : complaints)
  }

  /// Whether a worker has noted that a task cannot be done; where it has not, something else was wrong with the machine.
  private func isFailed(_ task: GridTask, of grid: Grid) -> Bool {
    SharedFolder.waits(seconds: min(2, SharedFolder.patience), until: { !grid.state(of: task).isOpen })
  }

  /// Ends calls: without its terminal a worker is hung up on, writes its checkpoint and notes that it was stopped.
  private func hangUp(_ calls: [Call], _ grid: Grid) {
    for call in calls { call.process.signal(SIGTERM) }
    _ = SharedFolder.waits(seconds: Self.patience) {
      !calls.contains { if case .running = grid.state(of: $0.task) { true } else { false } }
    }
  }

  private func start(_ task: GridTask, of grid: Grid, on host: String) throws -> ChildProcess {
    guard let ssh = Machine.program("ssh") else {
      throw FileProblem("there is no such program in PATH", of: "ssh", action: "start")
    }
    let words =
      [program, "--work", grid.folder, "--task", String(task.number)]
      + (threads.map { ["--threads", String($0)] } ?? []) + ["--quiet"]
    // With a terminal the worker is hung up on when the call ends.
    return try ChildProcess(
      ssh, ["-tt", "-o", "BatchMode=yes"] + options + [host, words.map(PlainLines.quoted).joined(separator: " ")])
  }
}

extension Grid {
  /// Whether some of its tasks are still to be done.
  func isOpen(_ tasks: [GridTask]) -> Bool {
    let states = states(withNotes: false)
    return tasks.contains { states[$0.number - 1].isOpen }
  }
}
