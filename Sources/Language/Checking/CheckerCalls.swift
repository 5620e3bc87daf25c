import BVAEPlatform

extension Checker {
  mutating func type(ofCall call: Call, at span: Span) -> ValueType {
    let signature = call.target.signature, isInspected = call.target.isInspected
    var given: [Given] = []
    var inner: ValueType?
    for argument in call.arguments {
      let parameter = signature[argument.parameter]
      switch argument.content {
      case .present:
        given.append(Given(content: .present, type: .truth, span: argument.span, place: argument.parameter))
      case .expressions(let expressions):
        for expression in expressions { _ = check(expression, for: parameter, of: call) }
        given.append(Given(content: nil, type: .list, span: argument.span, place: argument.parameter))
      case .expression(let expression):
        let (type, value) = check(expression, for: parameter, of: call)
        if parameter.takesCommand { inner = type }
        guard isInspected else { continue }
        let content: Given.Content? =
          if case .word(let word) = expression.kind { .word(word) } else { value.map { .value($0) } }
        given.append(
          Given(
            content: content, type: type, path: parameter.takesPath ? writtenPath(expression) : nil,
            span: expression.span, place: argument.parameter))
      }
    }
    switch call.target {
    case .defined(let definition):
      var types = [ValueType?](repeating: nil, count: definition.parameters.count)
      for value in given { types[value.place] = value.type }
      let current = commands[definition.name.text] ?? definition
      return current.isCalled(like: definition) ? result(of: current, for: types, calledAt: span) : .any
    case .command(let command):
      // A command that is given no path may find one of its own.
      if let ending = command.about.defaultOutput,
        signature.indices.contains(where: { place in
          signature[place].takesOutput && !call.arguments.contains { $0.parameter == place }
        })
      {
        paths.writeSomewhere(beginning: "", ending: ".\(ending)")
      }
      if command.about.role == .ends { mayHaveEnded = true }
      guard isInspected else { return inner ?? command.about.result }
      let site = CallSite(
        verb: call.verb, source: source, marks: [], vocabulary: vocabulary, definitions: commands,
        isInteractive: isInteractive)
      let instance = instances.take(command)
      let (mistakes, result) = instance.inspect(given, site)
      instances.putBack(instance, of: command)
      for mistake in mistakes { report(mistake.message, mistake.span ?? call.verb.span, hint: mistake.hint) }
      return inner ?? result ?? command.about.result
    }
  }

  /// The value of an expression that is written out or otherwise sure.
  private func sure(_ expression: Expression) -> Value? {
    Literal(expression)?.value ?? (isCertain ? constant(expression) : nil)
  }

  /// Checks a value against its parameter.
  /// - Returns: its type, and the value where it is sure and suits.
  private mutating func check(
    _ expression: Expression, for parameter: Parameter, of call: Call
  ) -> (type: ValueType, value: Value?) {
    if vocabulary.isSettingUnknown(call.verb, call.arguments) { return (.any, nil) }
    let type: ValueType
    let taken = vocabulary.settingNamed(call.verb, call.arguments) ?? parameter
    if reportUnknown(expression, for: taken, of: call) { return (.any, nil) }
    if case .name(let name) = expression.kind {
      let options = call.target.signature.filter(\.isNamed).map(\.name)
      if scope[name] == nil && options.contains(name) {
        report(
          "'\(parameter.name)' needs \(parameter.expectation); there is no variable '\(name)'", expression.span,
          hint: "'\(name)' is the next option's name")
        return (.any, nil)
      }
      // A bare word that is no variable is the name of a class.
      if parameter.takesNames, scope[name] == nil, assignedLater[name] == nil, globals?[name] == nil {
        return (.text, nil)
      }
      type = self.type(ofVariable: name, at: expression.span, alternatives: options + parameter.words)
    } else {
      type = self.type(of: expression)
    }
    if case .word = expression.kind { return (type, nil) }
    if parameter.takesCommand { return (type, nil) }
    let value = sure(expression)
    if let value {
      if let complaint = parameter.complaint(about: value, verb: call.verb.text) {
        // What is wrong with the value matters more than what is odd about it.
        diagnostics.removeAll { $0.severity == .warning && $0.source === source && $0.span == expression.span }
        report(complaint.message, expression.span, hint: complaint.hint)
        return (type, nil)
      }
      if case .text(let text) = value {
        let path = Path.expandingHome(text)
        if parameter.takesOutput { paths.write(path, source, expression.span) }
        if parameter.takesInput {
          let hint = parameter.words.contains(text) ? "write \(call.verb.text) \(text), without quotes" : nil
          paths.read(path, source, expression.span, hint: hint)
        }
      }
    } else if let complaint = parameter.complaint(about: type, verb: call.verb.text) {
      report(complaint, expression.span)
    } else if parameter.takesOutput {
      let (prefix, suffix) = ends(of: expression)
      paths.writeSomewhere(beginning: Path.expandingHome(prefix), ending: suffix)
    }
    return (type, value)
  }

  /// Reports a bare word that is neither one of those that are taken nor a variable, and a path without quotes.
  private mutating func reportUnknown(_ expression: Expression, for parameter: Parameter, of call: Call) -> Bool {
    switch expression.kind {
    case .name(let name) where isUnknown(name) && parameter.takesWord(name):
      report(
        "there is no variable '\(name)'", expression.span,
        hint: "write the word itself without ( ), as in "
          + (parameter.isNamed ? "\(parameter.name) \(name)" : "\(call.verb.text) \(name)"))
    case .name(let name) where isUnknown(name) && !parameter.words.isEmpty:
      if call.target.signature.contains(where: { $0.isIntroduced(by: name) }) { return false }
      let names = parameter.words + scope.keys.sorted()
      report(
        "'\(name)' is not \(parameter.expectation)", expression.span,
        hint: ForeignWord.word(name).first { parameter.words.contains($0) }.map { "write \($0)" }
          ?? Suggestion.hint(name, among: names) ?? "there is no variable '\(name)' either")
    case .name(let name) where isUnknown(name) && parameter.takesPath && parameter.words.isEmpty:
      report(
        "there is no variable '\(name)'", expression.span, hint: "write a path in quotes: \"\(name)\"")
    case .access(let base, let accessors):
      guard parameter.takesPath, case .name(let name) = base.kind, isUnknown(name), case .field? = accessors.first
      else {
        return false
      }
      report(
        "there is no variable '\(name)'", base.span,
        hint: "write a path in quotes: \"\(source.text(expression.span))\"")
    default: return false
    }
    return true
  }

  /// A path as far as it is written out: whole, or with `{…}` in it before an ending that is sure.
  private func writtenPath(_ expression: Expression) -> Given.WrittenPath? {
    if case .text(let path)? = sure(expression) {
      return Given.WrittenPath(path)
    }
    guard case .text(let parts) = expression.kind, case .literal(let last)? = parts.last, last.contains(".") else {
      return nil
    }
    let whole = source.text(expression.span).drop { $0 == "(" || $0 == "\"" }
    return .init(
      ending: Path.fileExtension("x" + last), name: Path.name(String(whole.prefix { $0 != "\"" })), whole: nil)
  }

  /// How a text begins and ends whatever is put into it: `out/` and `.npy` for `"out/{name}.npy"`.
  private func ends(of expression: Expression) -> (String, String) {
    guard case .text(let parts) = expression.kind else { return ("", "") }
    func literal(_ part: TextPart?) -> String { if case .literal(let text) = part { text } else { "" } }
    return (literal(parts.first), literal(parts.last))
  }
}
