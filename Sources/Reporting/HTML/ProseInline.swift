/// The text within a paragraph, a heading or a cell: Markdown's emphasis, code, links and line breaks as HTML. Whatever
/// looks like HTML is shown as it stands.
package struct ProseInline {
  private enum Piece {
    case html(String)
    case delimiter(character: Character, count: Int, opens: Bool, closes: Bool)
    /// A `[` or `![` that may begin a link.
    case bracket(isImage: Bool)
  }

  private let text: [Character]
  private var position = 0
  private var pieces: [Piece] = []
  /// Where open brackets are among the pieces.
  private var brackets: [Int] = []
  /// Numbers of backticks of which there is no further run.
  private var unclosed: Set<Int> = []
  private let picture: (String) -> String?

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

  private func peek(_ ahead: Int = 1) -> Character? {
    position + ahead < text.count && position + ahead >= 0 ? text[position + ahead] : nil
  }

  private mutating func append(_ html: String) {
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
  private mutating func finish(from start: Int) -> String {
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

  // MARK: - Links

  private mutating func open(isImage: Bool) {
    brackets.append(pieces.count)
    pieces.append(.bracket(isImage: isImage))
    position += isImage ? 2 : 1
  }

  private mutating func close() {
    guard let start = brackets.popLast(), case .bracket(let isImage) = pieces[start] else {
      append("]")
      position += 1
      return
    }
    guard let (target, end) = destination(from: position + 1) else {
      append("]")
      position += 1
      return
    }
    position = end
    let inner = finish(from: start + 1)
    pieces.removeLast()
    if isImage {
      let alternative = Self.withoutTags(inner)
      if let source = picture(target) {
        append("<img src=\"\(HTML.escaped(source))\" alt=\"\(alternative)\">")
        return
      }
      append(link(alternative, to: target))
    } else {
      append(link(inner, to: target))
      // A link holds no link.
      brackets = brackets.filter { if case .bracket(true) = pieces[$0] { true } else { false } }
    }
  }

  private func link(_ inner: String, to target: String) -> String {
    guard let address = HTML.address(target) else { return inner }
    return "<a href=\"\(HTML.escaped(address))\" rel=\"noreferrer\">\(inner)</a>"
  }

  /// `(address "title")` behind a `]`: the address and where it ends.
  private func destination(from start: Int) -> (String, Int)? {
    guard start < text.count, text[start] == "(" else { return nil }
    var place = start + 1
    while place < text.count, text[place].isWhitespace { place += 1 }
    var address = "", depth = 0
    let isBracketed = place < text.count && text[place] == "<"
    if isBracketed { place += 1 }
    let limit = min(text.count, place + 4000)
    while place < limit {
      let character = text[place]
      if isBracketed ? character == ">" : character.isWhitespace || (character == ")" && depth == 0) { break }
      if character == "\n" { return nil }
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == "\\", place + 1 < limit, text[place + 1].isPunctuation { place += 1 }
      address.append(text[place])
      place += 1
    }
    if isBracketed { place += 1 }
    while place < limit, text[place].isWhitespace { place += 1 }
    if place < limit, text[place] == "\"" || text[place] == "'" {
      let quote = text[place]
      place += 1
      while place < limit, text[place] != quote { place += text[place] == "\\" ? 2 : 1 }
      place += 1
      while place < limit, text[place].isWhitespace { place += 1 }
    }
    return place < limit && text[place] == ")" ? (address, place + 1) : nil
  }

  /// `<https://…>`; any other `<` is one.
  private mutating func automaticLink() {
    let rest = text[(position + 1)...].prefix(2000)
    if let end = rest.firstIndex(of: ">") {
      let inner = String(rest[..<end])
      if inner.hasPrefix("http://") || inner.hasPrefix("https://") || inner.hasPrefix("mailto:"),
        HTML.address(inner) != nil
      {
        append(link(HTML.escaped(inner), to: inner))
        position = end + 1
        return
      }
    }
    append("&lt;")
    position += 1
  }

  /// Takes an address that stands as it is, if one begins here.
  private mutating func bareAddress() -> Bool {
    if let before = peek(-1), before.isLetter || before.isNumber { return false }
    guard brackets.isEmpty else { return false }
    let rest = text[position...].prefix(2000)
    guard rest.starts(with: "http://") || rest.starts(with: "https://") else { return false }
    var end = rest.firstIndex { $0.isWhitespace || "<>\"`*|".contains($0) } ?? rest.endIndex
    while end > position, ".,;:!?'_)]".contains(text[end - 1]) { end -= 1 }
    let address = String(text[position..<end])
    guard address.count > 8, HTML.address(address) != nil else { return false }
    append(link(HTML.escaped(address), to: address))
    position = end
    return true
  }

  /// `&amp;` and its like are taken as they are; another `&` is one.
  private mutating func entity() {
    let rest = text[(position + 1)...].prefix(32)
    if let end = rest.firstIndex(of: ";"), end > position + 1 {
      let name = rest[..<end]
      let isNumber = name.first == "#" && name.count > 1 && name.dropFirst().allSatisfy { $0.isHexDigit || $0 == "x" }
      if isNumber || name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
        append("&\(String(name));")
        position = end + 1
        return
      }
    }
    append("&amp;")
    position += 1
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
