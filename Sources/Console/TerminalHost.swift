import BVAELanguage
import BVAEPlatform
import Glibc

/// The host of a terminal, a pipe or a file: results go to standard output, everything else to standard error.
package final class TerminalHost: Host {
  private let isQuiet: Bool
  private let progressLine: ProgressLine
  private let pictures = PictureShower()
  /// The entries of the prompt's history.
  var historyEntries: (() -> [String])?

  /// A host for this process.
  /// - Parameter isQuiet: whether notes, warnings and progress are left away.
  package init(isQuiet: Bool = false) {
    self.isQuiet = isQuiet
    let isTerminal = Output.isTerminal(Output.error), isDumb = Machine.environment("TERM") ?? "dumb" == "dumb"
    progressLine = ProgressLine(isTerminal: isTerminal && !isDumb, answersInLines: isTerminal && isDumb)
    Interruption.answer { [progressLine] in progressLine.answer() }
  }

  /// How pictures are shown on this terminal unless something else is set, in words.
  package static var wayOfPictures: String { PictureShower().way }

  /// Whether standard input is a terminal, so that somebody may be typing there.
  package static var hasKeyboard: Bool { Output.isTerminal(0) }

  /// Whether standard input is a terminal.
  package var hasKeyboard: Bool { Self.hasKeyboard }

  /// The entries of the history.
  package var earlierInput: [String] { historyEntries?() ?? [] }

  /// Runs a command on the terminal, or with the streams of this program.
  package func runShell(_ command: String) throws -> Int {
    progressLine.clear()
    let ending = try ForegroundProgram.run(command)
    startLine()
    switch ending {
    case .exited(130), .killed(SIGINT): throw Stop.interrupted
    case _ where Interruption.endingSignal != nil || Interruption.wasRequested && !Interruption.keepsSession:
      throw Stop.interrupted
    case .exited(let code):
      // It has heard Ctrl-C itself, and gone on.
      Interruption.clear()
      return code
    case .killed(let signal): return 128 + Int(signal)
    }
  }

  /// Goes to a new line where the cursor is within one: as many blanks as the terminal has columns, less one, end in the
  /// next line then, and in the same one else.
  private func startLine() {
    guard let columns = errorColumns, progressLine.isTerminal else { return }
    Output.write(String(repeating: " ", count: max(0, columns - 1)) + "\r\u{1B}[K", to: Output.error)
  }

  /// Clears the terminal.
  package func clearScreen() {
    if progressLine.isTerminal { Output.write("\u{1B}[H\u{1B}[2J", to: Output.error) }
  }

  /// Writes a line to standard output.
  package func show(text: String) throws { try show(text.withoutControls + "\n") }

  /// The columns of the terminal behind standard output.
  package var columns: Int? { Output.isTerminal(Output.standard) ? Output.columns(of: Output.standard) : nil }

  /// How pictures are shown on a terminal.
  package var pictureMode: PictureMode {
    get { pictures.mode }
    set { pictures.mode = newValue }
  }

  /// Writes the picture's name and size, and on a terminal the picture itself, or the path of a file with it.
  package func show(picture: Preview) throws {
    progressLine.clear()
    guard !picture.title.isEmpty || picture.path != nil else {
      // What it belongs to was named before.
      let shown = pictures.text(picture, below: "")
      if !shown.isEmpty { try show(shown) }
      return
    }
    let size = " (\(picture.width)×\(picture.height))"
    var text = picture.title.withoutControls
    if let path = picture.path { text += text.isEmpty ? path : ": \(path)" }
    let shown = pictures.text(picture, below: text + size)
    if shown.isEmpty, picture.path == nil, let path = pictures.substitute(picture) {
      text += text.isEmpty ? path : ": \(path)"
    }
    try show(text + size + "\n" + shown)
  }

  /// Writes a line to standard error.
  package func note(_ text: String) {
    if !isQuiet { tell(text) }
  }

  /// Writes a line to standard error.
  package func warn(_ text: String) {
    if !isQuiet { tell(text) }
  }

  /// Writes a line to standard error, quiet or not; on a terminal it is broken at words.
  package func tell(_ text: String) {
    progressLine.clear { Output.write(text.withoutControls.fitted(columns: errorColumns) + "\n", to: Output.error) }
  }

  /// Writes what is wrong with a script.
  package func tell(_ diagnostics: [Diagnostic]) { tell(rendered(diagnostics, columns: errorColumns)) }

  private var errorColumns: Int? { Output.isTerminal(Output.error) ? Output.columns(of: Output.error) : nil }

  /// Draws the bar, or writes a line every ten seconds.
  package func progress(_ progress: Progress?) {
    if isQuiet { return }
    if let progress { progressLine.update(progress) } else { progressLine.end() }
  }

  /// What ran has ended: nothing of the line of progress stays, nor of the answer to Ctrl-C.
  package func settle() {
    Interruption.isAtWork = false
    progressLine.end()
  }

  /// Whether Ctrl-C was pressed, or the program is to end.
  package var interrupted: Bool { Interruption.wasRequested }

  /// How often Ctrl-C was pressed.
  package var interruptions: Int { Interruption.pressCount }

  private func show(_ text: String) throws {
    var code: Int32 = 0
    progressLine.clear { code = Output.write(text, to: Output.standard) }
    if code == EPIPE { throw Stop.outputClosed }
    if code != 0 {
      throw ScriptFailure("the result could not be written to standard output: \(String(cString: strerror(code)))")
    }
  }
}
