/// Writing plain text so that Markdown, as Git hosts read it, shows it as it is.
enum Markdown {
  /// Plain text within a paragraph: what Markdown or HTML could take for markup is escaped, line ends become spaces.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in Table.line(text) {
      if "\\`*_[]<>&|~$".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// Plain text in italics, as captions are; a space inside next to an asterisk would leave both as they are.
  static func italic(_ text: String) -> String {
    var text = Table.line(text)[...]
    while text.last?.isWhitespace ?? false { text.removeLast() }
    text = text.drop(while: \.isWhitespace)
    return text.isEmpty ? "" : "*\(escaped(String(text)))*"
  }

  /// Plain text as a paragraph of its own, which no beginning turns into a heading, a list or a rule.
  static func paragraph(_ text: String) -> String {
    let text = escaped(text).drop { $0 == " " }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text[digits.endIndex...]
    let isMarkup = digits.isEmpty ? "#-+=".contains(text.first ?? "x") : ".)".contains(rest.first ?? "x")
    return isMarkup ? digits + "\\" + rest : String(text)
  }

  /// Code within a paragraph or a table cell, between more backticks than it has in a row itself.
  static func code(_ text: String) -> String {
    let text = Table.line(text)
    guard text.contains(where: { $0 != " " }) else { return "" }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: text) + 1)
    let space = text.hasPrefix("`") || text.hasSuffix("`") || (text.hasPrefix(" ") && text.hasSuffix(" ")) ? " " : ""
    return fence + space + text + space + fence
  }

  /// A block of code; the fence is longer than any run of backticks inside.
  static func codeBlock(_ text: String, language: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
    var lines = text[...]
    while lines.last?.isNewline ?? false { lines.removeLast() }
    return "\(fence)\(language)\n\(lines)\n\(fence)"
  }

  /// A relative link to `path`: every byte but letters, digits and `-._~/` as `%20`.
  static func link(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      if byte < 0x80
        && (Character(scalar).isLetter || Character(scalar).isNumber || "-._~/".contains(Character(scalar)))
      {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  private static func longestRun(of wanted: Character, in text: String) -> Int {
    var longest = 0, run = 0
    for character in text {
      run = character == wanted ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
