import BVAELanguage
import BVAEPlatform

/// The manual page, from the declarations: troff with the macros of man(7).
package struct ManualPage {
  /// An option of the program and what it does.
  package struct Option: Sendable {
    let names: String
    let summary: String

    /// An option as `--help` shows it: `--report <file>`.
    package init(names: String, summary: String) {
      self.names = names
      self.summary = summary
    }
  }

  private let vocabulary: Vocabulary
  private let options: [Option]
  private let version: String
  private var lines: [String] = []

  /// The page of a version.
  package static func text(_ vocabulary: Vocabulary, options: [Option], version: String) -> String {
    var page = ManualPage(vocabulary: vocabulary, options: options, version: version)
    page.write()
    return page.lines.joined(separator: "\n") + "\n"
  }

  private init(vocabulary: Vocabulary, options: [Option], version: String) {
    self.vocabulary = vocabulary
    self.options = options
    self.version = version
  }

  private mutating func write() {
    lines.append("'\\\" t")
    lines.append(
      ".\\\" Written by the tests from the program's declarations (BVAE_RECORD=1); do not change it by hand.")
    lines.append(".TH BVAE-SCRIPT 1 \(Self.date) \"bvae-script \(version)\" \"User Commands\"")
    // Long syntax lines would be torn apart to both margins.
    lines += [".nh", ".ad l"]
    section("NAME")
    lines.append("bvae-script \\- run scripts about beta variational autoencoders")
    section("SYNOPSIS")
    for (index, form) in Self.synopsis.enumerated() {
      if index > 0 { lines.append(".br") }
      lines.append(form)
    }
    section("DESCRIPTION")
    paragraph(
      "bvae-script reads a small language in which a script loads images, trains β-VAEs, encodes images and sweeps "
        + "their latents, draws figures and writes a report. Without a script it is interactive. The whole script is "
        + "checked before its first line runs; trained models are kept, so that a script run again takes seconds.")
    paragraph("Each command below is also explained by the command 'help', as in: help train")
    section("OPTIONS")
    for option in options { entry(bold(option.names), option.summary) }
    language()
    commands()
    section("FUNCTIONS")
    for function in vocabulary.functions { entry(bold(function.syntax), function.summary) }
    section("SETTINGS")
    for setting in vocabulary.settings {
      entry(bold("set \(setting.name) \(setting.parameter.placeholder)"), setting.summary)
    }
    section("KEYS")
    paragraph("At the prompt on a terminal:")
    for key in PromptKey.all { entry(bold(key.keys), key.summary.sentence) }
    surroundings()
  }

  /// When the words of the page itself were changed last.
  private static let date = "2026-11-28"

  private static let synopsis = [
    ".B bvae-script\n[\\fIOPTION\\fR…]",
    ".B bvae-script\n[\\fIOPTION\\fR…] \\fIFILE.bvs\\fR [\\fIARGUMENT\\fR…]",
    ".B bvae-script\n[\\fIOPTION\\fR…] \\fB\\-e\\fR \\fITEXT\\fR [\\fIARGUMENT\\fR…]",
    ".B bvae-script\n\\fB\\-\\-watch\\fR [\\fIOPTION\\fR…] \\fIFILE.bvs\\fR",
    ".B bvae-script\n\\fB\\-\\-server\\fR [\\fIOPTION\\fR…]",
    ".B bvae-script\n\\fB\\-\\-lsp\\fR",
    ".B bvae-script\n\\fB\\-\\-notebook\\fR \\fIFILE\\fR [\\fITARGET\\fR]",
    ".B bvae-script doctor",
    ".B bvae-script store\n[\\fBshow\\fR|\\fBremove\\fR \\fIKEY\\fR…]",
  ]

  private mutating func language() {
    section("LANGUAGE")
    paragraph(
      "A statement ends with its line; it continues on the next after a \\ at the end, and inside ( ) and [ ]. Text "
        + "after # is a comment. A line that begins with | is prose for the report. A leading ~ of a path is the home "
        + "folder.")
    entry(bold("NAME = VALUE"), "keeps a value, or the result of a command, in a variable")
    for statement in HelpPage.statements { entry(bold(statement.syntax), statement.summary) }
    paragraph("Expressions:")
    code(HelpPage.expressions)
  }

  private mutating func commands() {
    section("COMMANDS")
    for (group, members) in vocabulary.commandsByGroup {
      subsection(group.name)
      for command in members {
        entry(bold(command.syntax), command.about.summary.sentence)
        for text in command.about.details.split(separator: "\n") where !text.isEmpty {
          lines.append(".IP")
          add(String(text))
        }
        for parameter in command.parameters {
          lines.append(".RS")
          entry(bold(parameter.label), parameter.explanation)
          lines.append(".RE")
        }
      }
    }
  }

  private mutating func surroundings() {
    section("ENVIRONMENT")
    for (name, meaning) in [
      ("BVAE_DATA", "the data folder, unless --data is given (default: the user's cache folder)"),
      ("BVAE_STORE", "the folder of trained models; else 'models' in the user's cache folder"),
      ("BVAE_CHECKPOINT_SECONDS", "the time from one checkpoint of a training to the next"),
      ("XDG_CACHE_HOME", "the user's cache folder; else ~/.cache"),
      ("BVAE_HISTORY", "the file of what was typed; else 'history' in the user's state folder"),
      ("NO_COLOR", "no colours on the terminal"),
    ] { entry(bold(name), meaning) }
    section("EXIT STATUS")
    for (code, meaning) in [
      ("0", "done"), ("1", "the script failed"), ("2", "the script or the command line is wrong"),
      ("129", "ended by SIGHUP"), ("130", "interrupted"), ("143", "ended by SIGTERM"),
    ] { entry(bold(code), meaning) }
    section("EXAMPLES")
    paragraph("Train a small model of the digit 1 and draw what its latents do:")
    code(
      """
      ones  = load mnist digits 1 count 200
      model = vae for ones latents 6
      train model on ones epochs 3
      figure (sheet (sweep model from ones[0]))
      report "report.md" html
      """)
    paragraph("Find the mistakes of a script without running it, and run it with another number of epochs:")
    code("bvae-script --check analyse.bvs\nbvae-script --set epochs=3 analyse.bvs")
    section("SEE ALSO")
    paragraph("Rishabh Mishra and Goutham H M, “Disentangling in β-VAE”, Arizona State University")
  }

  // MARK: - troff

  private mutating func section(_ name: String) { lines.append(".SH \(name)") }
  private mutating func subsection(_ name: String) { lines.append(".SS \(Self.escaped(name))") }

  private mutating func paragraph(_ text: String) {
    // A section begins with a paragraph of itself.
    if lines.last?.hasPrefix(".SH") != true { lines.append(".PP") }
    add(text)
  }

  /// Text that is filled, in lines of a length that sources have.
  private mutating func add(_ text: String) {
    // A line that begins with a dot or an apostrophe would be a request.
    lines += text.wrapped(width: 70).map { Self.escaped($0) }
  }

  private mutating func entry(_ head: String, _ text: String) {
    lines.append(".TP")
    lines.append(head)
    add(text)
  }

  private mutating func code(_ text: String) {
    lines += [".PP", ".RS", ".nf"]
    lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { Self.escaped(String($0)) }
    lines += [".fi", ".RE"]
  }

  private func bold(_ text: String) -> String { "\\fB\(Self.escaped(text))\\fR" }

  /// Text that troff takes for nothing but text.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "`": result += "\\(ga"
      case "\"" where result.isEmpty: result += "\\&\""
      case "." where result.isEmpty, "'" where result.isEmpty: result += "\\&\(character)"
      case "'": result += "\\(aq"
      case "\n": result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
