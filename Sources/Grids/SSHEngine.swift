import BVAEPlatform
import Glibc

/// Does the tasks on other machines that share the folder of the grid and have the program under the same path, each task
/// by a call of `ssh`. Machines that cannot be reached are left out, and their tasks go to the others.
public struct SSHEngine: Engine {
  /// `ssh`
  public static let word = "ssh"
  /// What it does, in a few words.
  public static let summary = "other machines, named by --engine-options"

  private let program: String
  private let hosts: [String], options: [String]
  private let jobs: Int, threads: Int?

  /// What `ssh` ends with where the connection failed.
  private static let unreachable: Int32 = 255
  /// How often a machine may fail in a row before it is left out.
  private static let mostFailures = 2

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
      if ["-o", "-p", "-i", "-F", "-l"].contains(word), let value = rest.popFirst() { further.append(value) }
    }
    (self.program, self.hosts, self.options) = (program, hosts, further)
    (self.jobs, self.threads) = (max(1, jobs), threads)
  }

  /// A machine's place for a task, and the call that does one there.
  private struct Slot {
    let host: String
    var call: (process: ChildProcess, task: GridTask)?
  }

  /// See `Engine`.
  public func run(
    _ grid: Grid, _ tasks: [GridTask], progress: ([TaskState]) throws -> Void
  ) throws -> EngineOutcome {
    guard !hosts.isEmpty else {
      throw FileProblem("no machine is named; write --engine-options \"alpha beta\"", of: "ssh", action: "start")
    }
    var waiting = tasks[...], slots = hosts.flatMap { host in (0..<jobs).map { _ in Slot(host: host) } }
    var failures: [String: Int] = [:], complaints: [String] = [], next = 0.0
    defer { for slot in slots { _ = slot.call?.process.stop() } }
    while true {
      for place in slots.indices {
        guard let call = slots[place].call else {
          guard let task = waiting.popFirst() else { continue }
          slots[place].call = (try start(task, of: grid, on: slots[place].host), task)
          continue
        }
        guard case .end = call.process.read(waiting: 0.02) else { continue }
        slots[place].call = nil
        let host = slots[place].host
        switch call.process.wait() {
        case .exited(0), .exited(1): failures[host] = 0
        case .exited(WorkerEnding.stopped.rawValue): waiting.append(call.task)
        case let ending:
          let isUnreachable = ending == .exited(Self.unreachable)
          complaints.append("\(host): \(Self.lastLine(call.process.complaint))")
          failures[host, default: 0] += 1
          if isUnreachable { waiting.append(call.task) }
        }
      }
      slots.removeAll { $0.call == nil && failures[$0.host, default: 0] >= Self.mostFailures }
      if slots.allSatisfy({ $0.call == nil }) && (waiting.isEmpty || slots.isEmpty) { break }
      guard Machine.seconds >= next else { continue }
      next = Machine.seconds + 0.5
      do {
        try progress(grid.states())
      } catch {
        // A call without its terminal hangs up on the worker, which writes its checkpoint.
        for slot in slots { slot.call?.process.signal(SIGTERM) }
        Machine.sleep(seconds: 1)
        throw error
      }
    }
    try progress(grid.states())
    return tasks.contains { grid.state(of: $0).isOpen }
      ? .lost(complaints.isEmpty ? ["no machine is left"] : complaints) : .finished
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
      ssh, ["-tt", "-o", "BatchMode=yes"] + options + [host, words.map(PrintEngine.quoted).joined(separator: " ")])
  }

  private static func lastLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).last { !$0.hasPrefix("Connection to ") }.map(String.init) ?? "no word"
  }
}
