import Glibc

/// A file that is being written, piece after piece.
public struct FileSink {
  let descriptor: Int32
  let path: String

  /// Appends bytes.
  /// - Throws: `FileProblem`.
  public func write(_ bytes: some Collection<UInt8>) throws {
    try Files.writeAll(bytes, to: descriptor, path: path)
  }

  /// Appends the bits of float32 values, little-endian.
  /// - Throws: `FileProblem`.
  public func write(floats values: [Float]) throws {
    try values.withUnsafeBufferPointer { try write(floats: $0) }
  }

  /// Appends the bits of float32 values, little-endian.
  /// - Throws: `FileProblem`.
  public func write(floats values: UnsafeBufferPointer<Float>) throws {
    #if _endian(little)
      try Files.writeBuffer(UnsafeRawBufferPointer(values), to: descriptor, path: path)
    #else
      try values.map(\.bitPattern.littleEndian).withUnsafeBytes {
        try Files.writeBuffer($0, to: descriptor, path: path)
      }
    #endif
  }

  /// Replaces bytes that were written before, from a place on.
  /// - Throws: `FileProblem`, also where the file is none in which there are places: a pipe.
  public func overwrite(_ bytes: [UInt8], at place: Int) throws {
    let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(place)) }
    guard written == bytes.count else { throw FileProblem("write", path, code: written < 0 ? errno : EIO) }
  }
}
