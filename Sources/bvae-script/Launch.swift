import BVAEConsole
import BVAEGrids
import BVAELanguage
import BVAELanguageServer
import BVAENotebook
import BVAEPlatform
import BVAEServer
import Glibc

/// How the program ends.
enum Ending: Int32 {
  case done = 0
  case failed = 1
  case wrong = 2
  /// A worker was stopped with a checkpoint, to be started again (EX_TEMPFAIL of sysexits.h).
  case suspended = 75
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  /// The end of a worker.
  init(_ ending: WorkerEnding) {
    self =
      switch ending {
      case .done: .done
      case .failed: .failed
      case .wrong: .wrong
      case .stopped, .interrupted: Interruption.endingSignal == nil ? .interrupted : .suspended
      }
  }

  /// The end that Ctrl-C or another signal has brought.
  static var bySignal: Ending {
    switch Interruption.endingSignal {
    case SIGHUP: .hungUp
    case nil: .interrupted
    default: .terminated
    }
  }
}

/// One run of the program: what is run, and how.
struct Launch {
  enum Script {
    case interactive
    case server
    case languageServer
    case notebook(String, target: String?)
    case work(String, task: Int?, owner: Int?)
    case grid(String, isCancelled: Bool, isRetried: Bool)
    case file(String)
    case standardInput
    case text(String)
  }

  let script: Script
  let options: NotebookOptions
  let isQuiet: Bool
  let isCheck: Bool
  let isWatch: Bool

  func run() -> Ending {
    switch script {
    case .server: return serve()
    case .notebook(let path, let target): return convert(path, target)
    case .work(let place, let task, let owner): return work(on: place, task, owner: owner)
    case .grid(let place, let isCancelled, let isRetried):
      return GridReport(place, store: options.storeFolder).run(isCancelled: isCancelled, isRetried: isRetried)
    case .languageServer:
      Interruption.install(keepsSession: true)
      return LanguageServer(options: options).run() ? .done : .failed
    default: break
    }
    let isConversation = if case .interactive = script { TerminalHost.hasKeyboard } else { false }
    Interruption.install(keepsSession: isConversation)
    let host = TerminalHost(isQuiet: isQuiet)
    if isWatch, case .file(let path) = script { return Watch(path: path, launch: self, host: host).run() }
    let session = session(host)
    if case .interactive = script { return converse(session, host) }
    let source: Source
    do {
      source = try read()
    } catch Stop.interrupted {
      return report(.stopped(.interrupted), host)
    } catch {
      host.tell("bvae-script: \(error)\(tool.map { "; did you mean 'bvae-script \($0)'?" } ?? "")")
      return .wrong
    }
    return isCheck ? check(source, session, host) : run(source, session, host)
  }

  /// Makes a notebook of a script, or a script of a notebook.
  private func convert(_ path: String, _ target: String?) -> Ending {
    let host = TerminalHost(isQuiet: isQuiet)
    do {
      let made = try NotebookFile.convert(path, to: target)
      host.note("\(path) → \(made.target)")
      for remark in made.remarks { host.note(remark) }
      return .done
    } catch {
      host.tell("bvae-script: \(error)")
      return .failed
    }
  }

  /// Does trainings of a grid.
  private func work(on place: String, _ task: Int?, owner: Int?) -> Ending {
    Interruption.install(keepsSession: false)
    Interruption.endAlso(by: SIGUSR1)
    let host = TerminalHost(isQuiet: isQuiet)
    do {
      return Ending(try GridWorker(place, task: task, owner: owner, options: options, host: host).run())
    } catch {
      host.tell("bvae-script: \(error)")
      return (error as? WorkerProblem).map { Ending($0.ending) } ?? .failed
    }
  }

  private func serve() -> Ending {
    Interruption.install(keepsSession: true)
    return switch Server(options: options).run() {
    case .done: .done
    case .failed: .failed
    case .signal: .bySignal
    }
  }

  /// A session as the command line asks for it.
  func session(_ host: any Host) -> Session { Session.full(host: host, options: options) }

  /// The tool that the name of a script which is not there may stand for.
  private var tool: String? {
    guard case .file(let path) = script, !Files.exists(path) else { return nil }
    return Suggestion.closest(to: path, among: Tools.names)
  }

  private func read() throws -> Source {
    switch script {
    case .file(let path) where StandardInput.mayWait(for: path):
      Source(name: path, folder: Path.parent(path), bytes: try StandardInput.readAll(ofPipe: path))
    case .file(let path): try Source.file(path)
    case .text(let text): Source(name: "-e", text: text)
    case .standardInput, .interactive, .server, .languageServer, .notebook, .work, .grid:
      Source(name: "standard input", bytes: try StandardInput.readAll())
    }
  }

  func check(_ source: Source, _ session: Session, _ host: TerminalHost) -> Ending {
    let found = session.check(source)
    if found.isEmpty {
      host.note("\(source.name): no mistakes found")
    } else {
      host.tell(found)
    }
    return found.contains { $0.severity == .error } ? .wrong : .done
  }

  func run(_ source: Source, _ session: Session, _ host: TerminalHost) -> Ending {
    let outcome = session.run(source)
    host.settle()
    return report(outcome, host)
  }

  func report(_ outcome: Session.Outcome, _ host: TerminalHost) -> Ending {
    switch outcome {
    case .finished, .stopped(.quit): return .done
    case .stopped(.interrupted):
      host.tell("interrupted")
      return .bySignal
    // Whoever read the output knows that it ends here.
    case .stopped(.outputClosed): return .failed
    case .failed(let diagnostic):
      host.tell([diagnostic])
      return .failed
    case .stopped(.unfinished(let message)):
      host.tell("bvae-script: \(message)")
      return .failed
    case .rejected(let diagnostics):
      host.tell(diagnostics)
      return .wrong
    }
  }

  private func converse(_ session: Session, _ host: TerminalHost) -> Ending {
    let prompt = EditingPrompt.suitable(for: session, host: host)
    if prompt.isTerminal {
      host.note("bvae-script \(Workspace.version); 'help' lists the commands, 'quit' ends")
    }
    do {
      let hasFailed = try InteractiveMode(session: session, host: host, prompt: prompt).run()
      if prompt.isTerminal { host.tell("") }
      return finish(session, host, hasFailed: hasFailed && !prompt.isTerminal)
    } catch let error as FileProblem {
      host.tell("bvae-script: \(error)")
      return .failed
    } catch Stop.interrupted {
      if Interruption.keepsSession { _ = session.finish() }
      return .bySignal
    } catch {
      return .failed
    }
  }

  private func finish(_ session: Session, _ host: TerminalHost, hasFailed: Bool) -> Ending {
    let ending = report(session.finish(), host)
    return ending == .done && hasFailed ? .failed : ending
  }
}
