import Glibc

extension Double {
  /// With a fixed number of decimals: `3.142` for π with 3. It is the exact binary value that is rounded, to the even
  /// last digit where two are equally near. What rounds to zero has no sign, nor has `nan`. From 2⁵³ on a double has no
  /// decimals and very many digits: six significant ones stand for them, `1.5e+300`.
  public func formatted(decimals: Int) -> String {
    if isFinite && magnitude >= 0x1p53 { return formatted(digits: 6) }
    return cFormat("%.\(max(0, min(decimals, 60)))f", self)
  }

  /// With a number of significant digits, without trailing zeros: `0.333333`, `1e+20`, `42`.
  public func formatted(digits: Int = 6) -> String {
    cFormat("%.\(max(1, min(digits, 17)))g", self)
  }

  /// With a power of ten: `3.33e-01`.
  public func formatted(exponentDecimals decimals: Int) -> String {
    cFormat("%.\(max(0, min(decimals, 17)))e", self)
  }
}

private func cFormat(_ format: String, _ value: Double) -> String {
  if value.isNaN { return "nan" }
  let text = withVaList([value]) { arguments in
    var buffer = [CChar](repeating: 0, count: 400)
    let length = vsnprintf(&buffer, buffer.count, format, arguments)
    return String(decoding: buffer.prefix(Int(max(0, min(length, 399)))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
  let isZero = text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
  return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
}

extension Int {
  /// With commas between the thousands: `60,000`.
  public var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (i, digit) in digits.enumerated() {
      if i > 0 && (digits.count - i) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }
}

/// `1 image`, `2 images`
public func counted(_ count: Int, _ noun: String) -> String { "\(count.grouped) \(noun)\(count == 1 ? "" : "s")" }

/// `12 ms`, `4.5 s`, `45 s`, `3 min 20 s`, `2 h 05 min`; `?` for what is no duration.
public func duration(seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
  if seconds < 0.0995 { return "\((seconds * 1000).formatted(decimals: 0)) ms" }
  if seconds < 9.95 { return "\(seconds.formatted(decimals: 1)) s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
  if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
  return "\(whole / 3600) h \(two(whole % 3600 / 60)) min"
}

extension String {
  /// The text with its first letter in upper case.
  public var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

  /// The text with U+FFFD in place of control characters other than line breaks and tabs: names and notes out of files
  /// cannot command a terminal.
  public var withoutControls: String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 9, 10: false
      case 0..<32, 0x7F...0x9F: true
      default: false
      }
    }
    guard unicodeScalars.contains(where: isControl) else { return self }
    var text = ""
    text.unicodeScalars.append(contentsOf: unicodeScalars.lazy.map { isControl($0) ? "\u{FFFD}" : $0 })
    return text
  }
}

extension BidirectionalCollection where Element: StringProtocol {
  /// Texts as they stand in a sentence, with a word before the last: `a, b and c`; empty where there is none.
  public func listed(_ word: String) -> String {
    guard let last else { return "" }
    return count == 1 ? String(last) : "\(dropLast().joined(separator: ", ")) \(word) \(last)"
  }
}

/// Bytes as people write them: `00 0D FF`.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
}

extension StringProtocol {
  /// How many columns of a terminal the text takes: combining marks none, East Asian wide characters and emoji two.
  public var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }
}

extension Character {
  /// How many columns of a terminal the character takes: 0, 1 or 2.
  public var displayWidth: Int {
    if isASCII { return asciiValue.map { $0 >= 0x20 && $0 < 0x7F } ?? false ? 1 : 0 }
    // U+FE0F asks for the emoji form of the scalar before it.
    if unicodeScalars.contains("\u{FE0F}") { return 2 }
    return unicodeScalars.map(\.displayWidth).max() ?? 0
  }
}

extension Unicode.Scalar {
  fileprivate var displayWidth: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    if properties.isEmojiPresentation { return 2 }
    return Unicode.Scalar.wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// Blocks that Unicode's EastAsianWidth calls wide or full-width.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1B000...0x1B2FF, 0x20000...0x3FFFD,
  ]
}
