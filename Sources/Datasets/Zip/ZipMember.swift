import BVAEPlatform
import CBVAEZlib

/// The content of a member of a zip archive from front to back; size and checksum are checked at its end.
struct ZipMemberReader {
  private let member: ZipArchive.Member
  private var stream: ByteStream
  private var sum: UInt = crc32_z(0, nil, 0)

  init(_ archive: ZipArchive, _ member: ZipArchive.Member) throws(FileProblem) {
    self.member = member
    guard member.isDeflated else {
      stream = ByteStream(archive.bytes, in: member.range)
      return
    }
    do {
      stream = ByteStream(inflating: try Inflater(archive.bytes, in: member.range, format: .raw))
    } catch {
      throw ZipMemberReader.problem(error, member)
    }
  }

  /// How many bytes are left, as the archive's directory says.
  var remaining: Int { member.size - stream.position }

  /// The next `count` bytes; fewer only where the content ends, which is then what the directory says.
  mutating func read(_ count: Int) throws(FileProblem) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try stream.read(min(count, member.size - stream.position + 1))
    } catch {
      throw ZipMemberReader.problem(error, member)
    }
    sum = checksum(bytes, from: sum)
    guard stream.position <= member.size else { throw otherSize("more") }
    guard bytes.count < count || stream.position == member.size else { return bytes }
    guard stream.position == member.size else { throw otherSize(stream.position.grouped) }
    guard UInt32(truncatingIfNeeded: sum) == member.checksum else {
      throw FileProblem(
        "the member '\(member.name)' is damaged: its checksum is another", advice: "fetch the file again")
    }
    return bytes
  }

  private func otherSize(_ found: String) -> FileProblem {
    FileProblem("the member '\(member.name)' should have \(counted(member.size, "byte")), it has \(found)")
  }

  /// A problem with a member's compressed data.
  private static func problem(_ problem: FileProblem, _ member: ZipArchive.Member) -> FileProblem {
    var named = problem
    named.found = "the member '\(member.name)': \(problem.found)"
    return named
  }
}

/// The CRC-32 of bytes, continuing that of what stands before them.
func checksum(_ bytes: [UInt8], from sum: UInt = 0) -> UInt {
  bytes.withUnsafeBufferPointer { checksum($0, from: sum) }
}

/// The CRC-32 of bytes, continuing that of what stands before them.
func checksum(_ bytes: UnsafeBufferPointer<UInt8>, from sum: UInt) -> UInt {
  bytes.isEmpty ? sum : crc32_z(sum, bytes.baseAddress, bytes.count)
}

/// Little-endian numbers.
private func little(_ value: UInt, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt(8 * $0)) }
}

/// A zip archive of any size that is written piece by piece, in the 64-bit form; sizes and checksums stand behind the members
/// and in the directory. There is no time in it.
struct ZipStream {
  private let sink: FileSink
  private var position = 0, directory: [UInt8] = [], count = 0

  init(_ sink: FileSink) { self.sink = sink }

  /// Appends a member.
  /// - Parameter fill: gives its content to the function that it is given, piece by piece.
  /// - Throws: `FileProblem`, and what `fill` throws.
  mutating func add(
    _ name: String, _ fill: (_ write: (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Void
  ) throws {
    // Version 4.5; names in UTF-8, and what is not known yet behind the member; deflate; midnight of 1 January 1980.
    let start = UInt(position), length = little(UInt(name.utf8.count), 2)
    let fields: [UInt8] = little(45, 2) + little(0x0808, 2) + little(8, 2) + little(0, 2) + little(0x21, 2)
    let unknown = little(0xFFFF_FFFF, 4)
    try write(
      little(0x0403_4B50, 4) + fields + little(0, 4) + unknown + unknown + length + little(20, 2) + Array(name.utf8)
        + little(1, 2) + little(16, 2) + little(0, 8) + little(0, 8))
    let deflater = try Deflater(), begin = position
    var sum: UInt = 0, size: UInt = 0
    try fill { bytes in
      sum = checksum(bytes, from: sum)
      size += UInt(bytes.count)
      try deflater.add(bytes) { try write($0) }
    }
    try deflater.add(UnsafeBufferPointer(start: nil, count: 0), isLast: true) { try write($0) }
    let packed = UInt(position - begin)
    try write(little(0x0807_4B50, 4) + little(sum, 4) + little(packed, 8) + little(size, 8))
    directory += little(0x0201_4B50, 4) + little(45, 2) + fields + little(sum, 4) + unknown + unknown + length
    directory += little(28, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + unknown + Array(name.utf8)
    directory += little(1, 2) + little(24, 2) + little(size, 8) + little(packed, 8) + little(start, 8)
    count += 1
  }

  /// Appends a member that is in memory.
  mutating func add(_ name: String, _ content: [UInt8]) throws {
    try add(name) { write in try content.withUnsafeBufferPointer(write) }
  }

  /// Writes the directory.
  mutating func end() throws {
    let start = UInt(position), size = UInt(directory.count), count = UInt(count), record = start + size
    try write(directory)
    let counts = little(count, 8) + little(count, 8) + little(size, 8) + little(start, 8)
    try write(little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + counts)
    try write(little(0x0706_4B50, 4) + little(0, 4) + little(record, 8) + little(1, 4))
    try write(
      little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2) + little(0xFFFF_FFFF, 4)
        + little(0xFFFF_FFFF, 4) + little(0, 2))
  }

  private mutating func write(_ bytes: [UInt8]) throws {
    try sink.write(bytes)
    position += bytes.count
  }
}

/// Zip archives of deflated members. Equal members give equal bytes: there is no time in them.
enum ZipWriter {
  /// The most bytes of a member, so that nothing needs the 64-bit form.
  static let largest = 1 << 31

  /// An archive of named contents, in this order.
  /// - Throws: `FileProblem` where they take more than 2 GB.
  static func encoded(_ members: [(name: String, content: [UInt8])]) throws(FileProblem) -> [UInt8] {
    var archive: [UInt8] = [], directory: [UInt8] = []
    for (name, content) in members {
      guard content.count <= largest, archive.count <= largest, let packed = Deflate.packed(content, .raw) else {
        throw tooLarge(name)
      }
      // Version 2.0, names in UTF-8, deflate, midnight of 1 January 1980.
      var fields: [UInt8] = little(20, 2) + little(0x0800, 2) + little(8, 2) + little(0, 2) + little(0x21, 2)
      fields += little(checksum(content), 4) + little(UInt(packed.count), 4) + little(UInt(content.count), 4)
      fields += little(UInt(name.utf8.count), 2) + little(0, 2)
      directory += little(0x0201_4B50, 4) + little(20, 2) + fields + little(0, 2) + little(0, 2) + little(0, 2)
      directory += little(0, 4) + little(UInt(archive.count), 4) + Array(name.utf8)
      archive += little(0x0403_4B50, 4) + fields + Array(name.utf8) + packed
    }
    guard archive.count <= largest else { throw tooLarge(members.last?.name ?? "") }
    let count = UInt(members.count)
    let end: [UInt8] =
      little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2) + little(UInt(directory.count), 4)
      + little(UInt(archive.count), 4) + little(0, 2)
    return archive + directory + end
  }

  private static func tooLarge(_ name: String) -> FileProblem {
    FileProblem(
      "'\(name)' is too large for a zip archive of this program, which takes 2 GB a member", action: "write")
  }
}
