/// Reads the statements of one file from its tokens, by recursive descent. What it cannot read it reports, and goes on
/// with the next line.
struct Parser {
  /// Thrown when a line cannot be read any further; the reason has been reported.
  struct Abandoned: Error {}

  let file: ScriptFile
  let vocabulary: Vocabulary
  let definitions: [String: Definition]
  var tokens: [Token]
  var index = 0
  var depth = 0
  private var gaveUp = false

  /// How deep brackets, signs and blocks may be nested.
  static let deepest = 100

  init(file: ScriptFile, vocabulary: Vocabulary, definitions: [String: Definition]) {
    self.file = file
    self.vocabulary = vocabulary
    self.definitions = definitions
    tokens = file.tokens
  }

  /// Reads the whole file into `file.statements`.
  mutating func parse() {
    while true {
      file.statements += block()
      guard let word = current.word else { return }
      // Only words that end blocks stop a block before the end of the source.
      report("this '\(word)' belongs to no \(word == "end" ? "block" : "if")", current.span)
      skipLine()
    }
  }

  // MARK: - Blocks

  /// Statements up to `end`, `else` or the end of the source.
  private mutating func block() -> [Statement] {
    var statements: [Statement] = []
    while !isAtEndOfSource {
      if current.word == "end" || current.word == "else", !peek().isSymbol(.assign) { break }
      if case .endOfLine = current.kind {
        advance()
        continue
      }
      statements.append(statement())
    }
    return statements
  }

  private mutating func statement() -> Statement {
    let start = current.span
    do {
      let kind = try statementKind()
      return Statement(kind: kind, span: start.joined(previousSpan))
    } catch {
      skipLine()
      return Statement(kind: .invalid, span: start)
    }
  }

  private mutating func statementKind() throws(Abandoned) -> Statement.Kind {
    if case .prose(let pieces) = current.kind {
      advance()
      return .prose(try parts(pieces))
    }
    if let name = current.word, peek().isSymbol(.assign) { return try assignment(to: name) }
    switch current.word {
    case "for": return try loop()
    case "if": return try choice()
    case "define": return try definition()
    case "include": return try include()
    default: break
    }
    let value = try callOrExpression(isStatement: true)
    try endLine(after: value)
    return .evaluate(value)
  }

  private mutating func assignment(to text: String) throws(Abandoned) -> Statement.Kind {
    let name = Name(text: text, span: current.span)
    checkNew(name)
    advance()
    advance()
    do {
      let value = try callOrExpression(isStatement: true)
      try endLine(after: value)
      return .assign(name, value)
    } catch {
      // The variable counts as set, so that its uses are not reported as well.
      skipLine()
      return .assign(name, Expression(kind: .invalid, span: name.span))
    }
  }

  private mutating func loop() throws(Abandoned) -> Statement.Kind {
    let opening = take()
    var variable = Name(text: "", span: opening.span)
    var range = Expression(kind: .invalid, span: opening.span)
    do {
      variable = try newName("a loop is written: for name in 0..9")
      guard current.word == "in" else {
        throw fail("expected 'in' here, not \(described(current))", hint: "a loop is written: for name in 0..9")
      }
      advance()
      range = try expression()
      try endHeader(of: "for")
    } catch {
      skipLine()
      if previousEndsBlock { return .loop(variable, range, []) }
    }
    return .loop(variable, range, try body(of: opening))
  }

  private mutating func choice() throws(Abandoned) -> Statement.Kind {
    let opening = take()
    var branches: [Statement.Branch] = []
    var otherwise: [Statement] = []
    var elseSpan: Span?
    var condition: Expression? = header(of: "if", at: opening)
    if previousEndsBlock { return .invalid }
    while true {
      let statements = try nestedBlock()
      if let condition {
        branches.append(Statement.Branch(condition: condition, body: statements))
      } else {
        otherwise += statements
      }
      guard current.word == "else" else { break }
      let keyword = take()
      if elseSpan != nil { report("this 'else' follows an 'else'; an if has one", keyword.span) }
      if current.word == "if" {
        advance()
        condition = header(of: "else if", at: keyword)
      } else {
        elseSpan = elseSpan ?? keyword.span
        condition = nil
        do { try endHeader(of: "else") } catch { skipLine() }
      }
    }
    try close(opening)
    return .choice(branches, otherwise: otherwise)
  }

  private mutating func header(of keyword: String, at token: Token) -> Expression {
    do {
      if current.isEnd { throw fail("'\(keyword)' needs a condition", at: token.span) }
      let condition = try expression()
      if current.isSymbol(.assign) { throw fail("'=' sets a variable", hint: "to compare write ==") }
      try endHeader(of: keyword)
      return condition
    } catch {
      skipLine()
      return Expression(kind: .invalid, span: token.span)
    }
  }

  private mutating func definition() throws(Abandoned) -> Statement.Kind {
    let opening = take()
    let known = current.word.flatMap { definitions[$0] }
    if depth > 0 { report("commands are defined outside of other blocks", opening.span) }
    let definition =
      known?.name.span == current.span && known?.source === file.source
      ? known! : Definition(name: Name(text: "", span: opening.span), parameters: [], source: file.source)
    for parameter in definition.parameters { checkNew(parameter) }
    skipLine()
    definition.body = try body(of: opening)
    return .define(definition)
  }

  private mutating func include() throws(Abandoned) -> Statement.Kind {
    let opening = take()
    guard case .text(let pieces) = current.kind, pieces.count == 1, case .literal = pieces[0] else {
      throw fail(
        "'include' needs the path of a script in quotes, without {…}", at: opening.span.joined(current.span),
        hint: "include \"other.bvs\"")
    }
    let path = take()
    try endHeader(of: "include")
    return .include(file.includes[path.span.lower])
  }

