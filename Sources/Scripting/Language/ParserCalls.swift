/// Calls: a line is read knowing what its command declares, never what variables there are.
extension Parser {
  /// The command of a name, the program's or the script's.
  func target(of name: String) -> Call.Target? {
    if let command = vocabulary.command(name) { return .command(command) }
    return definitions[name].map { .defined($0) }
  }

  /// Reads a call whose verb is the current token.
  mutating func call(_ target: Call.Target) throws(Abandoned) -> Expression {
    let token = take()
    if current.isSymbol(.roundOpen) && !current.isSpaced && bracketsHoldCommas {
      throw fail(
        "'\(token.word ?? "")' is a command; its values do not stand in parentheses",
        at: token.span.joined(current.span),
        hint: "write \(target.syntax)")
    }
    var reader = CallReader(verb: Name(text: token.word ?? "", span: token.span), signature: target.signature)
    try reader.read(&self)
    let call = Call(verb: reader.verb, target: target, arguments: reader.arguments)
    return Expression(kind: .call(call), span: token.span.joined(previousSpan))
  }
}

extension Parser {
  /// Whether commas stand between the bracket here and its closing one: `train(model, ones)`.
  fileprivate var bracketsHoldCommas: Bool {
    var depth = 0
    for token in tokens[index...] {
      guard !token.isEnd else { return false }
      switch token.kind {
      case .symbol(.roundOpen), .symbol(.squareOpen): depth += 1
      case .symbol(.roundClose), .symbol(.squareClose):
        depth -= 1
        if depth == 0 { return false }
      case .symbol(.comma) where depth == 1: return true
      default: break
      }
    }
    return false
  }
}

extension Call.Target {
  /// What the command takes.
  var signature: [Parameter] {
    switch self {
    case .command(let command): command.parameters
    case .defined(let definition):
      definition.parameters.map { .positional($0.text, "", .any, placeholder: $0.text.uppercased()) }
    }
  }

  /// Its syntax in one line.
  var syntax: String {
    switch self {
    case .command(let command): command.syntax
    case .defined(let definition): definition.syntax
    }
  }
}

/// Reads what follows a command's name.
private struct CallReader {
  typealias Abandoned = Parser.Abandoned

