import ArgumentParser
import Console
import Glibc
import Scripting

@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bvae-script",
    abstract: "Runs scripts about β-VAEs: load images, train, sweep the latents, write the figures and the report.",
    usage: """
      bvae-script [OPTION…]                        interactive
      bvae-script [OPTION…] FILE.bvs [ARGUMENT…]   runs the file, - for standard input
      bvae-script [OPTION…] -e TEXT [ARGUMENT…]    runs the text
      """,
    discussion: "In a script the arguments are in the list 'arguments'. The interactive command 'help' lists what "
      + "scripts can say. Exit codes: 0 done, 1 the script failed, 2 the script or the command line is wrong, "
      + "130 interrupted.",
    version: "bvae-script \(Workspace.version)")

  @Option(
    name: .customShort("e"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Run this text, one line or several. Repeatable: the texts follow each other.", valueName: "text"))
  var text: [String] = []

  @Flag(help: "Find every mistake that can be found without running.")
  var check = false

  @Option(help: ArgumentHelp("Write the report to this file when the script has ended.", valueName: "file"))
  var report: String?

  @Option(help: ArgumentHelp("The folder for figures without a path.", valueName: "folder"))
  var figures: String?

  @Option(help: ArgumentHelp("The folder with the data sets.", valueName: "folder"))
  var data: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set a variable; it holds against the script's own default. Repeatable.", valueName: "name=value"))
  var settings: [String] = []

  @Option(help: ArgumentHelp("How many threads to use; one a processor unless said.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Compute results again even where they are stored.")
  var fresh = false

  @Flag(help: "Show only results and errors.")
  var quiet = false

  @Argument(help: ArgumentHelp("The script; - is standard input.", valueName: "file"))
  var file: String?

  @Argument(help: ArgumentHelp("What the script sees as 'arguments'; behind -- also words with a dash."))
  var arguments: [String] = []

  static func main() {
    Output.reserveStandardStreams()
    do {
      let program = try parseAsRoot()
      guard let program = program as? Program else { return try runOther(program) }
      Glibc.exit(try program.launch().run().rawValue)
    } catch {
      let isHelp = exitCode(for: error) == .success
      Output.write(fullMessage(for: error) + "\n", to: isHelp ? Output.standard : Output.error)
      Glibc.exit((isHelp ? Ending.done : Ending.wrong).rawValue)
    }
  }

  /// What argument-parser has of its own: help.
  private static func runOther(_ command: any ParsableCommand) throws {
    var command = command
    try command.run()
  }

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number of 1 or more, not \(threads).") }
    if check && file == nil && text.isEmpty { throw ValidationError("--check needs a script, or a text behind -e.") }
    for setting in settings { try preset(setting) }
  }

  @discardableResult
  private func preset(_ setting: String) throws -> Preset {
    do { return try Preset(setting) } catch { throw ValidationError("\(error)") }
  }

  /// What the options ask for.
  private func launch() throws -> Launch {
    var options = SessionOptions()
    options.presets = try settings.map(preset)
    options.reportPath = report
    options.figuresFolder = figures
    options.dataFolder = data
    options.threads = threads
    options.isFresh = fresh
    options.isQuiet = quiet
    let script: Launch.Script
    if !text.isEmpty {
      options.arguments = (file.map { [$0] } ?? []) + arguments
      script = .text(text.joined(separator: "\n"))
    } else {
      options.arguments = arguments
      script = file.map { $0 == "-" ? .standardInput : .file($0) } ?? .interactive
    }
    return Launch(script: script, options: options, isCheck: check)
  }
}
