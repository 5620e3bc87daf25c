import CZlib
import Platform

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
