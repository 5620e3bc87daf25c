/// How much of a call has been written, read as the parser would but without complaining.
struct CallSoFar {
  let verb: String
  let signature: [Parameter]
  /// The parameters that have a value, or whose name has been written.
  private(set) var given: Set<Int> = []
  /// The option or marker whose name has been written and whose value comes next.
  private(set) var awaited: Int?

  init(verb: String, signature: [Parameter], tokens: ArraySlice<Token>) {
    self.verb = verb
    self.signature = signature
    var rest = tokens
    while let token = rest.first {
      let named = token.word.flatMap { word in signature.firstIndex { $0.isIntroduced(by: word) } }
      if let awaited {
        rest = Self.passing(rest, isWhole: true) { self.isName($0) }
        // A value whose sign is still to be followed by something goes on.
        if rest.isEmpty && endsOpen(tokens) { return }
        given.insert(awaited)
        self.awaited = nil
      } else if let next = nextPositional, named == nil {
        rest = Self.passing(rest, isWhole: signature[next].isWhole) { self.isName($0) }
        given.insert(next)
      } else if let named {
        rest = rest.dropFirst()
        if signature[named].role == .toggle { given.insert(named) } else { awaited = named }
      } else {
        // Further values go on as the first did.
        if let values { given.insert(values) }
        rest = Self.passing(rest, isWhole: true) { self.isName($0) }
      }
    }
  }

  /// The positional parameter that comes next, if one is left.
  var nextPositional: Int? { signature.indices.first { signature[$0].role == .positional && !given.contains($0) } }

  /// The parameter whose value comes next, if one must or may come.
  var next: Parameter? { (awaited ?? nextPositional ?? values).map { signature[$0] } }

  /// The named parameters that can still be written here.
  var namedLeft: [Parameter] {
    if awaited != nil { return [] }
    // What is needed comes before what may be left out.
    if let next = nextPositional, !signature[next].isOptional { return [] }
    return signature.indices.filter { signature[$0].isNamed && !given.contains($0) }.map { signature[$0] }
  }

  /// What may follow, as in the syntax of the command.
  var remaining: [String] {
    var texts: [String] = []
    if let awaited { texts.append(signature[awaited].exampleForHint) }
    for (index, parameter) in signature.enumerated() where !given.contains(index) && index != awaited {
      texts.append(parameter.syntax)
    }
    return texts
  }

  private var values: Int? { signature.firstIndex { $0.role == .values } }

  private func isName(_ token: Token) -> Bool {
    token.word.map { word in signature.contains { $0.isIntroduced(by: word) } } ?? false
  }

  /// Whether tokens end with a sign that something must follow.
  private func endsOpen(_ tokens: ArraySlice<Token>) -> Bool {
    guard let last = tokens.last else { return true }
    switch last.kind {
    case .symbol(let symbol): return ![.roundClose, .squareClose, .braceClose].contains(symbol)
    case .word(let word): return ["and", "or", "not"].contains(word)
    default: return false
    }
  }

  /// What follows the value at the beginning of tokens.
  private static func passing(
    _ tokens: ArraySlice<Token>, isWhole: Bool, until isName: (Token) -> Bool
  ) -> ArraySlice<Token> {
    var rest = tokens, depth = 0, needsOperand = true
    while let token = rest.first {
      switch token.kind {
      case .symbol(.roundOpen), .symbol(.squareOpen):
        if depth == 0 && !needsOperand && token.isSpaced { return rest }
        depth += 1
        needsOperand = false
      case .symbol(.roundClose), .symbol(.squareClose):
        depth -= 1
        needsOperand = false
      case .symbol(.dot): needsOperand = true
      case .symbol:
        if depth == 0 && !needsOperand && !isWhole { return rest }
        needsOperand = true
      case .word("and"), .word("or"), .word("not"): needsOperand = true
      default:
        if depth == 0 && (!needsOperand || isName(token) && rest.startIndex > tokens.startIndex) { return rest }
        needsOperand = false
      }
      rest = rest.dropFirst()
    }
    return rest
  }
}

extension Parameter {
  /// What stands for the value in a hint: its default, its words, its placeholder.
  fileprivate var exampleForHint: String {
    if case .number(let number) = fallback, words.isEmpty { return number.scriptText }
    return placeholder
  }
}
