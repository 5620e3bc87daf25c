import CBVAEZlib

/// The content of a member of a zip archive from front to back; size and checksum are checked at its end.
struct ZipMemberReader {
  private let member: ZipArchive.Member
  private var stream: ByteStream
  private var sum: UInt = crc32_z(0, nil, 0)

  init(_ archive: ZipArchive, _ member: ZipArchive.Member) throws(ZipError) {
    self.member = member
    guard member.isDeflated else {
      stream = ByteStream(archive.bytes[member.range])
      return
    }
    do {
      stream = ByteStream(inflating: try Inflater(archive.bytes, in: member.range, format: .raw))
    } catch {
      throw .compression(member.name, error)
    }
  }

  /// How many bytes are left, as the archive's directory says.
  var remaining: Int { member.size - stream.position }

  /// The next `count` bytes; fewer only where the content ends, which is then what the directory says.
  mutating func read(_ count: Int) throws(ZipError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try stream.read(min(count, member.size - stream.position + 1))
    } catch {
      throw .compression(member.name, error)
    }
    sum = checksum(bytes, from: sum)
    guard stream.position <= member.size else { throw .content(member.name, promised: member.size, found: nil) }
    guard bytes.count < count || stream.position == member.size else { return bytes }
    guard stream.position == member.size else {
      throw .content(member.name, promised: member.size, found: stream.position)
    }
    guard UInt32(truncatingIfNeeded: sum) == member.checksum else { throw .checksum(member.name) }
    return bytes
  }
}

/// The CRC-32 of bytes, continuing that of what stands before them.
func checksum(_ bytes: [UInt8], from sum: UInt = 0) -> UInt {
  bytes.withUnsafeBufferPointer { $0.isEmpty ? sum : crc32_z(sum, $0.baseAddress, $0.count) }
}
