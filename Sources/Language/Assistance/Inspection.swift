/// What is known of a word in a script: what the pointer of an editor, or a question at it, brings up.
package struct Inspection: Sendable, Equatable {
  /// The word, in bytes of the text.
  package let span: Span
  /// What it is, in a line: `train MODEL on DATASET …`, `ones: dataset`.
  package let title: String
  /// What it does or holds, as plain text of some lines; empty where the title says all.
  package let details: String

  /// Both, as help shows them.
  package var text: String { details.isEmpty ? title : title + "\n\n" + details }
}

extension Session {
  /// What is known of the word at a place of a text, or that ends there; nil where nothing is.
  /// - Parameter offset: the place, in bytes.
  package func inspection(of text: String, at offset: Int) -> Inspection? {
    let bytes = Array(text.utf8)
    guard let span = Self.word(at: min(max(offset, 0), bytes.count), in: bytes) else { return nil }
    let upToWord = String(decoding: bytes[..<span.upper], as: UTF8.self)
    let line = StatementCollector.lastLine(of: upToWord)
    let end = LineEnd(LineEnd.openEmbedding(in: line) ?? line, session: self)
    guard !end.isRemark, end.openText == nil, !end.prefix.isEmpty, let (title, details) = told(of: end) else {
      return nil
    }
    return Inspection(span: span, title: title, details: details)
  }

  /// The word around a place.
  private static func word(at offset: Int, in bytes: [UInt8]) -> Span? {
    func isPart(_ byte: UInt8) -> Bool {
      byte >= 0x80 || byte == UInt8(ascii: "_") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
    var lower = offset, upper = offset
    while lower > 0, isPart(bytes[lower - 1]) { lower -= 1 }
    while upper < bytes.count, isPart(bytes[upper]) { upper += 1 }
    return lower < upper ? Span(lower, upper) : nil
  }

  private func told(of end: LineEnd) -> (title: String, details: String)? {
    let word = end.prefix
    if let dot = end.tokens.last, dot.isSymbol(.dot) {
      let field = end.typeBeforeDot.map(fields)?.first { $0.name == word }
      return field.map { (".\($0.name): \($0.type)", $0.summary.sentence) }
    }
    if let call = end.call, let told = told(of: word, in: call) { return told }
    if let type = typeOfVariable(word) {
      let value = variables[word].map { value in
        if case .object(let object) = value { object.summary } else { value.glance(columns: nil) }
      }
      return ("\(word): \(type)", value ?? "")
    }
    return page(on: word)
  }

  /// An option of a command, or one of the words that it takes.
  private func told(of word: String, in call: CallSoFar) -> (title: String, details: String)? {
    if let option = call.signature.first(where: { $0.isIntroduced(by: word) }) {
      return ("\(option.label) — of '\(call.verb)'", option.explanation.sentence)
    }
    guard typeOfVariable(word) == nil,
      let owner = call.signature.first(where: { $0.words.contains(word) || $0.keywords.contains(word) })
    else { return nil }
    return ("\(word) — of '\(call.verb)'", owner.explanation.sentence)
  }

  /// The page of help on a name, its syntax apart from the rest.
  func page(on name: String) -> (title: String, details: String)? {
    if vocabulary.command(name) == nil, let syntax = syntax(ofDefined: name) {
      return (syntax, remarks(ofDefined: name) ?? "A command of this script.")
    }
    guard let page = vocabulary.page(name) else { return nil }
    guard let gap = page.firstRange(of: "\n\n") else { return (page, "") }
    return (String(page[..<gap.lowerBound]), String(page[gap.upperBound...]))
  }
}
