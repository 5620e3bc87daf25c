/// Expressions, the loosest operators first: or, and, not, comparison, `..`, `+ -`, `* / %`, unary `-`.
extension Parser {
  /// What may stand alone behind `=`, on a line of its own and in parentheses.
  mutating func callOrExpression(isStatement: Bool = false) throws(Abandoned) -> Expression {
    if let verb = current.word, let target = target(of: verb), !peek().isSymbol(.assign) {
      return try call(target)
    }
    return try expression()
  }

  mutating func expression() throws(Abandoned) -> Expression {
    let first = try conjunction()
    guard current.word == "or" else { return first }
    var operands = [first]
    while current.word == "or" {
      advance()
      operands.append(try conjunction())
    }
    return Expression(kind: .some(operands), span: first.span.joined(previousSpan))
  }

  private mutating func conjunction() throws(Abandoned) -> Expression {
    let first = try negation()
    guard current.word == "and" else { return first }
    var operands = [first]
    while current.word == "and" {
      advance()
      operands.append(try negation())
    }
    return Expression(kind: .all(operands), span: first.span.joined(previousSpan))
  }

  private mutating func negation() throws(Abandoned) -> Expression {
    guard current.word == "not" else { return try comparison() }
    let start = take().span
    let operand = try nested { (parser) throws(Abandoned) in try parser.negation() }
    return Expression(kind: .not(operand), span: start.joined(operand.span))
  }

  private mutating func comparison() throws(Abandoned) -> Expression {
    let left = try range()
    if current.word == "in" || current.word == "not" && peek().word == "in" {
      let isNegated = take().word == "not"
      if isNegated { advance() }
      let right = try range()
      return Expression(
        kind: .membership(left, right, isNegated: isNegated), span: left.span.joined(right.span))
    }
    guard let comparison = comparisonSymbol(current) else { return left }
    try rejectForeignComparison(comparison)
    advance()
    let right = try range()
    if comparisonSymbol(current) != nil {
      throw fail("comparisons cannot be chained", hint: "join them with 'and': 1 < x and x < 3")
    }
    return Expression(kind: .comparison(comparison, left, right), span: left.span.joined(right.span))
  }

  private mutating func range() throws(Abandoned) -> Expression {
    let lower = try sum()
    guard take(.through) else { return lower }
    if openRangeDepth == depth, endsIndexPart {
      let end = Expression(kind: .open, span: Span(previousSpan.upper, previousSpan.upper))
      return Expression(kind: .range(lower, end), span: lower.span.joined(previousSpan))
    }
    let upper = try sum()
    if current.isSymbol(.through) { throw fail("a range has two ends", hint: "write 0..9") }
    if current.word == "step", current.isSpaced, startsPrimary(peek()) || peek().isSymbol(.minus) {
      advance()
      let step = try sum()
      return Expression(kind: .steps(lower, upper, step), span: lower.span.joined(step.span))
    }
    return Expression(kind: .range(lower, upper), span: lower.span.joined(upper.span))
  }

  private mutating func sum() throws(Abandoned) -> Expression {
    let first = try product()
    var rest: [(Symbol, Expression)] = []
    while case .symbol(let symbol) = current.kind, symbol == .plus || symbol == .minus {
      try rejectDashes()
      let sign = take(), next = current
      let operand = try product()
      if symbol == .minus && sign.isSpaced && !next.isSpaced { warn(ofSign: sign, operand) }
      rest.append((symbol, operand))
    }
    return chain(first, rest)
  }

  /// `[1 -1]` and `epochs x -1` are subtractions, which whoever writes so may not mean.
  private func warn(ofSign sign: Token, _ operand: Expression) {
    let written = file.source.text(sign.span.joined(operand.span))
    warn(
      "'\(written.count > 20 ? written.prefix(19) + "…" : written)' is subtracted from the value before it",
      sign.span.joined(operand.span),
      hint: "to subtract, put a blank after the minus too; to separate values, write a comma")
  }

  /// `vae for ones --latents 4`: what looks like an option of a command line.
  private func rejectDashes() throws(Abandoned) {
    guard current.isSymbol(.minus), current.isSpaced, peek().isSymbol(.minus), !peek().isSpaced,
      let word = peek(2).word, !peek(2).isSpaced
    else { return }
    throw fail(
      "write options without --", at: current.span.joined(peek(2).span), hint: "write \(word)")
  }

