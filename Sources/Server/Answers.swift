import BVAEConsole
import BVAELanguage
import BVAEPlatform

/// A text whose places are counted in characters, as Python counts them: Unicode scalars.
struct Characters {
  let text: String
  /// The first byte of each character, and the end.
  private let starts: [Int]

  init(_ text: String) {
    self.text = text
    var starts: [Int] = []
    for (offset, byte) in text.utf8.enumerated() where byte & 0xC0 != 0x80 { starts.append(offset) }
    self.starts = starts + [text.utf8.count]
  }

  /// The byte of a character; of places beyond the ends the nearest one.
  func byte(at place: Int) -> Int { starts[min(max(place, 0), starts.count - 1)] }

  /// The character that a byte belongs to.
  func place(ofByte offset: Int) -> Int {
    var low = 0, high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// What stands before a byte.
  func upTo(_ offset: Int) -> String { String(decoding: Array(text.utf8.prefix(offset)), as: UTF8.self) }

  /// The members that say where a stretch is.
  func place(_ span: Span) -> [String: JSON] {
    ["start": JSON(place(ofByte: span.lower)), "end": JSON(place(ofByte: span.upper))]
  }
}

extension Session {
  /// The variables: what each is called, what it holds, its value in a line, and as HTML where it has a look of its own.
  var variableList: [JSON] {
    variables.sorted.map { name, value in
      ["name": .text(name), "type": .text(value.type.description), "text": .text(value.oneLine)]
    }
  }

  /// What could complete the word before a place.
  func completion(_ code: Characters, _ offset: Int) -> [String: JSON] {
    let before = code.upTo(offset)
    let (replacing, completions) = completions(of: StatementCollector.lastLine(of: before))
    let end = code.place(ofByte: offset), start = end - before.suffix(replacing).unicodeScalars.count
    let found = completions.map { completion in
      JSON.object([
        "text": .text(completion.text), "summary": .text(completion.summary), "ending": .text(completion.ending),
      ])
    }
    return ["start": JSON(start), "end": JSON(end), "matches": .list(found)]
  }

  /// What is known of the word at a place.
  func inspection(_ code: Characters, _ offset: Int) -> [String: JSON] {
    guard let found = inspection(of: code.text, at: offset) else { return ["found": false] }
    return code.place(found.span).merging(["found": true, "text": .text(found.text)]) { $1 }
  }

  /// Whether a text can be run, or goes on; with the indentation of its next line.
  func completeness(_ code: Characters) -> [String: JSON] {
    let found = SessionAssistant(session: self).completeness(of: code.text)
    return found.isWhole
      ? ["whole": true] : ["whole": false, "indent": .text(String(repeating: "  ", count: found.depth))]
  }

  /// The mistakes that can be found without running it.
  func check(_ code: Characters, name: String) -> [JSON] {
    check(Source(name: name, text: code.text), isInteractive: true).prefix(100).map { $0.json(code, name) }
  }

  /// What the stretches of a text are, for colouring it.
  func tokens(_ code: Characters) -> [JSON] {
    highlights(of: code.text).map { highlight in
      .object(code.place(highlight.span).merging(["role": .text("\(highlight.role)")]) { $1 })
    }
  }
}

extension Diagnostic {
  /// A mistake; its place is told in characters where it lies in the text that was sent.
  func json(_ code: Characters, _ name: String) -> JSON {
    var members: [String: JSON] = [
      "severity": .text(severity.rawValue), "message": .text(message), "file": .text(source.name), "line": JSON(line),
      "column": JSON(column), "text": .text(description),
    ]
    if let hint { members["hint"] = .text(hint) }
    if source.name == name { members.merge(code.place(span)) { $1 } }
    return .object(members)
  }
}
