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
