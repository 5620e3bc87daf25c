import BVAEPlatform

extension String {
  /// The text for a terminal of so many columns: lines that are longer are broken at blanks, and go on below where the
  /// second of two columns begins, or as far in as they began. Excerpts of scripts, `  8 | x = 3`, stay whole for the
  /// marks under them. Nil leaves all as it is.
  package func fitted(columns: Int?) -> String {
    guard let columns, displayWidth > columns else { return self }
    return split(separator: "\n", omittingEmptySubsequences: false).map { String($0).lineFitted(columns) }
      .joined(separator: "\n")
  }

  private func lineFitted(_ columns: Int) -> String {
    guard displayWidth > columns else { return self }
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
    return String(self[..<gap]).displayWidth + self[gap...].prefix { $0 == " " }.count
  }
}
