import CBVAEZlib

/// Compressing in one go.
enum Deflate {
  /// Deflate data with what stands around it in `format`; nil where zlib could not work.
  /// - Parameter content: less than 4 GB.
  static func packed(_ content: [UInt8], _ format: Inflater.Format) -> [UInt8]? {
    guard let count = UInt32(exactly: content.count) else { return nil }
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(&stream, 6, Z_DEFLATED, format.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    guard let bound = UInt32(exactly: deflateBound(&stream, UInt(count))) else { return nil }
    var status: Int32 = Z_OK
    let packed = content.withUnsafeBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: Int(bound)) { output, written in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = count
        stream.next_out = output.baseAddress
        stream.avail_out = bound
        status = deflate(&stream, Z_FINISH)
        written = Int(bound - stream.avail_out)
      }
    }
    return status == Z_STREAM_END ? packed : nil
  }
}
