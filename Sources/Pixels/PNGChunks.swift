import BVAEPlatform
import CBVAEZlib

/// The outer structure of a PNG file: a signature and chunks of length, type, data and checksum.
struct PNGChunks: Sequence {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  struct Chunk {
    /// Four letters, such as `IHDR`.
    let type: String
    /// Where its data lie in the file.
    let data: Range<Int>

    /// Whether the stored values depend on it: critical chunks do, also those that nobody knows yet, and transparency.
    /// What gAMA, cHRM, sRGB and iCCP say of the meaning of colours does not count, as in other programs that train.
    var isEssential: Bool {
      let isAncillary = type.utf8.first.map { $0 & 0x20 != 0 } ?? false
      return !isAncillary || type == "tRNS"
    }
  }

  let bytes: [UInt8]

  /// The chunks of `bytes` up to IEND.
  /// - Throws: `FileProblem` where the signature is missing.
  init(_ bytes: [UInt8]) throws(FileProblem) {
    guard bytes.starts(with: PNGChunks.signature) else {
      let found = bytes.isEmpty ? "nothing" : hexadecimal(bytes.prefix(8))
      throw FileProblem(
        "it is not a PNG picture: it begins with \(found) instead of \(hexadecimal(PNGChunks.signature))")
    }
    self.bytes = bytes
  }

  /// The chunks in order; ends at IEND or where a chunk is cut off.
  func makeIterator() -> AnyIterator<Chunk> {
    var offset = PNGChunks.signature.count
    var ended = false
    return AnyIterator {
      guard !ended, offset + 12 <= bytes.count else { return nil }
      let length = bytes.bigEndian32(at: offset)
      guard length <= bytes.count - offset - 12 else { return nil }
      let data = offset + 8..<offset + 8 + length
      let type = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
      defer { offset = data.upperBound + 4 }
      ended = type == "IEND"
      return Chunk(type: type, data: data)
    }
  }

  /// Whether a chunk's checksum is right.
  func isIntact(_ chunk: Chunk) -> Bool {
    let sum = PNGChunks.checksum(bytes[chunk.data.lowerBound - 4..<chunk.data.upperBound])
    return sum == UInt32(bytes.bigEndian32(at: chunk.data.upperBound))
  }

  /// The file without the chunks that its pixels do not depend on, each of which libpng would inflate to eight megabytes
  /// if it is compressed; nil where the file does not come to its end.
  func essentialBytes() -> [UInt8]? {
    var kept: [Range<Int>] = []
    var isComplete = false
    for chunk in self {
      isComplete = chunk.type == "IEND"
      guard chunk.isEssential else { continue }
      let range = chunk.data.lowerBound - 8..<chunk.data.upperBound + 4
      if let last = kept.last, last.upperBound == range.lowerBound {
        kept[kept.count - 1] = last.lowerBound..<range.upperBound
      } else {
        kept.append(range)
      }
    }
    guard isComplete else { return nil }
    if kept.count == 1, kept[0].lowerBound == PNGChunks.signature.count { return bytes }
    var file = PNGChunks.signature
    file.reserveCapacity(kept.reduce(file.count) { $0 + $1.count })
    for range in kept { file += bytes[range] }
    return file
  }

  /// The width and height in the header.
  /// - Throws: `FileProblem` where the header is missing, cut off or states an impossible size.
  func size() throws(FileProblem) -> (width: Int, height: Int) {
    guard bytes.count >= 33 else { throw .cutOffPNG(in: "the header", at: bytes.count) }
    guard bytes[12..<16].elementsEqual("IHDR".utf8), bytes.bigEndian32(at: 8) == 13 else {
      throw .damagedPNG("the header chunk IHDR is not where it belongs")
    }
    let width = bytes.bigEndian32(at: 16), height = bytes.bigEndian32(at: 20)
    guard width > 0, height > 0, width <= 0x7FFF_FFFF, height <= 0x7FFF_FFFF else {
      throw .damagedPNG("the header states a size of \(width) × \(height) pixels")
    }
    return (width, height)
  }

  /// The planes of the pixels, 1 or 3, and whether they have alpha, by the header or by tRNS; nil where the header states
  /// no kind of pixels that exists. The header must be there.
  func planes() -> (planes: Int, hasAlpha: Bool)? {
    let isTransparent = contains { $0.type == "tRNS" }
    switch bytes[25] {
    case 0: return (1, isTransparent)
    case 2, 3: return (3, isTransparent)
    case 4: return (1, true)
    case 6: return (3, true)
    default: return nil
    }
  }

  /// A complete chunk.
  static func chunk(type: String, data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(UInt32(truncatingIfNeeded: data.count)) + body + bigEndian(checksum(body[...]))
  }

  private static func checksum(_ body: ArraySlice<UInt8>) -> UInt32 {
    UInt32(truncatingIfNeeded: body.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

extension [UInt8] {
  /// Four bytes, the most significant first; they must be inside.
  fileprivate func bigEndian32(at offset: Int) -> Int {
    self[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}

extension FileProblem {
  /// Something in a PNG contradicts the format.
  static func damagedPNG(_ what: String) -> FileProblem { FileProblem("the PNG picture is damaged: \(what)") }

  /// The bytes end in the middle of a part.
  static func cutOffPNG(in part: String, at end: Int) -> FileProblem {
    FileProblem("the PNG picture is cut off: its bytes end at \(end), in the middle of \(part)", isCutOff: true)
  }
}
