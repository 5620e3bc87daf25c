/// A command. What it takes it declares as properties, and help, the checker, completion, the manual and the README read
/// these; when it runs, they have the call's values:
///
///     struct Sample: Command {
///       static let about = CommandAbout("sample", in: .experiments, "makes images of codes drawn from the prior", …)
///
///       @Positional("the model") var model: ModelValue
///       @Option("how many images", .integer(1...10_000), default: 64) var count: Int
///       @Option("the seed of the codes", default: .scriptSeed) var seed: UInt64?
///
///       func run(_ site: CallSite, _ session: Session) throws -> Value { … }
///     }
///
/// A new command is one such file, and a line in its vocabulary's list.
package protocol Command: ArgumentGroup {
  /// What is said about it beside what it takes.
  static var about: CommandAbout { get }
  /// What sort of value it gives, known more closely than `about.result`; nil where it is not. Asked before anything
  /// runs, and only where `about.refinesResult`.
  var knownResult: ValueType? { get }
  /// Does it: every property has its value, and none of the rules is broken.
  func run(_ site: CallSite, _ session: Session) throws -> Value
}

extension Command {
  /// Nothing more than its declaration says.
  package var knownResult: ValueType? { nil }
}

/// Arguments that commands share: a group stands in each of them as one property, `@Group var training: TrainingArguments`.
package protocol ArgumentGroup: SendableMetatype {
  /// Without values.
  init()
  /// All that it takes, in the order in which its syntax shows it: its declared properties, unless it says otherwise.
  var arguments: [any DeclaredArgument] { get }
  /// What its declared properties cannot express. A rule is asked before anything runs, when only some values are known,
  /// and again when all are: it looks at `$property`, whose `known` is nil for what is not known yet.
  var rules: [Rule] { get }
}

/// Finds what is wrong with the values of a call.
package typealias Rule = (CallSite) -> [ScriptFailure]

extension ArgumentGroup {
  /// The declared properties and those of groups, in the order of their declaration.
  package var arguments: [any DeclaredArgument] {
    Mirror(reflecting: self).children.flatMap { child -> [any DeclaredArgument] in
      (child.value as? any DeclaredProperty)?.arguments(named: String((child.label ?? "").drop { $0 == "_" })) ?? []
    }
  }

  /// None.
  package var rules: [Rule] { [] }

  /// Without values, its arguments with their names.
  package static var unbound: Self {
    let group = Self()
    _ = group.arguments
    return group
  }

  /// Its own rules and those of its groups.
  package var allRules: [Rule] {
    Mirror(reflecting: self).children.flatMap { ($0.value as? any DeclaredGroup)?.rules ?? [] } + rules
  }
}

/// What is said about a command beside what it takes.
package struct CommandAbout: Sendable {
  /// The name.
  package let name: String
  /// The heading that it stands under in help.
  package let group: CommandGroup
  /// What it does, as a phrase in the third person: `trains a model in place`.
  package let summary: String
  /// Further explanation for its own help page; paragraphs of any length.
  package let details: String
  /// What sort of value it gives.
  package let result: ValueType
  /// Whether it can know more of its result before it runs.
  package let refinesResult: Bool
  /// What it does for the language itself.
  package let role: CommandRole
  /// What a saved session keeps of it.
  package let trace: Trace
  /// The ending of the files that it writes where it is given no path, `png`; nil where it then writes none.
  package let defaultOutput: String?
  /// Statements that show its use; lines before the last prepare what the last one needs.
  package let example: String

  /// See the properties.
  package init(
    _ name: String, in group: CommandGroup, _ summary: String, role: CommandRole = .ordinary, details: String = "",
    result: ValueType = .nothing, refinesResult: Bool = false, trace: Trace = .kept, defaultOutput: String? = nil,
    example: String
  ) {
    (self.name, self.group, self.summary, self.details) = (name, group, summary, details)
    (self.result, self.refinesResult, self.role) = (result, refinesResult, role)
    (self.trace, self.defaultOutput, self.example) = (trace, defaultOutput, example)
  }
}

/// Where a call stands.
package struct CallSite {
  let verb: Name
  let source: Source
  /// The marks of the call's values.
  package let marks: Set<String>
  /// All that scripts can say.
  package let vocabulary: Vocabulary
  let definitions: [String: Definition]
  /// Whether the call was typed in the interactive mode.
  package let isInteractive: Bool

  /// How a command that the script defines is called; nil where it defines none of that name.
  package func syntax(ofDefined name: String) -> String? { definitions[name]?.syntax }

  /// The command's name.
  package var name: String { verb.text }
  /// The script, for the provenance of what the call makes.
  package var script: String { source.name }
  /// The line, counted from 1.
  package var line: Int { source.line(at: verb.span.lower) }
}
