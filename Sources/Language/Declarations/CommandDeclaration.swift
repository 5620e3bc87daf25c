/// A command: all that the parser, the checker, help, completion and the README say about it, and what it does.
package struct CommandDeclaration: Sendable {
  /// What runs a command. It is given the call with its values, which suit their declared kinds, and the session.
  package typealias Action = @Sendable (Invocation, Session) throws -> Value
  /// What knows the type of a call's result more closely than its declaration, nil where it does not.
  package typealias Refinement = @Sendable (Inspection) -> ValueType?
  /// What looks for mistakes in a call before anything runs.
  package typealias Check = @Sendable (Inspection) -> [ScriptFailure]

  /// The name.
  package let name: String
  /// The heading that it stands under in help.
  package let group: CommandGroup
  /// What it does, as a phrase in the third person: `trains a model in place`.
  package let summary: String
  /// Further explanation for its own help page; paragraphs of any length.
  package let details: String
  /// What it takes, in the order in which its syntax shows them.
  package let parameters: [Parameter]
  /// What sort of value it gives.
  package let result: ValueType
  /// Says more about the result than `result` does.
  package let refine: Refinement?
  /// Whether a script ends with it.
  package let endsSession: Bool
  /// What a saved session keeps of it.
  package let trace: Trace
  /// The ending of the files that it writes where it is given no path, `png`; nil where it then writes none.
  package let defaultOutput: String?
  /// Statements that show its use; lines before the last prepare what the last one needs.
  package let example: String
  /// Finds mistakes that the declarations of its parameters cannot express.
  package let check: Check?
  /// What it does.
  package let run: Action

  /// Declares a command.
  package init(
    _ name: String, group: CommandGroup, summary: String, details: String = "", parameters: [Parameter] = [],
    result: ValueType = .nothing, refine: Refinement? = nil, endsSession: Bool = false, trace: Trace = .kept,
    defaultOutput: String? = nil, example: String, check: Check? = nil, run: @escaping Action
  ) {
    self.name = name
    self.group = group
    self.summary = summary
    self.details = details
    self.parameters = parameters
    self.result = result
    self.refine = refine
    self.endsSession = endsSession
    self.trace = trace
    self.defaultOutput = defaultOutput
    self.example = example
    self.check = check
    self.run = run
  }

  /// The syntax in one line: `train MODEL on DATASET [epochs 200] [batch 64]`.
  package var syntax: String { ([name] + parameters.map(\.syntax)).joined(separator: " ") }

  /// The parameters that a script introduces by their names.
  package var namedParameters: [Parameter] { parameters.filter(\.isNamed) }
}

extension Parameter {
  /// The parameter in a command's syntax: `[epochs 200]`, `on DATASET`, `["path"]`.
  package var syntax: String {
    var text = placeholder
    switch role {
    case .positional, .values: break
    case .marker: text = "\(name) \(placeholder)"
    case .toggle: text = name
    case .option:
      if case .number(let number) = fallback, words.isEmpty {
        text = "\(name) \(number.scriptText)"
      } else {
        text = "\(name) \(placeholder)"
      }
    }
    return isOptional && role != .values ? "[\(text)]" : text
  }
}

/// A heading that help and the README list commands under.
package struct CommandGroup: Hashable, Sendable {
  /// The heading: `Figures and reports`.
  package let name: String
  /// What its commands are for: `draw, show and report`.
  package let purpose: String

  /// A heading and what its commands are for.
  package init(_ name: String, purpose: String) {
    self.name = name
    self.purpose = purpose
  }
}

/// What a session that is saved as a script keeps of a call that worked.
package enum Trace: Hashable, Sendable {
  /// The statement.
  case kept
  /// Nothing: the command only concerns the conversation.
  case none
  /// Nothing where its first value is this word, as in `save session`.
  case noneFor(word: String)
}
