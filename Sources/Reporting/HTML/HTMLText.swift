/// Text and bytes as HTML takes them.
enum HTML {
  /// Text that no browser takes for markup, in attributes too. Control characters become U+FFFD.
  static func escaped(_ text: some StringProtocol) -> String {
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

/// Base64 (RFC 4648), for bytes within a page.
package enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Appends the digits of `bytes`, four for each three of them.
  package static func append(_ bytes: [UInt8], to result: inout [UInt8]) {
    result.reserveCapacity(result.count + (bytes.count + 2) / 3 * 4)
    var place = 0
    while place + 2 < bytes.count {
      let group = Int(bytes[place]) << 16 | Int(bytes[place + 1]) << 8 | Int(bytes[place + 2])
      result.append(digits[group >> 18])
      result.append(digits[group >> 12 & 63])
      result.append(digits[group >> 6 & 63])
      result.append(digits[group & 63])
      place += 3
    }
    guard place < bytes.count else { return }
    let isTwo = place + 1 < bytes.count
    let group = Int(bytes[place]) << 16 | (isTwo ? Int(bytes[place + 1]) << 8 : 0)
    result.append(digits[group >> 18])
    result.append(digits[group >> 12 & 63])
    result.append(isTwo ? digits[group >> 6 & 63] : UInt8(ascii: "="))
    result.append(UInt8(ascii: "="))
  }
}
