/// The text within a paragraph, a heading or a cell: Markdown's emphasis, code, links and line breaks as HTML. Whatever
/// looks like HTML is shown as it stands.
package struct ProseInline {
  enum Piece {
    case html(String)
    case delimiter(character: Character, count: Int, opens: Bool, closes: Bool)
    /// A `[` or `![` that may begin a link.
    case bracket(isImage: Bool)
  }

  let text: [Character]
  var position = 0
  var pieces: [Piece] = []
  /// Where open brackets are among the pieces.
  var brackets: [Int] = []
  /// Numbers of backticks of which there is no further run.
  private var unclosed: Set<Int> = []
  let picture: (String) -> String?

  /// - Parameter picture: the picture of a path as an address within the page, nil where there is none.
  private init(_ text: String, picture: @escaping (String) -> String?) {
    self.text = Array(text)
    self.picture = picture
  }

  /// A text as HTML.
  package static func html(_ text: String, picture: @escaping (String) -> String? = { _ in nil }) -> String {
    var reader = ProseInline(text, picture: picture)
    while reader.position < reader.text.count { reader.step() }
    return reader.finish(from: 0)
  }

  func peek(_ ahead: Int = 1) -> Character? {
    position + ahead < text.count && position + ahead >= 0 ? text[position + ahead] : nil
  }

  mutating func append(_ html: String) {
    if case .html(let before)? = pieces.last, brackets.last != pieces.count - 1 {
      pieces[pieces.count - 1] = .html(before + html)
    } else {
      pieces.append(.html(html))
    }
  }

  private mutating func step() {
    let character = text[position]
    switch character {
    case "\\": escape()
    case "`": code()
    case "*", "_", "~": delimiters(character)
    case "!" where peek() == "[": open(isImage: true)
    case "[": open(isImage: false)
    case "]": close()
    case "<": automaticLink()
    case "&": entity()
    case "\n": lineBreak()
    case "h" where bareAddress(): break
    default:
      append(HTML.escaped(String(character)))
      position += 1
    }
  }

  private mutating func escape() {
    guard let next = peek() else {
      append("\\")
      position += 1
      return
    }
    if next == "\n" {
      append("<br>\n")
    } else if next.isASCII && (next.isPunctuation || next.isSymbol) {
      append(HTML.escaped(String(next)))
    } else {
      append("\\")
      position += 1
      return
    }
    position += 2
  }

  private mutating func lineBreak() {
    // Two blanks at its end break a line.
    if peek(-1) == " " && peek(-2) == " " { append("<br>") }
    append("\n")
    position += 1
    while position < text.count, text[position] == " " { position += 1 }
  }

  // MARK: - Code

  private mutating func code() {
    let count = run(of: "`")
    let start = position + count
    guard !unclosed.contains(count), let end = closingRun(count, from: start) else {
      unclosed.insert(count)
      append(String(repeating: "`", count: count))
      position = start
      return
    }
    var inner = text[start..<end].map { $0 == "\n" ? " " : $0 }
    if inner.count > 1, inner.first == " ", inner.last == " ", inner.contains(where: { $0 != " " }) {
      inner = Array(inner[1..<inner.count - 1])
    }
    append("<code>\(HTML.escaped(String(inner)))</code>")
    position = end + count
  }

  private func run(of character: Character) -> Int {
    var count = 0
    while position + count < text.count, text[position + count] == character { count += 1 }
    return count
  }

  private func closingRun(_ count: Int, from start: Int) -> Int? {
    var place = start
    while place < text.count {
      guard text[place] == "`" else {
        place += 1
        continue
      }
      let begin = place
      while place < text.count, text[place] == "`" { place += 1 }
      if place - begin == count { return begin }
    }
    return nil
  }

  // MARK: - Emphasis

  private mutating func delimiters(_ character: Character) {
    let count = run(of: character)
    let before = peek(-1), after = peek(count)
    position += count
    func isBlank(_ character: Character?) -> Bool { character?.isWhitespace ?? true }
    func isMark(_ character: Character?) -> Bool { character.map { $0.isPunctuation || $0.isSymbol } ?? false }
    // CommonMark's left- and right-flanking runs.
    let opens = !isBlank(after) && (!isMark(after) || isBlank(before) || isMark(before))
    let closes = !isBlank(before) && (!isMark(before) || isBlank(after) || isMark(after))
    if character == "~" && count != 2 {
      append(String(repeating: "~", count: count))
    } else if character == "_" {
      pieces.append(
        .delimiter(
          character: character, count: count, opens: opens && (!closes || isMark(before)),
          closes: closes && (!opens || isMark(after))))
    } else {
      pieces.append(.delimiter(character: character, count: count, opens: opens, closes: closes))
    }
  }

  /// The pieces from a place on as HTML, emphasis resolved; they are taken away.
  mutating func finish(from start: Int) -> String {
    var parts: [String] = []
    /// Open delimiters: where their text is among the parts, and how many are left.
    var open: [(character: Character, part: Int, left: Int, closesToo: Bool, original: Int)] = []
    for piece in pieces[start...] {
      switch piece {
      case .html(let html): parts.append(html)
      case .bracket(let isImage): parts.append(isImage ? "![" : "[")
      case .delimiter(let character, let count, let opens, let closes):
        var left = count
        while closes, left > 0, let place = matching(open, character, count, opens) {
          let strength = character == "~" ? 2 : min(2, min(open[place].left, left))
          if character == "~" && (left < 2 || open[place].left < 2) { break }
          let tag = character == "~" ? "del" : strength == 2 ? "strong" : "em"
          let begin = open[place].part
          open.removeSubrange((place + 1)...)
          // What is left of the opening run stands before the tag, and the tag before those it has opened already.
          let kept = open[place].left - strength
          let tags = parts[begin].dropFirst(open[place].left)
          parts[begin] = String(repeating: character, count: kept) + "<\(tag)>" + tags
          parts.append("</\(tag)>")
          left -= strength
          open[place].left = kept
          if open[place].left == 0 { open.remove(at: place) }
        }
        if left > 0 && opens { open.append((character, parts.count, left, closes, count)) }
        parts.append(String(repeating: character, count: left))
      }
    }
    pieces.removeSubrange(start...)
    return parts.joined()
  }

  private func matching(
    _ open: [(character: Character, part: Int, left: Int, closesToo: Bool, original: Int)], _ character: Character,
    _ count: Int, _ opens: Bool
  ) -> Int? {
    // Nothing but the nearest few is looked at, so that a page of asterisks takes no time.
    open.indices.suffix(50).last { index in
      let candidate = open[index]
      guard candidate.character == character else { return false }
      // CommonMark's rule of three, which keeps `*a**b*` apart.
      let mayMix = (candidate.closesToo || opens) && (candidate.original + count) % 3 == 0
      return !mayMix || (candidate.original % 3 == 0 && count % 3 == 0)
    }
  }

  /// The text of some HTML of this reader, for an attribute.
  static func withoutTags(_ html: String) -> String {
    var result = "", isInside = false
    for character in html {
      if character == "<" {
        isInside = true
      } else if character == ">" {
        isInside = false
      } else if !isInside {
        result.append(character)
      }
    }
    return result
  }
}
