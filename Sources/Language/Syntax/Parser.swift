/// Reads the statements of one file from its tokens, by recursive descent. What it cannot read it reports, and goes on
/// with the next line.
struct Parser {
  /// Thrown when a line cannot be read any further; the reason has been reported.
  struct Abandoned: Error {}

  let file: ScriptFile
  let vocabulary: Vocabulary
  let definitions: [String: Definition]
  let rights: SourceRights
  var tokens: [Token]
  var index = 0
  var depth = 0
  var gaveUp = false
  /// How many loops are around the statement, and whether it is part of a defined command.
  var loopDepth = 0, isInDefinition = false
  /// How deep an index stands in which a range may be left without an end, `x[1..]`.
  var openRangeDepth: Int?
  var suggestions = SuggestionSearch()

  /// How deep brackets, signs and blocks may be nested.
  static let deepest = 100

  init(
    file: ScriptFile, vocabulary: Vocabulary, definitions: [String: Definition], rights: SourceRights = SourceRights()
  ) {
    self.rights = rights
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
      report("this '\(word)' has no matching \(word == "end" ? "block" : "'if'")", current.span)
      skipLine()
    }
  }

  // MARK: - Tokens

  var current: Token { tokens[min(index, tokens.count - 1)] }
  var previousSpan: Span { index > 0 ? tokens[min(index, tokens.count) - 1].span : current.span }
  func peek(_ ahead: Int = 1) -> Token { tokens[min(index + ahead, tokens.count - 1)] }

  var isAtEndOfSource: Bool {
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

  /// Says that something is probably not meant as it is read.
  func warn(_ message: String, _ span: Span, hint: String? = nil) {
    file.diagnostics.append(Diagnostic(message, severity: .warning, hint: hint, source: file.source, span: span))
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
