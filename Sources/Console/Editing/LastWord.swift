/// The last words of earlier lines, which Alt-. inserts one after the other.
struct LastWord {
  /// Where the one stands that was inserted.
  let range: Range<Int>
  /// The place of its entry in the history.
  let place: Int

  /// The next word further back, other than one.
  /// - Parameter end: the place in the history before which it is looked for.
  static func next(before end: Int, in entries: [String], otherThan word: String) -> (word: String, place: Int)? {
    var place = min(end, entries.count)
    while place > 0 {
      place -= 1
      if let found = of(entries[place]), found != word { return (found, place) }
    }
    return nil
  }

  /// What an entry's first line ends with: a word, a text in its quotes, what stands in brackets as a whole. A comment is
  /// none.
  package static func of(_ entry: String) -> String? {
    var words: [String] = [], word = "", depth = 0, isText = false, isEscaped = false
    scan: for character in entry.prefix(while: { $0 != "\n" }) {
      if isText {
        isText = isEscaped || character != "\""
        isEscaped = !isEscaped && character == "\\"
      } else {
        switch character {
        case "\"": isText = true
        case "(", "[": depth += 1
        case ")", "]": depth = max(0, depth - 1)
        case " " where depth == 0, "\t" where depth == 0:
          words.append(word)
          word = ""
          continue scan
        case "#": break scan
        default: break
        }
      }
      word.append(character)
    }
    return (words + [word]).last { !$0.isEmpty }
  }
}
