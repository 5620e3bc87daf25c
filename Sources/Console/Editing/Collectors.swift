import BVAEPlatform

/// The bytes of typed characters; one that is incomplete waits for its rest.
struct TextCollector {
  private var bytes: [UInt8] = []
  /// How many bytes the last character still needs.
  private var missing = 0

  var isIncomplete: Bool { missing > 0 }

  mutating func add(_ byte: UInt8) {
    bytes.append(byte)
    switch byte {
    case 0x80...0xBF: missing = max(0, missing - 1)
    case 0xC2...0xDF: missing = 1
    case 0xE0...0xEF: missing = 2
    case 0xF0...0xF4: missing = 3
    default: missing = 0
    }
  }

  /// No more bytes of the last character will come.
  mutating func giveUp() { missing = 0 }

  /// The whole characters, nil where there are none; what is no UTF-8 becomes U+FFFD.
  mutating func taken() -> String? {
    var count = bytes.count
    if missing > 0, let start = bytes.lastIndex(where: { $0 >= 0xC0 }) { count = start }
    guard count > 0 else { return nil }
    defer { bytes.removeFirst(count) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

/// The bytes of a bracketed paste, up to `ESC [ 201 ~`.
struct PasteCollector {
  private var bytes: [UInt8] = []
  private var matched = 0

  private static let end = Array("\u{1B}[201~".utf8)

  /// Takes a byte in.
  /// - Returns: whether the paste ends with it.
  mutating func take(_ byte: UInt8) -> Bool {
    if byte == Self.end[matched] {
      matched += 1
      return matched == Self.end.count
    }
    // Escape stands only at the beginning of the end.
    for passed in Self.end[..<matched] { keep(passed) }
    matched = byte == Self.end[0] ? 1 : 0
    if matched == 0 { keep(byte) }
    return false
  }

  private mutating func keep(_ byte: UInt8) {
    if bytes.count < KeyDecoder.largestPaste { bytes.append(byte) }
  }

  /// What was pasted so far, with `\n` between its lines.
  mutating func takeContent() -> String {
    defer { bytes = [] }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      let isSecond = byte == 0x0A && previous == 0x0D
      previous = byte
      if isSecond { continue }
      if byte == 0x0D {
        plain.append(0x0A)
      } else if byte >= 0x20 && byte != 0x7F || byte == 9 || byte == 10 {
        plain.append(byte)
      }
    }
    let text = String(decoding: plain, as: UTF8.self)
    return text.unicodeScalars.contains { (0x80...0x9F).contains($0.value) } ? text.withoutControls : text
  }
}
