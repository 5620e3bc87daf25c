import BVAEPlatform

/// How a history is written: an entry a line, in it `\n` for a line break and `\\` for a backslash.
package enum HistoryText {
  /// A line of the file, with its line break.
  package static func line(_ entry: String) -> String {
    var line = ""
    line.reserveCapacity(entry.utf8.count + 1)
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line + "\n"
  }

  /// The entries of a file, whatever its bytes are: lines that are no UTF-8, hold control characters or are too long to
  /// have been written here are passed over.
  package static func entries(of bytes: some Collection<UInt8>) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard line.count <= 2 * HistoryList.longest, !line.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }),
        let text = String(validating: line, as: UTF8.self)
      else { return nil }
      let entry = unescaped(text)
      return entry.withoutControls == entry ? entry : nil
    }
  }

  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var plain = "", isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        // Other escapes were written by hand, and meant as they stand.
        plain += scalar == "n" ? "\n" : scalar == "\\" ? "\\" : "\\"
        if scalar != "n" && scalar != "\\" { plain.unicodeScalars.append(scalar) }
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    return isEscaped ? plain + "\\" : plain
  }
}
