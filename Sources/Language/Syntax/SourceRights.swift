/// What the statements of a source may do beside what all scripts may.
struct SourceRights {
  /// Whether it was typed at the prompt, whose commands and last value, `_`, it then knows.
  var isTyped = false
  /// The variables, where it was typed: `history` alone shows the variable of that name.
  var variables: Set<String> = []
  /// Whether its lines may begin with `!`.
  var allowsShell = false
}

extension Parser {
  /// A line that begins with `!`, as a call of the command that hands it to the shell.
  mutating func shellCall(_ text: String) throws(Abandoned) -> Expression {
    let span = current.span, sign = Span(span.lower, span.lower + 1)
    guard let name = vocabulary.name(of: .shells), let command = vocabulary.promptCommand(name) else {
      throw fail("'!' has no meaning here", at: sign)
    }
    guard rights.allowsShell else {
      throw rights.isTyped
        ? fail("commands of the shell are not allowed", at: sign, hint: "'set shell on' allows them in this session")
        : fail(
          "commands of the shell are not allowed in a script", at: sign,
          hint: "the option --allow-shell of the program allows them")
    }
    if text.isEmpty { throw fail("expected a command of the shell after '!'", at: sign) }
    advance()
    let value = Expression(kind: .text([.literal(text)]), span: Span(span.lower + 1, span.upper))
    let argument = Argument(parameter: 0, content: .expression(value), span: value.span)
    return Expression(
      kind: .call(Call(verb: Name(text: name, span: sign), target: .command(command), arguments: [argument])),
      span: span)
  }

  /// The command of the prompt that a typed line begins with. Without a variable of its name the word can be nothing
  /// else; with one it is the command only where a value follows, as in `history 20`.
  var promptCommand: CommandDeclaration? {
    guard rights.isTyped, depth == 0, let word = current.word, definitions[word] == nil,
      let command = vocabulary.promptCommand(word)
    else { return nil }
    let isVariable = rights.variables.contains(word) || isSetBefore(word)
    return !isVariable || peek().isSpaced && startsPrimary(peek()) ? command : nil
  }

  /// Whether a line above gives a variable of this name a value.
  private func isSetBefore(_ name: String) -> Bool {
    (0..<index).contains { tokens[$0].word == name && tokens[$0 + 1].isSymbol(.assign) }
  }

  /// Reports `_` where it is not typed: in a script, and in a command that is defined, which may be called at any time.
  func reportLastValue(at span: Span) {
    report(
      "'_' is the last value at the prompt, and "
        + (rights.isTyped ? "a defined command has none" : "a script has none"),
      span, hint: rights.isTyped ? "give it the value as a parameter" : "keep the value in a variable: x = …")
  }
}
