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
  package let name: String
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

  /// A value in its place behind the command's name. Optional ones come last.
  package static func positional(
    _ name: String, _ summary: String, _ kinds: Kind..., optional: Bool = false, placeholder: String? = nil
  ) -> Parameter {
    positional(name, summary, kinds, optional: optional, placeholder: placeholder)
  }

  /// The same for kinds that come from a list.
  package static func positional(
    _ name: String, _ summary: String, _ kinds: [Kind], optional: Bool = false, placeholder: String? = nil
  ) -> Parameter {
    Parameter(
      name: name, role: .positional, kinds: kinds, isOptional: optional, fallback: nil, placeholder: placeholder,
      summary: summary)
  }

  /// The last value behind the command's name, a whole expression, behind which nothing can follow.
  package static func rest(_ name: String, _ summary: String, _ kinds: Kind..., placeholder: String? = nil)
    -> Parameter
  {
    Parameter(
      name: name, role: .positional, kinds: kinds, isOptional: false, fallback: nil, placeholder: placeholder,
      summary: summary, isWhole: true)
  }

  /// All values behind the command's name, whole expressions separated by commas.
  package static func values(_ name: String, _ summary: String, _ kinds: Kind..., placeholder: String? = nil)
    -> Parameter
  {
    Parameter(
      name: name, role: .values, kinds: kinds, isOptional: true, fallback: nil, placeholder: placeholder ?? "…",
      summary: summary)
  }

  /// A value behind a marker word such as `on`, `from` or `for`.
  package static func marker(
    _ name: String, _ summary: String, _ kinds: Kind..., optional: Bool = false, placeholder: String? = nil
  ) -> Parameter {
    Parameter(
      name: name, role: .marker, kinds: kinds, isOptional: optional, fallback: nil, placeholder: placeholder,
      summary: summary)
  }

  /// A named value that may be left out.
  package static func option(
    _ name: String, _ summary: String, _ kinds: Kind..., default fallback: Fallback? = nil,
    placeholder: String? = nil
  ) -> Parameter {
    Parameter(
      name: name, role: .option, kinds: kinds, isOptional: true, fallback: fallback, placeholder: placeholder,
      summary: summary)
  }

  /// A word that is there or not, without a value.
  package static func toggle(_ name: String, _ summary: String) -> Parameter {
    Parameter(
      name: name, role: .toggle, kinds: [], isOptional: true, fallback: nil, placeholder: nil, summary: summary)
  }

  /// The same option with other words, further kinds and another fallback.
  package func varied(_ summary: String, adding further: [Kind], default fallback: Fallback?) -> Parameter {
    Parameter(
      name: name, role: role, kinds: kinds + further, isOptional: isOptional, fallback: fallback, placeholder: nil,
      summary: summary, isWhole: isWhole)
  }

  private init(
    name: String, role: Role, kinds: [Kind], isOptional: Bool, fallback: Fallback?, placeholder: String?,
    summary: String, isWhole: Bool = false
  ) {
    self.name = name
    self.isWhole = isWhole
    self.role = role
    self.kinds = kinds
    self.isOptional = isOptional
    self.fallback = fallback
    self.placeholder = placeholder ?? kinds.map(\.placeholder).joined(separator: "|")
    self.summary = summary
  }

  /// Whether its name introduces it in a script.
  var isNamed: Bool { role != .positional && role != .values }
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
