/// The brackets that are open: inside of them a statement goes on over the ends of lines.
///
/// A bracket that is never closed must not take in the rest of the script. It is given up where a line begins that can
/// only be a statement of its own (with a word that begins or ends a block, with `name =`, with prose or with `!`), and at
/// something that cannot be read.
struct OpenBrackets {
  private var open: [(symbol: Symbol, place: Int)] = []

  var isEmpty: Bool { open.isEmpty }

  /// Takes in the tokens of a line, without its end.
  mutating func read(line: some RandomAccessCollection<Token>) {
    if Self.beginsStatement(line) { open = [] }
    for token in line { _ = read(token, at: 0) }
  }

  /// Whether a line that begins so can be no part of what stands in brackets.
  static func beginsStatement(_ line: some RandomAccessCollection<Token>) -> Bool {
    guard let first = line.first else { return false }
    switch first.kind {
    case .prose, .shell: return true
    default: break
    }
    guard let word = first.word else { return false }
    return ReservedWord.blocks.contains(word) || line.dropFirst().first?.isSymbol(.assign) ?? false
  }

  /// Takes in a token.
  /// - Returns: the place of the bracket that it closes.
  private mutating func read(_ token: Token, at place: Int) -> Int? {
    switch token.kind {
    case .symbol(let symbol) where symbol == .roundOpen || symbol == .squareOpen: open.append((symbol, place))
    case .symbol(.roundClose): return close(.roundOpen)
    case .symbol(.squareClose): return close(.squareOpen)
    case .invalid: open = []
    default: break
    }
    return nil
  }

  private mutating func close(_ symbol: Symbol) -> Int? {
    guard let index = open.lastIndex(where: { $0.symbol == symbol }) else { return nil }
    let place = open[index].place
    open.removeSubrange(index...)
    return place
  }

  /// The tokens of a script without the ends of lines that lie in brackets; of a bracket that is never closed without
  /// those behind a comma or another bracket, behind which a line certainly goes on.
  static func joined(_ tokens: [Token]) -> [Token] {
    var brackets = OpenBrackets()
    var closed: Set<Int> = []
    /// The ends of lines in brackets, each with the innermost bracket around it, and whether the line goes on in any case.
    var ends: [(place: Int, bracket: Int, goesOn: Bool)] = []
    for (place, token) in tokens.enumerated() {
      let begins = place == 0 || tokens[place - 1].isEnd
      if begins, !brackets.isEmpty, beginsStatement(tokens[place..<min(place + 2, tokens.count)]) { brackets.open = [] }
      if let bracket = brackets.read(token, at: place) { closed.insert(bracket) }
      if case .endOfLine = token.kind, let innermost = brackets.open.last {
        let rest = tokens[(place + 1)..<min(place + 3, tokens.count)]
        let isLast = rest.first?.isEnd ?? true || beginsStatement(rest)
        ends.append((place, innermost.place, !isLast && tokens[place - 1].expectsMore))
      }
    }
    let inside = Set(ends.filter { closed.contains($0.bracket) || $0.goesOn }.map(\.place))
    return inside.isEmpty ? tokens : tokens.indices.filter { !inside.contains($0) }.map { tokens[$0] }
  }
}

extension Token {
  /// Whether it is a comma or opens a bracket.
  fileprivate var expectsMore: Bool { isSymbol(.comma) || isSymbol(.roundOpen) || isSymbol(.squareOpen) }
}
