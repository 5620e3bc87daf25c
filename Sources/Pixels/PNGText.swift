import BVAEPlatform
import CBVAEZlib

/// Text chunks: `tEXt` for what Latin-1 can write, `iTXt` (UTF-8) for everything else.
enum PNGText {
  /// The most bytes that a compressed text may inflate to, and all of them; and the most texts that are read. This
  /// program compresses none of those that it writes.
  private static let mostBytes = 1 << 18, mostBytesInAll = 1 << 20, mostChunks = 256

  /// The chunk for one note.
  /// - Throws: `FileProblem`.
  static func chunk(keyword: String, value: String) throws(FileProblem) -> [UInt8] {
    guard let name = latin1(keyword), (1...79).contains(name.count), keyword.first != " ", keyword.last != " ",
      name.allSatisfy({ (32...126).contains($0) || $0 >= 161 })
    else {
      throw FileProblem(
        "'\(keyword)' cannot be the keyword of a text chunk", action: "write",
        expected: "1 to 79 Latin-1 characters without outer spaces")
    }
    if let text = latin1(value), !text.contains(0) {
      return PNGChunks.chunk(type: "tEXt", data: name + [0] + text)
    }
    // Not compressed (two zero bytes), no language, no translated keyword.
    let text = value.utf8.filter { $0 != 0 }
    return PNGChunks.chunk(type: "iTXt", data: name + [0, 0, 0, 0, 0] + text)
  }

  /// The notes of a file, in order; damaged ones are left out.
  static func notes(in chunks: PNGChunks) -> [(key: String, value: String)] {
    var notes: [(key: String, value: String)] = []
    var left = mostBytesInAll
    func inflate(_ packed: ArraySlice<UInt8>) -> [UInt8]? {
      guard left > 0 else { return nil }
      let content = inflated(packed, atMost: mostBytes)
      left -= content?.count ?? mostBytes
      return content
    }
    for chunk in chunks where ["tEXt", "zTXt", "iTXt"].contains(chunk.type) {
      guard notes.count < mostChunks else { break }
      guard chunks.isIntact(chunk) else { continue }
      let data = chunks.bytes[chunk.data]
      guard let end = data.firstIndex(of: 0), end > data.startIndex else { continue }
      let rest = data[(end + 1)...]
      let value: String? =
        switch chunk.type {
        case "tEXt": text(latin1: rest)
        case "zTXt": rest.first == 0 ? inflate(rest.dropFirst()).map { text(latin1: $0[...]) } : nil
        default: international(rest, inflate)
        }
      if let value { notes.append((text(latin1: data[..<end]), value)) }
    }
    return notes
  }

  private static func international(
    _ rest: ArraySlice<UInt8>, _ inflate: (ArraySlice<UInt8>) -> [UInt8]?
  ) -> String? {
    guard rest.count >= 2 else { return nil }
    let isCompressed = rest[rest.startIndex] == 1
    var body = rest.dropFirst(2)
    for _ in 0..<2 {  // language, translated keyword
      guard let end = body.firstIndex(of: 0) else { return nil }
      body = body[(end + 1)...]
    }
    if !isCompressed { return String(decoding: body, as: UTF8.self) }
    return inflate(body).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func latin1(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func text(latin1 bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
    return text
  }
}

/// A zlib stream of some bytes.
/// - Throws: `FileProblem` where zlib refuses, as without memory.
package func deflated(_ content: [UInt8]) throws(FileProblem) -> [UInt8] {
  var isDone = false
  let packed = [UInt8](unsafeUninitializedCapacity: Int(compressBound(uLong(content.count)))) { buffer, count in
    var length = uLong(buffer.count)
    isDone = content.withUnsafeBufferPointer {
      compress2(buffer.baseAddress, &length, $0.baseAddress, uLong($0.count), 9) == Z_OK
    }
    count = isDone ? Int(length) : 0
  }
  guard isDone else { throw FileProblem("zlib cannot compress it") }
  return packed
}

/// The content of a zlib stream, or nothing where it is broken or longer than `limit` bytes.
package func inflated(_ packed: ArraySlice<UInt8>, atMost limit: Int) -> [UInt8]? {
  let content = [UInt8](unsafeUninitializedCapacity: max(1, limit)) { buffer, count in
    var length = uLong(buffer.count)
    let status = packed.withUnsafeBufferPointer {
      uncompress(buffer.baseAddress, &length, $0.baseAddress, uLong($0.count))
    }
    count = status == Z_OK ? Int(length) : 0
  }
  return content.isEmpty ? nil : content
}
