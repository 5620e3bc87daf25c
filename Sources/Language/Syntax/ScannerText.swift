extension Scanner {
  /// The rest of a text whose opening quote has been passed, with the closing quote.
  mutating func scanText(start: Int, depth: Int) -> [TextPiece]? {
    var pieces = PieceBuilder()
    while let byte = peek(), byte != UInt8(ascii: "\n") {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return pieces.finished
      case UInt8(ascii: "\\"):
        guard let escaped = scanEscape() else { return nil }
        pieces.bytes.append(escaped)
      case UInt8(ascii: "{"):
        guard let embedded = scanEmbedded(depth: depth + 1) else { return nil }
        pieces.append(embedded)
      case UInt8(ascii: "}"):
        report(
          "this '}' has no matching '{'", Span(position, position + 1), hint: "for a literal brace write \\}")
        return nil
      default:
        guard takePlain(byte, into: &pieces) else { return nil }
      }
    }
    let hint = depth > 0 ? "or the '{' before it has no '}'" : "end it with \""
    report("this text has no closing quote", Span(start, endOfTextOnLine()), hint: hint)
    return nil
  }

  /// The rest of a line of prose: everything is taken as it stands, except `{expression}` and `\{`, `\}`.
  mutating func scanProse() -> [TextPiece]? {
    var pieces = PieceBuilder()
    while let byte = peek(), byte != UInt8(ascii: "\n") {
      let next = peek(1)
      if byte == UInt8(ascii: "\\"), let next, next == UInt8(ascii: "{") || next == UInt8(ascii: "}") {
        pieces.bytes.append(next)
        position += 2
      } else if byte == UInt8(ascii: "{") {
        guard let embedded = scanEmbedded(depth: 1) else { return nil }
        pieces.append(embedded)
      } else if byte == UInt8(ascii: "\r"), next == nil || next == UInt8(ascii: "\n") {
        position += 1
      } else {
        guard takePlain(byte, into: &pieces) else { return nil }
      }
    }
    return pieces.finished
  }

  private mutating func takePlain(_ byte: UInt8, into pieces: inout PieceBuilder) -> Bool {
    if (byte < 32 && byte != UInt8(ascii: "\t")) || byte == 127 {
      let shown = UnreadableCharacter.shown(Unicode.Scalar(byte))
      report("a text cannot contain \(shown)", Span(position, position + 1))
      return false
    }
    pieces.bytes.append(byte)
    position += 1
    return true
  }

  private mutating func scanEscape() -> UInt8? {
    let escapes: [UInt8: UInt8] = [
      UInt8(ascii: "n"): UInt8(ascii: "\n"), UInt8(ascii: "t"): UInt8(ascii: "\t"),
      UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
      UInt8(ascii: "{"): UInt8(ascii: "{"), UInt8(ascii: "}"): UInt8(ascii: "}"),
    ]
    guard let next = peek(1), let escaped = escapes[next] else {
      report(
        "unknown escape in a text", Span(position, position + 1 + UTF8.width(scalar(at: position + 1) ?? " ")),
        hint: "known are \\n \\t \\\" \\\\ \\{ \\}")
      return nil
    }
    position += 2
    return escaped
  }

  /// The tokens between `{` and its `}`.
  private mutating func scanEmbedded(depth: Int) -> TextPiece? {
    let start = position
    guard depth <= Self.deepestText else {
      report("texts are nested more than \(Self.deepestText) deep here", Span(start, start + 1))
      return nil
    }
    position += 1
    if peek() == UInt8(ascii: "{") {
      report("'{{' is not an escaped brace", Span(start, start + 2), hint: "for a literal brace write \\{")
      return nil
    }
    var tokens: [Token] = []
    while let byte = peek(), byte != UInt8(ascii: "\n") {
      if let format = scanFormat() { tokens.append(format) }
      switch nextToken(depth: depth) {
      case .failure: return nil
      case .nothing: break
      case .token(let token) where token.isSymbol(.braceClose):
        tokens.append(Token(kind: .endOfLine, span: token.span, isSpaced: true))
        return .embedded(tokens, Span(start, position))
      case .token(let token): tokens.append(token)
      }
    }
    report(
      "this '{' is never closed", Span(start, start + 1), hint: "{…} puts a value into a text; for a brace write \\{")
    return nil
  }

  /// What follows a `:`, up to the brace.
  private mutating func scanFormat() -> Token? {
    var start = position
    while let byte = peek(start - position), byte == UInt8(ascii: " ") { start += 1 }
    guard peek(start - position) == UInt8(ascii: ":") else { return nil }
    position = start + 1
    while let byte = peek(), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\"") {
      position += 1
    }
    return Token(kind: .format(text(start + 1, position)), span: Span(start, position), isSpaced: false)
  }

  private func endOfTextOnLine() -> Int { source.byteRange(ofLine: source.line(at: max(0, position - 1))).upper }

  // MARK: - Numbers

  /// A number such as `12`, `0.5` or `5e-4`; `0..9` is a number, `..` and a number.
  mutating func scanNumber() -> Double? {
    let start = position
    var isPlain = true
    skipDigits()
    if peek() == UInt8(ascii: "."), isDigit(1) {
      isPlain = false
      position += 1
      skipDigits()
    }
    if let byte = peek(), byte | 32 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+")
      if isDigit(sign ? 2 : 1) {
        isPlain = false
        position += sign ? 2 : 1
        skipDigits()
      }
    }
    let end = endOfWord(from: position)
    if end > position {
      let span = Span(start, end)
      report("'\(short(text(start, end)))' is neither a number nor a name", span, hint: "names begin with a letter")
      return nil
    }
    guard let value = Double(text(start, position)), value.isFinite else {
      report("this number is too large", Span(start, position), hint: "numbers go up to 1.8e308")
      return nil
    }
    if isPlain && value >= Value.largestWhole && Int(text(start, position)) != Int(Value.largestWhole) {
      report(
        "this whole number is too large to be kept exactly", Span(start, position),
        hint: "whole numbers go up to 9007199254740992")
      return nil
    }
    return value
  }

  private func isDigit(_ ahead: Int) -> Bool {
    peek(ahead).map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false
  }

  private mutating func skipDigits() { while isDigit(0) { position += 1 } }

  private func short(_ text: String) -> String { text.count > 40 ? String(text.prefix(39)) + "…" : text }
}

