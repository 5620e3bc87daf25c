import BVAELanguage
import BVAEPlatform

/// Feeds a session with statements from a prompt until it ends, going on after mistakes.
package struct InteractiveMode {
  private let session: Session
  private let host: TerminalHost
  private let prompt: any Prompt

  /// A conversation over a prompt.
  package init(session: Session, host: TerminalHost, prompt: any Prompt) {
    self.session = session
    self.host = host
    self.prompt = prompt
  }

  /// Reads and runs statements until the input ends or a statement says `quit`.
  /// - Returns: whether a statement could not be run.
  /// - Throws: `Stop.outputClosed` when nobody reads the output any more, `Stop.interrupted` when a signal ends the program,
  ///   `FileProblem` when a line or a block does not end within the bytes that are accepted.
  package func run() throws -> Bool {
    var collector = StatementCollector()
    var lineNumber = 1
    var hasFailed = false, hasTriedToLeave = false
    while true {
      if Interruption.endingSignal != nil { throw Stop.interrupted }
      host.settle()
      // Pressed between two lines that were entered together, perhaps within a block.
      if Interruption.wasRequested {
        giveUpRest()
        collector = StatementCollector()
      }
      Interruption.clear()
      let line = prompt.nextLine(isContinued: collector.needsMore)
      Interruption.isAtWork = true
      let isAgain = hasTriedToLeave
      hasTriedToLeave = false
      switch line {
      case .interrupted:
        if !Interruption.keepsSession { throw Stop.interrupted }
        host.tell("")
        collector = StatementCollector()
      case .end:
        if Interruption.endingSignal != nil { throw Stop.interrupted }
        guard collector.needsMore else { return hasFailed }
        if prompt.isTerminal && !isAgain {
          host.tell(Self.howToLeaveBlock)
          hasTriedToLeave = true
          continue
        }
        // A block that was never ended is reported.
        return try run(collector.pending, firstLine: lineNumber) != .done || hasFailed
      case .tooLong(let limit): throw tooLong("line", limit)
      case .line(let bytes):
        guard collector.pending.count <= Self.longestBlock else { throw tooLong("block", Self.longestBlock) }
        let count = collector.lineCount + 1
        guard let statement = collector.add(bytes) else { continue }
        switch try run(statement, firstLine: lineNumber) {
        case .done: break
        case .failed:
          hasFailed = true
          giveUpRest()
        case .quit: return hasFailed
        }
        lineNumber += count
      }
    }
  }

  /// What Ctrl-D in the middle of a block is answered with.
  static let howToLeaveBlock = "this block is still open: 'end' closes it, Ctrl-C discards it"

  /// Gives up the lines that were entered together with the last one, and were meant to run together with it.
  private func giveUpRest() {
    let rest = prompt.discardRest()
    if rest > 0 { host.note("\(counted(rest, "line")) after this one did not run") }
  }

  private static let longestBlock = 1 << 26

  private func tooLong(_ what: String, _ limit: Int) -> FileProblem {
    FileProblem("a \(what) is longer than the \(limit.grouped) bytes that are accepted", of: "standard input")
  }

  private enum Ending {
    case done
    case failed
    case quit
  }

  private func run(_ bytes: [UInt8], firstLine: Int) throws -> Ending {
    let outcome = session.run(Source(name: "input", bytes: bytes, firstLine: firstLine), isInteractive: true)
    host.settle()
    switch outcome {
    case .finished: return .done
    case .stopped(.quit): return .quit
    case .failed(let diagnostic): host.tell([diagnostic])
    case .rejected(let diagnostics): host.tell(diagnostics)
    case .stopped(.interrupted):
      host.tell("interrupted")
      if !Interruption.keepsSession { throw Stop.interrupted }
    case .stopped(let stop): throw stop
    }
    return .failed
  }
}
