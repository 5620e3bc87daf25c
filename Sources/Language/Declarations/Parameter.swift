/// Something that a command takes: a value behind its name, a value behind a marker word, an option.
package struct Parameter: Sendable {
  /// Where a parameter stands.
  package enum Role: Hashable, Sendable {
    /// A value in its place behind the command.
    case positional
    /// All values behind the command, separated by commas.
    case values
    /// A value behind a word that says its part: `on DATASET`. Needed unless optional.
    case marker
    /// A named value that may be left out: `epochs 200`.
    case option
    /// A word that is there or not: `shuffle`.
    case toggle
  }

  /// The word that introduces it; for positional ones only what the command calls it.
  package internal(set) var name: String
  /// Other words that introduce it, which scripts may have from earlier versions.
  package let aliases: [String]
  /// Where it stands.
  package let role: Role
  /// What it takes, at least one kind; nothing for a toggle.
  package let kinds: [Kind]
  /// Whether a positional one is a whole expression and no primary.
  let isWhole: Bool
  /// Whether it may be left out.
  package let isOptional: Bool
  /// What holds when it is left out.
  package let fallback: Fallback?
  /// What stands for the value in the command's syntax.
  package let placeholder: String
  /// What it does, in a few words.
  package let summary: String
  /// Whether it takes a path that is read, one that is written, and any path at all.
  let takesInput: Bool, takesOutput: Bool, takesPath: Bool
  /// Whether it takes a call or an expression that the command itself runs.
  let takesCommand: Bool
  /// Whether a bare word that is no variable is the name of something here.
  let takesNames: Bool

  init(
    name: String, aliases: [String] = [], role: Role, kinds: [Kind], isWhole: Bool = false, isOptional: Bool = false,
    fallback: Fallback? = nil, placeholder: String? = nil, summary: String
  ) {
    self.name = name
    self.aliases = aliases
    self.role = role
    self.kinds = kinds
    self.isWhole = isWhole
    self.isOptional = isOptional
    self.fallback = fallback
    self.placeholder = placeholder ?? kinds.map(\.placeholder).joined(separator: "|")
    self.summary = summary
    takesInput = kinds.contains(.inputPath)
    takesOutput = kinds.contains(.outputPath)
    takesPath = takesInput || takesOutput || kinds.contains(.folder)
    takesCommand = kinds.contains(.command)
    takesNames = kinds.contains { if case .named = $0 { true } else { false } }
  }

  /// The same option with other words, further kinds and another fallback.
  package func varied(_ summary: String, adding further: [Kind], default fallback: Fallback?) -> Parameter {
    Parameter(
      name: name, aliases: aliases, role: role, kinds: kinds + further, isWhole: isWhole, isOptional: isOptional,
      fallback: fallback, placeholder: ([placeholder] + further.map(\.placeholder)).joined(separator: "|"),
      summary: summary)
  }

  /// Whether its name introduces it in a script.
  var isNamed: Bool { role != .positional && role != .values }

  /// Whether a word introduces it.
  func isIntroduced(by word: String) -> Bool { isNamed && (word == name || aliases.contains(word)) }
}

/// What holds when an option is left out.
package enum Fallback: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral
{
  /// A number.
  case number(Double)
  /// One of the option's words.
  case word(String)
  /// Something that the command itself finds, in words for help: `the script's seed`.
  case described(String)

  /// A whole number.
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// A number.
  package init(floatLiteral value: Double) { self = .number(value) }
  /// A word.
  package init(stringLiteral value: String) { self = .word(value) }

  /// As help shows it.
  package var text: String {
    switch self {
    case .number(let number): number.scriptText
    case .word(let word): word
    case .described(let words): words
    }
  }
}
