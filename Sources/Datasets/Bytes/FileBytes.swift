import BVAEPlatform

/// The bytes of a file: in memory, or read from the disk as they are asked for, so that a large file takes no memory.
struct FileBytes {
  private enum Content {
    case memory([UInt8])
    case disk(ReadableFile)
  }

  private let content: Content
  /// The number of bytes.
  let count: Int

  /// Bytes in memory.
  init(_ bytes: [UInt8]) { (content, count) = (.memory(bytes), bytes.count) }

  /// A file on the disk.
  /// - Throws: `FileProblem` where it cannot be opened.
  init(path: String) throws {
    let file = try ReadableFile(path)
    (content, count) = (.disk(file), file.count)
  }

  /// All bytes where they are in memory.
  var inMemory: [UInt8]? { if case .memory(let bytes) = content { bytes } else { nil } }

  /// The bytes of a range, as far as they are there.
  /// - Throws: `FileProblem` where the disk cannot be read.
  func read(_ range: Range<Int>) throws(FileProblem) -> [UInt8] {
    let range = range.clamped(to: 0..<count)
    return switch content {
    case .memory(let bytes): Array(bytes[range])
    case .disk(let file): try file.read(range)
    }
  }

  /// All bytes, of a file that is not read from front to back.
  /// - Throws: `FileProblem` where they have no room in memory.
  func all() throws(FileProblem) -> [UInt8] {
    if let inMemory { return inMemory }
    let limit = Limits.memory
    guard count <= limit else {
      throw FileProblem("it is larger than the \(limit.grouped) bytes that are accepted here")
    }
    return try read(0..<count)
  }
}

/// Small pieces from anywhere in a file, of which those near to the last one are in memory already.
final class FileWindow {
  private let file: FileBytes
  private var start = 0, bytes: [UInt8]
  private static let reach = 1 << 15

  init(_ file: FileBytes) {
    self.file = file
    bytes = file.inMemory ?? []
  }

  /// The bytes of a range; nil where not all of them are there.
  subscript(range: Range<Int>) -> ArraySlice<UInt8>? {
    guard range.lowerBound >= 0, range.upperBound <= file.count else { return nil }
    if range.lowerBound < start || range.upperBound > start + bytes.count {
      start = max(0, range.lowerBound - Self.reach)
      bytes = (try? file.read(start..<range.upperBound + Self.reach)) ?? []
      guard range.upperBound <= start + bytes.count else { return nil }
    }
    return bytes[range.lowerBound - start..<range.upperBound - start]
  }
}
