import BVAEArrays
import BVAEPlatform

/// One array, of a file of its own or a member of an archive: its header when it is made, then its values from front to
/// back, once.
package struct NumPyReader {
  private enum Content {
    case file(ByteStream)
    case member(ZipMemberReader)
  }

  /// The array's name in an archive; nil of an array that is a file.
  let member: String?
  package private(set) var header: NumPyHeader
  /// The bytes of the file, or of the archive's member, as they lie on the disk.
  let size: Int
  private var content: Content
  /// The bytes of values in gzip data that may be cut off, which only unpacking them tells; nil of all others.
  private(set) var unpackedSize: Int?

  /// An array that is a file, perhaps in gzip.
  /// - Parameter isPartial: whether gzip data that are cut off end there rather than with an error.
  /// - Throws: `FileProblem`, without the path, as all that follow.
  init(_ bytes: FileBytes, isPartial: Bool = false) throws(FileProblem) {
    var content = Content.file(try ByteStream(file: bytes, acceptsTruncation: isPartial))
    header = try NumPyReader.header(&content)
    (member, size, self.content) = (nil, bytes.count, content)
    if isPartial, Gzip.recognises(try bytes.read(0..<2)), case .file(let stream) = content {
      var whole = try ByteStream(file: bytes, acceptsTruncation: true)
      unpackedSize = try whole.skip(Limits.inflated(from: bytes.count)) - stream.position
    }
  }

  /// An array in an archive; its name is that of the member without `.npy`.
  init(_ archive: ZipArchive, _ member: ZipArchive.Member) throws(FileProblem) {
    let name = NumPyReader.name(member)
    do {
      var content = Content.member(try ZipMemberReader(archive, member))
      header = try NumPyReader.header(&content)
      (self.member, size, self.content) = (name, member.range.count, content)
    } catch {
      throw error.within(name)
    }
  }

  static func name(_ member: ZipArchive.Member) -> String {
    member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
  }

  /// The next bytes, or fewer where the array ends.
  mutating func readAvailable(_ count: Int) throws(FileProblem) -> [UInt8] {
    do {
      return try NumPyReader.read(count, &content)
    } catch {
      throw error.within(member)
    }
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
  package mutating func numbers(most: Int) throws(FileProblem) -> [Double] {
    guard let number = header.number else {
      throw otherType(expected: "numbers")
    }
    return number.values(try allBytes(of: number.size, most: most))
  }

  /// All values of an array of texts.
  package mutating func texts(most: Int) throws(FileProblem) -> [String] {
    guard let (letters, size, order) = header.text else {
      throw otherType(expected: "texts")
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

  private mutating func allBytes(of size: Int, most: Int) throws(FileProblem) -> [UInt8] {
    guard let count = header.shape.checkedProduct, count <= most, count <= Int.max / max(1, size) else {
      throw tooLarge("more than \(most.grouped) values", limit: most)
    }
    if let remaining, remaining < count * size {
      throw tooFew(count * size, found: remaining)
    }
    // Beside the bytes, their numbers stand in memory twice: as Double, and as what is made of them. Labels that repeat are
    // packed a thousandfold, so that 64 MiB are given to the smallest file.
    let limit = min(Limits.memory, Limits.inflated(from: self.size) * 4 + 64 << 20) / (size + 12)
    guard count <= limit else { throw tooLarge(counted(count, "value"), limit: limit) }
    let bytes = try readAvailable(count * size)
    guard bytes.count == count * size else { throw tooFew(count * size, found: bytes.count) }
    try checkEnd(count * size)
    return bytes
  }

  /// Checks that nothing follows the values, and in an archive that they are intact.
  mutating func checkEnd(_ bytes: Int) throws(FileProblem) {
    let more = remaining
    guard try readAvailable(1).isEmpty else {
      throw failure("\(promise(bytes)), but \(more.map { (bytes + $0).grouped } ?? "more") follow its header")
    }
  }

  private static func read(_ count: Int, _ content: inout Content) throws(FileProblem) -> [UInt8] {
    switch content {
    case .file(var stream):
      let bytes = try stream.read(count)
      content = .file(stream)
      return bytes
    case .member(var reader):
      let bytes = try reader.read(count)
      content = .member(reader)
      return bytes
    }
  }

  private static func header(_ content: inout Content) throws(FileProblem) -> NumPyHeader {
    func short(_ found: Int, of needed: Int) -> FileProblem {
      FileProblem(
        "the array ends within its header, after \(counted(found, "byte"))", expected: needed.grouped, isCutOff: true)
    }
    let start = try read(8, &content)
    if start.isEmpty { throw FileProblem("it is empty", expected: "a NumPy array") }
    guard start.starts(with: NumPyHeader.magic.prefix(start.count)) else {
      throw FileProblem(
        "it is no NumPy array: it begins with \(ForeignFiles.signature(start))", expected: "93 4E 55 4D 50 59")
    }
    guard start.count == 8 else { throw short(start.count, of: 10) }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw FileProblem(
        "the array's format has version \(start[6]).\(start[7])", expected: "1.0, 2.0 or 3.0")
    }
    let width = start[6] == 1 ? 2 : 4
    let length = try read(width, &content)
    guard length.count == width else { throw short(8 + length.count, of: 8 + width) }
    let count = ByteOrder.little.integer(length[...])
    guard count <= NumPyHeader.longest else {
      throw FileProblem(
        "the array's header is said to have \(counted(count, "byte")); at most \(NumPyHeader.longest.grouped) are read")
    }
    let text = try read(count, &content)
    guard text.count == count else { throw short(8 + width + text.count, of: 8 + width + count) }
    return try NumPyHeader(text, at: 8 + width)
  }
}

/// What can be wrong with an array.
extension NumPyReader {
  /// A problem with this array.
  func failure(_ found: String, expected: String? = nil, advice: String? = nil, isCutOff: Bool = false) -> FileProblem {
    FileProblem(found, expected: expected, advice: advice, isCutOff: isCutOff).within(member)
  }

  func otherType(expected: String) -> FileProblem {
    failure("its values are of type '\(header.type)'", expected: expected)
  }

  func otherShape(expected: String) -> FileProblem {
    failure("the array is \(ImageLayout.words(header.shape))", expected: expected)
  }

  /// A value outside of what an image, a label or another `thing` may have.
  func otherValue(_ value: String, in thing: String, _ item: Int, expected: String) -> FileProblem {
    let kind = thing == "image" ? "an image" : "a \(thing)"
    return failure("the value \(value) in \(thing) \(item.grouped) is none of \(kind)", expected: expected)
  }

  func tooLarge(_ promise: String, limit: Int) -> FileProblem {
    failure("its header promises \(promise); at most \(limit.grouped) are read")
  }

  /// Fewer bytes than the shape asks for.
  func tooFew(_ bytes: Int, found: Int) -> FileProblem {
    failure(
      "\(promise(bytes)), but only \(found.grouped) follow its header", advice: "the file is incomplete", isCutOff: true
    )
  }

  func countsDiffer(images: Int, other: String, _ count: Int) -> FileProblem {
    failure("it has \(counted(images, "image")) but \(count.grouped) \(other)", advice: "they do not belong together")
  }

  private func promise(_ bytes: Int) -> String {
    "an array of \(ImageLayout.words(header.shape)) takes \(counted(bytes, "byte"))"
  }
}