  /// `x <- 3`, `<>`, `===`.
  private func rejectForeignComparison(_ symbol: Symbol) throws(Abandoned) {
    let next = peek()
    guard case .symbol(let other) = next.kind, !next.isSpaced else { return }
    let both = current.span.joined(next.span)
    switch (symbol, other) {
    case (.less, .minus) where peek(2).isSpaced:
      throw fail("'<-' sets no variable", at: both, hint: "write name = value; to compare write x < -3")
    case (.less, .greater): throw fail("'<>' has no meaning here", at: both, hint: "write !=")
    case (.equal, .assign): throw fail("'===' has no meaning here", at: both, hint: "write ==")
    default: break
    }
  }

  private mutating func product() throws(Abandoned) -> Expression {
    let first = try sign()
    var rest: [(Symbol, Expression)] = []
    while case .symbol(let symbol) = current.kind, [.times, .divide, .remainder].contains(symbol) {
      advance()
      rest.append((symbol, try sign()))
    }
    return chain(first, rest)
  }

  private func chain(_ first: Expression, _ rest: [(Symbol, Expression)]) -> Expression {
    rest.isEmpty
      ? first : Expression(kind: .arithmetic(first, rest), span: first.span.joined(previousSpan))
  }

  private mutating func sign() throws(Abandoned) -> Expression {
    guard current.isSymbol(.minus) else { return try primary() }
    let start = take().span
    let operand = try nested { (parser) throws(Abandoned) in try parser.sign() }
    let span = start.joined(operand.span)
    if case .number(let number) = operand.kind { return Expression(kind: .number(-number), span: span) }
    return Expression(kind: .negative(operand), span: span)
  }

  private func comparisonSymbol(_ token: Token) -> Symbol? {
    guard case .symbol(let symbol) = token.kind else { return nil }
    switch symbol {
    case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: return symbol
    default: return nil
    }
  }

  // MARK: - Primaries

  /// A value with all `[index]` and `.field` that follow it without a blank.
  mutating func primary() throws(Abandoned) -> Expression {
    let base = try atom()
    var accessors: [Accessor] = []
    while !current.isSpaced {
      if current.isSymbol(.squareOpen) {
        let opening = take()
        let parts = try nested { (parser) throws(Abandoned) in try parser.indexParts() }
        try expectClosing(.squareClose, of: opening)
        accessors.append(.index(parts, opening.span.joined(previousSpan)))
      } else if current.isSymbol(.dot) {
        advance()
        guard let field = current.word, !current.isSpaced else {
          throw fail("expected the name of a field after '.', not \(described(current))")
        }
        accessors.append(.field(Name(text: field, span: take().span)))
        if current.isSymbol(.roundOpen), !current.isSpaced {
          throw fail(
            "values have no functions of their own, as '.\(field)(' would be",
            hint: ForeignWord.member(field, vocabulary) ?? "functions stand before their values: \(field)(x)")
        }
      } else {
        break
      }
    }
    if accessors.isEmpty { return base }
    return Expression(kind: .access(base, accessors), span: base.span.joined(previousSpan))
  }

  private mutating func indexParts() throws(Abandoned) -> [IndexPart] {
    var parts = [try indexPart()]
    while take(.comma) { parts.append(try indexPart()) }
    return parts
  }

  private mutating func indexPart() throws(Abandoned) -> IndexPart {
    if take(.through) { return .slice(nil, endsIndexPart ? nil : try sum()) }
    let outer = openRangeDepth
    openRangeDepth = depth
    defer { openRangeDepth = outer }
    let index = try expression()
    if case .range(let lower, let upper) = index.kind, case .open = upper.kind { return .slice(lower, nil) }
    return .value(index)
  }

  private var endsIndexPart: Bool { current.isSymbol(.squareClose) || current.isSymbol(.comma) }

