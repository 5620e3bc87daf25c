import BetaVAE
import CBVAEZlib

/// Makes damaged bytes right where a checksum or a compression would have them refused before the reader looks at them.
enum Repair {
  /// The checksum of every chunk of a PNG that is still whole.
  static func png(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes, start = 8
    while start + 12 <= bytes.count {
      let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - start - 12 else { break }
      let sum = checksum(bytes[start + 4..<start + 8 + length])
      for i in 0..<4 { bytes[start + 8 + length + i] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * i)) }
      start += 12 + length
    }
    return bytes
  }

  /// The header's length of a safetensors file whose header ends with the last brace before the values.
  static func safetensors(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 8 else { return bytes }
    let text = bytes[8...].prefix { $0 >= 0x20 && $0 < 0x7F }
    let end = text.lastIndex(of: UInt8(ascii: "}")) ?? 8
    var bytes = bytes
    for i in 0..<8 { bytes[i] = UInt8(truncatingIfNeeded: (end - 7) >> (8 * i)) }
    return bytes
  }

  /// A checkpoint: its header's length, and the sum of its values.
  static func checkpoint(_ bytes: [UInt8]) -> [UInt8] {
    let bytes = safetensors(bytes)
    guard var file = try? Safetensors(bytes: bytes) else { return bytes }
    file.metadata["checksum"] = Checksum(file).text
    return (try? file.encoded()) ?? bytes
  }

  /// Stored members of a zip archive: their checksums, in both places, where the lengths are right.
  static func zip(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    func number(_ place: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    var sums: [Int: UInt32] = [:]
    var start = 0
    while start + 30 <= bytes.count, bytes[start..<start + 4].elementsEqual([0x50, 0x4B, 3, 4]) {
      let size = number(start + 18, 4), body = start + 30 + number(start + 26, 2) + number(start + 28, 2)
      guard body + size <= bytes.count else { break }
      if number(start + 8, 2) == 0 {
        let sum = checksum(bytes[body..<body + size])
        sums[start] = sum
        for i in 0..<4 { bytes[start + 14 + i] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * i)) }
      }
      start = body + size
    }
    while start + 46 <= bytes.count, bytes[start..<start + 4].elementsEqual([0x50, 0x4B, 1, 2]) {
      if let sum = sums[number(start + 42, 4)] {
        for i in 0..<4 { bytes[start + 16 + i] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * i)) }
      }
      start += 46 + number(start + 28, 2) + number(start + 30, 2) + number(start + 32, 2)
    }
    return bytes
  }

  /// The content as one gzip member (`wrapping` 31) or zlib stream (15), in a fast compression.
  static func packed(_ content: [UInt8], wrapping: Int32) -> [UInt8] {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, 1, Z_DEFLATED, wrapping, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK
    else { return content }
    defer { deflateEnd(&stream) }
    var content = content
    let room = Int(deflateBound(&stream, uLong(content.count)))
    return content.withUnsafeMutableBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: room) { output, count in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        _ = deflate(&stream, Z_FINISH)
        count = output.count - Int(stream.avail_out)
      }
    }
  }

  /// A MATLAB file whose elements are compressed, each of them anew: its 128 bytes of header stay.
  static func matlab(_ plain: [UInt8]) -> [UInt8] {
    guard plain.count > 136 else { return plain }
    var bytes = Array(plain.prefix(128)), start = 128
    let isLittle = bytes[126] == UInt8(ascii: "I")
    while start + 8 <= plain.count {
      let four = plain[start + 4..<start + 8]
      let length = (isLittle ? Array(four.reversed()) : Array(four)).reduce(0) { $0 << 8 | Int($1) }
      let end = min(plain.count, start + 8 + (length + 7) / 8 * 8)
      let body = packed(Array(plain[start..<end]), wrapping: 15)
      for value in [15, body.count] {
        let little = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        bytes += isLittle ? little : little.reversed()
      }
      bytes += body
      start = end
    }
    return bytes
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
  }
}
