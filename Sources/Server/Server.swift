import BVAEConsole
import BVAELanguage
import BVAENotebook
import BVAEPlatform

/// `--server`: a session that is talked to in JSON lines; see the README of this folder for what is said.
package final class Server {
  private let input = ServerInput()
  private let host: ServerHost
  private let session: Session

  /// The version of what is said here; one that older clients would not understand gets the next number.
  package static let protocolVersion = 1

  /// A server with a session of its own.
  package init(options: NotebookOptions) {
    host = ServerHost(input)
    session = .full(host: host, options: options)
    let taker = session.proseTaker
    session.proseTaker = { [host] text, script, line, session in
      try taker?(text, script, line, session)
      host.tell("prose", ["markdown": .text(text)])
    }
  }

  /// How it ended.
  package enum Ending {
    /// The input ended, or a script said `quit`.
    case done
    /// A signal ended the program.
    case signal
    /// Nobody reads what is written, or what remained to be done at the end could not be.
    case failed
  }

  /// Answers requests until the input ends.
  package func run() -> Ending {
    Interruption.isAtWork = false
    host.write([
      "event": "hello", "protocol": JSON(Self.protocolVersion), "program": "bvae-script",
      "version": .text(Workspace.version),
    ])
    do {
      while !host.hasNoReader {
        let request = try input.next()
        host.begin(request?["id"])
        guard let request else {
          host.tell("done", ["status": "error", "message": "this line is no JSON of a request"])
          continue
        }
        if try answer(request) == .quit { return finish() }
      }
      return .failed
    } catch Stop.quit {
      return finish()
    } catch {
      _ = session.finish()
      return .signal
    }
  }

  /// Writes what is to be written at the end, such as the report of `--report`.
  private func finish() -> Ending {
    if case .finished = session.finish() { return .done }
    return .failed
  }

  private enum Answered {
    case goOn
    case quit
  }

  private func answer(_ request: JSON) throws -> Answered {
    switch request["request"]?.text {
    case "run": return run(request)
    // What it was to stop has ended.
    case "stop": done()
    case "variables": done(["variables": .list(session.variableList)])
    case let name? where Self.questions.contains(name):
      guard let code = request["code"]?.text else { return fail(Self.lacksCode(name)) }
      let text = Characters(code)
      let offset = text.byte(at: request["position"]?.whole ?? .max)
      switch name {
      case "complete": done(session.completion(text, offset))
      case "inspect": done(session.inspection(text, offset))
      case "whole": done(session.completeness(text))
      case "check": done(["diagnostics": .list(session.check(text, name: sourceName(request)))])
      default: done(["tokens": .list(session.tokens(text))])
      }
    case let name?:
      let all = ["run"] + Self.questions + ["variables", "stop"]
      return fail("there is no request '\(name.prefix(40))'; there are \(all.joined(separator: ", "))")
    case nil: return fail("a request is an object whose 'request' says what is asked for")
    }
    return .goOn
  }

  /// What is asked about a text.
  private static let questions = ["complete", "inspect", "whole", "check", "tokens"]

  private static func lacksCode(_ name: String) -> String { "'\(name)' needs the text of the script as 'code'" }

  private func sourceName(_ request: JSON) -> String { request["name"]?.text ?? "input" }

  private func run(_ request: JSON) -> Answered {
    guard let code = request["code"]?.text else { return fail(Self.lacksCode("run")) }
    guard code.utf8.count <= Source.largest else {
      return fail("the script is longer than the \(Source.largest.grouped) bytes that are accepted")
    }
    let source = Source(name: sourceName(request), text: code)
    Interruption.clear()
    Interruption.isAtWork = true
    let outcome = session.run(source, isInteractive: true)
    Interruption.isAtWork = false
    host.progress(nil)
    if Interruption.endingSignal == nil { Interruption.clear() }
    let text = Characters(code)
    switch outcome {
    case .finished: done()
    case .stopped(.quit):
      done(status: "quit")
      return .quit
    case .stopped: done(status: "stopped")
    case .failed(let diagnostic): done(status: "error", ["diagnostics": [diagnostic.json(text, source.name)]])
    case .rejected(let diagnostics):
      done(status: "error", ["diagnostics": .list(diagnostics.prefix(100).map { $0.json(text, source.name) })])
    }
    return .goOn
  }

  private func done(status: String = "ok", _ members: [String: JSON] = [:]) {
    host.tell("done", members.merging(["status": .text(status)]) { $1 })
  }

  private func fail(_ message: String) -> Answered {
    done(status: "error", ["message": .text(message)])
    return .goOn
  }
}
