/// Reads what follows a command's name.
struct CallReader {
  typealias Abandoned = Parser.Abandoned

  let verb: Name
  let signature: [Parameter]
  var arguments: [Argument] = []
  let positionals: [Int]
  var nextPositional = 0
  var given: [Int] = []
  /// Parameters whose absence has been reported.
  var reported: [Int] = []

  init(verb: Name, signature: [Parameter]) {
    self.verb = verb
    self.signature = signature
    positionals = signature.indices.filter { signature[$0].role == .positional }
  }

  mutating func read(_ parser: inout Parser) throws(Abandoned) {
    if let values = signature.firstIndex(where: { $0.role == .values }) {
      try readValues(values, &parser)
    } else {
      while !isEnd(parser.current) { try readNext(&parser) }
    }
    reportMissing(parser)
  }

  private mutating func readNext(_ parser: inout Parser) throws(Abandoned) {
    let token = parser.current
    if nextPositional < positionals.count, try positionalComesNext(&parser) {
      try readPositional(&parser)
    } else if let named = token.word.flatMap(namedParameter) {
      try readNamed(named, &parser)
    } else {
      try rejectUnexpected(token, &parser)
    }
  }

  /// Whether the current token begins the next positional, which depends on the declarations alone. A needed one that
  /// is missing before an option is reported and passed over.
  private mutating func positionalComesNext(_ parser: inout Parser) throws(Abandoned) -> Bool {
    let token = parser.current
    let parameter = signature[positionals[nextPositional]]
    if parameter.kinds.contains(.topic) { return true }
    if parameter.kinds.contains(.name) && token.word != nil || parameter.isWhole { return true }
    let isNamed = token.word.flatMap(namedParameter) != nil
    if parameter.isOptional {
      // `figure f captoin "…"`: a word with a value behind it was meant as an option.
      // Behind a declared word a name and a value may be two positionals: `plot scatter x y`.
      let areSeveral = nextPositional + 1 < positionals.count && arguments.last.map(Self.isWord) ?? false
      let isOption = token.word != nil && !areSeveral && isLastRequired && isFollowedByItsValue(parser)
      return !isNamed && !isOption && parser.startsPrimary(token)
    }
    if isNamed && isLastRequired && isFollowedByItsValue(parser) {
      // `train on ones`: the model is missing; `train on on ones` trains a variable called 'on'.
      parser.report(
        "'\(verb.text)' needs \(parameter.placeholder) before '\(token.word ?? "")'", verb.span.joined(token.span))
      reported.append(positionals[nextPositional])
      nextPositional += 1
      return false
    }
    if parser.startsPrimary(token) || isNamed { return true }
    throw parser.fail(
      "'\(verb.text)' needs \(parameter.placeholder) here, not \(parser.described(token))",
      hint: parameter.takesPath && Self.beginsPath(token)
        ? Self.pathHint : "put anything longer than one name, number or text in ( )")
  }

  /// Whether no further positional is needed after the next one.
  private var isLastRequired: Bool {
    positionals[(nextPositional + 1)...].allSatisfy { signature[$0].isOptional }
  }

  private mutating func readPositional(_ parser: inout Parser) throws(Abandoned) {
    let parameter = positionals[nextPositional]
    nextPositional += 1
    if verb.text == parser.vocabulary.settingVerb, parser.current.isSymbol(.assign) {
      let verb = verb.text
      throw parser.fail(
        "settings are written without '='", hint: "write \(verb) seed 3; a variable is set without '\(verb)', seed = 3")
    }
    let value = try parser.value(
      for: parser.vocabulary.settingNamed(verb, arguments) ?? signature[parameter], isPositional: true)
    given.append(parameter)
    arguments.append(Argument(parameter: parameter, content: .expression(value), span: value.span))
  }

  private mutating func readNamed(_ parameter: Int, _ parser: inout Parser) throws(Abandoned) {
    let declared = signature[parameter]
    let name = parser.take()
    if given.contains(parameter) { parser.report("'\(declared.name)' is given twice", name.span) }
    given.append(parameter)
    if declared.role == .toggle {
      if parser.current.word == "true" || parser.current.word == "false" || parser.current.isSymbol(.assign) {
        throw parser.fail("'\(declared.name)' is a switch; it takes no value")
      }
      arguments.append(Argument(parameter: parameter, content: .present, span: name.span))
      return
    }
    if parser.current.isSymbol(.assign) {
      throw parser.fail("options are written without '='", hint: "write \(declared.name) \(declared.placeholder)")
    }
    let isMissing =
      isEnd(parser.current)
      || (parser.current.word.map { namedParameter($0) != nil && !declared.words.contains($0) } ?? false
        && isFollowedByItsValue(parser))
    if isMissing {
      parser.report("'\(declared.name)' needs \(declared.expectation)", name.span, hint: example(of: declared))
      return
    }
    let value = try parser.value(for: declared, isPositional: false)
    arguments.append(Argument(parameter: parameter, content: .expression(value), span: name.span.joined(value.span)))
  }

  private mutating func readValues(_ parameter: Int, _ parser: inout Parser) throws(Abandoned) {
    var values: [Expression] = []
    while !isEnd(parser.current) {
      values.append(try parser.expression())
      if isEnd(parser.current) { break }
      guard parser.take(.comma) else {
        if let value = values.last { try parser.reportFunction(value) }
        let hint = "'\(verb.text)' takes values separated by commas"
        throw parser.fail(
          "expected ',' or the end of the line, not \(parser.described(parser.current))",
          hint: parser.current.isSymbol(.assign)
            ? "to compare write ==" : parser.current.word.flatMap(ForeignWord.infix) ?? hint)
      }
      if isEnd(parser.current) { throw parser.fail("expected a value after ','") }
    }
    guard let first = values.first, let last = values.last else { return }
    arguments.append(
      Argument(parameter: parameter, content: .expressions(values), span: first.span.joined(last.span)))
  }

  private static func isWord(_ argument: Argument) -> Bool {
    if case .expression(let value) = argument.content, case .word = value.kind { true } else { false }
  }

  // MARK: - Tokens

  func isEnd(_ token: Token) -> Bool { token.isEnd || token.isSymbol(.roundClose) }

  func namedParameter(_ word: String) -> Int? {
    signature.firstIndex { $0.isIntroduced(by: word) }
  }

  /// Whether the current word, the name of an option, is followed by what can only be its value: then it stands for
  /// the option and for no variable.
  private func isFollowedByItsValue(_ parser: Parser) -> Bool {
    let next = parser.peek()
    if !next.isSpaced || !parser.startsPrimary(next) { return false }
    return next.word.map { namedParameter($0) == nil } ?? true
  }
}
