import BVAEArrays
import BVAEPlatform

/// One array, of a file of its own or a member of an archive: its header when it is made, then its values from front to
/// back, once.
package struct NumPyReader {
  private enum Content {
    case file(ByteStream)
    case member(ZipMemberReader)
  }

  let path: String
  let member: String?
  package private(set) var header: NumPyHeader
  /// The bytes of the file, or of the archive's member, as they lie on the disk.
  let size: Int
  private var content: Content
  /// The bytes of values in gzip data that may be cut off, which only unpacking them tells; nil of all others.
  private(set) var unpackedSize: Int?

  /// An array that is a file, perhaps in gzip.
  /// - Parameters:
  ///   - path: the name for error messages.
  ///   - isPartial: whether gzip data that are cut off end there rather than with an error.
  init(path: String, bytes: [UInt8], isPartial: Bool = false) throws(NumPyError) {
    var content: Content
    do {
      content = .file(
        Gzip.recognises(bytes)
          ? ByteStream(inflating: try Inflater(bytes, acceptsTruncation: isPartial)) : ByteStream(bytes[...]))
    } catch {
      throw NumPyError(path: path, member: nil, problem: .gzip(error))
    }
    header = try NumPyReader.header(&content, path, nil)
    (self.path, member, size, self.content) = (path, nil, bytes.count, content)
    if isPartial, Gzip.recognises(bytes), case .file(let stream) = content {
      unpackedSize = try NumPyReader.unpackedSize(path, bytes) - stream.position
    }
  }

  /// How many bytes gzip data hold, as far as they go.
  private static func unpackedSize(_ path: String, _ bytes: [UInt8]) throws(NumPyError) -> Int {
    do {
      var stream = ByteStream(inflating: try Inflater(bytes, acceptsTruncation: true))
      return try stream.skip(Limits.inflated(from: bytes.count))
    } catch {
      throw NumPyError(path: path, member: nil, problem: .gzip(error))
    }
  }

  /// An array in an archive; its name is that of the member without `.npy`.
  init(path: String, archive: ZipArchive, member: ZipArchive.Member) throws(NumPyError) {
    let name = NumPyReader.name(member)
    var content: Content
    do {
      content = .member(try ZipMemberReader(archive, member))
    } catch {
      throw NumPyError(path: path, member: name, problem: .zip(error))
    }
    header = try NumPyReader.header(&content, path, name)
    (self.path, self.member, size, self.content) = (path, name, member.range.count, content)
  }

  static func name(_ member: ZipArchive.Member) -> String {
    member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
  }

  /// An error about this array.
  func failure(_ problem: NumPyError.Problem) -> NumPyError {
    NumPyError(path: path, member: member, problem: problem)
  }

  /// The next bytes, or fewer where the array ends.
  mutating func readAvailable(_ count: Int) throws(NumPyError) -> [UInt8] {
    try NumPyReader.read(count, &content, path, member)
  }

  /// How many bytes of values are left, where that is known; of an archive's member, as its directory says.
  var remaining: Int? {
    switch content {
    case .file(let stream): stream.remaining
    case .member(let reader): reader.remaining
    }
  }

  /// Whether the array can be cut off: a member of an archive cannot, for the archive's directory stands behind it.
  var canBeCutOff: Bool { if case .file = content { true } else { false } }

  /// All values of an array of numbers.
  /// - Parameter most: the most values that are accepted.
  package mutating func numbers(most: Int) throws(NumPyError) -> [Double] {
    guard let number = header.number else {
      throw failure(.elementType(header.type, expected: "numbers"))
    }
    return number.values(try allBytes(of: number.size, most: most))
  }

  /// All values of an array of texts.
  package mutating func texts(most: Int) throws(NumPyError) -> [String] {
    guard let (letters, size, order) = header.text else {
      throw failure(.elementType(header.type, expected: "texts"))
    }
    let bytes = try allBytes(of: letters * size, most: most)
    return stride(from: 0, to: bytes.count, by: letters * size).map { start in
      let text = bytes[start..<start + letters * size]
      if size == 1 {
        let end = text.lastIndex { $0 != 0 }.map { $0 + 1 } ?? text.startIndex
        return String(decoding: text[..<end], as: UTF8.self)
      }
      var scalars = String.UnicodeScalarView()
      for place in stride(from: start, to: text.endIndex, by: size) {
        let code = UInt32(truncatingIfNeeded: order.unsigned(bytes[place..<place + size]))
        if code != 0 { scalars.append(Unicode.Scalar(code) ?? "\u{FFFD}") }
      }
      return String(scalars)
    }
  }

  private mutating func allBytes(of size: Int, most: Int) throws(NumPyError) -> [UInt8] {
    guard let count = header.shape.checkedProduct, count <= most, count <= Int.max / max(1, size) else {
      throw failure(.tooLarge(promise: "more than \(most.grouped) values", limit: most))
    }
    if let remaining, remaining < count * size {
      throw failure(.tooFew(shape: header.shape, bytes: count * size, found: remaining))
    }
    // Beside the bytes, their numbers stand in memory twice: as Double, and as what is made of them. Labels that repeat are
    // packed a thousandfold, so that 64 MiB are given to the smallest file.
    let limit = min(Limits.memory, Limits.inflated(from: self.size) * 4 + 64 << 20) / (size + 12)
    guard count <= limit else {
      throw failure(.tooLarge(promise: counted(count, "value"), limit: limit))
    }
    let bytes = try readAvailable(count * size)
    guard bytes.count == count * size else {
      throw failure(.tooFew(shape: header.shape, bytes: count * size, found: bytes.count))
    }
    try checkEnd(count * size)
    return bytes
  }

  /// Checks that nothing follows the values, and in an archive that they are intact.
  mutating func checkEnd(_ bytes: Int) throws(NumPyError) {
    let more = remaining
    guard try readAvailable(1).isEmpty else {
      throw failure(.tooMany(shape: header.shape, bytes: bytes, found: more.map { bytes + $0 }))
    }
  }

  private static func read(
    _ count: Int, _ content: inout Content, _ path: String, _ member: String?
  ) throws(NumPyError) -> [UInt8] {
    switch content {
    case .file(var stream):
      do {
        let bytes = try stream.read(count)
        content = .file(stream)
        return bytes
      } catch {
        throw NumPyError(path: path, member: nil, problem: .gzip(error))
      }
    case .member(var reader):
      do {
        let bytes = try reader.read(count)
        content = .member(reader)
        return bytes
      } catch {
        throw NumPyError(path: path, member: member, problem: .zip(error))
      }
    }
  }

  private static func header(
    _ content: inout Content, _ path: String, _ member: String?
  ) throws(NumPyError) -> NumPyHeader {
    func failure(_ problem: NumPyError.Problem) -> NumPyError {
      NumPyError(path: path, member: member, problem: problem)
    }
    let start = try read(8, &content, path, member)
    guard start.starts(with: NumPyHeader.magic.prefix(start.count)), !start.isEmpty else {
      throw failure(.notNumPy(beginning: start))
    }
    guard start.count == 8 else { throw failure(.shortHeader(found: start.count, needed: 10)) }
    guard (1...3).contains(start[6]), start[7] == 0 else { throw failure(.version(Int(start[6]), Int(start[7]))) }
    let width = start[6] == 1 ? 2 : 4
    let length = try read(width, &content, path, member)
    guard length.count == width else {
      throw failure(.shortHeader(found: 8 + length.count, needed: 8 + width))
    }
    let count = ByteOrder.little.integer(length[...])
    guard count <= NumPyHeader.longest else { throw failure(.longHeader(count, limit: NumPyHeader.longest)) }
    let text = try read(count, &content, path, member)
    guard text.count == count else {
      throw failure(.shortHeader(found: 8 + width + text.count, needed: 8 + width + count))
    }
    do {
      return try NumPyHeader(text, at: 8 + width)
    } catch {
      throw failure(.header(at: error.place, expected: error.expected))
    }
  }
}
