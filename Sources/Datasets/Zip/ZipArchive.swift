import BVAEPlatform

/// A zip archive (PKWARE's APPNOTE 6.3, without encryption and parts): what its directory says, the 64-bit form included.
struct ZipArchive {
  /// One file in it.
  struct Member {
    let name: String
    let isDeflated: Bool
    /// Where its bytes lie.
    let range: Range<Int>
    /// The number of its bytes when inflated.
    let size: Int
    let checksum: UInt32
  }

  /// The most members that are read.
  static let mostMembers = 4096

  let bytes: FileBytes
  private let window: FileWindow
  private(set) var members: [Member] = []

  /// Whether the bytes begin as a zip archive does, be it empty.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6])
  }

  /// - Throws: `FileProblem`, without the path.
  init(_ bytes: FileBytes) throws(FileProblem) {
    self.bytes = bytes
    window = FileWindow(bytes)
    let (start, size, count) = try directory()
    guard count <= UInt64(ZipArchive.mostMembers) else { throw ZipArchive.tooMany(count) }
    let range = try inside("the directory", start, size)
    var offset = range.lowerBound, names: Set<String> = []
    while offset < range.upperBound {
      guard range.upperBound - offset >= 46, integer(offset, 4) == 0x0201_4B50 else { break }
      let name = integer(offset + 28, 2), extra = integer(offset + 30, 2), comment = integer(offset + 32, 2)
      let end = offset + 46 + Int(name + extra + comment)
      guard end <= range.upperBound else { break }
      let member = try member(at: offset, name: Int(name), extra: Int(extra))
      guard names.insert(member.name).inserted else {
        throw FileProblem("the zip archive has two members '\(member.name)'")
      }
      members.append(member)
      guard members.count <= ZipArchive.mostMembers else { throw ZipArchive.tooMany(count) }
      offset = end
    }
    guard members.count == count else {
      throw FileProblem("the zip archive's end says \(count) members, its directory has \(members.count.grouped)")
    }
  }

  /// Where the directory lies and how many members it has, by the record at the end.
  private func directory() throws(FileProblem) -> (start: UInt64, size: UInt64, count: UInt64) {
    // 22 bytes and a comment of at most 65,535.
    let earliest = max(0, bytes.count - 22 - 0xFFFF)
    var end = bytes.count - 22
    while end >= earliest, integer(end, 4) != 0x0605_4B50 || Int(integer(end + 20, 2)) > bytes.count - end - 22 {
      end -= 1
    }
    guard end >= earliest, bytes.count >= 22 else {
      throw FileProblem(
        "its zip archive is incomplete: its last record, which says where everything is, is missing in "
          + counted(bytes.count, "byte"), advice: "fetch it again", isCutOff: true)
    }
    guard integer(end + 4, 2) == 0 || integer(end + 4, 2) == 0xFFFF else {
      throw FileProblem("the zip archive is one of several parts", expected: "a whole one")
    }
    let short = (integer(end + 16, 4), integer(end + 12, 4), integer(end + 10, 2))
    guard short.0 == 0xFFFF_FFFF || short.1 == 0xFFFF_FFFF || short.2 == 0xFFFF else { return short }
    let locator = end - 20
    guard locator >= 0, integer(locator, 4) == 0x0706_4B50 else { return short }
    let place = integer(locator + 8, 8)
    let record = try inside("the 64-bit end record", place, 56).lowerBound
    guard integer(record, 4) == 0x0606_4B50 else { throw ZipArchive.noRecord("64-bit end record", at: record) }
    return (integer(record + 48, 8), integer(record + 40, 8), integer(record + 32, 8))
  }

  private func member(at offset: Int, name nameCount: Int, extra: Int) throws(FileProblem) -> Member {
    let name = String(decoding: window[offset + 46..<offset + 46 + nameCount] ?? [], as: UTF8.self)
    var packed = integer(offset + 20, 4), size = integer(offset + 24, 4), header = integer(offset + 42, 4)
    if packed == 0xFFFF_FFFF || size == 0xFFFF_FFFF || header == 0xFFFF_FFFF {
      // The 64-bit sizes stand in this order, and only those that the short form has no room for.
      var rest = wideFields(offset + 46 + nameCount, extra)[...]
      if size == 0xFFFF_FFFF { size = rest.popFirst() ?? size }
      if packed == 0xFFFF_FFFF { packed = rest.popFirst() ?? packed }
      if header == 0xFFFF_FFFF { header = rest.popFirst() ?? header }
    }
    guard integer(offset + 8, 2) & 1 == 0 else { throw FileProblem("the member '\(name)' is encrypted") }
    let method = Int(integer(offset + 10, 2))
    guard method == 0 || method == 8 else {
      throw FileProblem(
        "the member '\(name)' is compressed by method \(method)", expected: "0 (stored) or 8 (deflate)")
    }
    let local = try inside("the header of '\(name)'", header, 30).lowerBound
    guard integer(local, 4) == 0x0403_4B50 else { throw ZipArchive.noRecord("header of '\(name)'", at: local) }
    let start = UInt64(local) + 30 + integer(local + 26, 2) + integer(local + 28, 2)
    let range = try inside("the member '\(name)'", start, packed)
    guard method == 8 || packed == size else {
      throw FileProblem(
        "the stored member '\(name)' is said to be \(packed) bytes in the archive and \(size) outside of it")
    }
    guard let whole = Int(exactly: size), whole <= Limits.inflated(from: range.count) else {
      throw FileProblem(
        "the member '\(name)' is said to have \(size) bytes, more than its \(counted(range.count, "compressed byte")) can "
          + "stand for")
    }
    return Member(
      name: name, isDeflated: method == 8, range: range, size: whole,
      checksum: UInt32(truncatingIfNeeded: integer(offset + 16, 4)))
  }

  /// The numbers of the extra field 0001.
  private func wideFields(_ start: Int, _ count: Int) -> [UInt64] {
    var offset = start
    while offset + 4 <= start + count {
      let size = Int(integer(offset + 2, 2))
      guard offset + 4 + size <= start + count else { break }
      if integer(offset, 2) == 1 { return (0..<size / 8).map { integer(offset + 4 + 8 * $0, 8) } }
      offset += 4 + size
    }
    return []
  }

  private func inside(_ part: String, _ start: UInt64, _ count: UInt64) throws(FileProblem) -> Range<Int> {
    let size = UInt64(bytes.count)
    guard start <= size, count <= size - start else {
      throw FileProblem(
        "\(part) of the zip archive is said to take \(count) bytes from byte \(start) on; the file has "
          + bytes.count.grouped)
    }
    return Int(start)..<Int(start + count)
  }

  private static func tooMany(_ count: UInt64) -> FileProblem {
    FileProblem("the zip archive says that it has \(count) members; at most \(mostMembers.grouped) are read")
  }

  private static func noRecord(_ record: String, at place: Int) -> FileProblem {
    FileProblem("the zip archive's \(record) is not at byte \(place.grouped), where it should be")
  }

  /// A number of the archive, which must be inside; zero where it is not.
  private func integer(_ offset: Int, _ count: Int) -> UInt64 {
    guard offset >= 0, offset + count <= bytes.count, let part = window[offset..<offset + count] else { return 0 }
    return ByteOrder.little.unsigned(part)
  }
}
