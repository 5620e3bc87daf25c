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
  /// - Throws: `Stop.outputClosed` when nobody reads the output any more.
  public func run() throws -> Bool {
    var collector = StatementCollector()
    var lineNumber = 1
    var hasFailed = false
    while true {
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
      case .line(let bytes):
        let count = collector.lineCount + 1
        guard let statement = collector.add(bytes) else { continue }
        switch try run(statement, firstLine: lineNumber) {
        case .done: break
        case .failed: hasFailed = true
        case .quit: return hasFailed
        }
        lineNumber += count
      }
    }
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
