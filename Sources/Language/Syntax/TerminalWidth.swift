extension Character {
  /// The columns that a terminal gives to this character: 2 for East Asian wide ones and emoji, else 1, and 0 for
  /// what combines with its neighbour. After Unicode Standard Annex #11, in coarse blocks.
  package var terminalWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if unicodeScalars.contains(where: { $0.value == 0xFE0F }) || first.properties.isEmojiPresentation { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return first.isWide ? 2 : 1
    }
  }
}

extension String {
  /// The columns that a terminal gives to this text.
  package var terminalWidth: Int { reduce(0) { $0 + $1.terminalWidth } }
}

extension String {
  /// The text for a terminal of so many columns: lines that are longer are broken at blanks, and go on below where the
  /// second of two columns begins, or as far in as they began. Excerpts of scripts, `  8 | x = 3`, stay whole for the
  /// marks under them. Nil leaves all as it is.
  package func fitted(columns: Int?) -> String {
    guard let columns, terminalWidth > columns else { return self }
    return split(separator: "\n", omittingEmptySubsequences: false).map { String($0).lineFitted(columns) }
      .joined(separator: "\n")
  }

  private func lineFitted(_ columns: Int) -> String {
    guard terminalWidth > columns else { return self }
    let bar = firstRange(of: "| ").flatMap { bar in
      hasPrefix("  ") && self[..<bar.lowerBound].allSatisfy { $0 == " " || $0.isNumber } ? bar : nil
    }
    if let bar {
      // A line of a script stays whole; the words behind the mark under it go on behind a bar.
      let gutter = self[..<bar.upperBound]
      if gutter.contains(where: \.isNumber) { return self }
      return String(self[bar.upperBound...]).broken(columns - gutter.count, indent: 2, before: String(gutter))
    }
    return broken(columns, indent: min(hangingIndent, columns / 2))
  }

  /// Broken at blanks; the first line is as far in as it was, the others by an indent.
  private func broken(_ width: Int, indent: Int, before gutter: String = "") -> String {
    let start = String(prefix { $0 == " " }), words = String(dropFirst(start.count))
    let first = words.wrapped(width: width - start.count).first ?? ""
    let rest = String(words.dropFirst(first.count).drop { $0 == " " })
    if rest.isEmpty { return gutter + self }
    let further = rest.wrapped(width: width - indent)
    let lead = "\n" + gutter + String(repeating: " ", count: indent)
    return gutter + start + first + further.map { lead + $0 }.joined()
  }

  /// Where the second of two columns begins, else how far the line is indented.
  private var hangingIndent: Int {
    let start = prefix { $0 == " " }.count
    guard let gap = dropFirst(start).firstRange(of: "  ")?.lowerBound else { return start }
    return String(self[..<gap]).terminalWidth + self[gap...].prefix { $0 == " " }.count
  }
}

extension Unicode.Scalar {
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
