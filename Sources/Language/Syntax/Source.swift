import BVAEPlatform

/// A stretch of a source as byte offsets, the upper one not included.
package struct Span: Hashable, Sendable {
  /// The first byte.
  package let lower: Int
  /// The byte after the last.
  package let upper: Int

  /// The bytes from `lower` up to `upper`.
  package init(_ lower: Int, _ upper: Int) {
    self.lower = lower
    self.upper = max(lower, upper)
  }

  /// The stretch from the beginning of this one to the end of `other`.
  package func joined(_ other: Span) -> Span { Span(min(lower, other.lower), max(upper, other.upper)) }
}

/// The text of one script with its name: what every position in a message refers to.
package final class Source: Sendable {
  /// The name as messages show it: the path as the user gave it, or `input`.
  package let name: String
  /// The folder in which the source's `include`s are looked up; the empty text is the working folder.
  package let folder: String
  /// Where the bytes given were no valid UTF-8, if they were not; such bytes are read as U+FFFD.
  package let firstInvalidByte: Int?
  /// The encoding that the bytes are in where that is none that is read: UTF-32, or UTF-16 without a byte order mark.
  let foreignEncoding: String?
  package let bytes: [UInt8]
  private let lineStarts: [Int]
  private let firstLine: Int
  /// The number of the first line.
  var firstLineNumber: Int { firstLine }

  /// A source from bytes, which should be UTF-8, or UTF-16 with a byte order mark.
  /// - Parameter firstLine: the number of its first line; more than 1 for what is read statement by statement.
  package init(name: String, folder: String = "", bytes given: [UInt8], firstLine: Int = 1) {
    self.name = name
    self.folder = folder
    self.firstLine = firstLine
    let encoding = TextEncoding(of: given)
    foreignEncoding = encoding.isRead ? nil : encoding.rawValue
    let bytes = encoding.isRead ? encoding.utf8(given) : []
    if String(validating: bytes, as: UTF8.self) != nil {
      self.bytes = bytes
      firstInvalidByte = nil
    } else {
      let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
      self.bytes = repaired
      firstInvalidByte = zip(bytes, repaired).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? bytes.count
    }
    var starts = [0]
    for (offset, byte) in self.bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// A source from text.
  package convenience init(name: String, folder: String = "", text: String) {
    self.init(name: name, folder: folder, bytes: Array(text.utf8))
  }

  /// The most bytes of a script: checking one of them takes a second at worst.
  package static let largest = 1 << 22

  /// Reads a script, at most 4 MB.
  /// - Throws: `FileProblem`.
  package static func file(_ path: String) throws -> Source {
    Source(name: path, folder: Path.parent(path), bytes: try Files.read(path, limit: Self.largest, acceptsPipes: true))
  }

  /// Reads a script that another one includes: a regular file of at most 4 MB, for a pipe might never end.
  /// - Throws: `FileProblem`.
  static func included(_ path: String) throws -> Source {
    Source(name: path, folder: Path.parent(path), bytes: try Files.read(path, limit: Self.largest))
  }

  /// The number of lines, counting what follows the last line break.
  package var lineCount: Int { lineStarts.count }

  /// The line of a byte, counted from 1 unless the source begins further on.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + firstLine
  }

  /// The column of a byte in its line, counted in characters from 1.
  package func column(at offset: Int) -> Int {
    let range = byteRange(ofLine: line(at: offset))
    return text(Span(range.lower, min(max(offset, range.lower), range.upper))).count + 1
  }

  /// The bytes of a line, without its line break.
  package func byteRange(ofLine line: Int) -> Span {
    let index = min(max(line - firstLine, 0), lineStarts.count - 1)
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
    if end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Span(start, end)
  }

  /// The text of a stretch; what lies outside the source is left away.
  package func text(_ span: Span) -> String {
    let lower = min(max(span.lower, 0), bytes.count)
    return String(decoding: bytes[lower..<min(max(span.upper, lower), bytes.count)], as: UTF8.self)
  }
}
