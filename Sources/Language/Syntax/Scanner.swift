/// Turns the text of a script into tokens: one statement after the other, each ended by `endOfLine`. A statement is a
/// line, and goes on in the next one behind a `\` and inside brackets.
///
/// What it cannot read it reports once a line, and leaves the rest of that line away.
struct Scanner {
  let source: Source
  private(set) var diagnostics: [Diagnostic] = []
  var position = 0
  /// Whether the source ends with a `\` that continues its last line.
  private(set) var endsContinued = false
  private let bytes: [UInt8]

  /// How deep `"{"{…}"}"` may go.
  static let deepestText = 20

  init(_ source: Source) {
    self.source = source
    bytes = source.bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// All tokens, the last of them `endOfSource`.
  mutating func scan() -> [Token] {
    if let offset = source.firstInvalidByte {
      report("this is not valid UTF-8 text", Span(offset, offset + 3), hint: "save the script as UTF-8")
    }
    if let encoding = source.foreignEncoding {
      report("this script is in \(encoding), which cannot be read", Span(0, 1), hint: "save it as UTF-8")
    }
    var tokens: [Token] = []
    while position < bytes.count { scanLine(into: &tokens) }
    tokens.append(Token(kind: .endOfSource, span: Span(bytes.count, bytes.count), isSpaced: true))
    return OpenBrackets.joined(tokens)
  }

  private mutating func scanLine(into tokens: inout [Token]) {
    let first = tokens.count
    skipBlanks()
    if peek() == UInt8(ascii: "|") {
      let start = position
      position += 1
      if peek() == UInt8(ascii: " ") { position += 1 }
      if let pieces = scanProse() {
        tokens.append(Token(kind: .prose(pieces), span: Span(start, position), isSpaced: true))
      } else {
        abandonLine(into: &tokens)
      }
    } else if peek() == UInt8(ascii: "!"), peek(1) != UInt8(ascii: "=") {
      let start = position
      skipToLineEnd()
      while position > start + 1, Self.isBlank(bytes[position - 1]) { position -= 1 }
      let command = String(text(start + 1, position).drop { $0 == " " || $0 == "\t" })
      tokens.append(Token(kind: .shell(command), span: Span(start, position), isSpaced: true))
      skipBlanks()
    } else {
      while position < bytes.count, peek() != UInt8(ascii: "\n") {
        switch nextToken(depth: 0) {
        case .token(let token): tokens.append(token)
        case .nothing: break
        case .failure: abandonLine(into: &tokens)
        }
      }
    }
    if tokens.count > first { tokens.append(Token(kind: .endOfLine, span: Span(position, position), isSpaced: true)) }
    if position < bytes.count { position += 1 }
  }

  private mutating func abandonLine(into tokens: inout [Token]) {
    tokens.append(Token(kind: .invalid, span: Span(position, position), isSpaced: true))
    skipToLineEnd()
  }

  /// What a step of the scanner met.
  enum Step {
    case token(Token)
    /// Blanks, a comment or a continuation.
    case nothing
    /// Something that cannot be read, which has been reported.
    case failure
  }

  /// The next token of the line.
  mutating func nextToken(depth: Int) -> Step {
    let isLineStart = position == 0 || bytes[position - 1] == UInt8(ascii: "\n")
    let isSpaced = skipBlanks() || isLineStart
    guard let byte = peek(), byte != UInt8(ascii: "\n") else { return .nothing }
    let start = position
    func token(_ kind: Token.Kind?) -> Step {
      guard let kind else { return .failure }
      return .token(Token(kind: kind, span: Span(start, position), isSpaced: isSpaced))
    }
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      return token(scanNumber().map { .number($0) })
    case UInt8(ascii: "\""):
      position += 1
      return token(scanText(start: start, depth: depth).map { .text($0) })
    case UInt8(ascii: "#") where depth == 0:
      skipToLineEnd()
      return .nothing
    case UInt8(ascii: "\\") where depth == 0:
      return continueLine() ? .nothing : .failure
    default:
      if let word = scanWord() { return token(.word(word)) }
      return token(scanSymbol(start: start).map { .symbol($0) })
    }
  }