  private mutating func atom() throws(Abandoned) -> Expression {
    let token = current
    switch token.kind {
    case .number(let number):
      advance()
      return Expression(kind: .number(number), span: token.span)
    case .text(let pieces):
      advance()
      return Expression(kind: .text(try parts(pieces)), span: token.span)
    case .word(let word): return try named(word)
    case .symbol(.roundOpen):
      advance()
      let inner = try nested { (parser) throws(Abandoned) in try parser.callOrExpression() }
      if !current.isSymbol(.roundClose) { try reportUnknownCommand(inner) }
      try expectClosing(.roundClose, of: token)
      return Expression(kind: inner.kind, span: token.span.joined(previousSpan))
    case .symbol(.squareOpen):
      advance()
      let kind = try nested { (parser) throws(Abandoned) in try parser.list(of: token) }
      return Expression(kind: kind, span: token.span.joined(previousSpan))
    case .symbol(.dot): throw fail("expected a value, not '.'", hint: "decimals begin with a digit: 0.5")
    case .symbol(.assign) where previousIsOperator:
      throw fail("expected a value, not '='", hint: "write x = x + 1 for x += 1")
    case .symbol(.divide) where previousIsOperator:
      throw fail("expected a value, not '/'", hint: "whole division is floor(a / b); a comment begins with #")
    case .symbol(.divide) where isLineStart, .symbol(.remainder) where isLineStart:
      throw fail("expected a value, not \(described(token))", hint: "a comment begins with #")
    case .symbol(.plus) where previousIsOperator:
      throw fail("expected a value, not '+'", hint: "write x = x + 1 for x++")
    case .endOfLine where followsDecrement:
      throw fail("expected a value, not \(described(token))", hint: "write x = x - 1 for x--")
    case .symbol(.times) where previousIsOperator:
      throw fail("expected a value, not '*'", hint: "write x * x for a square")
    default: throw fail("expected a value, not \(described(token))")
    }
  }

  /// Whether the current token begins a statement.
  private var isLineStart: Bool { index == 0 || tokens[index - 1].isEnd }

  /// Whether the tokens before are those of `x--`.
  private var followsDecrement: Bool {
    index >= 2 && tokens[index - 1].isSymbol(.minus) && !tokens[index - 1].isSpaced
      && tokens[index - 2].isSymbol(.minus)
  }

  /// Whether an operator stands directly before the current token, as in `+=`, `//` and `**`.
  private var previousIsOperator: Bool {
    guard index > 0, !current.isSpaced, case .symbol(let symbol) = tokens[index - 1].kind else { return false }
    return [.plus, .minus, .times, .divide].contains(symbol)
  }

  private mutating func named(_ word: String) throws(Abandoned) -> Expression {
    let name = Name(text: word, span: current.span)
    if word == "true" || word == "false" {
      advance()
      return Expression(kind: .truth(word == "true"), span: name.span)
    }
    if ReservedWord.all.contains(word) { throw fail("expected a value, not '\(word)'") }
    let next = peek()
    if next.isSymbol(.roundOpen) && !next.isSpaced {
      advance()
      return try function(name)
    }
    if target(of: word) != nil {
      throw fail(
        "'\(word)' is a command; to use its value, put it in parentheses", hint: "write (\(word) …)")
    }
    advance()
    if word == VariableTable.lastValue, !rights.isTyped || isInDefinition {
      reportLastValue(at: name.span)
      return Expression(kind: .invalid, span: name.span)
    }
    if next.isSymbol(.roundOpen) && vocabulary.function(word) != nil {
      throw fail("a function's '(' follows without a blank", hint: "write \(word)(…)")
    }
    return Expression(kind: .name(word), span: name.span)
  }

  private mutating func function(_ name: Name) throws(Abandoned) -> Expression {
    let opening = take()
    let arguments = try nested { (parser) throws(Abandoned) in try parser.elements(until: .roundClose, of: opening) }
    let span = name.span.joined(previousSpan)
    if vocabulary.function(name.text) == nil {
      let names = vocabulary.functions.map(\.name)
      let hint =
        target(of: name.text) != nil
        ? "'\(name.text)' is a command: write (\(name.text) …)"
        : ForeignWord.function(name.text) ?? Suggestion.hint(name.text, among: names)
          ?? "'help functions' lists them"
      report("there is no function '\(name.text)'", name.span, hint: hint)
      return Expression(kind: .invalid, span: span)
    }
    return Expression(kind: .function(name, arguments), span: span)
  }

