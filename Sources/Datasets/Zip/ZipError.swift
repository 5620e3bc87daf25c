import BVAEPlatform

/// Why a zip archive could not be read.
public enum ZipError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no record of the archive's end, without which nothing of it can be found.
  case noEnd(size: Int)
  /// A record is not where the archive says; which, and where.
  case noRecord(String, at: Int)
  /// A record or a member reaches beyond the file's end, or overflows.
  case outside(String, at: UInt64, count: UInt64, size: Int)
  /// The archive's directory does not hold what its end says.
  case directory(promised: UInt64, found: Int)
  /// More members than are read.
  case tooMany(UInt64, limit: Int)
  /// The archive is one of several parts.
  case parts
  /// A member's name is there twice.
  case twice(String)
  /// A member is encrypted.
  case encrypted(String)
  /// A member is compressed otherwise than by deflate.
  case method(String, Int)
  /// A stored member's two sizes differ.
  case sizes(String, stored: UInt64, content: UInt64)
  /// A member has more or less content than the directory says; nil for more.
  case content(String, promised: Int, found: Int?)
  /// A member is said to have more content than its compressed bytes can stand for.
  case overpromised(String, size: UInt64, packed: Int)
  /// A member's checksum is another.
  case checksum(String)
  /// A member's compressed data are damaged.
  case compression(String, GzipError)
  /// More bytes than zip files may have without its 64-bit form are to be written.
  case tooLarge(String)

  /// What is wrong, as the second half of a sentence about a file.
  public var description: String {
    switch self {
    case .noEnd(let size):
      "its zip archive is incomplete: its last record, which says where everything is, is missing in \(counted(size, "byte")); "
        + "fetch it again"
    case .noRecord(let record, let place):
      "the zip archive's \(record) is not at byte \(place.grouped), where it should be"
    case .outside(let part, let place, let count, let size):
      "\(part) of the zip archive is said to take \(count) bytes from byte \(place) on; the file has \(size.grouped)"
    case .directory(let promised, let found):
      "the zip archive's end says \(promised) members, its directory has \(found.grouped)"
    case .tooMany(let found, let limit):
      "the zip archive says that it has \(found) members; at most \(limit.grouped) are read"
    case .parts: "the zip archive is one of several parts; expected a whole one"
    case .twice(let name): "the zip archive has two members '\(name)'"
    case .encrypted(let name): "the member '\(name)' is encrypted"
    case .method(let name, let method):
      "the member '\(name)' is compressed by method \(method); expected 0 (stored) or 8 (deflate)"
    case .sizes(let name, let stored, let content):
      "the stored member '\(name)' is said to be \(stored) bytes in the archive and \(content) outside of it"
    case .content(let name, let promised, let found):
      "the member '\(name)' should have \(counted(promised, "byte")), it has \(found.map(\.grouped) ?? "more")"
    case .overpromised(let name, let size, let packed):
      "the member '\(name)' is said to have \(size) bytes, more than its \(counted(packed, "compressed byte")) can stand for"
    case .checksum(let name): "the member '\(name)' is damaged: its checksum is another; fetch the file again"
    case .compression(let name, let error): "the member '\(name)': \(error.words("compressed"))"
    case .tooLarge(let name): "'\(name)' is too large for a zip archive of this program, which takes 2 GB a member"
    }
  }
}
