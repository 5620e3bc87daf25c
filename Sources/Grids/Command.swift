import BVAEPlatform

/// A command of a scheduler that was run to its end.
struct FinishedCommand {
  /// How it ended.
  let ending: ChildProcess.Ending
  /// What it wrote to standard output.
  let output: String
  /// The end of what it wrote to standard error.
  let complaint: String

  /// The last line of its complaint; nil where there is none.
  var reason: String? { complaint.split(separator: "\n").last.map(String.init) }

  var isGood: Bool { ending == .exited(0) }

  /// Runs a program.
  /// - Parameters:
  ///   - name: its file from the root on, or a name in the folders of `PATH`.
  ///   - patience: how long it may take, in seconds, before it is ended.
  /// - Throws: `FileProblem` where there is none, or it cannot be started.
  init(_ name: String, _ arguments: [String], patience: Double = 60) throws {
    guard let path = name.hasPrefix("/") ? name : Machine.program(name) else {
      throw FileProblem("there is no such program in PATH", of: name, action: "start")
    }
    let process = try ChildProcess(path, arguments), deadline = Machine.seconds + patience
    var bytes: [UInt8] = []
    reading: while true {
      switch process.read(waiting: 0.2) {
      case .bytes(let more): bytes += more
      case .nothing where Machine.seconds < deadline: continue
      case .nothing, .end: break reading
      }
    }
    ending = Machine.seconds < deadline ? process.wait() : process.stop()
    output = String(decoding: bytes, as: UTF8.self)
    complaint = process.complaint
  }
}
