/// A piece of a line as the scanner tells it apart.
struct Token {
  enum Kind {
    case number(Double)
    case text([TextPiece])
    case word(String)
    case symbol(Symbol)
    /// A whole line of report prose.
    case prose([TextPiece])
    /// What follows the `:` of `{x:.3}`.
    case format(String)
    /// A line that begins with `!`: a command of the shell.
    case shell(String)
    case endOfLine
    /// Something that the scanner has reported already; the rest of its line is left away.
    case invalid
    case endOfSource
  }

  let kind: Kind
  let span: Span
  /// Whether blanks stand before it: `x[1]` indexes, `x [1]` does not.
  let isSpaced: Bool
}

/// A part of a text or of prose.
enum TextPiece {
  case literal(String)
  /// What stands between `{` and `}`, ended by an `endOfLine`, before which its format stands where it has one.
  case embedded([Token], Span)
}

enum Symbol: String {
  case roundOpen = "("
  case roundClose = ")"
  case squareOpen = "["
  case squareClose = "]"
  case comma = ","
  case assign = "="
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case remainder = "%"
  case dot = "."
  case through = ".."
  /// Ends an interpolation.
  case braceClose = "}"

  static func double(_ first: UInt8, _ second: UInt8?) -> Symbol? {
    switch (first, second) {
    case (UInt8(ascii: "="), UInt8(ascii: "=")): .equal
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): .unequal
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): .lessOrEqual
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): .greaterOrEqual
    case (UInt8(ascii: "."), UInt8(ascii: ".")): .through
    default: nil
    }
  }

  static func single(_ byte: UInt8) -> Symbol? {
    switch byte {
    case UInt8(ascii: "("): .roundOpen
    case UInt8(ascii: ")"): .roundClose
    case UInt8(ascii: "["): .squareOpen
    case UInt8(ascii: "]"): .squareClose
    case UInt8(ascii: ","): .comma
    case UInt8(ascii: "="): .assign
    case UInt8(ascii: "<"): .less
    case UInt8(ascii: ">"): .greater
    case UInt8(ascii: "+"): .plus
    case UInt8(ascii: "-"): .minus
    case UInt8(ascii: "*"): .times
    case UInt8(ascii: "/"): .divide
    case UInt8(ascii: "%"): .remainder
    case UInt8(ascii: "."): .dot
    case UInt8(ascii: "}"): .braceClose
    default: nil
    }
  }
}

extension Token {
  func isSymbol(_ symbol: Symbol) -> Bool {
    if case .symbol(symbol) = kind { return true }
    return false
  }

  var word: String? {
    if case .word(let word) = kind { return word }
    return nil
  }

  /// Whether a statement ends before this token.
  var isEnd: Bool {
    switch kind {
    case .endOfLine, .endOfSource: true
    default: false
    }
  }

  /// The token in words, for messages: `'beta'`, `the end of the line`.
  func described(in source: Source) -> String {
    switch kind {
    case .endOfLine where span.upper > span.lower: return "'\(source.text(span))'"
    case .endOfLine, .endOfSource: return "the end of the line"
    case .text: return "a text"
    case .prose: return "prose"
    default:
      let text = source.text(span)
      return "'\(text.count > 40 ? text.prefix(39) + "…" : text[...])'"
    }
  }
}

/// Words that have a meaning of their own everywhere and so name no variable.
enum ReservedWord {
  static let all: Set<String> = [
    "and", "or", "not", "true", "false", "for", "in", "while", "if", "else", "end", "define", "include", "break",
    "continue",
    "return",
  ]
  /// Those that begin or end a statement.
  static let blocks: Set<String> = [
    "for", "while", "if", "else", "end", "define", "include", "break", "continue", "return",
  ]
  /// Those that begin a block, which 'end' ends.
  static let opening: Set<String> = ["for", "while", "if", "define"]
}
