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
