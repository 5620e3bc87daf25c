import BVAEPlatform
import CBVAEZlib

/// Bytes of small files, well-formed and broken, for the tests.
enum Make {
  /// An IDX file of unsigned bytes.
  static func idx(_ dimensions: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)] + dimensions.flatMap(bigEndian) + bytes
  }

  /// `count` images of 2×3 whose bytes tell image and place: 10, 11, … of image 1.
  static func images(_ count: Int) -> [UInt8] {
    idx([count, 2, 3], (0..<count).flatMap { image in (0..<6).map { UInt8(truncatingIfNeeded: image * 10 + $0) } })
  }

  static func labels(_ labels: [UInt8]) -> [UInt8] { idx([labels.count], labels) }

  static func bigEndian(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// One gzip member.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] { deflated(bytes, windowBits: 15 + 16) }

  /// A zlib stream.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] { deflated(bytes, windowBits: 15) }

  /// A zip archive of deflated members: each a beginning, and a block so many times behind it, which is never in memory as
  /// often.
  static func zip(_ members: [(name: String, beginning: [UInt8], block: [UInt8], times: Int)]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var archive: [UInt8] = [], directory: [UInt8] = []
    for (name, beginning, block, times) in members {
      var stream = z_stream(), packed: [UInt8] = [], sum = crc32_z(0, nil, 0), size = 0
      deflateInit2_(
        &stream, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      var output = [UInt8](repeating: 0, count: 1 << 20)
      for part in 0...times {
        var input = part == 0 ? beginning : block
        sum = crc32_z(sum, input, input.count)
        size += input.count
        input.withUnsafeMutableBufferPointer { input in
          stream.next_in = input.baseAddress
          stream.avail_in = UInt32(input.count)
          repeat {
            let room = output.count
            output.withUnsafeMutableBufferPointer { output in
              stream.next_out = output.baseAddress
              stream.avail_out = UInt32(room)
              deflate(&stream, part == times ? Z_FINISH : Z_NO_FLUSH)
            }
            packed += output.prefix(room - Int(stream.avail_out))
          } while stream.avail_out == 0
        }
      }
      deflateEnd(&stream)
      let fields =
        little(20, 2) + little(0, 2) + little(8, 2) + little(0, 4) + little(Int(sum), 4) + little(packed.count, 4)
        + little(size, 4) + little(name.utf8.count, 2) + little(0, 2)
      directory +=
        little(0x0201_4B50, 4) + little(20, 2) + fields + little(0, 10) + little(archive.count, 4)
        + Array(name.utf8)
      archive += little(0x0403_4B50, 4) + fields + Array(name.utf8) + packed
    }
    return archive + directory + little(0x0605_4B50, 4) + little(0, 4) + little(members.count, 2)
      + little(members.count, 2) + little(directory.count, 4) + little(archive.count, 4) + little(0, 2)
  }

  private static func deflated(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK
    else { return [] }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    return input.withUnsafeMutableBufferPointer { input in
      let used = output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        deflate(&stream, Z_FINISH)
        return output.count - Int(stream.avail_out)
      }
      return Array(output.prefix(used))
    }
  }
}

/// What an action throws, in words; nil where it does not.
func error(_ action: () throws -> Void) -> String? {
  do {
    try action()
    return nil
  } catch { return "\(error)" }
}
