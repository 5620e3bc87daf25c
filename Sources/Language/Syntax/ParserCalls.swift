/// Calls: a line is read knowing what its command declares, never what variables there are.
extension Parser {
  /// The command of a name, the program's or the script's.
  func target(of name: String) -> Call.Target? {
    if let command = vocabulary.command(name) { return .command(command) }
    return definitions[name].map { .defined($0) }
  }

  /// Reads a call whose verb is the current token.
  mutating func call(_ target: Call.Target) throws(Abandoned) -> Expression {
    let token = take()
    if current.isSymbol(.roundOpen), !current.isSpaced, let hint = bracketsHint(token.word ?? "", target) {
      throw fail(
        "'\(token.word ?? "")' is a command; its values do not stand in parentheses",
        at: token.span.joined(current.span), hint: hint)
    }
    var reader = CallReader(verb: Name(text: token.word ?? "", span: token.span), signature: target.signature)
    try reader.read(&self)
    let call = Call(verb: reader.verb, target: target, arguments: reader.arguments)
    return Expression(kind: .call(call), span: token.span.joined(previousSpan))
  }
}

extension Parser {
  /// What to write for a command that is called like a function, with the bracket here: `quit()`, `load(mnist)`,
  /// `train(model, ones)`; nil where a single value stands in it, as in `print(1)`.
  private func bracketsHint(_ verb: String, _ target: Call.Target) -> String? {
    if bracketsHoldCommas { return "write \(target.syntax)" }
    if peek().isSymbol(.roundClose) { return "write \(verb), without ( )" }
    guard let word = peek().word, peek(2).isSymbol(.roundClose),
      target.signature.first?.words.contains(word) ?? false
    else { return nil }
    return "write \(verb) \(word)"
  }

  /// Whether commas stand between the bracket here and its closing one: `train(model, ones)`.
  private var bracketsHoldCommas: Bool {
    var depth = 0
    for token in tokens[index...] {
      guard !token.isEnd else { return false }
      switch token.kind {
      case .symbol(.roundOpen), .symbol(.squareOpen): depth += 1
      case .symbol(.roundClose), .symbol(.squareClose):
        depth -= 1
        if depth == 0 { return false }
      case .symbol(.comma) where depth == 1: return true
      default: break
      }
    }
    return false
  }
}

extension Call.Target {
  /// What the command takes.
  var signature: [Parameter] {
    switch self {
    case .command(let command): command.parameters
    case .defined(let definition):
      definition.parameters.map { parameter in
        let name = parameter.name.text
        return Parameter(
          name: name, role: parameter.written == nil ? .positional : .option, kinds: [.any],
          fallback: parameter.written.map { .described($0) }, placeholder: name.uppercased(), summary: "")
      }
    }
  }

  /// Whether more is found out of a call before it runs than what its values are.
  var isInspected: Bool {
    switch self {
    case .command(let command): command.needsInspection
    case .defined: true
    }
  }

  /// Its syntax in one line.
  var syntax: String {
    switch self {
    case .command(let command): command.syntax
    case .defined(let definition): definition.syntax
    }
  }
}

extension Parser {
  /// The value of a parameter. A bare word is one of those that are declared, every other one a variable: what it means
  /// follows from the declaration, never from the variables that there are.
  mutating func value(for parameter: Parameter, isPositional: Bool) throws(Abandoned) -> Expression {
    if parameter.kinds.contains(.topic) { return topic() }
    if parameter.kinds.contains(.name) {
      guard let word = current.word else {
        throw fail("expected a name, not \(described(current))")
      }
      return Expression(kind: .word(word), span: take().span)
    }
    if parameter.takesCommand {
      let value = try nested { (parser) throws(Abandoned) in try parser.callOrExpression() }
      // `time tran model on ones`
      try reportUnknownCommand(value)
      if current.isSymbol(.assign) {
        throw fail("no variable can be set here", hint: "write name = time …")
      }
      return value
    }
    if let word = current.word, parameter.takesWord(word), !continues(peek(), isPositional: isPositional) {
      return Expression(kind: .word(word), span: take().span)
    }
    return isPositional && !parameter.isWhole ? try primary() : try expression()
  }

  /// What help is asked for: the rest of the line as it stands, quotes around it left away.
  private mutating func topic() -> Expression {
    let start = current.span
    while !current.isEnd && !current.isSymbol(.roundClose) { advance() }
    let span = start.joined(previousSpan)
    let text = file.source.text(span).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let plain = text.count > 2 && text.hasPrefix("\"") && text.hasSuffix("\"") ? text.dropFirst().dropLast() : text[...]
    return Expression(kind: .word(String(plain)), span: span)
  }

  /// Whether a token goes on with the expression that the word before it begins.
  private func continues(_ token: Token, isPositional: Bool) -> Bool {
    guard case .symbol(let symbol) = token.kind else {
      return !isPositional && (token.word == "and" || token.word == "or")
    }
    switch symbol {
    case .dot, .squareOpen, .roundOpen: return !token.isSpaced
    case .roundClose, .squareClose, .comma, .assign, .braceClose: return false
    default: return !isPositional
    }
  }
}

extension Parameter {
  /// Whether a bare word stands for itself here.
  func takesWord(_ word: String) -> Bool { words.contains(word) || keywords.contains(word) }

  /// A value that could stand here, for hints.
  var exampleValue: String {
    switch fallback {
    case .number(let number): return number.scriptText
    case .word(let word): return word
    case .described, nil: break
    }
    switch kinds.first {
    case .number(let bounds) where bounds.contains(0.5): return "0.5"
    case .integer(let range): return String(range.contains(12) ? 12 : range.lowerBound)
    case .integers(let range): return String(range.lowerBound)
    case .named(let things): return String(things.range.lowerBound)
    case .words(let words): return words.first ?? placeholder
    case .text: return "\"…\""
    default: return placeholder
    }
  }
}

extension Kind {
  /// `a, b and c`
  package static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.listed("and")
  }
}
