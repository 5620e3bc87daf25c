import Glibc
import Platform
import Synchronization

/// Ctrl-C: the first one asks the running command to end, a second one within two seconds ends the program at once.
/// SIGTERM likewise asks the running command to end, and the program with it.
public enum Interruption {
  private static let isRequested = Atomic<Bool>(false)
  private static let isRunning = Atomic<Bool>(false)
  private static let isEnding = Atomic<Bool>(false)
  private static let lastMilliseconds = Atomic<Int>(Int.min)
  private static let wakeUp = Atomic<Int>(-1)
  private static let waker = Atomic<Int>(-1)

  /// Whether the user has pressed Ctrl-C since `clear()`.
  public static var wasRequested: Bool { isRequested.load(ordering: .relaxed) }

  /// Whether SIGTERM asked the program to end.
  public static var endsProgram: Bool { isEnding.load(ordering: .relaxed) }

  /// Forgets an earlier Ctrl-C.
  public static func clear() { isRequested.store(false, ordering: .relaxed) }

  /// Says whether something runs that a second Ctrl-C may end; at a prompt it may not.
  static func setRunning(_ running: Bool) { isRunning.store(running, ordering: .relaxed) }

  /// A descriptor that becomes readable with Ctrl-C, so that waiting for a line can end; -1 where there is none.
  static var wakeUpDescriptor: Int32 { Int32(wakeUp.load(ordering: .relaxed)) }

  /// Takes over SIGINT and SIGTERM; ignores SIGPIPE and SIGXFSZ, so that writing itself says that nobody reads or that the file
  /// is as large as files may be.
  public static func install() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // The statics are made now, since the handler must do nothing but load and store.
    clear()
    setRunning(true)
    lastMilliseconds.store(Int.min, ordering: .relaxed)
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
      wakeUp.store(Int(ends[0]), ordering: .relaxed)
      waker.store(Int(ends[1]), ordering: .relaxed)
    }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Interruption.handle() }
    sigaction(SIGINT, &action, nil)
    isEnding.store(false, ordering: .relaxed)
    action.__sigaction_handler.sa_handler = { _ in Interruption.handleTermination() }
    sigaction(SIGTERM, &action, nil)
  }

  /// Ends the waiting for input. It may be called in a signal handler.
  static func wake() {
    var byte: UInt8 = 0
    write(Int32(waker.load(ordering: .relaxed)), &byte, 1)
  }

  /// Takes what Ctrl-C has written out of the pipe.
  static func drain() {
    var byte: UInt8 = 0
    while read(wakeUpDescriptor, &byte, 1) > 0 {}
  }

  /// Runs in the signal handler. At a prompt, and when it comes again, there is nothing to wait for.
  private static func handleTermination() {
    if isEnding.exchange(true, ordering: .relaxed) || !isRunning.load(ordering: .relaxed) {
      Terminal.restoreBelowLine()
      _exit(143)
    }
    let before = errno
    isRequested.store(true, ordering: .relaxed)
    wake()
    errno = before
  }

  /// Runs in the signal handler: only lock-free atomics and calls that signal handlers may make.
  private static func handle() {
    let before = errno
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    let last = lastMilliseconds.exchange(now, ordering: .relaxed)
    if isRequested.exchange(true, ordering: .relaxed), isRunning.load(ordering: .relaxed), last >= now - 2000 {
      Terminal.restoreBelowLine()
      _exit(130)
    }
    wake()
    errno = before
  }
}
