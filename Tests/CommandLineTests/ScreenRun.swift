import BVAEPlatform
import Glibc
import ScreenEmulator
import Testing

/// The program on a terminal whose screen is looked at.
final class ScreenRun {
  private var master: Int32
  let child: Child
  private(set) var screen: Screen
  private let terminal: Int32
  /// All that the program has written, as it came.
  private(set) var written = ""

  /// Starts the program.
  /// - Parameter knowledge: what the terminal answers to questions.
  init(
    _ arguments: [String] = ["--quiet"], columns: Int = 80, rows: Int = 24, folder: String? = nil,
    knowledge: [String: String] = [:], environment: [String: String?] = [:], launcher: [String] = []
  ) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var unlocked: CInt = 0, number: CInt = 0
    // TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname do.
    guard master >= 0, ioctl(master, 0x4004_5431, &unlocked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
      throw FileProblem("no terminal could be opened", of: "/dev/ptmx")
    }
    let path = "/dev/pts/\(number)"
    // Kept open, so that its settings can be looked at when the program has ended.
    terminal = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    screen = Screen(columns: columns, rows: rows)
    screen.knowledge = knowledge
    var size = winsize()
    size.ws_col = UInt16(columns)
    size.ws_row = UInt16(rows)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    let standard: [String: String?] = [
      "TERM": "xterm-256color", "COLORTERM": "truecolor", "SWIFT_BACKTRACE": "enable=no",
    ]
    child = try Child(
      arguments, standardInput: path, standardOutput: path, standardError: path, session: true, folder: folder,
      launcher: launcher, environment: standard.merging(environment) { _, given in given })
  }

  deinit {
    hangUp()
    close(terminal)
  }

  func type(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(1000))
      let count = write(master, piece, piece.count)
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
      // Who never reads what comes back keeps the program from reading.
      read(milliseconds: 0)
    }
  }

  /// Closes the terminal, as a window or a connection is closed.
  func hangUp() {
    if master >= 0 { close(master) }
    master = -1
  }

  /// Gives the window another size.
  /// - Parameter whileStopped: whether the program writes nothing meanwhile, as one would that is told at the same moment.
  func resize(columns: Int, rows: Int, whileStopped: Bool = false) {
    if whileStopped {
      kill(child.pid, SIGSTOP)
      let status = "/proc/\(child.pid)/status"
      _ = CommandLineTests.waits { (try? Files.readText(status))?.contains("State:\tT") ?? true }
    }
    defer { if whileStopped { kill(child.pid, SIGCONT) } }
    // What was written for the old size is drawn in it.
    var before = -1
    while written.utf8.count != before {
      before = written.utf8.count
      read(milliseconds: 50)
    }
    screen.resize(columns: columns, rows: rows)
    var size = winsize()
    size.ws_col = UInt16(columns)
    size.ws_row = UInt16(rows)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Whether the terminal's settings are those of a fresh one: lines, echo and signals.
  var isRestored: Bool {
    var settings = termios()
    guard tcgetattr(terminal, &settings) == 0 else { return false }
    let wanted = tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    return settings.c_lflag & wanted == wanted && settings.c_iflag & tcflag_t(ICRNL) != 0
  }

  private func read(milliseconds: Int32) {
    guard master >= 0 else {
      usleep(UInt32(milliseconds) * 1000)
      return
    }
    var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, milliseconds) > 0, ready.revents & Int16(POLLIN) != 0 else { return }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = Glibc.read(master, &chunk, chunk.count)
    guard count > 0 else { return }
    screen.take(chunk[..<count])
    written += String(decoding: chunk[..<count], as: UTF8.self)
    if !screen.answers.isEmpty {
      let bytes = Array(screen.answers.utf8)
      screen.answers = ""
      _ = write(master, bytes, bytes.count)
    }
  }

  /// Reads until the screen is as expected.
  @discardableResult
  func wait(
    _ what: String, sourceLocation: SourceLocation = #_sourceLocation, until isSo: (Screen) -> Bool
  ) -> Bool {
    let deadline = Machine.seconds + patience
    while !isSo(screen) {
      guard Machine.seconds < deadline else {
        Issue.record(
          "\(what); the screen, cursor at row \(screen.row), column \(screen.column):\n\(screen.text)",
          sourceLocation: sourceLocation)
        return false
      }
      read(milliseconds: 100)
    }
    return true
  }

  /// Waits until the line of the cursor is a text.
  @discardableResult
  func expectLine(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
    wait("expected the line \(text.debugDescription)", sourceLocation: sourceLocation) { $0.cursorLine == text }
  }

  /// Waits until the screen ends with these lines, the cursor in the last one.
  @discardableResult
  func expectEnd(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
    wait("expected at the end \(text.debugDescription)", sourceLocation: sourceLocation) {
      $0.lines[...$0.row].joined(separator: "\n").hasSuffix(text)
    }
  }

  /// Waits until a text is anywhere on the screen.
  @discardableResult
  func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> Bool {
    wait("expected \(text.debugDescription)", sourceLocation: sourceLocation) { $0.text.contains(text) }
  }

  /// Reads for a while, until the screen is as wished for.
  /// - Returns: whether it came to be so.
  func waits(seconds: Double, until isSo: (Screen) -> Bool) -> Bool {
    let deadline = Machine.seconds + seconds
    while !isSo(screen) {
      guard Machine.seconds < deadline else { return false }
      read(milliseconds: 20)
    }
    return true
  }

  /// Waits for the end of the program, reading what it writes.
  func ending() -> Int32 {
    let deadline = Machine.seconds + patience
    while child.poll() == nil {
      if Machine.seconds > deadline { kill(child.pid, SIGKILL) }
      read(milliseconds: 10)
    }
    read(milliseconds: 0)
    return child.wait()
  }
}
