import ArgumentParser
import BVAEConsole
import BVAEPlatform
import BVAEReporting
import Glibc

/// What the program does beside running scripts, by a word in place of a script: a line each.
enum Tools {
  static let all: [any ParsableCommand.Type] = [Doctor.self, StoreTool.self]

  /// Their words, in the same order.
  static let names = all.map { $0.configuration.commandName?.split(separator: " ").last.map(String.init) ?? "" }

  /// The tool that a command line asks for; a script of that name is called by a path, `./store`.
  static func asked(for words: ArraySlice<String>) -> (any ParsableCommand.Type)? {
    zip(all, names).first { $1 == words.first }?.0
  }
}

/// The program with its tools, as the shells' completions are made of it: the tools are no subcommands for the parser, so
/// that no script's argument is taken for one.
struct Completed: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bvae-script", subcommands: [DoctorWords.self, StoreWords.self])
  @OptionGroup var program: Program

  /// The script for a shell.
  /// - Throws: `ValidationError` for shells that there is none for.
  static func script(for shell: String?) throws -> String {
    let shells = CompletionShell.allCases.map(\.rawValue)
    guard let shell = shell.flatMap(CompletionShell.init(rawValue:)) else {
      throw ValidationError("--generate-completion-script takes one of \(shells.listed("and")).")
    }
    return completionScript(for: shell)
  }

  private struct DoctorWords: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "doctor", abstract: Doctor.configuration.abstract)
    @OptionGroup var tool: Doctor
  }

  private struct StoreWords: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "store", abstract: StoreTool.configuration.abstract)
    @OptionGroup var tool: StoreTool
  }
}

/// Why something could not be written to standard output.
struct OutputProblem: Error, CustomStringConvertible {
  let code: Int32
  var description: String { "cannot write to standard output: \(String(cString: strerror(code)))" }
}

/// Lines for people on standard output.
enum Lines {
  /// Writes lines; whoever does not read them to their end is not told.
  /// - Throws: `OutputProblem` where they cannot be written.
  static func write(_ lines: [String]) throws {
    let code = Output.write(lines.joined(separator: "\n") + "\n", to: Output.standard)
    if code != 0 && code != EPIPE { throw OutputProblem(code: code) }
  }

  /// A table as wide as the terminal, or as it is where there is none.
  static func table(_ table: Table) -> String {
    let width = isatty(Output.standard) == 1 ? Output.columns(of: Output.standard) : nil
    var text = table.text(width: width)
    while text.last == "\n" { text.removeLast() }
    return text
  }

  /// A heading and pairs under it, the second ones below each other.
  static func section(_ heading: String, _ rows: [(String, String)]) -> [String] {
    let width = max(16, (rows.map(\.0.displayWidth).max() ?? 0) + 2)
    return [heading]
      + rows.flatMap { name, text in
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { place, line in
          let head = place == 0 ? name : ""
          return "  " + head + String(repeating: " ", count: max(1, width - head.displayWidth)) + line
        }
      } + [""]
  }
}
