import Glibc
import Platform
import Testing

/// The program that was built beside these tests.
let program: String = {
  var buffer = [CChar](repeating: 0, count: 4096)
  let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
  let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let beside = Path.join(Path.parent(path), "bvae-script")
  if Files.exists(beside) { return beside }
  // Where the tests are a bundle loaded by another program, its path is an argument.
  let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
  return Path.join(Path.parent(bundle), "bvae-script")
}()

/// What a run of the program left behind.
struct Finished {
  let status: Int32
  let output: String
  let error: String
}

/// A folder for one test.
final class Folder {
  let path: String

  init() throws {
    path = "/tmp/bvae-command-line-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    try Files.makeDirectory(path)
  }

  func write(_ name: String, _ text: String) throws -> String {
    let path = Path.join(self.path, name)
    try Files.write(text, to: path)
    return path
  }

  deinit {
    for name in (try? Files.list(path)) ?? [] { try? Files.remove(Path.join(path, name)) }
    rmdir(path)
  }
}

/// Runs the program to its end.
func bvaeScript(_ arguments: String..., input: String = "") throws -> Finished {
  let folder = try Folder()
  let inputPath = try folder.write("input", input)
  let output = Path.join(folder.path, "output"), error = Path.join(folder.path, "error")
  let child = try Child(arguments, standardInput: inputPath, standardOutput: output, standardError: error)
  let status = child.wait()
  return Finished(status: status, output: try Files.readText(output), error: try Files.readText(error))
}

/// Runs the program from a shell to its end, with redirections or limits set in front of it.
func bvaeScript(_ arguments: [String], shell: String, before: String = "") throws -> Finished {
  let folder = try Folder()
  let output = Path.join(folder.path, "output"), error = Path.join(folder.path, "error")
  let child = try Child(
    arguments, standardInput: "/dev/null", standardOutput: output, standardError: error,
    launcher: ["/bin/sh", "-c", "\(before)exec \"$0\" \"$@\" \(shell)"])
  let status = child.wait()
  return Finished(status: status, output: try Files.readText(output), error: try Files.readText(error))
}

/// A run of the program that is going on.
struct Child {
  let pid: pid_t

  /// Starts the program with files, pipes or terminals as its three streams.
  /// - Parameter environment: variables that differ from this process's, nil for those that are taken away. Setting
  ///   them here instead would pull them from under the tests that start programs at the same time.
  init(
    _ arguments: [String], standardInput: String, standardOutput: String, standardError: String, session: Bool = false,
    folder: String? = nil, launcher: [String] = [], environment: [String: String?] = [:]
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, standardInput, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, standardOutput, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, standardError, O_WRONLY | O_CREAT, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads that tests run on have signals blocked; the child shall receive them.
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    // POSIX_SPAWN_SETSID makes the terminal the child's own.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | (session ? 0x80 : 0))
    let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + launcher + [program] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    var variables = Self.variables(environment).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let result = posix_spawn(&pid, command[0], &actions, &attributes, &words, &variables)
    guard result == 0 else { throw FileError(path: program, reason: "cannot start (\(result))") }
    self.pid = pid
  }

  private static func variables(_ changes: [String: String?]) -> [String] {
    var kept: [String] = []
    var place = environ
    while let text = place.pointee {
      let variable = String(cString: text)
      if changes[String(variable.prefix { $0 != "=" })] == nil { kept.append(variable) }
      place += 1
    }
    return kept + changes.compactMap { name, value in value.map { "\(name)=\($0)" } }
  }

  /// Waits for its end: the exit code, or 1000 and the signal.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 1000 + status & 0x7F
  }

  func interrupt() { kill(pid, SIGINT) }
}

/// The program on a terminal that can do nothing but show lines.
final class TerminalRun {
  private let master: Int32
  let child: Child
  private var unread = ""

  init(_ arguments: String..., environment: [String: String?] = [:]) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var unlocked: CInt = 0, number: CInt = 0
    // TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname do.
    guard master >= 0, ioctl(master, 0x4004_5431, &unlocked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
      throw FileError(path: "/dev/ptmx", reason: "no terminal could be opened")
    }
    let path = "/dev/pts/\(number)"
    child = try Child(
      arguments, standardInput: path, standardOutput: path, standardError: path, session: true,
      environment: environment.merging(["TERM": "dumb", "NO_COLOR": nil]) { given, _ in given })
  }

  func type(_ text: String) {
    var bytes = Array(text.utf8)
    write(master, &bytes, bytes.count)
  }

  /// Reads until a text has come, for at most a minute, and passes over all up to its end.
  func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let deadline = Machine.seconds + 60
    while true {
      if let found = unread.firstRange(of: text) {
        unread = String(unread[found.upperBound...])
        return
      }
      var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard Machine.seconds < deadline, poll(&ready, 1, 1000) >= 0 else { break }
      guard ready.revents != 0 else { continue }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = read(master, &chunk, chunk.count)
      guard count > 0 else { break }
      unread += String(decoding: chunk[..<count], as: UTF8.self)
    }
    Issue.record("expected \(text.debugDescription), saw \(unread.debugDescription)", sourceLocation: sourceLocation)
  }

  deinit { close(master) }
}
