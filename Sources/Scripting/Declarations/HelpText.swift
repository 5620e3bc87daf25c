extension Vocabulary {
  /// All commands under their headings with what they do.
  public var helpOverview: String {
    var sections: [String] = []
    for group in CommandGroup.allCases {
      let members = commands.filter { $0.group == group }
      if members.isEmpty { continue }
      sections.append(group.rawValue + "\n" + Self.columns(members.map { ($0.name, $0.summary) }))
    }
    sections.append("Statements\n" + Self.columns(HelpPage.statements.map { ($0.syntax, $0.summary) }))
    sections.append(
      "'help print' explains a command; there are also 'help expressions', 'help functions', 'help prose', "
        + "'help settings' and 'help values'.")
    return sections.joined(separator: "\n\n")
  }

  /// Everything that `help` can be asked for.
  public var helpTopics: [String] {
    commands.map(\.name) + functions.map(\.name) + objectTypes.map(\.name) + HelpPage.statements.map(\.name)
      + ["expressions", "functions", "prose", "settings", "values"]
  }

  /// The page on a command, a function, a statement or a general topic; nil where there is none.
  public func help(_ topic: String) -> String? {
    if let command = command(topic) {
      // 'sweep' is a command and what it gives.
      return objectType(topic).map { "\(command.help)\n\n\($0.help)" } ?? command.help
    }
    if let page = HelpPage.statements.first(where: { $0.name == topic }) { return page.text }
    switch topic {
    case "expressions": return HelpPage.expressions
    case "prose": return HelpPage.prose
    case "functions": return "Functions\n" + Self.columns(functions.map { ($0.syntax, $0.summary) })
    case "settings":
      return "Settings, as in: set seed 7\n"
        + Self.columns(settings.map { ("\($0.name) \($0.parameter.placeholder)", $0.summary) })
    case "values": return valuesPage
    default: break
    }
    if let function = function(topic) { return "\(function.syntax)\n\n\(function.summary.sentence)" }
    return objectType(topic)?.help
  }

  private var valuesPage: String {
    let plain = [
      ("number", "whole numbers are exact up to 9007199254740992"), ("text", "\"…\", with {…} for values"),
      ("truth", "true or false"), ("range", "0..9, both ends included"), ("list", "[1, 7]"),
    ]
    return "Values\n" + Self.columns(plain + objectTypes.map { ($0.name, $0.summary) })
  }

  /// Two columns, the second one wrapped.
  static func columns(_ rows: [(String, String)]) -> String {
    let width = min(28, rows.map(\.0.terminalWidth).max() ?? 0)
    return rows.map { name, text in
      let padding = String(repeating: " ", count: max(0, width - name.terminalWidth))
      let lines = text.wrapped(width: 96 - width)
      let indent = "\n" + String(repeating: " ", count: width + 4)
      if text.isEmpty { return "  " + name }
      let gap = name.terminalWidth > width ? indent : padding + "  "
      return "  " + name + gap + lines.joined(separator: indent)
    }.joined(separator: "\n")
  }
}

extension CommandDeclaration {
  /// Its page of help: syntax, what it does, what it takes, what it gives, an example.
  public var help: String {
    var parts = [syntax.wrapped(width: 100).joined(separator: "\n    "), summary.sentence]
    if !details.isEmpty { parts.append(details.wrapped(width: 100).joined(separator: "\n")) }
    if !parameters.isEmpty { parts.append(Vocabulary.columns(parameters.map { ($0.label, $0.explanation) })) }
    if result != .nothing && result != .any { parts.append("Gives \(result).") }
    parts.append("Example\n" + example.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
    return parts.joined(separator: "\n\n")
  }
}

extension Parameter {
  /// The parameter with what stands for its value: `epochs N`, `DATASET`.
  var label: String {
    switch role {
    case .positional, .values: placeholder
    case .toggle: name
    case .marker, .option: "\(name) \(placeholder)"
    }
  }

  /// What it does, and what holds without it.
  var explanation: String { fallback.map { "\(summary) (\($0.text))" } ?? summary }
}

extension ObjectTypeDeclaration {
  var help: String {
    var parts = [summary.isEmpty ? withArticle(name).sentence : summary.sentence]
    if !fields.isEmpty {
      parts.append("Fields\n" + Vocabulary.columns(fields.map { (".\($0.name)", "\($0.summary): \($0.type)") }))
    }
    if let elementType { parts.append("x[0] is \(elementType).") }
    if let sliceType { parts.append("x[0..3] is \(sliceType).") }
    return parts.joined(separator: "\n\n")
  }
}

extension String {
  /// With a capital at its beginning and a full stop at its end.
  var sentence: String {
    guard let first else { return self }
    return first.uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
  }

  /// Broken at blanks into lines of at most `width` columns.
  func wrapped(width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty && line.terminalWidth + 1 + String(word).terminalWidth > width {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      lines.append(line)
    }
    return lines
  }
}
