import BVAEPlatform
import Glibc

/// Where a task of a grid is.
public enum TaskState: Sendable, Equatable {
  /// Nobody has begun it.
  case waiting
  /// A worker is at it, or was when it could last say so.
  case running(TaskNote)
  /// It was stopped and goes on from its checkpoint.
  case stopped(TaskNote)
  /// It cannot be done, and is not tried again by itself.
  case failed(TaskNote)
  /// Its model is stored.
  case done

  /// The state in a word.
  public var word: String {
    switch self {
    case .waiting: "waiting"
    case .running: "running"
    case .stopped: "stopped"
    case .failed: "failed"
    case .done: "done"
    }
  }

  /// What a worker said of it last; nil where it is known without.
  public var note: TaskNote? {
    switch self {
    case .running(let note), .stopped(let note), .failed(let note): note
    case .waiting, .done: nil
    }
  }

  /// Whether it is still to be done.
  public var isOpen: Bool {
    switch self {
    case .waiting, .running, .stopped: true
    case .failed, .done: false
    }
  }
}

/// What a worker said of a task last.
public struct TaskNote: Sendable, Equatable {
  /// Why it failed or stopped; empty while it runs.
  public let reason: String
  /// Where it ran, and by which process.
  public let host: String, process: Int
  /// When this was written, in seconds since the beginning of 1970.
  public let written: Int

  /// What this process has to say.
  public init(_ reason: String = "") {
    self.reason = reason
    host = Machine.hostName
    process = Int(getpid())
    written = Machine.secondsSince1970
  }

  fileprivate init?(_ json: JSON) {
    guard let reason = json["reason"]?.text, let host = json["host"]?.text, let process = json["process"]?.whole,
      let written = json["written"]?.whole
    else { return nil }
    (self.reason, self.host, self.process, self.written) = (reason, host, process, written)
  }
}

extension Grid {
  private var statesFolder: String { Path.join(folder, "states") }
  private func path(of task: GridTask) -> String { Path.join(statesFolder, "\(task.number).json") }
  private static let stateLimit = 1 << 16

  /// Where each task is: by the stored models and what workers have noted, in two looks into folders and a file for each
  /// task that is neither done nor waiting.
  public func states() -> [TaskState] {
    let notes = Set((try? Files.list(statesFolder)) ?? [])
    var folders: [String: Set<String>] = [:]
    func isThere(_ result: String) -> Bool {
      let folder = Path.parent(result)
      if folders[folder] == nil { folders[folder] = Set((try? Files.list(Path.join(store, folder))) ?? []) }
      return folders[folder]?.contains(Path.name(result)) ?? false
    }
    return tasks.map { task in
      if task.results.allSatisfy(isThere) { return .done }
      return notes.contains("\(task.number).json") ? state(of: task) : .waiting
    }
  }

  /// Where a task is.
  public func state(of task: GridTask) -> TaskState {
    if task.results.allSatisfy({ Files.exists(Path.join(store, $0)) }) { return .done }
    guard let bytes = try? Files.read(path(of: task), limit: Self.stateLimit), let json = JSON(bytes),
      let note = TaskNote(json)
    else { return .waiting }
    return switch json["state"]?.text {
    case "running": .running(note)
    case "stopped": .stopped(note)
    case "failed": .failed(note)
    default: .waiting
    }
  }

  /// Notes where a task is.
  /// - Throws: `FileProblem`.
  public func note(_ state: TaskState, of task: GridTask) throws {
    guard let note = state.note else {
      // What is done is known by its model.
      if Files.exists(path(of: task)) { try Files.remove(path(of: task)) }
      return
    }
    let json: JSON = [
      "state": .text(state.word), "reason": .text(note.reason), "host": .text(note.host), "process": JSON(note.process),
      "written": JSON(note.written),
    ]
    try Files.makeDirectory(statesFolder)
    try Files.write(json.bytes + [UInt8(ascii: "\n")], to: path(of: task))
  }

  /// What came of asking for a task.
  public enum Claim {
    /// It is ours as long as the lock is held; there is none where the file system knows no locks: two workers at one task
    /// cost time and change no bit.
    case ours(FileLock?)
    /// Another worker has it.
    case others
  }

  /// Claims a task for this process.
  public func claim(_ task: GridTask) -> Claim {
    guard let attempt = try? FileLock.attempt(Path.join(folder, "\(task.number).lock")) else { return .ours(nil) }
    if case .taken(let lock) = attempt { return .ours(lock) }
    return .others
  }
}
