extension Font {
  /// The text if it fits into `width` pixels, else its beginning and "…".
  public func shortened(_ text: String, to width: Int) -> String {
    if self.width(of: text) <= width { return text }
    // The longest beginning that fits; widths grow with length, so halving finds it.
    let letters = Array(text)
    var low = 0, high = letters.count
    while low < high {
      let middle = (low + high + 1) / 2
      if self.width(of: beginning(letters, middle)) <= width { low = middle } else { high = middle - 1 }
    }
    let short = beginning(letters, low)
    return self.width(of: short) <= width ? short : ""
  }

  private func beginning(_ letters: [Character], _ count: Int) -> String {
    var kept = letters.prefix(count)
    while kept.last == " " { kept.removeLast() }
    return String(kept) + "…"
  }

  /// The text in lines of at most `width` pixels, broken at spaces and line breaks. A word that is too long alone is
  /// broken anywhere; what `lines` lines cannot hold ends in "…".
  public func wrapped(_ text: String, to width: Int, lines limit: Int = .max) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        let longer = line.isEmpty ? String(word) : line + " " + word
        if self.width(of: longer) <= width {
          line = longer
          continue
        }
        if !line.isEmpty { lines.append(line) }
        let pieces = broken(String(word), to: width)
        lines += pieces.dropLast()
        line = pieces.last ?? ""
      }
      lines.append(line)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    if lines.count > max(0, limit) {
      let rest = lines[max(0, limit - 1)...].joined(separator: " ")
      lines = Array(lines.prefix(max(0, limit - 1))) + (limit > 0 ? [shortened(rest, to: width)] : [])
    }
    return lines
  }

  private func broken(_ word: String, to width: Int) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for letter in word {
      if !piece.isEmpty && self.width(of: piece + String(letter)) > width {
        pieces.append(piece)
        piece = ""
      }
      piece.append(letter)
    }
    return pieces + [piece]
  }
}

/// A hyphen before a digit or a dot becomes a minus sign, which is as wide as a plus: `−3.00`.
func typographic(_ number: String) -> String {
  guard number.first == "-", let next = number.dropFirst().first, next.isNumber || next == "." || next == "∞" else {
    return number
  }
  return "−" + number.dropFirst()
}
