/// What a file holds in place of the data that its name promises, where its beginning shows that something went wrong on
/// the way: `a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'`. Nil for what may well be data.
///
/// Told are an empty file, a file of nothing but zero bytes, a Git LFS pointer, a web page, and the XML or JSON with which
/// servers report errors.
/// - Parameter beginning: the first bytes of the file; 512 are plenty.
public func foreignContent(_ beginning: some Collection<UInt8>) -> String? {
  if beginning.isEmpty { return "empty, as an interrupted download is; fetch it again" }
  let head = Array(beginning.prefix(512))
  if head.count >= 512, head.allSatisfy({ $0 == 0 }) {
    return "nothing but zero bytes at its beginning, as a download is that was cut off; fetch it again"
  }
  guard head.allSatisfy({ $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || $0 == 0x0C }) else { return nil }
  var text = String(decoding: head, as: UTF8.self).lowercased()[...]
  if text.hasPrefix("\u{FEFF}") { text = text.dropFirst() }
  text = text.drop(while: \.isWhitespace)
  if text.hasPrefix("version https://git-lfs") || text.hasPrefix("version https://hawser") {
    let size = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("size ") }
      .flatMap { Int($0.dropFirst(5).trimmingCharacters) }
    return "a Git LFS pointer, not the file itself"
      + (size.map { ", which has \(counted($0, "byte"))" } ?? "") + "; fetch it with 'git lfs pull'"
  }
  if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") || text.contains("<head") || text.contains("<body") {
    return "a web page, not the file; a server that wants a login or cannot find a file answers so: fetch it again"
  }
  if text.hasPrefix("<?xml") || text.hasPrefix("<error") {
    return "XML, as servers report an error in, not the file; fetch it again"
  }
  if text.hasPrefix("{\"") || text.hasPrefix("{ \"") || text.hasPrefix("{\n"), text.contains("\":") {
    return "JSON, as servers report an error in, not the file; fetch it again"
  }
  return nil
}

extension Substring {
  fileprivate var trimmingCharacters: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}

/// What Git leaves in place of a large file that was not downloaded: a few lines of text (Git LFS, "Specification",
/// pointers).
public struct LargeFilePointer: Sendable, Equatable {
  /// The size in bytes of the file that it stands for, where it says so.
  public let size: Int?

  /// The pointer that the content of a file is; nil where it is something else.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count <= 1024, bytes.starts(with: "version https://git-lfs.github.com/spec/".utf8) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    size = lines.first { $0.hasPrefix("size ") }.flatMap { Int($0.dropFirst(5)) }
  }

  /// What to say of a file that is one.
  public var description: String {
    "it is a Git LFS pointer, which stands for a file\(size.map { " of \($0.grouped) bytes" } ?? "") that was not "
      + "downloaded; 'git lfs pull' fetches it"
  }
}
