import Platform
import Scripting

/// Feeds a session with statements from a prompt until it ends, going on after mistakes.
public struct InteractiveMode {
  private let session: Session
  private let host: TerminalHost
  private let prompt: any Prompt

  /// A conversation over a prompt.
  public init(session: Session, host: TerminalHost, prompt: any Prompt) {
    self.session = session
    self.host = host
    self.prompt = prompt
  }

  /// Reads and runs statements until the input ends or a statement says `quit`.
  /// - Returns: whether a statement could not be run.
  /// - Throws: `Stop.outputClosed` when nobody reads the output any more, `FileError` when a line or a block does not
  ///   end within the bytes that are accepted.
  public func run() throws -> Bool {
    var collector = StatementCollector()
    var lineNumber = 1
    var hasFailed = false
    while true {
      if Interruption.endsProgram { throw Stop.interrupted }
      Interruption.clear()
      Interruption.setRunning(false)
      let line = prompt.nextLine(isContinued: collector.needsMore)
      Interruption.setRunning(true)
      switch line {
      case .interrupted:
        host.tell("")
        collector = StatementCollector()
      case .end:
        // A block that was never ended is reported.
        if collector.needsMore { hasFailed = try run(collector.pending, firstLine: lineNumber) != .done || hasFailed }
        return hasFailed
      case .tooLong(let limit): throw tooLong("line", limit)
      case .line(let bytes):
        guard collector.pending.count <= Self.longestBlock else { throw tooLong("block", Self.longestBlock) }
        let count = collector.lineCount + 1
        guard let statement = collector.add(bytes) else { continue }
        switch try run(statement, firstLine: lineNumber) {
        case .done: break
        case .failed:
          hasFailed = true
          // What was pasted together was meant to run together.
          let rest = prompt.discardRest()
          if rest > 0 { host.note("\(counted(rest, "line")) behind this one \(rest == 1 ? "was" : "were") not run") }
        case .quit: return hasFailed
        }
        lineNumber += count
      }
    }
  }

  private static let longestBlock = 1 << 26

  private func tooLong(_ what: String, _ limit: Int) -> FileError {
    FileError(
      path: "standard input",
      reason: "a \(what) of 'standard input' is longer than the \(limit.grouped) bytes that are accepted")
  }

  private enum Ending {
    case done
    case failed
    case quit
  }

  private func run(_ bytes: [UInt8], firstLine: Int) throws -> Ending {
    Interruption.clear()
    switch session.run(Source(name: "input", bytes: bytes, firstLine: firstLine), isInteractive: true) {
    case .finished: return .done
    case .stopped(.quit): return .quit
    case .failed(let diagnostic): host.tell(diagnostic.description)
    case .rejected(let diagnostics): host.tell(rendered(diagnostics))
    case .stopped(.interrupted): host.tell("interrupted")
    case .stopped(let stop): throw stop
    }
    host.progress(nil)
    return .failed
  }
}
