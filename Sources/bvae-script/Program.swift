import ArgumentParser
import BVAEConsole
import BVAEGPU
import BVAEGrids
import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Glibc

/// Here options are those of the command line, not of a script's commands.
typealias Option = ArgumentParser.Option

@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bvae-script",
    abstract: "Runs scripts about β-VAEs: load images, train, sweep the latents, write the figures and the report.",
    usage: """
      bvae-script [OPTION…]                        interactive
      bvae-script [OPTION…] FILE.bvs [ARGUMENT…]   runs the file, - for standard input
      bvae-script [OPTION…] -e TEXT [ARGUMENT…]    runs the text
      bvae-script --watch [OPTION…] FILE.bvs       runs the file whenever it is saved
      bvae-script --grid GRID                      says where the trainings of a grid are, see --engine
      bvae-script --work GRID [--task N]           does trainings of a grid
      bvae-script --server [OPTION…]               serves a notebook in JSON lines
      bvae-script --lsp                            serves an editor
      bvae-script --notebook FILE                  makes a notebook of a script, or a script of a notebook
      bvae-script doctor                           says what was found on this machine
      bvae-script store                            lists the kept models, 'store --help' says more
      """,
    discussion: "In a script, the list 'arguments' holds the arguments. The interactive command 'help' lists the "
      + "commands. Exit codes: 0 done, 1 the script failed, 2 the script or the command line is wrong, "
      + "129 hung up, 130 interrupted, 143 terminated.",
    version: "bvae-script \(Workspace.version)")

  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Run this text, of one or more lines. Repeatable: the texts run in order.", valueName: "text"))
  var text: [String] = []

  @Flag(help: "Check the script for mistakes without running it.")
  var check = false

  @Flag(
    help: ArgumentHelp(
      "Run the script again whenever it, or a file that it reads, is saved; unchanged trainings come from the store. "
        + "Ctrl-C stops."))
  var watch = false

  @Flag(
    help: ArgumentHelp(
      "Serve a session to another program, such as a notebook's kernel: requests and events in JSON lines on standard "
        + "input and output."))
  var server = false

  @Option(
    help: ArgumentHelp(
      "Make a Jupyter notebook of this script, or a script of this notebook, beside it or in the file that follows.",
      valueName: "file"), completion: .file(extensions: ["bvs", "ipynb"]))
  var notebook: [String] = []

  @Flag(help: "Serve an editor by the Language Server Protocol on standard input and output.")
  var lsp = false

  @Option(
    help: ArgumentHelp(
      "Write the report to this file at the end, as Markdown, or as a web page if it ends in .html.", valueName: "file"),
    completion: .file(extensions: ["md", "html"])
  )
  var report: [String] = []

  @Option(
    help: ArgumentHelp("The folder for figures that are given no path.", valueName: "folder"),
    completion: .directory)
  var figures: [String] = []

  @Option(
    help: ArgumentHelp("The folder with the data sets.", valueName: "folder"), completion: .directory)
  var data: [String] = []

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set a variable, overriding the script's own default; at the prompt, until it is typed. Repeatable.",
      valueName: "name=value"))
  var settings: [String] = []

  @Option(help: ArgumentHelp("How many threads to use (default: one per processor).", valueName: "n"))
  var threads: [Int] = []

  @Option(
    help: ArgumentHelp("Where models are computed: \(DeviceChoice.words) (default: cpu).", valueName: "device"))
  var device: [String] = []

  @Option(
    help: ArgumentHelp(
      "Who does the trainings of 'study' and 'search': "
        + GridOptions.engines.map { "\($0.word), \($0.summary)" }.joined(separator: "; ") + ".",
      valueName: "engine"))
  var engine: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many trainings of 'study' and 'search' at once; by engine local, one per processor, unless another is named.",
      valueName: "n"))
  var jobs: [Int] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What the engine is told further: options of sbatch, the machines for ssh, or in which form is printed: "
        + PrintEngine.words.listed("or") + ". Repeatable.", valueName: "text"))
  var engineOptions: [String] = []

  @Flag(help: "Hand trainings over to the engine without waiting for them.")
  var detach = false

  @Option(help: ArgumentHelp("Show where the trainings of a grid are.", valueName: "grid"))
  var grid: [String] = []

  @Flag(help: "With --grid: take its trainings out of the scheduler's queue.")
  var cancel = false

  @Flag(help: "With --grid: let the trainings that failed be tried again.")
  var retry = false

  @Option(help: ArgumentHelp("Do the trainings of this grid that are not done, one after another.", valueName: "grid"))
  var work: [String] = []

  @Option(help: ArgumentHelp("Only this task of the grid.", valueName: "n"))
  var task: [Int] = []

  @Option(
    help: ArgumentHelp("With --work: stop as soon as the process that started it has ended.", visibility: .hidden))
  var owner: Int?

  @Flag(help: "Hand lines that begin with ! to the shell, those of scripts too.")
  var allowShell = false

  @Flag(help: "Train again even if the result is stored.")
  var fresh = false

  @Flag(help: "Show only results and errors.")
  var quiet = false

  @Argument(
    help: ArgumentHelp("The script; - is standard input.", valueName: "file"), completion: .file(extensions: ["bvs"]))
  var file: String?

  @Argument(help: ArgumentHelp("The script's list 'arguments'; after --, words may begin with a dash."))
  var arguments: [String] = []

  static func main() {
    Output.reserveStandardStreams()
    do {
      try checkEncoding()
      var words = CommandLine.arguments.dropFirst()
      if words.first == "help" { words = words.dropFirst() + ["--help"] }
      if let tool = Tools.asked(for: words) { Glibc.exit(run(tool, Array(words.dropFirst())).rawValue) }
      if words.first == "--generate-completion-script" {
        try Lines.write([try Completed.script(for: words.dropFirst().first)])
        Glibc.exit(Ending.done.rawValue)
      }
      let program = try parseAsRoot(Array(words))
      guard let program = program as? Program else { return try runOther(program) }
      Glibc.exit(try program.launch().run().rawValue)
    } catch {
      Glibc.exit(tell(error).rawValue)
    }
  }

  private static func run<Tool: ParsableCommand>(_ tool: Tool.Type, _ words: [String]) -> Ending {
    do {
      var command = try tool.parseAsRoot(words)
      try command.run()
      return .done
    } catch {
      return tell(error, of: tool)
    }
  }

  /// Swift reads arguments as UTF-8 and puts something else for what is none: another file would be meant by then.
  private static func checkEncoding() throws {
    for case (let place, let argument?) in (0..<Int(CommandLine.argc)).map({ ($0, CommandLine.unsafeArgv[$0]) }) {
      let raw = RawPath(bytes: Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument))))
      guard String(validating: raw.bytes, as: UTF8.self) == nil else { continue }
      throw ValidationError(
        "argument \(place), '\(raw.text)', is not valid UTF-8; change into that folder with cd, or link to it under a "
          + "UTF-8 name (ln -s).")
    }
  }

  /// Writes help to standard output, and what is wrong with the command line to standard error.
  /// - Parameter command: whose usage is told.
  private static func tell(_ error: any Error, of command: any ParsableCommand.Type = Self.self) -> Ending {
    let message = command.fullMessage(for: error)
    guard exitCode(for: error) == .success else {
      let prefix = "Error: "
      let text = withoutFarSuggestion(
        message.hasPrefix(prefix) ? "bvae-script: " + message.dropFirst(prefix.count) : message)
      Output.write(text + "\n", to: Output.error)
      return error is OutputProblem ? .failed : .wrong
    }
    signal(SIGPIPE, SIG_IGN)
    let code = Output.write(message + "\n", to: Output.standard)
    if code == 0 { return .done }
    if code != EPIPE { Output.write("bvae-script: \(OutputProblem(code: code))\n", to: Output.error) }
    return .failed
  }

  /// argument-parser suggests some option for every one that is unknown; only one that is near is worth showing.
  private static func withoutFarSuggestion(_ message: String) -> String {
    let parts = message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 5, parts[2] == ". Did you mean ",
      Suggestion.closest(to: String(parts[1].drop { $0 == "-" }), among: [String(parts[3].drop { $0 == "-" })]) == nil
    else { return message }
    return parts[...1].joined(separator: "'") + "'." + parts[4...].joined(separator: "'").drop { $0 == "?" }
  }

  /// What argument-parser has of its own: help.
  private static func runOther(_ command: any ParsableCommand) throws {
    var command = command
    try command.run()
  }

  func validate() throws {
    // As lists, for of an option that is given twice the last would hold silently.
    let given = [
      ("notebook", notebook.count), ("report", report.count), ("figures", figures.count), ("data", data.count),
      ("threads", threads.count), ("device", device.count), ("engine", engine.count), ("jobs", jobs.count),
      ("work", work.count),
      ("task", task.count), ("grid", grid.count),
    ]
    for (name, count) in given where count > 1 { throw ValidationError("--\(name) is given twice.") }
    if report == [""] { throw ValidationError("--report needs the path of a file, not an empty text.") }
    if let path = report.first, let (message, hint) = Workspace.mistake(inReportPath: path) {
      throw ValidationError("--report: \(message); \(hint).")
    }
    if let threads = threads.first, threads < 1 {
      throw ValidationError("--threads takes a number of 1 or more, not \(threads).")
    }
    if let word = device.first {
      guard let choice = DeviceChoice(word) else {
        throw ValidationError("--device takes \(DeviceChoice.words), not '\(word)'.")
      }
      if choice != .cpu && !(engine.isEmpty && jobs.isEmpty && work.isEmpty && engineOptions.isEmpty)
        || choice != .cpu && detach
      {
        throw ValidationError(
          "--device \(word) does not go with --engine, --jobs, --detach and --work: their trainings run on the processor."
        )
      }
    }
    if check && file == nil && text.isEmpty { throw ValidationError("--check needs a script, or a text after -e.") }
    if watch && (file == nil || file == "-" || !text.isEmpty) {
      throw ValidationError("--watch needs a script file.")
    }
    // What stands in the place of a script stands alone.
    let modes = [
      ("server", server, "takes no script; what it is to look at comes as requests."),
      ("lsp", lsp, "takes no script; what it is to look at comes as requests."),
      ("notebook", !notebook.isEmpty, "takes a script or a notebook, and at most the file that is written."),
      ("work", !work.isEmpty, "takes a grid and no script."), ("grid", !grid.isEmpty, "takes a grid and no script."),
    ].filter(\.1)
    if let (name, _, complaint) = modes.first {
      let hasScript = name == "notebook" ? !arguments.isEmpty : file != nil
      if modes.count > 1 || hasScript || !text.isEmpty || check || watch || name == "work" && !engine.isEmpty {
        throw ValidationError("--\(name) \(complaint)")
      }
    }
    if let engine = engine.first, !GridOptions.engines.contains(where: { $0.word == engine }) {
      throw ValidationError("--engine takes \(GridOptions.engines.map(\.word).listed("or")), not '\(engine)'.")
    }
    for (name, number) in [("jobs", jobs.first), ("task", task.first)] {
      if let number, number < 1 { throw ValidationError("--\(name) takes a number of 1 or more, not \(number).") }
    }
    if (cancel || retry) && grid.isEmpty { throw ValidationError("--cancel and --retry need --grid GRID.") }
    if work.isEmpty && !task.isEmpty { throw ValidationError("--task needs --work GRID.") }
    for setting in settings { try preset(setting) }
  }

  @discardableResult
  private func preset(_ setting: String) throws -> Preset {
    do { return try Preset(setting) } catch { throw ValidationError("\(error)") }
  }

  /// What the options ask for.
  private func launch() throws -> Launch {
    var options = NotebookOptions()
    options.session.presets = try settings.map(preset)
    // A shell expands ~ at the beginning of a word, not in --report=~/report.md.
    options.reportPath = report.first.map(Path.expandingHome)
    options.figuresFolder = figures.first.map(Path.expandingHome)
    options.dataFolder = data.first.map(Path.expandingHome)
    options.threads = threads.first
    options.device = device.first.flatMap { DeviceChoice($0) } ?? .cpu
    // What is not there is told before anything begins.
    if !check && !lsp { _ = try options.device.device() }
    options.session.allowsShell = allowShell
    options.isFresh = fresh
    if !engine.isEmpty || !jobs.isEmpty || detach || !engineOptions.isEmpty {
      var grid = GridOptions(program: Files.canonical("/proc/self/exe") ?? CommandLine.arguments[0])
      grid.engine = engine.first ?? grid.engine
      grid.jobs = jobs.first
      grid.engineOptions = engineOptions.joined(separator: " ")
      grid.isDetached = detach
      options.grid = grid
    }
    let script: Launch.Script
    if let path = notebook.first {
      script = .notebook(Path.expandingHome(path), target: file.map(Path.expandingHome))
    } else if let place = grid.first {
      script = .grid(Path.expandingHome(place), isCancelled: cancel, isRetried: retry)
    } else if let place = work.first {
      script = .work(Path.expandingHome(place), task: task.first, owner: owner)
    } else if server || lsp {
      script = server ? .server : .languageServer
    } else if !text.isEmpty {
      options.session.arguments = (file.map { [$0] } ?? []) + arguments
      script = .text(text.joined(separator: "\n"))
    } else {
      options.session.arguments = arguments
      script = file.map { $0 == "-" ? .standardInput : .file($0) } ?? .interactive
    }
    return Launch(script: script, options: options, isQuiet: quiet, isCheck: check, isWatch: watch)
  }
}
