import BVAEPlatform
import Glibc
import Synchronization

/// The signals by which a run is to stop.
///
/// - Ctrl-C (SIGINT) asks the running command to stop. Pressing it again changes nothing, so that no session, and no
///   checkpoint that is being written, is lost to an impatient finger.
/// - SIGTERM and SIGHUP, as when a terminal is closed, ask the same and end the program afterwards.
/// - Ctrl-\ (SIGQUIT) ends the program at once. In a conversation it does so only where Ctrl-C was pressed before, at
///   least a twentieth of a second, and has not been heard yet; at other times it would cost the session by accident,
///   and is ignored. The twentieth is there since two keys at once arrive in either order.
///
/// A signal that was ignored when the program began, as SIGHUP is under nohup, stays ignored.
package enum Interruption {
  private static let isRequested = Atomic<Bool>(false)
  private static let presses = Atomic<Int>(0)
  // When Ctrl-C was pressed first since `clear()`, in milliseconds of a steady clock.
  private static let firstPress = Atomic<Int>(0)
  private static let isRunning = Atomic<Bool>(false)
  private static let ending = Atomic<Int>(0)
  private static let isTyped = Atomic<Bool>(false)
  // The ends of two pipes: one ends the waiting for input, the other wakes the thread that answers.
  private static let wakeUp = Atomic<Int>(-1)
  private static let waker = Atomic<Int>(-1)
  private static let answerWaker = Atomic<Int>(-1)

  /// Whether the running command is to stop: since `clear()` Ctrl-C was pressed, or the program is to end.
  package static var wasRequested: Bool { isRequested.load(ordering: .relaxed) || ending.load(ordering: .relaxed) != 0 }

  /// How often Ctrl-C was pressed since `clear()`.
  static var pressCount: Int { presses.load(ordering: .relaxed) }

  /// The signal that the program is to end by, SIGTERM or SIGHUP; nil while it is to go on.
  package static var endingSignal: Int32? {
    let signal = ending.load(ordering: .relaxed)
    return signal == 0 ? nil : Int32(signal)
  }

  /// Forgets an earlier Ctrl-C.
  package static func clear() {
    presses.store(0, ordering: .relaxed)
    isRequested.store(false, ordering: .relaxed)
  }

  /// Whether something runs that can be stopped; it does not at a prompt, nor while a script's file is watched.
  package static var isAtWork: Bool {
    get { isRunning.load(ordering: .relaxed) }
    set { isRunning.store(newValue, ordering: .relaxed) }
  }

  /// Whether somebody types the statements, whose session Ctrl-C and Ctrl-\ do not end.
  package static var keepsSession: Bool { isTyped.load(ordering: .relaxed) }

  /// Does what Ctrl-C does: for one that was pressed while keys were still read as they are.
  package static func request() {
    notePress()
    wakeAnswer()
  }

  private static func notePress() {
    if presses.add(1, ordering: .relaxed).oldValue == 0 { firstPress.store(milliseconds(), ordering: .relaxed) }
    isRequested.store(true, ordering: .relaxed)
  }

  private static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// A descriptor that becomes readable with Ctrl-C, so that waiting for a line can end; -1 where there is none.
  static var wakeUpDescriptor: Int32 { Int32(wakeUp.load(ordering: .relaxed)) }

  // MARK: - Installing

  /// Takes the signals over; ignores SIGPIPE and SIGXFSZ, so that writing itself says that nobody reads or that the file
  /// is as large as files may be.
  /// - Parameter keepsSession: whether somebody types the statements.
  package static func install(keepsSession: Bool) {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // The statics are made now, since the handlers must do nothing but load and store.
    clear()
    isAtWork = true
    isTyped.store(keepsSession, ordering: .relaxed)
    ending.store(0, ordering: .relaxed)
    answerWaker.store(-1, ordering: .relaxed)
    if let (reader, writer) = pipeEnds() {
      _ = fcntl(reader, F_SETFL, O_NONBLOCK)
      wakeUp.store(Int(reader), ordering: .relaxed)
      waker.store(Int(writer), ordering: .relaxed)
    }
    handle(SIGINT, evenIfIgnored: keepsSession) { _ in Interruption.interrupted() }
    handle(SIGTERM) { Interruption.terminated($0) }
    handle(SIGHUP) { Interruption.terminated($0) }
    // Here Swift's runtime may have put a report of where the program stands, with questions of its own.
    handle(SIGQUIT) { Interruption.quit($0) }
  }

  /// Lets one more signal end the program as SIGTERM does: schedulers send SIGUSR1 before they stop a job.
  package static func endAlso(by signal: Int32) { handle(signal) { Interruption.terminated($0) } }

  private static func handle(
    _ signal: Int32, evenIfIgnored: Bool = false, _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    let isIgnored =
      sigaction(signal, nil, &action) == 0
      && unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        == unsafeBitCast(SIG_IGN, to: Int.self)
    guard !isIgnored || evenIfIgnored else { return }
    action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    sigaction(signal, &action, nil)
  }

  /// The ends of a pipe that programs started from here do not get, and to which writing never waits.
  private static func pipeEnds() -> (reader: Int32, writer: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  // MARK: - Answering

  /// Lets a thread answer each Ctrl-C at once, while the command that it is to stop still finishes its step.
  static func answer(with body: @escaping @Sendable () -> Void) {
    guard let (reader, writer) = pipeEnds() else { return }
    let context = Unmanaged.passRetained(Answerer(reader: reader, body: body)).toOpaque()
    var thread = pthread_t(), all = sigset_t(), before = sigset_t()
    // The signals themselves are for the thread that runs the script, whose waiting they end.
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    guard pthread_create(&thread, nil, answererMain, context) == 0 else {
      Unmanaged<Answerer>.fromOpaque(context).release()
      return
    }
    pthread_detach(thread)
    answerWaker.store(Int(writer), ordering: .relaxed)
  }

  private static func wakeAnswer() { writeByte(to: answerWaker) }

  // MARK: - In signal handlers

  /// Ends the waiting for input. It may be called in a signal handler.
  static func wake() { writeByte(to: waker) }

  private static func writeByte(to descriptor: borrowing Atomic<Int>) {
    var byte: UInt8 = 0
    write(Int32(descriptor.load(ordering: .relaxed)), &byte, 1)
  }

  /// Takes what Ctrl-C has written out of the pipe.
  static func drain() {
    var byte: UInt8 = 0
    while read(wakeUpDescriptor, &byte, 1) > 0 {}
  }

  private static func interrupted() {
    let before = errno
    notePress()
    wake()
    wakeAnswer()
    errno = before
  }

  private static func terminated(_ signal: Int32) {
    let before = errno
    // The first one says how the program ends; closing a terminal may send several.
    _ = ending.compareExchange(expected: 0, desired: Int(signal), ordering: .relaxed)
    wake()
    errno = before
  }

  private static func quit(_ signal: Int32) {
    let isStopping =
      isRunning.load(ordering: .relaxed) && wasRequested
      && milliseconds() - firstPress.load(ordering: .relaxed) >= 50
    if isTyped.load(ordering: .relaxed) && !isStopping { return }
    Terminal.restoreBelowLine()
    Glibc.signal(signal, SIG_DFL)
    // It is blocked while this runs, and comes when it returns.
    raise(signal)
  }
}

/// Waits for Ctrl-C on a thread of its own.
private final class Answerer: Sendable {
  private let reader: Int32
  private let body: @Sendable () -> Void

  init(reader: Int32, body: @escaping @Sendable () -> Void) {
    self.reader = reader
    self.body = body
  }

  func run() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while true {
      let count = read(reader, &bytes, bytes.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      body()
    }
  }
}

private func answererMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<Answerer>.fromOpaque(context).takeRetainedValue().run()
  return nil
}
