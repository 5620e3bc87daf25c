/// A command: all that the parser, the checker, help, completion and the README say about it, and what it does.
public struct CommandDeclaration: Sendable {
  /// What runs a command. It is given the call with its values, which suit their declared kinds, and the session.
  public typealias Action = @Sendable (Invocation, Session) throws -> Value
  /// What knows the type of a call's result more closely than its declaration, nil where it does not.
  public typealias Refinement = @Sendable (Inspection) -> ValueType?
  /// What looks for mistakes in a call before anything runs.
  public typealias Check = @Sendable (Inspection) -> [ScriptFailure]

  /// The name.
  public let name: String
  /// The heading that it stands under in help.
  public let group: CommandGroup
  /// What it does, as a phrase in the third person: `trains a model in place`.
  public let summary: String
  /// Further explanation for its own help page; paragraphs of any length.
  public let details: String
  /// What it takes, in the order in which its syntax shows them.
  public let parameters: [Parameter]
  /// What sort of value it gives.
  public let result: ValueType
  /// Says more about the result than `result` does.
  public let refine: Refinement?
  /// Statements that show its use; lines before the last prepare what the last one needs.
  public let example: String
  /// Finds mistakes that the declarations of its parameters cannot express.
  public let check: Check?
  /// What it does.
  public let run: Action

  /// Declares a command.
  public init(
    _ name: String, group: CommandGroup, summary: String, details: String = "", parameters: [Parameter] = [],
    result: ValueType = .nothing, refine: Refinement? = nil, example: String, check: Check? = nil,
    run: @escaping Action
  ) {
    self.name = name
    self.group = group
    self.summary = summary
    self.details = details
    self.parameters = parameters
    self.result = result
    self.refine = refine
    self.example = example
    self.check = check
    self.run = run
  }

  /// The syntax in one line: `train MODEL on DATASET [epochs 200] [batch 64]`.
  public var syntax: String { ([name] + parameters.map(\.syntax)).joined(separator: " ") }

  /// The parameters that a script introduces by their names.
  public var namedParameters: [Parameter] { parameters.filter(\.isNamed) }
}

extension Parameter {
  /// The parameter in a command's syntax: `[epochs 200]`, `on DATASET`, `["path"]`.
  public var syntax: String {
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

/// The headings that help and the README list commands under.
public enum CommandGroup: String, CaseIterable, Sendable {
  /// Loading and choosing images.
  case data = "Data"
  /// Making and training models.
  case models = "Models"
  /// Asking models.
  case experiments = "Experiments"
  /// Pictures, tables, the report.
  case results = "Figures and reports"
  /// Reading and writing files.
  case files = "Files"
  /// Everything else.
  case housekeeping = "Housekeeping"
}
