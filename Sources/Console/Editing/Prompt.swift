/// Where the interactive mode's lines come from.
package protocol Prompt: AnyObject {
  /// Whether someone types the lines.
  var isTerminal: Bool { get }
  /// The next line.
  /// - Parameter isContinued: whether it goes on with an unfinished statement.
  func nextLine(isContinued: Bool) -> PromptedLine
  /// Gives up what was entered together with the last line and has not been read yet.
  /// - Returns: how many lines that were.
  func discardRest() -> Int
}

/// What waiting for a line gave.
package enum PromptedLine: Equatable {
  /// A line without its line break.
  case line([UInt8])
  /// Ctrl-C.
  case interrupted
  /// A line of more bytes than are accepted.
  case tooLong(limit: Int)
  /// Ctrl-D, or the end of a pipe or file.
  case end
}

/// Reads standard input as it comes, with a prompt where it is a terminal.
package final class PlainPrompt: Prompt {
  /// Whether standard input and standard error are a terminal.
  package let isTerminal = TerminalHost.hasKeyboard && Output.isTerminal(Output.error)
  private var buffer: [UInt8] = []
  private var consumed = 0
  private var isAtEnd = false

  private static let longestLine = 1 << 24

  /// A prompt on standard input.
  package init() {}

  /// None: every line was entered by itself.
  package func discardRest() -> Int { 0 }

  /// The next line of standard input.
  package func nextLine(isContinued: Bool) -> PromptedLine {
    // While more has come than was read, as with a pasted block, nobody waits for a prompt.
    if isTerminal && !buffer[consumed...].contains(UInt8(ascii: "\n")) && !StandardInput.isReady {
      Output.write(isContinued ? "... " : "> ", to: Output.error)
    }
    var searched = consumed
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { consumed = end + 1 }
        return .line(Array(buffer[consumed..<end]))
      }
      if isAtEnd {
        defer { consumed = buffer.count }
        return consumed < buffer.count ? .line(Array(buffer[consumed...])) : .end
      }
      guard buffer.count - consumed <= Self.longestLine else { return .tooLong(limit: Self.longestLine) }
      buffer.removeFirst(consumed)
      consumed = 0
      searched = buffer.count
      switch StandardInput.next() {
      case .bytes(let bytes): buffer += bytes
      case .nothing: break
      case .end:
        guard isTerminal else {
          isAtEnd = true
          continue
        }
        // Ctrl-D: what is typed after it can still be read.
        defer { buffer = [] }
        return buffer.isEmpty ? .end : .line(buffer)
      case .interrupted:
        buffer = []
        return .interrupted
      }
    }
  }
}
