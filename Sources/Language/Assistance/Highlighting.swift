/// What a stretch of a script is, for colouring it.
package struct Highlight: Sendable, Equatable {
  /// What it is.
  package enum Role: Sendable {
    /// The name of a command.
    case command
    /// A word of the language.
    case keyword
    /// The name of an option or a marker.
    case option
    /// One of the fixed words that a command takes.
    case word
    /// A variable that has a value.
    case variable
    /// A function.
    case function
    /// A number.
    case number
    /// A text in quotes.
    case text
    /// A line of the report.
    case prose
    /// A remark.
    case comment
    /// What cannot be read.
    case mistake
  }

  /// Where it is, in bytes.
  package let span: Span
  /// What it is.
  package let role: Role
}

extension Session {
  /// What the stretches of a text are, by the tokens that the scanner finds; later ones lie on top of earlier ones.
  package func highlights(of text: String) -> [Highlight] {
    let source = Source(name: "", text: text)
    var scanner = Scanner(source)
    let tokens = scanner.scan()
    var highlighter = Highlighter(session: self)
    highlighter.read(tokens)
    highlighter.addRemarks(between: tokens, source)
    for mistake in scanner.diagnostics {
      // A text that is still being written is no mistake yet.
      let isText = source.text(Span(mistake.span.lower, mistake.span.lower + 1)) == "\""
      highlighter.found.append(Highlight(span: mistake.span, role: isText ? .text : .mistake))
    }
    return highlighter.found
  }
}

/// Goes through tokens once and tells what each word is from its place.
private struct Highlighter {
  let session: Session
  var found: [Highlight] = []
  private var contexts = [Context()]

  /// A statement, or what stands in brackets.
  private struct Context {
    /// Whether a command may come next.
    var isStart = true
    var signature: [Parameter] = []
  }

  init(session: Session) { self.session = session }

  mutating func read(_ tokens: [Token]) {
    for (index, token) in tokens.enumerated() {
      let next = index + 1 < tokens.count ? tokens[index + 1] : token
      switch token.kind {
      case .number: add(token.span, .number)
      case .text(let pieces): read(pieces, token.span, .text)
      case .prose(let pieces): read(pieces, token.span, .prose)
      case .shell: add(Span(token.span.lower, token.span.lower + 1), .command)
      case .word(let word):
        let isField = index > 0 && tokens[index - 1].isSymbol(.dot)
        let beginsLine = index == 0 || tokens[index - 1].isEnd
        if !isField { read(word, token.span, next, beginsLine: beginsLine) }
        current.isStart = current.isStart && (word == "else" || session.vocabulary.takesCommand(word))
        continue
      case .symbol(.roundOpen), .symbol(.squareOpen):
        contexts.append(Context(isStart: token.isSymbol(.roundOpen)))
        continue
      case .symbol(.roundClose), .symbol(.squareClose): if contexts.count > 1 { contexts.removeLast() }
      case .symbol(.assign):
        current = Context()
        continue
      case .endOfLine:
        contexts = [Context()]
        continue
      default: break
      }
      current.isStart = false
    }
  }

  private var current: Context {
    get { contexts[contexts.count - 1] }
    set { contexts[contexts.count - 1] = newValue }
  }

  private mutating func read(_ word: String, _ span: Span, _ next: Token, beginsLine: Bool) {
    if next.isSymbol(.assign) { return add(span, .variable) }
    if current.isStart, let signature = session.signature(of: word, beginsLine: beginsLine) {
      current.signature = signature
      return add(span, .command)
    }
    if current.signature.contains(where: { $0.isIntroduced(by: word) }) { return add(span, .option) }
    if ReservedWord.all.contains(word) { return add(span, .keyword) }
    if current.signature.contains(where: {
      $0.kinds.contains(.name) || $0.kinds.contains(.topic) || $0.words.contains(word)
    }) {
      return add(span, .word)
    }
    if session.vocabulary.function(word) != nil, next.isSymbol(.roundOpen), !next.isSpaced {
      return add(span, .function)
    }
    if session.typeOfVariable(word) != nil { add(span, .variable) }
  }

  private mutating func read(_ pieces: [TextPiece], _ span: Span, _ role: Highlight.Role) {
    add(span, role)
    for case .embedded(let tokens, _) in pieces {
      var inner = Highlighter(session: session)
      inner.read(tokens)
      found += inner.found
    }
  }

  private mutating func add(_ span: Span, _ role: Highlight.Role) { found.append(Highlight(span: span, role: role)) }

  /// Remarks are no tokens: they are what is not blank between them.
  mutating func addRemarks(between tokens: [Token], _ source: Source) {
    var end = 0
    for token in tokens {
      if token.span.lower > end { addRemarks(Span(end, token.span.lower), source) }
      end = max(end, token.span.upper)
    }
  }

  private mutating func addRemarks(_ gap: Span, _ source: Source) {
    var place = gap.lower
    while place < gap.upper {
      guard source.bytes[place] == UInt8(ascii: "#") else {
        place += 1
        continue
      }
      let end = source.bytes[place..<gap.upper].firstIndex(of: UInt8(ascii: "\n")) ?? gap.upper
      add(Span(place, end), .comment)
      place = end
    }
  }
}
