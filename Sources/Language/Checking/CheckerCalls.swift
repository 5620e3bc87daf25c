import BVAEPlatform

extension Checker {
  mutating func type(ofCall call: Call, at span: Span) -> ValueType {
    let signature = call.target.signature
    var facts: [Int: Inspection.Fact] = [:]
    var inner: ValueType?
    for argument in call.arguments {
      let parameter = signature[argument.parameter]
      switch argument.content {
      case .present:
        facts[argument.parameter] = .init(type: .truth, literal: nil, word: nil, path: nil, span: argument.span)
      case .expressions(let expressions):
        for expression in expressions { _ = check(expression, for: parameter, of: call) }
      case .expression(let expression):
        let type = check(expression, for: parameter, of: call)
        if parameter.kinds.contains(.command) { inner = type }
        var word: String?
        if case .word(let text) = expression.kind { word = text }
        facts[argument.parameter] = .init(
          type: type, literal: sure(expression), word: word, path: writtenPath(expression), span: expression.span)
      }
    }
    switch call.target {
    case .defined(let definition):
      let types = signature.indices.compactMap { facts[$0]?.type }
      return result(of: commands[definition.name.text] ?? definition, for: types, calledAt: span)
    case .command(let command):
      let missing = signature.indices.filter { facts[$0] == nil }
      // A command that is given no path may find one of its own.
      if let ending = command.defaultOutput, missing.contains(where: { signature[$0].kinds.contains(.outputPath) }) {
        paths.writeSomewhere(beginning: "", ending: ".\(ending)")
      }
      if command.endsSession { mayHaveEnded = true }
      let inspection = Inspection(
        verb: call.verb, parameters: signature, facts: facts, vocabulary: vocabulary,
        definedCommands: definedCommands, isInteractive: isInteractive)
      for finding in command.check?(inspection) ?? [] {
        report(finding.message, finding.span ?? call.verb.span, hint: finding.hint)
      }
      return inner ?? command.refine?(inspection) ?? command.result
    }
  }

  /// The value of an expression that is written out or otherwise sure.
  private func sure(_ expression: Expression) -> Value? {
    Literal(expression)?.value ?? (isCertain ? constant(expression) : nil)
  }

  /// Checks a value against its parameter.
  private mutating func check(_ expression: Expression, for parameter: Parameter, of call: Call) -> ValueType {
    if parameter.name == "value", vocabulary.isSettingUnknown(call.verb, call.arguments) { return .any }
    let type: ValueType
    let taken = vocabulary.settingNamed(call.verb, call.arguments) ?? parameter
    if reportUnknown(expression, for: taken, of: call) { return .any }
    if case .name(let name) = expression.kind {
      let options = call.target.signature.filter(\.isNamed).map(\.name)
      if scope[name] == nil && options.contains(name) {
        report(
          "'\(parameter.name)' needs \(parameter.expectation); there is no variable '\(name)'", expression.span,
          hint: "'\(name)' is the next option's name")
        return .any
      }
      // A bare word that is no variable is the name of a class.
      if parameter.kinds.contains(.labels), scope[name] == nil, assignedLater[name] == nil, globals?[name] == nil {
        return .text
      }
      type = self.type(ofVariable: name, at: expression.span, alternatives: options + parameter.words)
    } else {
      type = self.type(of: expression)
    }
    if case .word = expression.kind { return type }
    if parameter.kinds.contains(.command) { return type }
    if let value = sure(expression) {
      if let complaint = parameter.complaint(about: value, verb: call.verb.text) {
        // What is wrong with the value matters more than what is odd about it.
        diagnostics.removeAll { $0.severity == .warning && $0.source === source && $0.span == expression.span }
        report(complaint.message, expression.span, hint: complaint.hint)
      } else if case .text(let text) = value {
        let path = Path.expandingHome(text)
        if parameter.kinds.contains(.outputPath) { paths.write(path, source, expression.span) }
        if parameter.kinds.contains(.inputPath) {
          let hint = parameter.words.contains(text) ? "write \(call.verb.text) \(text), without quotes" : nil
          paths.read(path, source, expression.span, hint: hint)
        }
      }
    } else if let complaint = parameter.complaint(about: type, verb: call.verb.text) {
      report(complaint, expression.span)
    } else if parameter.kinds.contains(.outputPath) {
      let (prefix, suffix) = ends(of: expression)
      paths.writeSomewhere(beginning: Path.expandingHome(prefix), ending: suffix)
    }
    return type
  }

