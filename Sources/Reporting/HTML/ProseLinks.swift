/// Links and pictures, addresses that stand by themselves, and entities.
extension ProseInline {
  mutating func open(isImage: Bool) {
    brackets.append(pieces.count)
    pieces.append(.bracket(isImage: isImage))
    position += isImage ? 2 : 1
  }

  mutating func close() {
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
  mutating func automaticLink() {
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
  mutating func bareAddress() -> Bool {
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
  mutating func entity() {
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
}