/// Collects the literal bytes of a text and what is embedded between them.
private struct PieceBuilder {
  var bytes: [UInt8] = []
  private var pieces: [TextPiece] = []

  mutating func append(_ piece: TextPiece) {
    flush()
    pieces.append(piece)
  }

  private mutating func flush() {
    if !bytes.isEmpty { pieces.append(.literal(String(decoding: bytes, as: UTF8.self))) }
    bytes = []
  }

  var finished: [TextPiece] {
    var copy = self
    copy.flush()
    return copy.pieces
  }
}

/// Words about characters that the language does not use.
enum UnreadableCharacter {
  static func shown(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: break
    default: return "'\(scalar)'"
    }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "the character U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
  }

  static func hint(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "'", "“", "”", "‘", "’": "write a text between \" and \""
    case "&": "write 'and'"
    case "|": "write 'or'; prose begins its line with |"
    case "!": "write 'not', or != for 'is not'"
    case ";": "write one statement per line"
    case "{", "}": "{…} is for texts; blocks end with 'end'"
    case ":": "options are written without ':', as in beta 4"
    case "\u{A0}", "\u{2007}", "\u{202F}": "write a plain blank"
    case "−", "–", "—": "the minus sign is -"
    case "×", "·": "the multiplication sign is *"
    case "÷": "the division sign is /"
    case "^": "write x * x for a square"
    case "@": "a product of matrices is dot(a, b)"
    case "$": "write the name alone"
    case "~": "write a path in quotes: \"~/file.npy\""
    case "?": "to ask for help write help and what it is about"
    case "`": "write a text between \" and \""
    case "…": "write a range as 0..9"
    default: nil
    }
  }
}
