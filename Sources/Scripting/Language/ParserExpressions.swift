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
    guard let comparison = comparisonSymbol(current) else { return left }
    advance()
    let right = try range()
    if comparisonSymbol(current) != nil {
      throw fail("two comparisons in a row", hint: "join them with 'and': 1 < x and x < 3")
    }
    return Expression(kind: .comparison(comparison, left, right), span: left.span.joined(right.span))
  }

  private mutating func range() throws(Abandoned) -> Expression {
    let lower = try sum()
    guard take(.through) else { return lower }
    let upper = try sum()
    if current.isSymbol(.through) { throw fail("a range has two ends", hint: "write 0..9") }
    return Expression(kind: .range(lower, upper), span: lower.span.joined(upper.span))
  }

  private mutating func sum() throws(Abandoned) -> Expression {
    let first = try product()
    var rest: [(Symbol, Expression)] = []
    while case .symbol(let symbol) = current.kind, symbol == .plus || symbol == .minus {
      advance()
      rest.append((symbol, try product()))
    }
    return chain(first, rest)
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
        let index = try nested { (parser) throws(Abandoned) in try parser.expression() }
        try expectClosing(.squareClose, of: opening)
        accessors.append(.index(index, opening.span.joined(previousSpan)))
      } else if current.isSymbol(.dot) {
        advance()
        guard let field = current.word, !current.isSpaced else {
          throw fail("expected the name of a field after '.', not \(described(current))")
        }
        accessors.append(.field(Name(text: field, span: take().span)))
      } else {
        break
      }
    }
    if accessors.isEmpty { return base }
    return Expression(kind: .access(base, accessors), span: base.span.joined(previousSpan))
  }

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
      let elements = try nested { (parser) throws(Abandoned) in try parser.elements(until: .squareClose, of: token) }
      return Expression(kind: .list(elements), span: token.span.joined(previousSpan))
    case .symbol(.dot): throw fail("expected a value, not '.'", hint: "decimals begin with a digit: 0.5")
    case .symbol(.assign) where previousIsOperator:
      throw fail("expected a value, not '='", hint: "write x = x + 1 for x += 1")
    case .symbol(.divide) where previousIsOperator:
      throw fail("expected a value, not '/'", hint: "a comment begins with #")
    case .symbol(.times) where previousIsOperator:
      throw fail("expected a value, not '*'", hint: "write x * x for a square")
    default: throw fail("expected a value, not \(described(token))")
    }
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
        "'\(word)' is a command; as a value it stands in parentheses", hint: "write (\(word) …)")
    }
    advance()
    if next.isSymbol(.roundOpen) && vocabulary.function(word) != nil {
      throw fail("no blank stands between a function and its '('", hint: "write \(word)(…)")
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

  /// Expressions separated by commas, and the closing bracket.
  private mutating func elements(until closing: Symbol, of opening: Token) throws(Abandoned) -> [Expression] {
    var elements: [Expression] = []
    if take(closing) { return elements }
    while true {
      elements.append(try expression())
      if take(closing) { return elements }
      guard current.isSymbol(.comma) else {
        try expectClosing(closing, of: opening)
        return elements
      }
      advance()
    }
  }

  private mutating func expectClosing(_ closing: Symbol, of opening: Token) throws(Abandoned) {
    if take(closing) { return }
    if current.isEnd {
      throw fail(
        "this '\(file.source.text(opening.span))' is never closed", at: opening.span,
        hint: "a \\ at its end continues a line")
    }
    let hint = closing == .squareClose && startsPrimary(current) ? "commas stand between the values of a list" : nil
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
        parts.append(
          .embedded(try nested { (parser) throws(Abandoned) in try parser.embedded(tokens, span: span) }))
      }
    }
    return parts
  }

  private mutating func embedded(_ inner: [Token], span: Span) throws(Abandoned) -> Expression {
    guard inner.count > 1 else {
      throw fail("nothing stands between { and }", at: span, hint: "for the characters themselves write \\{\\}")
    }
    let outer = (tokens, index)
    (tokens, index) = (inner, 0)
    defer { (tokens, index) = outer }
    let value = try expression()
    guard current.isEnd else {
      try reportUnknownCommand(value)
      throw fail("expected '}', not \(described(current))")
    }
    return value
  }
}
