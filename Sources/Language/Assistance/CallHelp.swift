/// How the command or the function is called that is being written, for an editor to show beside it.
package struct CallHelp: Sendable, Equatable {
  /// A part of the syntax, with what it takes.
  package struct Part: Sendable, Equatable {
    /// The part as it stands in the syntax: `[epochs 200]`.
    package let syntax: String
    /// What it does, what it takes.
    package let explanation: String
  }

  /// The syntax in a line.
  package let syntax: String
  /// What is called does this.
  package let summary: String
  /// The parts of the syntax, in order.
  package let parts: [Part]
  /// The part that is being written, or comes next.
  package let active: Int?
}

extension Session {
  /// How the innermost command or function is called at the end of a text; nil where none is being written.
  package func callHelp(after text: String) -> CallHelp? {
    let line = StatementCollector.lastLine(of: text)
    let end = LineEnd(LineEnd.openEmbedding(in: line) ?? line, session: self)
    guard !end.isRemark else { return nil }
    if let call = end.call { return help(on: call, end) }
    return functionHelp(end)
  }

  private func help(on call: CallSoFar, _ end: LineEnd) -> CallHelp {
    let command = vocabulary.command(call.verb) ?? vocabulary.promptCommand(call.verb)
    let parts = call.signature.map { CallHelp.Part(syntax: $0.syntax, explanation: $0.explanation) }
    let named = call.signature.firstIndex { $0.isIntroduced(by: end.prefix) }
    let next = call.next.flatMap { next in call.signature.firstIndex { $0.name == next.name } }
    return CallHelp(
      syntax: ([call.verb] + parts.map(\.syntax)).joined(separator: " "),
      summary: command?.about.summary.sentence ?? remarks(ofDefined: call.verb) ?? "", parts: parts,
      active: named ?? next)
  }

  private func functionHelp(_ end: LineEnd) -> CallHelp? {
    guard end.start >= 2, end.tokens[end.start - 1].isSymbol(.roundOpen), !end.tokens[end.start - 1].isSpaced,
      let function = end.tokens[end.start - 2].word.flatMap(vocabulary.function)
    else { return nil }
    let inner = function.syntax.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }
    let parts = inner.split(separator: ",").map {
      CallHelp.Part(syntax: String(String($0).withoutOuterBlanks), explanation: "")
    }
    var depth = 0, commas = 0
    for token in end.tokens[end.start...] {
      if token.isSymbol(.roundOpen) || token.isSymbol(.squareOpen) { depth += 1 }
      if token.isSymbol(.roundClose) || token.isSymbol(.squareClose) { depth -= 1 }
      if depth == 0, token.isSymbol(.comma) { commas += 1 }
    }
    return CallHelp(
      syntax: function.syntax, summary: function.summary.sentence, parts: parts,
      active: parts.isEmpty ? nil : min(commas, parts.count - 1))
  }
}
