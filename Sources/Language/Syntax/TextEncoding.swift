/// How the bytes of a script stand for its text.
///
/// Scripts are UTF-8. Editors on Windows also write UTF-16, mostly with a byte order mark, U+FEFF, at its beginning.
enum TextEncoding: String {
  case utf8 = "UTF-8"
  case utf16BigEndian = "UTF-16, big-endian"
  case utf16LittleEndian = "UTF-16, little-endian"
  /// UTF-16 by the look of it.
  case unmarkedUTF16 = "UTF-16 without a byte order mark"
  case utf32 = "UTF-32"

  /// What the bytes of a text are in, by their mark or by where the zeros are that a text has none of.
  init(of bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      self = .utf32
    } else if bytes.starts(with: [0xFE, 0xFF]) {
      self = .utf16BigEndian
    } else if bytes.starts(with: [0xFF, 0xFE]) {
      self = .utf16LittleEndian
    } else {
      self = Self.looksLikeUTF16(bytes.prefix(1 << 12)) ? .unmarkedUTF16 : .utf8
    }
  }

  /// Whether most characters are ASCII in two bytes, of which one is zero, always the same one.
  private static func looksLikeUTF16(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 4 else { return false }
    var zeros = [0, 0]
    for (index, byte) in bytes.enumerated() where byte == 0 { zeros[index % 2] += 1 }
    return zeros.min() == 0 && zeros[0] + zeros[1] > bytes.count / 4
  }

  /// Whether scripts may be in it.
  var isRead: Bool {
    switch self {
    case .utf8, .utf16BigEndian, .utf16LittleEndian: true
    case .unmarkedUTF16, .utf32: false
    }
  }

  /// The text in UTF-8, without a mark of UTF-16; half a surrogate pair becomes U+FFFD, and a byte too many is left.
  func utf8(_ bytes: [UInt8]) -> [UInt8] {
    guard self == .utf16BigEndian || self == .utf16LittleEndian else { return bytes }
    let low = self == .utf16LittleEndian ? 0 : 1
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[$0 + low]) | UInt16(bytes[$0 + 1 - low]) << 8
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
