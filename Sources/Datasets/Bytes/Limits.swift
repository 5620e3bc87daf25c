/// How much a file may make of itself. Images compress about tenfold, dSprites' drawings more than a hundredfold; a
/// deflate bomb a thousandfold.
enum Limits {
  /// The most bytes that `packed` bytes of compressed data are inflated to.
  static func inflated(from packed: Int) -> Int { max(1 << 29, min(packed, 1 << 40) * 128) }

  /// The most bytes of images that are kept of a file of `size` bytes.
  static func kept(from size: Int) -> Int { min(1 << 31, max(1 << 29, min(size, 1 << 40) * 64)) }

  /// The most bytes of numbers of several bytes, each of which has to become a pixel, that are read from such a file.
  static func numbers(from size: Int) -> Int { max(1 << 29, min(size, 1 << 40) * 48) }

  /// The most images that a file may promise, so that a label of each takes little memory.
  static let images = 1 << 24
}
