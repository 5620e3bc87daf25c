/// What the scanner takes a stretch of a script for: what colours in editors are held against.
package struct ScannedStretch {
  package enum Kind {
    case number
    case text
    case prose
    case symbol
    /// The `{` and `}` of what is put into a text.
    case brace
    /// A word of the language.
    case reserved
    case word
    /// A line for the shell.
    case shell
    /// What follows a value in a text, `:.3`.
    case format
  }

  package let kind: Kind
  package let span: Span

  /// The stretches of a text, later ones on top of earlier ones; comments and blanks are none. Nil where the scanner
  /// finds something that it cannot read.
  package static func all(in text: String) -> [ScannedStretch]? {
    var scanner = Scanner(Source(name: "", text: text))
    let tokens = scanner.scan()
    return scanner.diagnostics.isEmpty ? stretches(of: tokens) : nil
  }

  private static func stretches(of tokens: [Token]) -> [ScannedStretch] {
    var found: [ScannedStretch] = []
    for (index, token) in tokens.enumerated() {
      func add(_ kind: Kind) { found.append(ScannedStretch(kind: kind, span: token.span)) }
      switch token.kind {
      case .number: add(.number)
      case .symbol: add(.symbol)
      case .word(let word):
        let isField = index > 0 && tokens[index - 1].isSymbol(.dot)
        let isSet = index + 1 < tokens.count && tokens[index + 1].isSymbol(.assign)
        add(ReservedWord.all.contains(word) && !isField && !isSet ? .reserved : .word)
      case .text(let pieces):
        add(.text)
        found += stretches(of: pieces)
      case .prose(let pieces):
        add(.prose)
        found += stretches(of: pieces)
      case .shell: add(.shell)
      case .format: add(.format)
      case .endOfLine, .endOfSource, .invalid: break
      }
    }
    return found
  }

  private static func stretches(of pieces: [TextPiece]) -> [ScannedStretch] {
    var found: [ScannedStretch] = []
    for case .embedded(let tokens, let span) in pieces {
      found.append(ScannedStretch(kind: .brace, span: Span(span.lower, span.lower + 1)))
      found.append(ScannedStretch(kind: .brace, span: Span(span.upper - 1, span.upper)))
      found += stretches(of: tokens.filter { !$0.isEnd })
    }
    return found
  }
}
