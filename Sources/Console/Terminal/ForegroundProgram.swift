import BVAEPlatform
import Glibc

/// Another program that has the terminal for itself while it runs: an editor, a command of the shell.
package enum ForegroundProgram {
  /// Starts a command of the shell that has no keyboard; what it writes, to standard error too, is read from what is given.
  /// - Throws: `FileProblem` where there is no shell.
  package static func start(_ command: String) throws -> ChildProcess {
    try ChildProcess("/bin/sh", ["-c", "exec 2>&1\n" + command])
  }

  /// How it has ended.
  enum Ending: Equatable {
    case exited(Int)
    case killed(Int32)
  }

  /// Runs a command of the shell in the terminal's own mode, and sets the terminal as it was before when it has ended.
  /// Without a keyboard it reads nothing. Ctrl-C goes to it and to nothing here; SIGTERM and SIGHUP end it too.
  /// - Parameter arguments: what the command has as `$1` and so on.
  /// - Throws: `FileProblem` where there is no shell.
  static func run(_ command: String, arguments: [String] = []) throws -> Ending {
    let mode = Terminal.current, wasAtWork = Interruption.isAtWork
    Terminal.enter(.original)
    Interruption.isAtWork = false
    defer {
      Interruption.isAtWork = wasAtWork
      Terminal.enter(mode)
    }
    var process = pid_t()
    let code = start(["/bin/sh", "-c", command, "sh"] + arguments, &process)
    guard code == 0 else { throw FileProblem(String(cString: strerror(code)), of: "/bin/sh", action: "start") }
    return wait(for: process)
  }

  private static func wait(for process: pid_t) -> Ending {
    var status: Int32 = 0, hasPassedOn = false
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return .exited(127) }
      if let signal = Interruption.endingSignal, !hasPassedOn {
        kill(process, signal)
        hasPassedOn = true
      }
    }
    let signal = status & 0x7F
    return signal == 0 ? .exited(Int(status >> 8 & 0xFF)) : .killed(signal)
  }

  private static func start(_ words: [String], _ process: inout pid_t) -> Int32 {
    guard !words.contains(where: { $0.utf8.contains(0) }) else { return EINVAL }
    var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    if !TerminalHost.hasKeyboard { posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) }
    // What this program ignores or holds back the other one shall not.
    var none = sigset_t(), usual = sigset_t()
    sigemptyset(&none)
    sigemptyset(&usual)
    for signal in [SIGPIPE, SIGXFSZ, SIGINT, SIGQUIT, SIGTSTP] { sigaddset(&usual, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for word in arguments { free(word) } }
    return posix_spawn(&process, words[0], &actions, &attributes, &arguments, environ)
  }
}
