/// Base64 (RFC 4648), for bytes within a text.
extension [UInt8] {
  /// The digits of some bytes.
  package init(base64Of bytes: [UInt8]) {
    self = []
    append(base64: bytes)
  }

  /// Appends the digits of `bytes`, four for each three of them.
  package mutating func append(base64 bytes: [UInt8]) {
    reserveCapacity(count + (bytes.count + 2) / 3 * 4)
    let digits = base64Digits
    var place = 0
    while place + 2 < bytes.count {
      let group = Int(bytes[place]) << 16 | Int(bytes[place + 1]) << 8 | Int(bytes[place + 2])
      append(digits[group >> 18])
      append(digits[group >> 12 & 63])
      append(digits[group >> 6 & 63])
      append(digits[group & 63])
      place += 3
    }
    guard place < bytes.count else { return }
    let isTwo = place + 1 < bytes.count
    let group = Int(bytes[place]) << 16 | (isTwo ? Int(bytes[place + 1]) << 8 : 0)
    append(digits[group >> 18])
    append(digits[group >> 12 & 63])
    append(isTwo ? digits[group >> 6 & 63] : UInt8(ascii: "="))
    append(UInt8(ascii: "="))
  }
}

private let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
