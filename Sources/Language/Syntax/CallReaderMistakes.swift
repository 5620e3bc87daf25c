/// What is said about calls that do not fit their declarations.
extension CallReader {
  mutating func rejectUnexpected(_ token: Token, _ parser: inout Parser) throws(Abandoned) {
    let options = signature.filter(\.isNamed).map(\.name)
    if let swallowed = swallowedOption(parser) {
      throw parser.fail(
        "'\(swallowed.name)' is read as part of the value before it", at: swallowed.span,
        hint: "a value is missing after '\(swallowed.sign)', or put the value in ( )")
    }
    if let hint = token.word.flatMap(ForeignWord.infix), !arguments.isEmpty {
      throw parser.fail(unexpected(token, options: options, parser), hint: hint)
    }
    let known = options + signature.filter(\.isNamed).flatMap(\.aliases)
    if try supplyMarker(before: token, options: known, &parser) { return }
    guard let word = token.word, !ReservedWord.all.contains(word) || options.isEmpty else {
      throw parser.fail(unexpected(token, options: options, parser), hint: unexpectedHint(token, parser))
    }
    if options.isEmpty {
      throw parser.fail(unexpected(token, options: options, parser))
    }
    let meant = ForeignWord.option(word).first { namedParameter($0) != nil }
    let hint = meant.map { "write \($0)" } ?? Suggestion.hint(word, among: known) ?? "it has \(Kind.list(options))"
    parser.report("'\(verb.text)' has no option '\(word)'", token.span, hint: hint)
    parser.advance()
    // What follows was meant as its value.
    let next = parser.current
    let isOption = next.word.map { namedParameter($0) != nil } ?? false
    if parser.startsPrimary(next) && !isOption || next.isSymbol(.minus) { _ = try parser.expression() }
  }

  /// The option whose name an expression before it has taken for a variable's: `epochs epochs * batch 32`.
  private func swallowedOption(_ parser: Parser) -> (name: String, sign: String, span: Span)? {
    let index = parser.index
    guard index >= 2, let name = parser.tokens[index - 1].word, namedParameter(name) != nil,
      case .symbol(let sign) = parser.tokens[index - 2].kind,
      [.plus, .minus, .times, .divide, .remainder, .through].contains(sign), parser.startsPrimary(parser.current)
    else { return nil }
    return (name, sign.rawValue, parser.tokens[index - 1].span)
  }

  /// `load ./a.npy` and `load data/a.npy` are paths without their quotes.
  static let pathHint = "write a path in quotes, as in \"./file.npy\""

  static func beginsPath(_ token: Token) -> Bool {
    token.isSymbol(.dot) || token.isSymbol(.through) || token.isSymbol(.divide)
  }

  /// Reports `train model ones`, where the word before the last value is missing.
  private mutating func supplyMarker(before token: Token, options: [String], _ parser: inout Parser)
    throws(Abandoned) -> Bool
  {
    // `sweep model ones[0]`: an element is no option's name.
    let next = parser.index + 1,
      isElement = parser.tokens.indices.contains(next) && parser.tokens[next].isSymbol(.squareOpen)
    let outstanding = signature.indices.first {
      signature[$0].role == .marker && (!signature[$0].isOptional || isElement) && !given.contains($0)
        && !reported.contains($0)
    }
    guard let outstanding, parser.startsPrimary(token) else { return false }
    if let word = token.word, Suggestion.closest(to: word, among: options) != nil { return false }
    let marker = signature[outstanding].name
    parser.report(
      "'\(verb.text)' needs '\(marker)' before \(parser.described(token))", token.span,
      hint: "\(verb.text) \(Self.syntax(signature))")
    reported.append(outstanding)
    _ = try parser.expression()
    return true
  }

  private func unexpected(_ token: Token, options: [String], _ parser: Parser) -> String {
    if options.isEmpty {
      let shown = signature.isEmpty ? "nothing" : "only \(signature.map(\.syntax).joined(separator: " "))"
      return "'\(verb.text)' takes \(shown); \(parser.described(token)) is one too many"
    }
    return "'\(verb.text)' expects the name of an option here, not \(parser.described(token))"
  }

  /// Whether the value read last may be a path.
  private var lastTakesPath: Bool { arguments.last.map { signature[$0.parameter].takesPath } ?? false }

  /// Whether a path could stand here.
  private var nextTakesPath: Bool {
    nextPositional < positionals.count && signature[positionals[nextPositional]].takesPath
  }

  private func unexpectedHint(_ token: Token, _ parser: Parser) -> String? {
    switch token.kind {
    case .symbol(.comma): "separate options by blanks, not commas"
    case .symbol(.minus) where parser.peek().isSymbol(.minus): "write options without --"
    case .symbol where Self.beginsPath(token) && lastTakesPath: Self.pathHint
    case .symbol where Self.beginsPath(token) && nextTakesPath: "write a path in quotes, as in \(verb.text) \"..\""
    case .symbol where arguments.count == nextPositional:
      "put anything longer than one name, number or text in ( )"
    case _ where !signature.contains(where: \.isNamed): nil
    default: "it has \(Kind.list(signature.filter(\.isNamed).map(\.name)))"
    }
  }

  func reportMissing(_ parser: Parser) {
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

  func example(of parameter: Parameter) -> String { "as in \(parameter.name) \(parameter.exampleValue)" }
}
