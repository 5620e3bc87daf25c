/// The grammar by which editors colour scripts, in TextMate's form. Its words come from the declarations.
///
/// Its expressions keep to what Oniguruma and ICU both read. What a word means in a call only the parser knows: options
/// and fixed words are coloured by their names alone.
package struct TextMateGrammar {
  private let vocabulary: Vocabulary

  /// The grammar as JSON.
  package static func json(_ vocabulary: Vocabulary) -> String {
    TextMateGrammar(vocabulary: vocabulary).root.text() + "\n"
  }

  private static let name = #"[\p{L}_][\p{L}\p{M}\p{Nd}\p{Pc}]*"#

  private var root: JSONValue {
    .object([
      ("name", "bvae-script"), ("scopeName", "source.bvs"), ("fileTypes", .array(["bvs"])),
      ("firstLineMatch", #"^#!.*\bbvae-script\b"#),
      ("patterns", .array([include("prose"), include("statement")])),
      (
        "repository",
        .object([
          ("prose", prose), ("statement", statement), ("expression", expression), ("text", text),
          ("interpolation", interpolation),
        ])
      ),
    ])
  }

  // MARK: - Lines

  private var prose: JSONValue {
    .object([
      ("name", "markup.quote.prose.bvs"), ("begin", #"^[ \t]*(\|)"#),
      ("beginCaptures", captures(["punctuation.definition.prose.bvs"])), ("end", "$"),
      ("patterns", .array([match("constant.character.escape.bvs", #"\\[{}]"#), include("interpolation")])),
    ])
  }

  private var statement: JSONValue {
    .object([
      (
        "patterns",
        .array([
          match("string.unquoted.shell.bvs", #"^[ \t]*!(?!=).*$"#),
          match("comment.line.number-sign.bvs", "#.*$"),
          match("keyword.operator.continuation.bvs", #"\\(?=[ \t]*(?:#.*)?$)"#),
          match(
            nil, #"^[ \t]*(define)[ \t]+(\#(Self.name))"#, ["keyword.control.bvs", "entity.name.function.bvs"]),
          match(
            nil, #"^[ \t]*(\#(Self.name))[ \t]*(=)(?!=)"#,
            ["variable.other.assignment.bvs", "keyword.operator.assignment.bvs"]),
          include("expression"),
        ])
      )
    ])
  }

  // MARK: - Expressions

  private var expression: JSONValue {
    let verbs = alternatives(vocabulary.commands.map(\.name))
    return .object([
      (
        "patterns",
        .array([
          include("text"),
          match("constant.numeric.bvs", #"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\p{L}_])"#),
          match(
            nil, #"(?<!\.)(\.)(\#(Self.name))"#, ["punctuation.accessor.bvs", "variable.other.member.bvs"]),
          match(
            nil, #"(?:^|(?<=[=(]))[ \t]*(?:(time)[ \t]+)?(\#(verbs))\b(?![ \t]*=(?!=))(?!\()"#,
            ["support.function.command.bvs", "support.function.command.bvs"]),
          match("keyword.control.bvs", words(ReservedWord.blocks.sorted() + ["in"])),
          match("keyword.operator.word.bvs", words(["and", "or", "not"])),
          match("constant.language.bvs", words(["true", "false"])),
          match(
            "support.function.builtin.bvs", #"\b\#(alternatives(vocabulary.functions.map(\.name)))(?=\()"#),
          match("variable.parameter.option.bvs", #"(?<=[ \t])\#(alternatives(optionNames))\b(?=[ \t]|$)"#),
          match("support.constant.bvs", words(fixedWords)),
          match("variable.other.bvs", Self.name),
          match("keyword.operator.bvs", #"==|!=|<=|>=|\.\.|[=<>+\-*/%]"#),
          match("punctuation.bvs", #"[()\[\],.]"#),
        ])
      )
    ])
  }

  private var text: JSONValue {
    .object([
      ("name", "string.quoted.double.bvs"), ("begin", "\""), ("end", "\"|$"),
      (
        "patterns",
        .array([
          match("constant.character.escape.bvs", #"\\[nt"\\{}]"#), match("invalid.illegal.escape.bvs", #"\\."#),
          include("interpolation"),
        ])
      ),
    ])
  }

  private var interpolation: JSONValue {
    .object([
      ("name", "meta.embedded.bvs"), ("begin", #"\{"#),
      ("beginCaptures", .object([("0", .object([("name", "punctuation.section.embedded.bvs")]))])),
      ("end", #"\}|$"#),
      ("endCaptures", .object([("0", .object([("name", "punctuation.section.embedded.bvs")]))])),
      (
        "patterns",
        .array([match("constant.other.placeholder.bvs", #":[^}"]*(?=\})"#), include("expression")])
      ),
    ])
  }

  // MARK: - Words

  private var optionNames: [String] { vocabulary.commands.flatMap { $0.namedParameters.map(\.name) } }

  private var fixedWords: [String] {
    vocabulary.commands.flatMap { $0.parameters.flatMap { $0.words + $0.keywords } }
  }

  /// The words as an expression, the longest first, each once.
  private func alternatives(_ words: [String]) -> String {
    let sorted = Set(words).sorted { ($0.count, $1) > ($1.count, $0) }
    return "(?:\(sorted.joined(separator: "|")))"
  }

  private func words(_ words: [String]) -> String { #"\b\#(alternatives(words))\b"# }

  private func include(_ name: String) -> JSONValue { .object([("include", .text("#\(name)"))]) }

  private func match(_ scope: String?, _ expression: String, _ groups: [String] = []) -> JSONValue {
    var members: [(String, JSONValue)] = scope.map { [("name", .text($0))] } ?? []
    members.append(("match", .text(expression)))
    if !groups.isEmpty { members.append(("captures", captures(groups))) }
    return .object(members)
  }

  private func captures(_ scopes: [String]) -> JSONValue {
    .object(scopes.enumerated().map { ("\($0.offset + 1)", .object([("name", .text($0.element))])) })
  }
}

/// JSON that keeps the order of its members.
private enum JSONValue: ExpressibleByStringLiteral {
  case text(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  init(stringLiteral value: String) { self = .text(value) }

  func text(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .text(let text): return Self.quoted(text)
    case .array(let elements):
      if elements.allSatisfy(\.isText) { return "[" + elements.map { $0.text() }.joined(separator: ", ") + "]" }
      return "[\n" + elements.map { inner + $0.text(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      if members.count == 1, members[0].1.isText { return "{ \(Self.quoted(members[0].0)): \(members[0].1.text()) }" }
      let lines = members.map { "\(inner)\(Self.quoted($0.0)): \($0.1.text(indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    }
  }

  private var isText: Bool { if case .text = self { true } else { false } }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result + "\""
  }
}
