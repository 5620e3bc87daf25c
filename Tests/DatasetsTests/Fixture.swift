import BVAECPU
import BVAEDatasets
import BVAEPlatform
import CBVAEZlib

/// The files of `Fixtures`, and the images that `Scripts/make-format-fixtures` put into them.
enum Fixture {
  static func path(_ name: String, file: String = #filePath) -> String {
    Path.join(Path.join(Path.parent(file), "Fixtures"), name)
  }

  static func bytes(_ name: String) throws -> [UInt8] { try Files.read(path(name)) }

  static let count = 7, height = 6, width = 5

  /// Image `n`.
  static func image(_ n: Int, planes: Int = 3) -> [UInt8] {
    (0..<height).flatMap { row in
      (0..<width).flatMap { column in
        (0..<planes).map { plane in
          UInt8((37 * n + 11 * row + 5 * column + 101 * plane + n * row * column) % 256)
        }
      }
    }
  }

  static func images(planes: Int = 3, _ places: [Int] = Array(0..<count)) -> ByteImages {
    ByteImages(
      shape: ImageShape(height: height, width: width, planes: planes),
      bytes: places.flatMap { image($0, planes: planes) })
  }

  /// A PNG of white whose transparency alone differs: 4×4, grey and alpha.
  static let whiteInk: [UInt8] =
    {
      let rows: [UInt8] = [0, 60, 120, 180].flatMap { (alpha: UInt8) -> [UInt8] in
        [0, 255, alpha, 255, alpha + 1, 255, alpha + 2, 255, alpha + 3]
      }
      var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      file += chunk("IHDR", [0, 0, 0, 4, 0, 0, 0, 4, 8, 4, 0, 0, 0])
      file += chunk("IDAT", Make.zlib(rows))
      return file + chunk("IEND", [])
    }()

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body: [UInt8] = Array(name.utf8) + content
    let sum = body.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    let length: [UInt8] = Make.bigEndian(content.count)
    return length + body + Make.bigEndian(Int(sum))
  }

  static let labels = (0..<count).map { UInt8($0) }

  /// What is wrong with bytes in memory, without the name that it begins with; nil where they are read.
  static func mistake(_ bytes: [UInt8], isPartial: Bool = false) -> String? {
    error { _ = try DataLibrary.load(bytes: bytes, name: "f", options: LoadOptions(isPartial: isPartial)) }
      .map { $0.hasPrefix("cannot read 'f': ") ? String($0.dropFirst(17)) : "? \($0)" }
  }
}
