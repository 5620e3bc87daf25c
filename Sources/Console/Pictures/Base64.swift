/// Bytes as text, RFC 4648.
package enum Base64 {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let left = bytes.count - start
      let group =
        Int(bytes[start]) << 16 | (left > 1 ? Int(bytes[start + 1]) << 8 : 0) | (left > 2 ? Int(bytes[start + 2]) : 0)
      text.append(digits[group >> 18])
      text.append(digits[group >> 12 & 63])
      text.append(left > 1 ? digits[group >> 6 & 63] : UInt8(ascii: "="))
      text.append(left > 2 ? digits[group & 63] : UInt8(ascii: "="))
    }
    return text
  }
}