  private mutating func body(of opening: Token) throws(Abandoned) -> [Statement] {
    let statements = try nestedBlock()
    if current.word == "else" {
      report("this 'else' belongs to no if", current.span)
      skipLine()
      _ = try nestedBlock()
    }
    try close(opening)
    return statements
  }

  /// The statements inside a block. Blocks that are too deep end the reading of the file.
  private mutating func nestedBlock() throws(Abandoned) -> [Statement] {
    if depth >= Self.deepest && !gaveUp {
      report("blocks are nested more than \(Self.deepest) deep here", previousSpan)
      gaveUp = true
      index = tokens.count - 1
    }
    depth += 1
    defer { depth -= 1 }
    return block()
  }

  /// Takes the `end` of a block; a block that has none is reported at its beginning.
  private mutating func close(_ opening: Token) throws(Abandoned) {
    guard current.word == "end" else {
      if current.word == nil && !gaveUp { report("this '\(opening.word ?? "block")' has no 'end'", opening.span) }
      return
    }
    advance()
    try endHeader(of: "end")
  }

  // MARK: - Lines

  /// Expects the end of the line behind `if …`, `for …`, `end`.
  private mutating func endHeader(of keyword: String) throws(Abandoned) {
    if current.isEnd { return }
    let hint = keyword == "end" || keyword == "include" ? nil : "what it holds begins on the next line"
    throw fail("expected the end of the line after '\(keyword)', not \(described(current))", hint: hint)
  }

  /// Expects the end of the line behind a call or an expression.
  private mutating func endLine(after value: Expression) throws(Abandoned) {
    if current.isEnd { return }
    try reportUnknownCommand(value)
    if current.isSymbol(.assign) {
      throw fail("only a name can be set with '='", at: value.span, hint: "to compare write ==")
    }
    throw fail("expected the end of the line, not \(described(current))", hint: juxtapositionHint(value))
  }

  /// A name followed by something that only a command could take is the name of a command that is not known.
  mutating func reportUnknownCommand(_ value: Expression) throws(Abandoned) {
    guard case .name(let name) = value.kind, !current.isEnd, startsPrimary(current) else { return }
    let names = vocabulary.commands.map(\.name) + definitions.keys.sorted() + ReservedWord.blocks.sorted()
    throw fail(
      "there is no command '\(name)'", at: value.span,
      hint: ForeignWord.statement(name) ?? Suggestion.hint(name, among: names) ?? "'help' lists the commands")
  }

  private func juxtapositionHint(_ value: Expression) -> String? {
    if case .call = value.kind { return nil }
    if current.isSymbol(.comma) { return "a list stands in [ and ]" }
    return nil
  }

  /// A name that is about to be given to a variable, a loop or a parameter.
  private mutating func newName(_ hint: String) throws(Abandoned) -> Name {
    guard let text = current.word else { throw fail("expected a name, not \(described(current))", hint: hint) }
    let name = Name(text: text, span: current.span)
    checkNew(name)
    advance()
    return name
  }

  /// Reports names that mean something else already.
  private mutating func checkNew(_ name: Name) {
    if ReservedWord.all.contains(name.text) {
      report("'\(name.text)' is a word of the language and cannot name a variable", name.span)
    } else if vocabulary.command(name.text) != nil || definitions[name.text] != nil {
      report(
        "'\(name.text)' is a command and cannot name a variable", name.span, hint: "choose another name")
    }
  }

  /// Whether a line that was skipped held its block's `end` as well: `for k in 0..3 print k end`.
  private var previousEndsBlock: Bool { index > 0 && tokens[index - 1].word == "end" }

  mutating func skipLine() {
    while !current.isEnd { advance() }
  }

  // MARK: - Tokens

  var current: Token { tokens[min(index, tokens.count - 1)] }
  var previousSpan: Span { index > 0 ? tokens[min(index, tokens.count) - 1].span : current.span }
  func peek(_ ahead: Int = 1) -> Token { tokens[min(index + ahead, tokens.count - 1)] }

  private var isAtEndOfSource: Bool {
    if case .endOfSource = current.kind { return true }
    return false
  }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  mutating func take() -> Token {
    let token = current
    advance()
    return token
  }

  mutating func take(_ symbol: Symbol) -> Bool {
    guard current.isSymbol(symbol) else { return false }
    advance()
    return true
  }

  func described(_ token: Token) -> String { token.described(in: file.source) }

  // MARK: - Reports

  func report(_ message: String, _ span: Span, hint: String? = nil) {
    file.diagnostics.append(Diagnostic(message, hint: hint, source: file.source, span: span))
  }

  /// Reports a mistake at the current token, or at `span`; what the scanner has reported is not reported again.
  func fail(_ message: String, at span: Span? = nil, hint: String? = nil) -> Abandoned {
    if case .invalid = current.kind { return Abandoned() }
    let here =
      current.isEnd && current.span.lower == current.span.upper
      ? Span(previousSpan.upper, previousSpan.upper + 1) : current.span
    report(message, span ?? here, hint: hint)
    return Abandoned()
  }

  /// Runs something one level deeper, or reports that it is too deep.
  mutating func nested<Result>(_ action: (inout Parser) throws(Abandoned) -> Result) throws(Abandoned) -> Result {
    guard depth < Self.deepest else {
      throw fail("this is nested more than \(Self.deepest) deep", hint: "split it with a variable or a definition")
    }
    depth += 1
    defer { depth -= 1 }
    return try action(&self)
  }
}
