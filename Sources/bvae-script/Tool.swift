import ArgumentParser
import BVAEConsole
import BVAEPlatform

/// What the program does beside running scripts, by a word in place of a script: a line each.
enum Tools {
  static let all: [any ParsableCommand.Type] = [Doctor.self, StoreTool.self]

  /// The tool that a command line asks for; a script of that name is called by a path, `./store`.
  static func asked(for words: ArraySlice<String>) -> (any ParsableCommand.Type)? {
    all.first { $0.configuration.commandName?.split(separator: " ").last.map(String.init) == words.first }
  }
}

/// Lines for people on standard output.
enum Lines {
  /// Writes lines; whoever does not read them to their end is not told.
  static func write(_ lines: [String]) { Output.write(lines.joined(separator: "\n") + "\n", to: Output.standard) }

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
