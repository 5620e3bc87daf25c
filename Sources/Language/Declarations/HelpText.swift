import BVAEPlatform

extension Vocabulary {
  /// The columns that help is written in; a terminal may be narrower or wider.
  @TaskLocal static var helpWidth = usualWidth
  private static let usualWidth = 80
  /// Longer lines are hard to read, however wide the terminal is.
  private static let largestWidth = 110

  /// Lets help be written for a terminal of so many columns; nil where it goes elsewhere.
  package func written<Result>(for columns: Int?, _ body: () throws -> Result) rethrows -> Result {
    try Self.$helpWidth.withValue(columns.map { min($0, Self.largestWidth) } ?? Self.usualWidth, operation: body)
  }

  /// All commands under what they are for, on one screen.
  package var helpOverview: String {
    var rows: [(String, String)] = []
    for (group, members) in commandsByGroup {
      rows.append((group.purpose, members.map(\.name).joined(separator: "  ")))
    }
    rows.append(("control the script", "name = value  " + HelpPage.statements.map(\.name).joined(separator: "  ")))
    return """
      Commands, by what they are for
      \(Self.columns(rows))

      'help \(commands.first?.name ?? "commands")' explains a command, with its options and an example.
      'help latents' or another word finds what has to do with it.
      'help commands' tells in a line what each command does.
      'help language' is about the language, 'help keys' about the prompt. There are
      pages on \(Self.pages.dropFirst().joined(separator: ", ")).
      """
  }

  /// The pages that explain no single command.
  static let pages = ["commands", "expressions", "functions", "prose", "settings", "values"]

  /// Every command in a line, under its heading.
  private var commandsPage: String {
    var sections = commandsByGroup.map { group, members in
      group.name + "\n" + Self.columns(members.map { ($0.name, $0.about.summary) })
    }
    sections.append("Statements\n" + Self.columns(HelpPage.statements.map { ($0.syntax, $0.summary) }))
    return sections.joined(separator: "\n\n")
  }

  /// Everything that has a page of its own.
  package var helpTopics: [String] {
    let prompt = promptCommands.map { $0.name == shellCommand?.name ? "shell" : $0.name }
    return commands.map(\.name) + functions.map(\.name) + objectTypes.map(\.name) + HelpPage.statements.map(\.name)
      + prompt.filter { objectType($0) == nil && !Self.pages.contains($0) } + Self.pages + topics.map(\.name)
  }

  /// The page on a command, a function, a statement or a general topic, whatever the case of its letters; of several
  /// words the page on the first that has one. Else what has to do with the word; nil where nothing has.
  package func help(_ topic: String) -> String? {
    if let page = page(topic) ?? page(topic.lowercased()) { return page }
    // `load mnist`, `model.beta`, `.loss`, `time train`
    let words = topic.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    let pages = words.lazy.compactMap { self.page($0) ?? self.page($0.lowercased()) }
    if words.count > 1, let page = pages.first { return page }
    return (words.count == 1 ? words : [topic] + words).lazy.compactMap { self.search($0) }.first
  }

  /// The page that a word has of its own; nil where it has none.
  func page(_ topic: String) -> String? {
    if let command = command(topic) ?? promptCommand(topic) ?? (topic == "shell" ? shellCommand : nil) {
      let page = help(on: command)
      if topic == "settings" { return "\(page)\n\n\(settingsPage)" }
      // 'sweep' is a command and what it gives.
      return objectType(topic).map { "\(page)\n\n\($0.help)\(makers(of: $0, but: topic))" } ?? page
    }
    if let page = HelpPage.statements.first(where: { $0.name == topic }) { return page.text }
    switch topic {
    case "commands": return commandsPage
    case "expressions": return HelpPage.expressions
    case "prose": return HelpPage.prose
    case "functions": return "Functions\n" + Self.columns(functions.map { ($0.syntax, $0.summary) })
    case "settings": return settingsPage
    case "values": return valuesPage
    default: break
    }
    if let function = function(topic) { return function.help }
    if let type = objectType(topic) { return type.help + makers(of: type) }
    if topic == "else" || topic == "elif" { return page("if") }
    return (topics.first { $0.name == topic } ?? topics.first { $0.aliases.contains(topic) })?.text
  }

  /// The command that a line beginning with `!` calls; help has it under 'shell', which can be typed behind 'help'.
  private var shellCommand: CommandDeclaration? { name(of: .shells).flatMap(promptCommand) }

  private var settingsPage: String {
    "Settings, as in: set seed 7\n"
      + Self.columns(settings.map { ("\($0.name) \($0.parameter.placeholder)", $0.summary) })
  }