  /// Reports a bare word that is neither one of those that are taken nor a variable, and a path without quotes.
  private mutating func reportUnknown(_ expression: Expression, for parameter: Parameter, of call: Call) -> Bool {
    let written = source.text(expression.span)
    switch expression.kind {
    case .name(let name) where isUnknown(name) && parameter.takesWord(name):
      report(
        "there is no variable '\(name)'", expression.span,
        hint: "the word itself is written without ( ), as in "
          + (parameter.isNamed ? "\(parameter.name) \(name)" : "\(call.verb.text) \(name)"))
    case .name(let name) where isUnknown(name) && !parameter.words.isEmpty:
      if call.target.signature.contains(where: { $0.isNamed && $0.name == name }) { return false }
      let names = parameter.words + scope.keys.sorted()
      report(
        "'\(name)' is not \(parameter.expectation)", expression.span,
        hint: Suggestion.hint(name, among: names) ?? "there is no variable '\(name)' either")
    case .access(let base, let accessors):
      guard parameter.takesPath, case .name(let name) = base.kind, isUnknown(name), case .field? = accessors.first
      else {
        return false
      }
      report("there is no variable '\(name)'", base.span, hint: "a path stands in quotes: \"\(written)\"")
    default: return false
    }
    return true
  }

  /// A path as far as it is written out: whole, or with `{…}` in it before an ending that is sure.
  private func writtenPath(_ expression: Expression) -> Inspection.WrittenPath? {
    if case .text(let path)? = sure(expression) {
      return .init(ending: Path.fileExtension(path), name: Path.name(path))
    }
    guard case .text(let parts) = expression.kind, case .literal(let last)? = parts.last, last.contains(".") else {
      return nil
    }
    let whole = source.text(expression.span).drop { $0 == "(" || $0 == "\"" }
    return .init(
      ending: Path.fileExtension("x" + last), name: Path.name(String(whole.prefix { $0 != "\"" })))
  }

  /// How a text begins and ends whatever is put into it: `out/` and `.npy` for `"out/{name}.npy"`.
  private func ends(of expression: Expression) -> (String, String) {
    guard case .text(let parts) = expression.kind else { return ("", "") }
    func literal(_ part: TextPart?) -> String { if case .literal(let text) = part { text } else { "" } }
    return (literal(parts.first), literal(parts.last))
  }
}

/// A call as the checker sees it, for rules of a single command that its declaration cannot express.
package struct Inspection {
  struct Fact {
    let type: ValueType
    let literal: Value?
    let word: String?
    let path: WrittenPath?
    let span: Span
  }

  /// What is known of a path before the script runs: the ending of its name, and the name as it is written.
  struct WrittenPath {
    let ending: String
    let name: String
  }

  let verb: Name
  let parameters: [Parameter]
  let facts: [Int: Fact]
  /// All that scripts can say.
  package let vocabulary: Vocabulary
  /// The names of the commands that the script defines.
  package let definedCommands: Set<String>
  /// Whether the call was typed in the interactive mode.
  package let isInteractive: Bool

  /// Whether the call gives the parameter.
  package func wasGiven(_ name: String) -> Bool { fact(name) != nil }

  /// The bare word that the call gives, nil for other values.
  package func word(_ name: String) -> String? { fact(name)?.word }

  /// The value, where it is written out.
  package func literal(_ name: String) -> Value? { fact(name)?.literal }

  /// The ending of the file whose path is written out, if only at its end, in lower case and without the dot; nil where
  /// it is not known.
  package func fileExtension(_ name: String) -> String? { fact(name)?.path?.ending }

  /// The name of that file as the script has it, `{k}.png`; nil where its ending is not known.
  package func fileName(_ name: String) -> String? { fact(name)?.path?.name }

  /// Whether a value of several numbers is given, as far as is known.
  package func hasSeveral(_ name: String) -> Bool {
    switch literal(name) {
    case .list(let list): list.count > 1
    case .range(let range): range.count > 1
    default: false
    }
  }

  /// What sort of value it is, as far as is known.
  package func type(of name: String) -> ValueType? { fact(name)?.type }

  /// A mistake at a parameter's value, or at the command's name where the call does not give it.
  package func mistake(_ name: String, _ message: String, hint: String? = nil) -> ScriptFailure {
    ScriptFailure(message, hint: hint, at: fact(name)?.span ?? verb.span)
  }

  private func fact(_ name: String) -> Fact? {
    parameters.firstIndex { $0.name == name }.flatMap { facts[$0] }
  }
}
