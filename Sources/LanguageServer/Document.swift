import BVAELanguage
import BVAEPlatform

/// A script as an editor has it, saved or not.
final class Document {
  let uri: String
  private(set) var bytes: [UInt8]
  private(set) var version: Int?
  private let usesUTF8: Bool
  private var lineStarts: [Int] = []

  init(uri: String, text: String, version: Int?, usesUTF8: Bool) {
    (self.uri, self.version, self.usesUTF8) = (uri, version, usesUTF8)
    bytes = Array(text.utf8)
    findLines()
  }

  /// A script that another one includes, as it lies on the disk.
  convenience init(_ source: Source, like other: Document) {
    self.init(
      uri: Self.uri(of: source.name), text: source.text(Span(0, source.bytes.count)), version: nil,
      usesUTF8: other.usesUTF8)
  }

  /// The file's path; nil where it has not been saved yet.
  var path: String? { Self.path(of: uri) }

  /// The script for the language; what it includes is looked for beside it.
  var source: Source {
    Source(name: path ?? uri, folder: path.map(Path.parent) ?? "", bytes: bytes)
  }

  /// The text before a place.
  func text(upTo offset: Int) -> String { String(decoding: bytes[..<offset], as: UTF8.self) }

  /// Takes a change in: of a range, or of the whole text.
  func change(_ change: JSON, version: Int?) {
    self.version = version
    guard let text = change["text"]?.text else { return }
    if let range = change["range"], let lower = offset(range["start"]), let upper = offset(range["end"]) {
      bytes.replaceSubrange(min(lower, upper)..<max(lower, upper), with: Array(text.utf8))
    } else {
      bytes = Array(text.utf8)
    }
    findLines()
  }

  // MARK: - Positions

  /// The byte of a position; one beyond the end of a line means its end. nil for what is no position.
  func offset(_ position: JSON?) -> Int? {
    guard let line = position?["line"]?.whole, let character = position?["character"]?.whole else { return nil }
    guard line >= 0, line < lineStarts.count else { return line < 0 ? 0 : bytes.count }
    let (start, end) = (lineStarts[line], endOfLine(line))
    if usesUTF8 { return min(start + max(0, character), end) }
    var units = 0, place = start
    while place < end, units < character {
      units += bytes[place] >= 0xF0 ? 2 : 1
      repeat { place += 1 } while place < end && bytes[place] & 0xC0 == 0x80
    }
    return place
  }

  /// The position of a byte.
  func position(_ offset: Int) -> JSON {
    let (line, character) = place(offset)
    return ["line": JSON(line), "character": JSON(character)]
  }

  /// The line of a byte, and its character in the line, both from 0.
  func place(_ offset: Int) -> (line: Int, character: Int) {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0, high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low, length(lineStarts[low], offset))
  }

  /// How many characters, as the protocol counts them, lie between two bytes.
  func length(_ lower: Int, _ upper: Int) -> Int {
    if usesUTF8 { return upper - lower }
    return bytes[lower..<upper].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) }
  }

  /// The range of a stretch.
  func range(_ span: Span) -> JSON { ["start": position(span.lower), "end": position(span.upper)] }

  /// The stretches of a stretch in single lines.
  func lines(of span: Span) -> [Span] {
    let (first, last) = (place(span.lower).line, place(span.upper).line)
    return (first...max(first, last)).map { line in
      Span(max(span.lower, lineStarts[line]), min(span.upper, endOfLine(line)))
    }.filter { $0.lower < $0.upper }
  }

  private func endOfLine(_ line: Int) -> Int {
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > lineStarts[line], bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return end
  }

  private func findLines() {
    // A mark of the byte order is no character of the text.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    // What an editor sends is text, but two halves of a pair may have been changed apart.
    if String(validating: bytes, as: UTF8.self) == nil { bytes = Array(String(decoding: bytes, as: UTF8.self).utf8) }
    lineStarts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { lineStarts.append(offset + 1) }
  }

  // MARK: - Addresses

  /// The path of a file's address: `/a b.bvs` for `file:///a%20b.bvs`.
  static func path(of uri: String) -> String? {
    guard uri.hasPrefix("file://") else { return nil }
    let rest = Array(uri.utf8.dropFirst("file://".utf8.count).drop { $0 != UInt8(ascii: "/") })
    var path: [UInt8] = [], place = 0
    while place < rest.count {
      if rest[place] == UInt8(ascii: "%"), place + 2 < rest.count,
        let byte = UInt8(String(decoding: rest[place + 1...place + 2], as: UTF8.self), radix: 16)
      {
        path.append(byte)
        place += 3
      } else {
        path.append(rest[place])
        place += 1
      }
    }
    let text = String(decoding: path, as: UTF8.self)
    return text.isEmpty || text.utf8.contains(0) ? nil : text
  }

  /// The address of a file.
  static func uri(of path: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    return "file://"
      + Path.absolute(path).utf8.map { byte in
        if plain.contains(byte) { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" : "") + digits
      }.joined()
  }
}