  /// Passes a `\` at the end of a line, and the line break.
  private mutating func continueLine() -> Bool {
    let start = position
    position += 1
    skipBlanks()
    if peek() == UInt8(ascii: "#") { skipToLineEnd() }
    guard peek() == UInt8(ascii: "\n") || peek() == nil else {
      report("'\\' continues a line and must be its last character", Span(start, start + 1))
      return false
    }
    if position < bytes.count { position += 1 } else { endsContinued = true }
    return true
  }

  private mutating func scanSymbol(start: Int) -> Symbol? {
    if let byte = peek(), let symbol = Symbol.double(byte, peek(1)) ?? Symbol.single(byte) {
      position += symbol.rawValue.utf8.count
      return symbol
    }
    let scalar = scalar(at: start) ?? "\u{FFFD}"
    let shown = UnreadableCharacter.shown(scalar)
    report(
      "\(shown) has no meaning here", Span(start, start + UTF8.width(scalar)),
      hint: scalar == ":" ? colonHint(at: start) : UnreadableCharacter.hint(scalar))
    return nil
  }

  /// What a `:` was meant for: `:q`, `x := 3`, `1:10`, `if x > 3:`, `beta: 4`.
  private func colonHint(at start: Int) -> String {
    let line = source.byteRange(ofLine: source.line(at: start))
    let before = source.text(Span(line.lower, start)).drop { $0.isWhitespace }
    let behind = source.text(Span(start + 1, line.upper))
    if before.isEmpty { return "commands are written without ':'" }
    if behind.hasPrefix("=") { return "a variable is set with =, as in x = 3" }
    if behind.allSatisfy(\.isWhitespace) || behind.drop(while: \.isWhitespace).hasPrefix("#") {
      return "a block begins without ':', on the next line"
    }
    let opening = before.lastIndex(of: "["), closing = before.lastIndex(of: "]")
    if let opening, closing.map({ $0 < opening }) ?? true {
      return "write a slice as x[0..4], with both ends; all of a dimension as x[.., 0]"
    }
    if let last = before.last, last.isNumber, behind.first?.isNumber ?? false { return "write a range as 1..10" }
    let first = before.prefix { $0.isLetter }
    if ["if", "for", "while", "else", "elif", "def", "define"].contains(first) {
      return "a block begins without ':', on the next line"
    }
    return "options are written without ':', as in beta 4"
  }

  // MARK: - Words

  private mutating func scanWord() -> String? {
    let start = position
    position = endOfWord(from: start)
    return position > start ? text(start, position) : nil
  }

  func endOfWord(from start: Int) -> Int {
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      if byte < 128 {
        let isLetter = (byte | 32) >= UInt8(ascii: "a") && (byte | 32) <= UInt8(ascii: "z")
        let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        guard isLetter || byte == UInt8(ascii: "_") || (isDigit && end > start) else { break }
        end += 1
      } else {
        guard let scalar = scalar(at: end) else { break }
        let properties = scalar.properties
        guard properties.isIDStart || (end > start && properties.isIDContinue) else { break }
        end += UTF8.width(scalar)
      }
    }
    return end
  }

  // MARK: - Bytes

  func peek(_ ahead: Int = 0) -> UInt8? { position + ahead < bytes.count ? bytes[position + ahead] : nil }

  func text(_ lower: Int, _ upper: Int) -> String {
    String(decoding: bytes[lower..<min(max(upper, lower), bytes.count)], as: UTF8.self)
  }

  /// The scalar that begins at a byte; the source is valid UTF-8.
  func scalar(at offset: Int) -> Unicode.Scalar? {
    guard offset < bytes.count else { return nil }
    return text(offset, offset + 4).unicodeScalars.first
  }

  @discardableResult
  private mutating func skipBlanks() -> Bool {
    let start = position
    while let byte = peek(), Self.isBlank(byte) { position += 1 }
    return position > start
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  private mutating func skipToLineEnd() {
    while position < bytes.count && bytes[position] != UInt8(ascii: "\n") { position += 1 }
  }

  mutating func report(_ message: String, _ span: Span, hint: String? = nil) {
    diagnostics.append(Diagnostic(message, hint: hint, source: source, span: span))
  }
}
