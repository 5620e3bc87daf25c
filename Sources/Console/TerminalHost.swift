import Glibc
import Platform
import Scripting

/// The host of a terminal, a pipe or a file: results go to standard output, everything else to standard error.
public final class TerminalHost: Host {
  private let isQuiet: Bool
  private let progressLine: ProgressLine
  private let pictures = PictureShower()

  /// A host for this process.
  /// - Parameter isQuiet: whether notes, warnings and progress are left away.
  public init(isQuiet: Bool = false) {
    self.isQuiet = isQuiet
    progressLine = ProgressLine(
      isTerminal: Output.isTerminal(Output.error) && Machine.environment("TERM") ?? "dumb" != "dumb")
  }

  /// Writes a line to standard output.
  public func show(text: String) throws { try show(text.withoutControls + "\n") }

  /// How pictures are shown on a terminal.
  public var pictureMode: PictureMode {
    get { pictures.mode }
    set { pictures.mode = newValue }
  }

  /// Writes the picture's name and size, and on a terminal the picture itself, or the path of a file with it.
  public func show(picture: Preview) throws {
    progressLine.clear()
    let shown = pictures.text(picture)
    guard !picture.title.isEmpty || picture.path != nil else {
      // What it belongs to was named before.
      if !shown.isEmpty { try show(shown) }
      return
    }
    var text = picture.title.withoutControls
    if let path = picture.path ?? (shown.isEmpty ? pictures.substitute(picture) : nil) {
      text += text.isEmpty ? path : ": \(path)"
    }
    try show(text + " (\(picture.width)×\(picture.height))\n" + shown)
  }

  /// Writes a line to standard error.
  public func note(_ text: String) {
    if !isQuiet { tell(text) }
  }

  /// Writes a line to standard error.
  public func warn(_ text: String) {
    if !isQuiet { tell(text) }
  }

  /// Writes a line to standard error, quiet or not.
  public func tell(_ text: String) {
    progressLine.clear()
    Output.write(text.withoutControls + "\n", to: Output.error)
  }

  /// Draws the bar, or writes a line every ten seconds.
  public func progress(_ progress: Progress?) {
    if isQuiet { return }
    if let progress { progressLine.update(progress) } else { progressLine.end() }
  }

  /// Whether Ctrl-C was pressed.
  public var interrupted: Bool { Interruption.wasRequested }

  private func show(_ text: String) throws {
    progressLine.clear()
    let code = Output.write(text, to: Output.standard)
    if code == EPIPE { throw Stop.outputClosed }
    if code != 0 {
      throw ScriptFailure("the result could not be written to standard output: \(String(cString: strerror(code)))")
    }
  }
}