  let verb: Name
  let signature: [Parameter]
  var arguments: [Argument] = []
  private let positionals: [Int]
  private var nextPositional = 0
  private var given: Set<Int> = []
  /// Parameters whose absence has been reported.
  private var reported: Set<Int> = []

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
    let named = token.word.flatMap(namedParameter)
    if nextPositional < positionals.count {
      let parameter = positionals[nextPositional]
      if signature[parameter].isOptional {
        // `figure f captoin "…"`: a word with a value behind it was meant as an option.
        let isOption = token.word != nil && isLastRequired && isFollowedByItsValue(parser)
        let isName = token.word != nil && signature[parameter].kinds.contains(.name)
        if isName || named == nil && !isOption && parser.startsPrimary(token) { return try readPositional(&parser) }
      } else if let word = token.word, named != nil, isFollowedByItsValue(parser) {
        // `train on ones`: the model is missing; `train on on ones` trains a variable called 'on'.
        if isLastRequired {
          parser.report(
            "'\(verb.text)' needs \(signature[parameter].placeholder) before '\(word)'", verb.span.joined(token.span))
          reported.insert(parameter)
          nextPositional += 1
        } else {
          return try readPositional(&parser)
        }
      } else if parser.startsPrimary(token) || signature[parameter].isWhole {
        return try readPositional(&parser)
      } else {
        throw parser.fail(
          "'\(verb.text)' needs \(signature[parameter].placeholder) here, not \(parser.described(token))",
          hint: "anything longer than one name, number or text stands in ( and )")
      }
    }
    if let named {
      try readNamed(named, &parser)
    } else {
      try rejectUnexpected(token, &parser)
    }
  }

  /// Whether no further positional is needed after the next one.
  private var isLastRequired: Bool {
    positionals[(nextPositional + 1)...].allSatisfy { signature[$0].isOptional }
  }

  private mutating func readPositional(_ parser: inout Parser) throws(Abandoned) {
    let parameter = positionals[nextPositional]
    nextPositional += 1
    let value = try parser.value(for: signature[parameter], isPositional: true)
    given.insert(parameter)
    arguments.append(Argument(parameter: parameter, content: .expression(value), span: value.span))
  }

  private mutating func readNamed(_ parameter: Int, _ parser: inout Parser) throws(Abandoned) {
    let declared = signature[parameter]
    let name = parser.take()
    if !given.insert(parameter).inserted {
      parser.report("'\(declared.name)' is given twice", name.span)
    }
    if declared.role == .toggle {
      if parser.current.word == "true" || parser.current.word == "false" || parser.current.isSymbol(.assign) {
        throw parser.fail("'\(declared.name)' is said or not said; it takes no value")
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
        throw parser.fail(
          "expected ',' or the end of the line, not \(parser.described(parser.current))",
          hint: "'\(verb.text)' takes values with commas between them")
      }
      if isEnd(parser.current) { throw parser.fail("expected a value after ','") }
    }
    guard let first = values.first, let last = values.last else { return }
    arguments.append(
      Argument(parameter: parameter, content: .expressions(values), span: first.span.joined(last.span)))
  }

  // MARK: - Mistakes

  private mutating func rejectUnexpected(_ token: Token, _ parser: inout Parser) throws(Abandoned) {
    let options = signature.filter(\.isNamed).map(\.name)
    if try supplyMarker(before: token, options: options, &parser) { return }
    guard let word = token.word, !ReservedWord.all.contains(word) || options.isEmpty else {
      throw parser.fail(unexpected(token, options: options, parser), hint: unexpectedHint(token, parser))
    }
    if options.isEmpty {
      throw parser.fail(unexpected(token, options: options, parser))
    }
    let hint = Suggestion.hint(word, among: options) ?? "it has \(Kind.list(options))"
    parser.report("'\(verb.text)' has no option '\(word)'", token.span, hint: hint)
    parser.advance()
    // What follows was meant as its value.
    let next = parser.current
    let isOption = next.word.map { namedParameter($0) != nil } ?? false
    if parser.startsPrimary(next) && !isOption || next.isSymbol(.minus) { _ = try parser.expression() }
  }

  /// Reports `train model ones`, where the word before the last value is missing.
  private mutating func supplyMarker(before token: Token, options: [String], _ parser: inout Parser)
    throws(Abandoned) -> Bool
  {
    let outstanding = signature.indices.first {
      signature[$0].role == .marker && !signature[$0].isOptional && !given.contains($0) && !reported.contains($0)
    }
    guard let outstanding, parser.startsPrimary(token) else { return false }
    if let word = token.word, Suggestion.closest(to: word, among: options) != nil { return false }
    let marker = signature[outstanding].name
    parser.report(
      "'\(verb.text)' needs '\(marker)' before \(parser.described(token))", token.span,
      hint: "\(verb.text) \(Self.syntax(signature))")
    reported.insert(outstanding)
    _ = try parser.expression()
    return true
  }

  private func unexpected(_ token: Token, options: [String], _ parser: Parser) -> String {
    if options.isEmpty {
      let shown = signature.isEmpty ? "nothing" : "only \(signature.map(\.syntax).joined(separator: " "))"
      return "'\(verb.text)' takes \(shown); there is no place for \(parser.described(token))"
    }
    return "'\(verb.text)' expects the name of an option here, not \(parser.described(token))"
  }

  private func unexpectedHint(_ token: Token, _ parser: Parser) -> String? {
    switch token.kind {
    case .symbol(.comma): "options follow each other without commas"
    case .symbol(.minus) where parser.peek().isSymbol(.minus): "options are written without --"
    case .symbol where arguments.count == nextPositional:
      "anything longer than one name, number or text stands in ( and )"
    case _ where !signature.contains(where: \.isNamed): nil
    default: "it has \(Kind.list(signature.filter(\.isNamed).map(\.name)))"
    }
  }

  private func reportMissing(_ parser: Parser) {
    for (index, parameter) in signature.enumerated() where !given.contains(index) && !reported.contains(index) {
      switch parameter.role {
      case .positional where !parameter.isOptional:
        parser.report(
          "'\(verb.text)' needs \(parameter.placeholder)", verb.span, hint: "\(verb.text) \(Self.syntax(signature))")
        return
      case .marker where !parameter.isOptional:
        parser.report(
          "'\(verb.text)' needs '\(parameter.name) \(parameter.placeholder)'", verb.span,
          hint: "\(verb.text) \(Self.syntax(signature))")
        return
      default: break
      }
    }
  }

  /// The needed part of the syntax.
  private static func syntax(_ signature: [Parameter]) -> String {
    let needed = signature.filter { !$0.isOptional }.map(\.syntax).joined(separator: " ")
    return signature.contains { $0.isOptional } ? needed + " …" : needed
  }

  private func example(of parameter: Parameter) -> String { "as in \(parameter.name) \(parameter.exampleValue)" }

  // MARK: - Tokens

  private func isEnd(_ token: Token) -> Bool { token.isEnd || token.isSymbol(.roundClose) }

  private func namedParameter(_ word: String) -> Int? {
    signature.firstIndex { $0.isNamed && $0.name == word }
  }

  /// Whether the current word, the name of an option, is followed by what can only be its value: then it stands for
  /// the option and for no variable.
  private func isFollowedByItsValue(_ parser: Parser) -> Bool {
    let next = parser.peek()
    if !next.isSpaced || !parser.startsPrimary(next) { return false }
    return next.word.map { namedParameter($0) == nil } ?? true
  }
}

