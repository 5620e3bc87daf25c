import Glibc
import Scripting

/// The host of a terminal, a pipe or a file: results go to standard output, everything else to standard error.
public final class TerminalHost: Host {
  private let isQuiet: Bool
  private let progressLine: ProgressLine

  /// A host for this process.
  /// - Parameter isQuiet: whether notes, warnings and progress are left away.
  public init(isQuiet: Bool = false) {
    self.isQuiet = isQuiet
    progressLine = ProgressLine(isTerminal: Output.isTerminal(Output.error))
  }

  /// Writes a line to standard output.
  public func show(text: String) throws { try show(text.withoutControls + "\n") }

  /// Writes the picture's name and size, and on a terminal the picture itself in half blocks.
  public func show(picture: Preview) throws {
    var text = picture.title.withoutControls
    if let path = picture.path { text += text.isEmpty ? path : ": \(path)" }
    text += " (\(picture.width)×\(picture.height))\n"
    if Output.isTerminal(Output.standard), let depth = HalfBlocks.Depth.ofTerminal {
      text += HalfBlocks(picture, columns: Output.columns(of: Output.standard), depth: depth).text
    }
    try show(text)
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
