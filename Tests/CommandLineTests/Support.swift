import BVAEPlatform
import Glibc
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

/// How long, in seconds, a test waits for what comes sooner or later before it fails: on a busy machine that is late.
let patience = 90.0

/// Waits until something is so, for as long as `patience`.
/// - Returns: whether it came to be so.
func waits(until isSo: () throws -> Bool) rethrows -> Bool {
  let deadline = Machine.seconds + patience
  while try !isSo() {
    guard Machine.seconds < deadline else { return false }
    usleep(5000)
  }
  return true
}

/// A folder for one test, removed with all that is in it.
final class Folder {
  let path: String

  init() throws {
    path = Path.join(
      Machine.environment("TMPDIR") ?? "/tmp", "bvae-command-line-\(getpid())-\(UInt64.random(in: 0...UInt64.max))")
    try Files.makeDirectory(path)
  }

  func write(_ name: String, _ text: String) throws -> String {
    let path = Path.join(self.path, name)
    try Files.write(text, to: path)
    return path
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in (try? Files.list(path)) ?? [] { remove(Path.join(path, name)) }
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

/// A run of the program that is going on, in an environment of its own: nothing of the user's is read or written.
final class Child {
  let pid: pid_t
  private let home: Folder
  private var ending: Int32?

  /// Starts the program with files, pipes or terminals as its three streams.
  /// - Parameter environment: variables beside the usual ones, or in their place; nil for those that are taken away.
  ///   Setting them here instead would pull them from under the tests that start programs at the same time.
  init(
    _ arguments: [String], standardInput: String, standardOutput: String, standardError: String, session: Bool = false,
    folder: String? = nil, launcher: [String] = [], environment: [String: String?] = [:]
  ) throws {
    home = try Folder()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, standardInput, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, standardOutput, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, standardError, O_WRONLY | O_CREAT, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads that tests run on have signals blocked, and whoever started them may have them ignored; the child
    // shall receive them.
    var none = sigset_t(), usual = sigset_t()
    sigemptyset(&none)
    sigemptyset(&usual)
    for signal in [SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGTSTP] { sigaddset(&usual, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    // POSIX_SPAWN_SETSID makes the terminal the child's own.
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | (session ? 0x80 : 0))
    let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + launcher + [program] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    let places: [String: String?] = [
      "HOME": home.path, "XDG_CACHE_HOME": Path.join(home.path, "cache"),
      "XDG_STATE_HOME": Path.join(home.path, "state"),
    ]
    let changes = places.merging(environment) { _, given in given }
    var variables = Self.variables(changes).map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let result = posix_spawn(&pid, command[0], &actions, &attributes, &words, &variables)
    guard result == 0 else { throw FileProblem("cannot start (\(result))", of: program) }
    self.pid = pid
  }

  deinit {
    // Where a test has given up, nothing shall be left running.
    guard ending == nil else { return }
    kill(pid, SIGKILL)
    _ = wait()
  }

  /// This process's variables but for those by which a user, or a terminal, tells the program something.
  private static func variables(_ changes: [String: String?]) -> [String] {
    var kept: [String] = []
    var place = environ
    while let text = place.pointee {
      place += 1
      let variable = String(cString: text), name = String(variable.prefix { $0 != "=" })
      let isTelling =
        name.hasPrefix("BVAE_") || name.hasPrefix("XDG_")
        || name.lowercased().hasSuffix("_proxy")
        || ["NO_COLOR", "COLORTERM", "TERM", "TERM_PROGRAM", "TMUX", "STY", "KITTY_WINDOW_ID", "INSIDE_EMACS"]
          .contains(name)
      if !isTelling && changes[name] == nil { kept.append(variable) }
    }
    return kept + changes.compactMap { name, value in value.map { "\(name)=\($0)" } }
  }

  /// Waits for its end: the exit code, or 1000 and the signal.
  func wait() -> Int32 {
    while true { if let status = poll(0) { return status } }
  }

  /// How it has ended, nil while it runs.
  func poll(_ options: Int32 = WNOHANG) -> Int32? {
    if let ending { return ending }
    var status: Int32 = 0
    let result = waitpid(pid, &status, options)
    if result < 0 && errno == ECHILD { ending = -1 }
    guard result == pid else { return ending }
    ending = status & 0x7F == 0 ? (status >> 8) & 0xFF : 1000 + status & 0x7F
    return ending
  }

  func interrupt() { kill(pid, SIGINT) }

  /// Whether it has a file open.
  func hasOpen(_ path: String) -> Bool {
    let folder = "/proc/\(pid)/fd"
    return ((try? Files.list(folder)) ?? []).contains {
      Files.canonical(Path.join(folder, $0)) == Files.canonical(path)
    }
  }
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
      throw FileProblem("no terminal could be opened", of: "/dev/ptmx")
    }
    let path = "/dev/pts/\(number)"
    child = try Child(
      arguments, standardInput: path, standardOutput: path, standardError: path, session: true,
      environment: environment.merging(["TERM": "dumb"]) { given, _ in given })
  }

  func type(_ text: String) {
    var bytes = Array(text.utf8)
    write(master, &bytes, bytes.count)
  }

  /// Reads until a text has come, and passes over all up to its end.
  func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let deadline = Machine.seconds + patience
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
