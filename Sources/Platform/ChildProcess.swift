import Glibc

/// Another program that is running. It is started by its path with a list of arguments, never through a shell; its
/// standard input is empty, its standard output is read piece by piece, the end of its standard error is kept.
public final class ChildProcess {
  /// What waiting for output gave.
  public enum Output: Equatable {
    /// The next bytes, at least one.
    case bytes([UInt8])
    /// Nothing came in the time given.
    case nothing
    /// There will be no more.
    case end
  }

  /// How a program ended.
  public enum Ending: Equatable, Sendable {
    /// By itself, with this code.
    case exited(Int32)
    /// By this signal.
    case killed(Int32)
  }

  private var process = pid_t()
  private let output: Int32
  private let error: Int32
  private var isErrorOpen = true
  private var errorBytes: [UInt8] = []
  private var ending: Ending?

  private static let errorLimit = 4096

  /// Starts a program.
  /// - Parameter path: the program's file; nothing is searched.
  /// - Throws: `FileProblem` when it cannot be started.
  public init(_ path: String, _ arguments: [String]) throws {
    let output = try Self.pipe(path), error: (read: Int32, write: Int32)
    do {
      error = try Self.pipe(path)
    } catch {
      close(output.read)
      close(output.write)
      throw error
    }
    self.output = output.read
    self.error = error.read
    let code = Self.start(path, arguments, output: output.write, error: error.write, &process)
    close(output.write)
    close(error.write)
    // From here on deinit closes the other ends.
    guard code == 0 else {
      ending = .exited(127)
      throw FileProblem("start", path, code: code)
    }
  }

  deinit {
    if ending == nil { _ = stop() }
    close(output)
    close(error)
  }

  /// The next bytes of standard output, at most `count`, as soon as there are any.
  /// - Parameter seconds: how long to wait for them at most.
  public func read(_ count: Int = 1 << 16, waiting seconds: Double) -> Output {
    let deadline = Machine.seconds + seconds
    while true {
      var ends = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
      if isErrorOpen { ends.append(pollfd(fd: error, events: Int16(POLLIN), revents: 0)) }
      let left = max(0, min(deadline - Machine.seconds, 3600))
      let ready = poll(&ends, nfds_t(ends.count), Int32(left * 1000))
      if ready < 0 && errno != EINTR { return .end }
      if ready > 0 {
        if ends.count > 1 && ends[1].revents != 0 { takeError() }
        if ends[0].revents != 0 {
          var bytes = [UInt8](repeating: 0, count: max(1, count))
          let (got, _) = Files.retrying { Glibc.read(output, &bytes, bytes.count) }
          return got > 0 ? .bytes(Array(bytes.prefix(got))) : .end
        }
      }
      if Machine.seconds >= deadline { return .nothing }
    }
  }

  /// Waits for the end.
  public func wait() -> Ending {
    if let ending { return ending }
    while isErrorOpen { takeError() }
    return reap()
  }

  /// Sends a signal to the program and what it has started, where it has not ended by itself.
  public func signal(_ number: Int32) { if ending == nil { kill(-process, number) } }

  /// Ends the program, and what it has started, at once, where it has not ended by itself.
  public func stop() -> Ending {
    if let ending { return ending }
    kill(-process, SIGKILL)
    return reap()
  }

  /// The last lines that the program wrote to standard error.
  public var complaint: String { String(decoding: errorBytes, as: UTF8.self) }

  private func reap() -> Ending {
    var status: Int32 = 0
    let (got, _) = Files.retrying { Int(waitpid(process, &status, 0)) }
    let signal = status & 0x7F
    let ended: Ending = got < 0 ? .exited(127) : signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal)
    ending = ended
    return ended
  }

  private func takeError() {
    var bytes = [UInt8](repeating: 0, count: Self.errorLimit)
    let (got, _) = Files.retrying { Glibc.read(error, &bytes, bytes.count) }
    if got <= 0 { isErrorOpen = false }
    errorBytes = Array((errorBytes + bytes.prefix(max(0, got))).suffix(Self.errorLimit))
  }

  private static func pipe(_ path: String) throws -> (read: Int32, write: Int32) {
    // A pair of sockets rather than a pipe: no moment passes in which a program started elsewhere could inherit them.
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0, &ends) == 0 else {
      throw FileProblem("start", path)
    }
    return (ends[0], ends[1])
  }

  private static func start(
    _ path: String, _ arguments: [String], output: Int32, error: Int32, _ process: inout pid_t
  ) -> Int32 {
    guard !([path] + arguments).contains(where: { $0.utf8.contains(0) }) else { return EINVAL }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, error, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // This program ignores some signals; the other one shall not. A group of its own keeps Ctrl-C away from it: this
    // program decides what becomes of it.
    var none = sigset_t(), usual = sigset_t()
    sigemptyset(&none)
    sigemptyset(&usual)
    for signal in [SIGPIPE, SIGXFSZ, SIGINT] { sigaddset(&usual, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    return posix_spawn(&process, path, &actions, &attributes, &words, environ)
  }
}

extension Machine {
  /// The file of a program in the folders of `PATH`, if it is there and may be run. Folders that are not named from
  /// the root are passed over: what lies in the working folder is not meant.
  public static func program(_ name: String) -> String? {
    let folders = (environment("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    return folders.lazy.filter { $0.hasPrefix("/") }.map { Path.join(String($0), name) }
      .first { access($0, X_OK) == 0 && !Files.isDirectory($0) }
  }
}
