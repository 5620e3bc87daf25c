/// A call that is about to run: its values suit the declared kinds. Values are asked for by their parameters' names; a
/// parameter that was left out has its declared default.
package struct Invocation {
  struct Given {
    enum Content {
      case value(Value)
      case word(String)
      case values([Value])
      case command(Expression)
      case present
    }

    let content: Content
    let span: Span
  }

  let command: CommandDeclaration
  let verb: Name
  let given: [Int: Given]
  let runner: CommandRunner

  /// The command's name.
  package var name: String { command.name }

  /// Whether the call gives the parameter itself.
  package func wasGiven(_ name: String) -> Bool { given(name) != nil }

  /// Whether a toggle such as `shuffle` is there.
  package func isSet(_ name: String) -> Bool { wasGiven(name) }

  /// An error at the value of a parameter, or at the command's name where the call does not give it.
  package func failure(_ name: String, _ message: String, hint: String? = nil) -> ScriptFailure {
    ScriptFailure(message, hint: hint, at: given(name)?.span ?? verb.span)
  }

  /// Does something with the value of a parameter, to which its errors then belong: opening the file of a path.
  package func blaming<Result>(_ name: String, _ action: () throws -> Result) throws -> Result {
    do {
      return try action()
    } catch let failure as ScriptFailure where failure.span == nil {
      throw self.failure(name, failure.message, hint: failure.hint)
    } catch let error where !(error is ScriptFailure || error is Stop || error is Diagnostic) {
      throw failure(name, "\(error)")
    }
  }

  func given(_ name: String) -> Given? {
    command.parameters.firstIndex { $0.name == name }.flatMap { given[$0] }
  }

  func parameter(_ name: String) throws -> Parameter {
    guard let parameter = command.parameters.first(where: { $0.name == name }) else {
      throw ScriptFailure("'\(command.name)' asks for '\(name)', which it does not declare")
    }
    return parameter
  }

  /// The value that holds for a parameter, nil where nothing does.
  func effective(_ name: String) throws -> Given.Content? {
    let parameter = try parameter(name)
    if let given = given(name) { return given.content }
    switch parameter.fallback {
    case .number(let number): return .value(.number(number))
    case .word(let word): return .word(word)
    case .described, nil: return nil
    }
  }

  /// The error of asking for something that neither the call nor the declaration gives.
  package func missing(_ name: String, _ wanted: String) -> ScriptFailure {
    failure(name, "'\(command.name)' needs \(wanted) for '\(name)'")
  }
}