extension Parser {
  /// The value of a parameter. A bare word is one of those declared where any are declared.
  fileprivate mutating func value(for parameter: Parameter, isPositional: Bool) throws(Abandoned) -> Expression {
    if parameter.kinds.contains(.name) {
      guard let word = current.word else {
        throw fail("expected a name, not \(described(current))")
      }
      return Expression(kind: .word(word), span: take().span)
    }
    if parameter.kinds.contains(.command) { return try callOrExpression() }
    if !parameter.words.isEmpty, let word = current.word, !continues(peek(), isPositional: isPositional),
      !ReservedWord.all.contains(word)
    {
      let span = take().span
      if parameter.words.contains(word) { return Expression(kind: .word(word), span: span) }
      let hint = Suggestion.hint(word, among: parameter.words) ?? "for a variable write (\(word))"
      report("'\(word)' is not \(parameter.expectation)", span, hint: hint)
      return Expression(kind: .invalid, span: span)
    }
    return isPositional && !parameter.isWhole ? try primary() : try expression()
  }

  /// Whether a token goes on with the expression that the word before it begins.
  private func continues(_ token: Token, isPositional: Bool) -> Bool {
    guard case .symbol(let symbol) = token.kind else {
      return !isPositional && (token.word == "and" || token.word == "or")
    }
    switch symbol {
    case .dot, .squareOpen, .roundOpen: return !token.isSpaced
    case .roundClose, .squareClose, .comma, .assign, .braceClose: return false
    default: return !isPositional
    }
  }
}

extension Parameter {
  /// A value that could stand here, for hints.
  var exampleValue: String {
    switch fallback {
    case .number(let number): return number.scriptText
    case .word(let word): return word
    case .described, nil: break
    }
    switch kinds.first {
    case .number(let bounds) where bounds.contains(0.5): return "0.5"
    case .integer(let range): return String(range.contains(12) ? 12 : range.lowerBound)
    case .integers(let range): return String(range.lowerBound)
    case .words(let words): return words.first ?? placeholder
    case .text: return "\"…\""
    default: return placeholder
    }
  }
}

extension Kind {
  /// `a, b and c`
  static func list(_ names: [String]) -> String {
    guard let last = names.last else { return "none" }
    return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
  }
}
