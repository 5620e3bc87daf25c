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
  /// Its model is stored, and what was measured of it.
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

  /// The states of which a worker leaves a note, the one that counts first where an ended worker has left two.
  fileprivate static let noted = ["failed", "running", "stopped"]

  fileprivate init?(_ word: String, _ note: TaskNote) {
    switch word {
    case "failed": self = .failed(note)
    case "running": self = .running(note)
    case "stopped": self = .stopped(note)
    default: return nil
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
  /// When this was written by the clock of that machine, in seconds since the beginning of 1970. It is only for people:
  /// clocks of machines differ.
  public let written: Int

  /// Where only the state was asked for.
  fileprivate static let unread = TaskNote(reason: "", host: "", process: 0, written: 0)

  /// What this process has to say.
  public init(_ reason: String = "") {
    self.reason = reason
    host = Machine.hostName
    process = Int(getpid())
    written = Machine.secondsSince1970
  }

  private init(reason: String, host: String, process: Int, written: Int) {
    (self.reason, self.host, self.process, self.written) = (reason, host, process, written)
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
  /// The state is in the name, so that a look into the folder tells it without reading thousands of files.
  private func path(of task: GridTask, _ word: String) -> String { Path.join(statesFolder, "\(task.number).\(word)") }
  private func model(of task: GridTask) -> String { Path.join(store, "\(task.key).safetensors") }
  private static let stateLimit = 1 << 16

  /// Where each task is: by the files that its results are and what workers have noted, in a look into each folder.
  /// - Parameter withNotes: whether what workers have noted is read too, a file for each task that is neither done nor
  ///   waiting.
  public func states(withNotes: Bool = true) -> [TaskState] {
    var folders: [String: Set<String>] = [:]
    func isThere(_ result: String) -> Bool {
      let folder = Path.parent(result)
      if folders[folder] == nil {
        // What cannot be seen for a moment shall not look as if nothing were done; the numbers' folder comes with the first.
        let seconds = folder.isEmpty ? SharedFolder.patience : 0
        let names = try? SharedFolder.patiently(seconds: seconds) { try Files.list(Path.join(store, folder)) }
        folders[folder] = Set(names ?? [])
      }
      return folders[folder]?.contains(Path.name(result)) ?? false
    }
    let notes = Set((try? Files.list(statesFolder)) ?? [])
    return tasks.map { task in
      if task.results.allSatisfy(isThere) { return .done }
      guard !notes.isEmpty, let word = TaskState.noted.first(where: { notes.contains("\(task.number).\($0)") }) else {
        return .waiting
      }
      return withNotes ? state(of: task) : TaskState(word, .unread) ?? .waiting
    }
  }

  /// Where a task is.
  public func state(of task: GridTask) -> TaskState {
    if isDone(task) { return .done }
    for word in TaskState.noted {
      if let bytes = try? Files.read(path(of: task, word), limit: Self.stateLimit),
        let note = JSON(bytes).flatMap(TaskNote.init)
      {
        return TaskState(word, note) ?? .waiting
      }
    }
    return .waiting
  }

  /// Whether a task's model is stored, and what was measured of it.
  public func isDone(_ task: GridTask) -> Bool { task.results.allSatisfy { Files.exists(Path.join(store, $0)) } }

  /// Whether there is a checkpoint that a task goes on from.
  public func hasCheckpoint(_ task: GridTask) -> Bool {
    ["checkpoint", "checkpoint-before"].contains { Files.exists(Path.join(store, "\(task.key).\($0).safetensors")) }
  }

  /// What is in the way of storing a task's model, as far as can be told without writing; nil where nothing is.
  public func obstacle(to task: GridTask) -> FileProblem? { Files.obstacle(toWriting: model(of: task)) }

  /// Notes where a task is. What is done is known by its results, what waits by nothing.
  /// - Throws: `FileProblem`.
  public func note(_ state: TaskState, of task: GridTask) throws {
    if let note = state.note {
      let json: JSON = [
        "reason": .text(note.reason), "host": .text(note.host), "process": JSON(note.process),
        "written": JSON(note.written),
      ]
      try Files.makeDirectory(statesFolder)
      try Files.write(json.bytes + [UInt8(ascii: "\n")], to: path(of: task, state.word))
    }
    for word in TaskState.noted where word != state.word { try Files.remove(path(of: task, word)) }
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
