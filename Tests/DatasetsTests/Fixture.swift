import Datasets
import Numerics
import Platform

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

  static let labels = (0..<count).map { UInt8($0) }

  /// What is wrong with bytes in memory, without the name that it begins with; nil where they are read.
  static func mistake(_ bytes: [UInt8], isPartial: Bool = false) -> String? {
    error { _ = try DataLibrary.load(bytes: bytes, name: "f", options: LoadOptions(isPartial: isPartial)) }
      .map { $0.hasPrefix("cannot read 'f': ") ? String($0.dropFirst(17)) : "? \($0)" }
  }
}
