import CZlib

/// Zip archives of deflated members. Equal members give equal bytes: there is no time in them.
enum ZipWriter {
  /// The most bytes of a member, so that nothing needs the 64-bit form.
  static let largest = 1 << 31

  /// An archive of named contents, in this order.
  /// - Throws: `ZipError.tooLarge`.
  static func encoded(_ members: [(name: String, content: [UInt8])]) throws(ZipError) -> [UInt8] {
    var archive: [UInt8] = [], directory: [UInt8] = []
    for (name, content) in members {
      guard content.count <= largest, archive.count <= largest, let packed = deflated(content) else {
        throw .tooLarge(name)
      }
      // Version 2.0, names in UTF-8, deflate, midnight of 1 January 1980.
      var fields: [UInt8] = little(20, 2) + little(0x0800, 2) + little(8, 2) + little(0, 2) + little(0x21, 2)
      fields += little(checksum(content), 4) + little(UInt(packed.count), 4) + little(UInt(content.count), 4)
      fields += little(UInt(name.utf8.count), 2) + little(0, 2)
      directory += little(0x0201_4B50, 4) + little(20, 2) + fields + little(0, 2) + little(0, 2) + little(0, 2)
      directory += little(0, 4) + little(UInt(archive.count), 4) + Array(name.utf8)
      archive += little(0x0403_4B50, 4) + fields + Array(name.utf8) + packed
    }
    guard archive.count <= largest else { throw .tooLarge(members.last?.name ?? "") }
    let count = UInt(members.count)
    let end: [UInt8] =
      little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2) + little(UInt(directory.count), 4)
      + little(UInt(archive.count), 4) + little(0, 2)
    return archive + directory + end
  }

  private static func little(_ value: UInt, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt(8 * $0)) }
  }

  /// Deflate data without anything around it; nil where zlib could not work.
  private static func deflated(_ content: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard deflateInit2_(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
      return nil
    }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(content.count)))
    var status: Int32 = Z_OK
    let packed = content.withUnsafeBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(bound)
        status = deflate(&stream, Z_FINISH)
        count = bound - Int(stream.avail_out)
      }
    }
    return status == Z_STREAM_END ? packed : nil
  }
}
