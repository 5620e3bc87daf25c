extension Checker {
  mutating func type(ofCall call: Call) -> ValueType {
    let signature = call.target.signature
    var facts: [Int: Inspection.Fact] = [:]
    var inner: ValueType?
    for argument in call.arguments {
      let parameter = signature[argument.parameter]
      switch argument.content {
      case .present: facts[argument.parameter] = .init(type: .truth, literal: nil, word: nil, span: argument.span)
      case .expressions(let expressions):
        for expression in expressions { _ = check(expression, for: parameter, of: call) }
      case .expression(let expression):
        let type = check(expression, for: parameter, of: call)
        if parameter.kinds.contains(.command) { inner = type }
        var word: String?
        if case .word(let text) = expression.kind { word = text }
        facts[argument.parameter] = .init(
          type: type, literal: Literal(expression)?.value, word: word, span: expression.span)
      }
    }
    guard case .command(let command) = call.target else { return .any }
    let missing = signature.indices.filter { facts[$0] == nil }
    // A command that is given no path finds one of its own.
    if missing.contains(where: { signature[$0].kinds.contains(.outputPath) }) { paths.write(nil) }
    if let check = command.check {
      let inspection = Inspection(
        verb: call.verb, parameters: signature, facts: facts, vocabulary: vocabulary, definedCommands: definedCommands)
      for finding in check(inspection) { report(finding.message, finding.span ?? call.verb.span, hint: finding.hint) }
    }
    return inner ?? command.result
  }

  /// Checks a value against its parameter.
  private mutating func check(_ expression: Expression, for parameter: Parameter, of call: Call) -> ValueType {
    let type: ValueType
    if case .name(let name) = expression.kind {
      let options = call.target.signature.filter(\.isNamed).map(\.name)
      if scope[name] == nil && options.contains(name) {
        report(
          "'\(parameter.name)' needs \(parameter.expectation); there is no variable '\(name)'", expression.span,
          hint: "'\(name)' is the next option's name")
        return .any
      }
      type = self.type(ofVariable: name, at: expression.span, alternatives: options + parameter.words)
    } else {
      type = self.type(of: expression)
    }
    if case .word = expression.kind { return type }
    if parameter.kinds.contains(.command) { return type }
    if let literal = Literal(expression) {
      if let complaint = parameter.complaint(about: literal.value, verb: call.verb.text) {
        report(complaint.message, expression.span, hint: complaint.hint)
      } else if case .text(let path) = literal {
        if parameter.kinds.contains(.outputPath) { paths.write(path) }
        if parameter.kinds.contains(.inputPath) { paths.read(path, source, expression.span) }
      }
    } else if let complaint = parameter.complaint(about: type, verb: call.verb.text) {
      report(complaint, expression.span)
    } else if parameter.kinds.contains(.outputPath) {
      paths.write(nil)
    }
    return type
  }
}

/// A call as the checker sees it, for rules of a single command that its declaration cannot express.
public struct Inspection {
  struct Fact {
    let type: ValueType
    let literal: Value?
    let word: String?
    let span: Span
  }

  let verb: Name
  let parameters: [Parameter]
  let facts: [Int: Fact]
  /// All that scripts can say.
  public let vocabulary: Vocabulary
  /// The names of the commands that the script defines.
  public let definedCommands: Set<String>

  /// Whether the call gives the parameter.
  public func wasGiven(_ name: String) -> Bool { fact(name) != nil }

  /// The bare word that the call gives, nil for other values.
  public func word(_ name: String) -> String? { fact(name)?.word }

  /// The value, where it is written out.
  public func literal(_ name: String) -> Value? { fact(name)?.literal }

  /// What sort of value it is, as far as is known.
  public func type(of name: String) -> ValueType? { fact(name)?.type }

  /// A mistake at a parameter's value, or at the command's name where the call does not give it.
  public func mistake(_ name: String, _ message: String, hint: String? = nil) -> ScriptFailure {
    ScriptFailure(message, hint: hint, at: fact(name)?.span ?? verb.span)
  }

  private func fact(_ name: String) -> Fact? {
    parameters.firstIndex { $0.name == name }.flatMap { facts[$0] }
  }
}
