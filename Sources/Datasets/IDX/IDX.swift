import BVAEArrays
import BVAEPlatform

/// The IDX format of MNIST and its relatives, plain or in gzip: a magic number, the extent of each dimension as a
/// big-endian 32-bit number, then the values: bytes with or without sign, or big-endian numbers of 16 to 64 bits.
///
/// Labels have one dimension [count], or two of which the first column is taken, as QMNIST's do; images three
/// [count, rows, columns], or four with [planes], the planes of a pixel together. The kind of a file is told by its content,
/// whatever its name.
public enum IDX {
  /// How many rows and how many columns an image may have.
  public static let sides = 1...4096

  /// All images of a file.
  /// - Throws: `FileError` where the file cannot be read, `IDXError` where its content is wrong in any way.
  public static func images(_ path: String) throws -> ByteImages {
    var reader = try IDXReader(path: path)
    var converter = PixelConverter(reader.number, scale: nil)
    return try reader.images(&converter)
  }

  /// All labels of a file, each 0…9.
  /// - Throws: `FileError` where the file cannot be read, `IDXError` where its content is wrong in any way.
  public static func labels(_ path: String) throws -> [UInt8] {
    var reader = try IDXReader(path: path)
    return try reader.labels().values
  }
}