  /// What follows the `[` of a list: its values, or `x * x for x in list if x > 0`.
  private mutating func list(of opening: Token) throws(Abandoned) -> Expression.Kind {
    if take(.squareClose) { return .list([]) }
    let first = try expression(), hint = "write a list of results as: [x * x for x in list]"
    guard current.word == "for" else { return .list(try elements(behind: first, until: .squareClose, of: opening)) }
    advance()
    let names = try newNames(hint)
    guard current.word == "in" else { throw fail("expected 'in' here, not \(described(current))", hint: hint) }
    advance()
    let list = try expression()
    var condition: Expression?
    if current.word == "if" {
      advance()
      condition = try expression()
    }
    if current.word == "for" { throw fail("a list of results goes over one list", hint: "put one in another") }
    try expectClosing(.squareClose, of: opening)
    return .comprehension(Comprehension(element: first, names: names, list: list, condition: condition))
  }

  /// The default of a parameter: one value, with or without a sign.
  mutating func fallback() throws(Abandoned) -> Expression { try sign() }

  /// Expressions separated by commas, and the closing bracket.
  private mutating func elements(until closing: Symbol, of opening: Token) throws(Abandoned) -> [Expression] {
    if take(closing) { return [] }
    return try elements(behind: try expression(), until: closing, of: opening)
  }

  private mutating func elements(
    behind first: Expression, until closing: Symbol, of opening: Token
  ) throws(Abandoned) -> [Expression] {
    var elements = [first]
    while true {
      if take(closing) { return elements }
      guard current.isSymbol(.comma) else {
        try expectClosing(closing, of: opening)
        return elements
      }
      advance()
      // A list over several lines may end each of them with a comma.
      if closing == .squareClose, take(closing) { return elements }
      if current.isEnd { try expectClosing(closing, of: opening) }
      elements.append(try expression())
    }
  }

  private mutating func expectClosing(_ closing: Symbol, of opening: Token) throws(Abandoned) {
    if take(closing) { return }
    if current.isEnd {
      throw fail(
        "this '\(file.source.text(opening.span))' is never closed", at: opening.span,
        hint: "it ends with \(closing.rawValue), in this line or a later one")
    }
    if closing == .roundClose, current.isSymbol(.assign) {
      throw fail("arguments have no names", hint: "write them in their places, as in mean(x, 0)")
    }
    let hint =
      current.word.flatMap(ForeignWord.infix)
      ?? (closing == .squareClose && startsPrimary(current) ? "separate the values of a list by commas" : nil)
    throw fail("expected '\(closing.rawValue)', not \(described(current))", hint: hint)
  }

  func startsPrimary(_ token: Token) -> Bool {
    switch token.kind {
    case .number, .text, .symbol(.roundOpen), .symbol(.squareOpen): true
    case .word(let word): !ReservedWord.all.contains(word) || word == "true" || word == "false"
    default: false
    }
  }

  // MARK: - Texts

  /// The parts of a text, each `{…}` read as an expression.
  mutating func parts(_ pieces: [TextPiece]) throws(Abandoned) -> [TextPart] {
    var parts: [TextPart] = []
    for piece in pieces {
      switch piece {
      case .literal(let text): parts.append(.literal(text))
      case .embedded(let tokens, let span):
        parts.append(try nested { (parser) throws(Abandoned) in try parser.embedded(tokens, span: span) })
      }
    }
    return parts
  }

  private mutating func embedded(_ inner: [Token], span: Span) throws(Abandoned) -> TextPart {
    let isFormat = if case .format = inner[0].kind { true } else { false }
    guard inner.count > 1, !isFormat else {
      throw fail("{} is empty", at: span, hint: "for the characters themselves write \\{\\}")
    }
    let outer = (tokens, index)
    (tokens, index) = (inner, 0)
    defer { (tokens, index) = outer }
    let value = try expression()
    var format: NumberFormat?
    if case .format(let text) = current.kind {
      format = NumberFormat(text)
      if format == nil {
        throw fail("'\(text)' is no format for a value in a text", hint: NumberFormat.hint)
      }
      advance()
    }
    guard current.isEnd else {
      try reportUnknownCommand(value)
      throw fail("expected '}', not \(described(current))")
    }
    return .embedded(value, format)
  }
}
