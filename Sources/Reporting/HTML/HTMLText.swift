/// Text and bytes as HTML takes them.
package enum HTML {
  /// Text that no browser takes for markup, in attributes too. Control characters become U+FFFD.
  package static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// An address that a link may lead to, nil for others: a web page, a mail address, or a file named relatively. What
  /// could run as a program, as `javascript:`, is none.
  static func address(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    guard !scalars.contains(where: { $0.value <= 32 || $0.value == 127 }) else { return nil }
    if text.lowercased().contains("script:") { return nil }
    if let colon = text.firstIndex(of: ":") {
      let scheme = text[..<colon]
      // A colon behind a slash, a question mark or a hash belongs to no scheme.
      let isScheme = !scheme.contains { "/?#".contains($0) }
      if isScheme && !["http", "https", "mailto"].contains(scheme.lowercased()) { return nil }
    }
    return text
  }
}
