import CBVAEZlib

/// Deflate data of some bytes and then as many zeros as are wanted, at the price of one megabyte of them: the same block
/// again and again.
struct Deflation {
  /// Without header and checksum (RFC 1951).
  private(set) var raw: [UInt8] = []
  private(set) var count = 0
  private var crc: UInt = crc32(0, nil, 0)
  private var adler: UInt = adler32(0, nil, 0)

  private static let unit = 1 << 20

  init(_ head: [UInt8], zeros: Int) {
    add(head, times: 1)
    add([UInt8](repeating: 0, count: Self.unit), times: zeros / Self.unit)
    add([UInt8](repeating: 0, count: zeros % Self.unit), times: 1)
    // An empty last block.
    raw += [3, 0]
  }

  /// As a gzip file (RFC 1952).
  var gzip: [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + raw + Self.little(Int(crc), 4) + Self.little(count & 0xFFFF_FFFF, 4)
  }

  /// As a zlib stream (RFC 1950).
  var zlib: [UInt8] { [0x78, 1] + raw + Self.little(Int(adler), 4).reversed() }

  /// As a zip archive of members, each by its name (APPNOTE 6.3).
  static func zip(_ members: [(name: String, content: Deflation)]) -> [UInt8] {
    var bytes: [UInt8] = [], directory: [UInt8] = []
    for (name, content) in members {
      let fields =
        [20, 0, 0, 0, 8, 0, 0, 0, 0, 0] + little(Int(content.crc), 4) + little(content.raw.count, 4)
        + little(content.count, 4) + little(name.utf8.count, 2) + [0, 0]
      directory += [0x50, 0x4B, 1, 2, 20, 0] + fields + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + little(bytes.count, 4)
      directory += Array(name.utf8)
      bytes += [0x50, 0x4B, 3, 4] + fields + Array(name.utf8) + content.raw
    }
    let count = little(members.count, 2)
    let end = count + count + little(directory.count, 4) + little(bytes.count, 4) + [0, 0]
    return bytes + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + end
  }

  static func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private mutating func add(_ bytes: [UInt8], times: Int) {
    guard times > 0, !bytes.isEmpty else { return }
    let block = Self.block(bytes)
    let sums = bytes.withUnsafeBufferPointer { content in
      (crc32_z(0, content.baseAddress, content.count), adler32_z(1, content.baseAddress, content.count))
    }
    for _ in 0..<times {
      raw += block
      crc = crc32_combine(crc, sums.0, bytes.count)
      adler = adler32_combine(adler, sums.1, bytes.count)
      count += bytes.count
    }
  }

  /// Blocks that refer to nothing before them and end with a byte.
  private static func block(_ content: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return [] }
    defer { deflateEnd(&stream) }
    var content = content
    let room = Int(deflateBound(&stream, uLong(content.count))) + 64
    return content.withUnsafeMutableBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: room) { output, count in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        _ = deflate(&stream, Z_FULL_FLUSH)
        count = output.count - Int(stream.avail_out)
      }
    }
  }
}
