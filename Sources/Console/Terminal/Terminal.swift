import Glibc
import Synchronization

/// The modes of the terminal behind standard input. Whatever ends the program, the mode that it was started in comes
/// back; signal handlers do so too, with nothing but what they may call.
enum Terminal {
  /// What the terminal is set to.
  enum Mode: Int {
    /// As the program found it.
    case original
    /// A command runs: keys are not echoed and wait, Ctrl-C and Ctrl-Z are signals.
    case running
    /// A line is edited: every key comes as it is.
    case editing
  }

  private static let mode = Atomic<Int>(0)
  private static let wasResized = Atomic<Bool>(false)
  private static let wasContinued = Atomic<Bool>(false)

  // Written once before any handler is installed, read only afterwards.
  nonisolated(unsafe) private static var original = termios()
  nonisolated(unsafe) private static var running = termios()
  nonisolated(unsafe) private static var editing = termios()
  nonisolated(unsafe) private static let earlierActions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
  nonisolated(unsafe) private static var leaving: UnsafeMutableBufferPointer<UInt8> = .allocate(capacity: 0)
  nonisolated(unsafe) private static var isPrepared = false

  /// Takes over the terminal, for as long as the program lives.
  /// - Returns: whether there is one.
  static func prepare() -> Bool {
    if isPrepared { return true }
    guard tcgetattr(0, &original) == 0 else { return false }
    running = original
    running.c_lflag &= ~tcflag_t(ICANON | ECHO)
    setSingleBytes(&running)
    editing = original
    editing.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    editing.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR | IXON | ISTRIP | INPCK | BRKINT | PARMRK)
    editing.c_oflag |= tcflag_t(OPOST | ONLCR)
    setSingleBytes(&editing)
    // Without bracketed paste, in plain style, the cursor shown.
    let bytes = Array("\u{1B}[?2004l\u{1B}[0m\u{1B}[?25h".utf8)
    leaving = .allocate(capacity: bytes.count)
    _ = leaving.initialize(from: bytes)
    isPrepared = true
    installHandlers()
    atexit { Terminal.restore() }
    return true
  }

  private static func setSingleBytes(_ settings: inout termios) {
    withUnsafeMutableBytes(of: &settings.c_cc) {
      $0[Int(VMIN)] = 1
      $0[Int(VTIME)] = 0
    }
  }

  /// What it is set to.
  static var current: Mode { Mode(rawValue: mode.load(ordering: .relaxed)) ?? .original }

  /// Sets the terminal for editing or running.
  static func enter(_ wanted: Mode) {
    guard isPrepared else { return }
    let before = mode.exchange(wanted.rawValue, ordering: .relaxed)
    apply(wanted.rawValue)
    if wanted == .editing {
      if before != wanted.rawValue { Output.write("\u{1B}[?2004h", to: Output.error) }
    } else if before == Mode.editing.rawValue {
      Output.write("\u{1B}[?2004l", to: Output.error)
    }
  }

  /// Sets the terminal as the program found it. It may be called in a signal handler.
  static func restore() {
    let before = mode.exchange(0, ordering: .relaxed)
    guard before != 0 else { return }
    let code = errno
    if before == Mode.editing.rawValue { _ = write(2, leaving.baseAddress, leaving.count) }
    apply(0)
    errno = code
  }

  /// Ends an edited line on the screen before the program ends in a signal handler.
  static func restoreBelowLine() {
    var end: UInt8 = 10
    if mode.load(ordering: .relaxed) == Mode.editing.rawValue { _ = write(2, &end, 1) }
    restore()
  }

  /// Whether the size has changed, or the program was continued, since this was asked last.
  static func takeResized() -> Bool { wasResized.exchange(false, ordering: .relaxed) }
  static func takeContinued() -> Bool { wasContinued.exchange(false, ordering: .relaxed) }

  /// Stops the program as Ctrl-Z does, and returns when it is continued.
  static func suspend() { kill(0, SIGTSTP) }

  private static func apply(_ mode: Int) {
    // From the background setting the terminal would stop the program.
    guard tcgetpgrp(0) == getpgrp() else { return }
    switch mode {
    case 1: tcsetattr(0, TCSADRAIN, &running)
    case 2: tcsetattr(0, TCSADRAIN, &editing)
    default: tcsetattr(0, TCSANOW, &original)
    }
  }

  // MARK: - Signals

  private static func installHandlers() {
    // Made now: the handlers must do nothing but load and store.
    _ = (mode.load(ordering: .relaxed), wasResized.load(ordering: .relaxed), wasContinued.load(ordering: .relaxed))
    handle(SIGWINCH) { _ in
      Terminal.wasResized.store(true, ordering: .relaxed)
      Interruption.wake()
    }
    handle(SIGCONT) { _ in Terminal.continued() }
    // Ignored by who started the program, as in a shell without job control, they stay so.
    var action = sigaction()
    if sigaction(SIGTSTP, nil, &action) == 0,
      unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self)
    {
      handle(SIGTSTP) { _ in Terminal.stop() }
    }
    for signal in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGXCPU, SIGALRM] {
      handle(signal) { signal in
        Terminal.restoreBelowLine()
        // What was to happen without this handler happens when it returns.
        sigaction(signal, Terminal.earlierActions + Int(signal), nil)
        raise(signal)
      }
    }
  }

  private static func handle(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    sigaction(signal, &action, earlierActions + Int(signal))
  }

  /// Stops the program with the terminal as it was found; what follows happens when it goes on.
  private static func stop() {
    let code = errno
    let before = mode.load(ordering: .relaxed)
    restoreBelowLine()
    var action = sigaction(), own = sigaction(), signals = sigset_t()
    sigaction(SIGTSTP, &action, &own)
    raise(SIGTSTP)
    sigemptyset(&signals)
    sigaddset(&signals, SIGTSTP)
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    sigaction(SIGTSTP, &own, nil)
    mode.store(before, ordering: .relaxed)
    continued()
    errno = code
  }

  /// Sets the terminal again: a shell may have changed it.
  private static func continued() {
    let code = errno
    let current = mode.load(ordering: .relaxed)
    if current != 0 {
      apply(current)
      wasContinued.store(true, ordering: .relaxed)
      Interruption.wake()
    }
    errno = code
  }
}