  private var valuesPage: String {
    let plain = [
      ("number", "whole numbers are exact up to 9007199254740992"), ("text", "\"…\", with {…} for values"),
      ("truth", "true or false"), ("range", "0..9, both ends included"), ("list", "[1, 7]"),
    ]
    return "Values\n" + Self.columns(plain + objectTypes.map { ($0.name, $0.summary) })
  }

  /// A command's page of help: syntax, what it does, what it takes, what it gives, an example, related commands.
  private func help(on command: CommandDeclaration) -> String {
    let syntax = command.syntax.wrapped(width: Self.helpWidth - 4).joined(separator: "\n    ")
    let about = command.about
    var parts = [syntax, about.summary.sentence.paragraph]
    if !about.details.isEmpty { parts.append(about.details.paragraph) }
    if !command.parameters.isEmpty {
      parts.append(Self.columns(command.parameters.map { ($0.label, $0.explanation) }))
    }
    if about.result != .nothing && about.result != .any { parts.append("Gives \(about.result).") }
    parts.append("Example\n" + about.example.indentedLines)
    let related = related(to: command)
    if !related.isEmpty { parts.append("Related: \(related.joined(separator: ", "))".paragraph) }
    return parts.joined(separator: "\n\n")
  }

  private func makers(of type: ObjectTypeDeclaration, but own: String? = nil) -> String {
    let names = commands.filter { $0.about.result == .object(type.name) && $0.name != own }.map(\.name)
    return names.isEmpty ? "" : "\n\n" + "Made by: \(names.joined(separator: ", "))".paragraph
  }

  /// Two columns, the second one wrapped.
  package static func columns(_ rows: [(String, String)]) -> String {
    let width = min(28, helpWidth / 3, rows.map(\.0.displayWidth).max() ?? 0)
    return rows.map { name, text in
      let padding = String(repeating: " ", count: max(0, width - name.displayWidth))
      let lines = text.wrapped(width: helpWidth - 4 - width)
      let indent = "\n" + String(repeating: " ", count: width + 4)
      if text.isEmpty { return "  " + name }
      let gap = name.displayWidth > width ? indent : padding + "  "
      return "  " + name + gap + lines.joined(separator: indent)
    }.joined(separator: "\n")
  }
}

extension Parameter {
  /// The parameter with what stands for its value: `epochs N`, `DATASET`.
  package var label: String {
    switch role {
    case .positional, .values: placeholder
    case .toggle: name
    case .marker, .option: "\(name) \(placeholder)"
    }
  }

  /// What it does, what it takes where its label does not say so, and what holds without it.
  package var explanation: String {
    let takes = kinds.contains(where: \.hasBounds) ? "; \(expectation)" : ""
    return fallback.map { "\(summary)\(takes) (\($0.text))" } ?? summary + takes
  }
}

extension Kind {
  /// Whether it takes numbers that not all numbers are.
  fileprivate var hasBounds: Bool {
    switch self {
    case .number(let bounds): bounds != .any
    case .integer, .integers: true
    default: false
    }
  }
}

extension FunctionDeclaration {
  /// Its page of help.
  var help: String {
    var parts = [syntax, summary.sentence.paragraph]
    parts.append("Example\n" + example.indentedLines)
    return parts.joined(separator: "\n\n")
  }
}

extension ObjectTypeDeclaration {
  var help: String {
    var parts = [summary.isEmpty ? withArticle(name).sentence : summary.sentence.paragraph]
    if !fields.isEmpty {
      parts.append(
        "Fields\n"
          + Vocabulary.columns(
            fields.map { (".\($0.name)", $0.type == .any ? $0.summary : "\($0.summary): \($0.type)") }))
    }
    if let elementType { parts.append("x[0] is \(elementType).") }
    if let sliceType { parts.append("x[0..3] is \(sliceType).") }
    return parts.joined(separator: "\n\n")
  }
}

extension String {
  /// Broken into lines as wide as help is.
  var paragraph: String { wrapped(width: Vocabulary.helpWidth).joined(separator: "\n") }

  /// Its lines, each two blanks further in.
  var indentedLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
  }

  /// With a capital at its beginning and a full stop at its end.
  package var sentence: String {
    guard let first else { return self }
    return first.uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }

  /// Broken at blanks into lines of at most `width` columns. Several blanks in a row stay, within a line.
  package func wrapped(width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
      var line = "", gap = 0
      for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
        if word.isEmpty {
          gap += 1
          continue
        }
        let blanks = line.isEmpty ? 0 : gap + 1
        if !line.isEmpty && line.displayWidth + blanks + String(word).displayWidth > width {
          lines.append(line)
          line = String(word)
        } else {
          line += String(repeating: " ", count: blanks) + word
        }
        gap = 0
      }
      lines.append(line)
    }
    return lines
  }
}
