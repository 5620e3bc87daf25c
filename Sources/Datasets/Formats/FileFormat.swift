import BVAEPlatform

/// A kind of file that holds images. A new one is a type like this in a file of its own and a line in `FileFormats.all`.
protocol FileFormat: Sendable {
  /// What people call it and what its files are called like, for messages: `NumPy arrays (.npy)`.
  var words: String { get }
  /// Whether labels of its images may lie in a file beside them.
  var hasLabelsBeside: Bool { get }
  /// Whether a file is of this kind.
  /// - Parameter beginning: its first bytes, 512 or all, of gzip data those of what is inside.
  func recognises(_ beginning: [UInt8]) -> Bool
  /// The images of a file.
  /// - Parameter part: which part of a file that has several; nil for all, or the training part.
  /// - Throws: `FileProblem`, without the path.
  func images(_ file: DataFile, part: Split?, _ options: LoadOptions) throws -> any ImageSource
  /// The labels of a file that holds nothing else; nil where files of this kind hold none.
  /// - Parameter largest: the largest label of images whose labels are known; readers that know the place of a larger one
  ///   tell it.
  /// - Throws: `FileProblem`, without the path.
  func labels(_ file: DataFile, upTo largest: UInt8) throws -> Labels?
  /// The names of what is inside, by which parts are told: `x_train`.
  /// - Throws: `FileProblem`, without the path.
  func names(_ file: DataFile) throws -> [String]
  /// What to say of a file without labels.
  /// - Parameter beside: where else they were looked for.
  func withoutLabels(_ part: Split?, beside: String) -> String
}

extension FileFormat {
  var hasLabelsBeside: Bool { true }
  func labels(_ file: DataFile, upTo largest: UInt8) throws -> Labels? { nil }
  func names(_ file: DataFile) throws -> [String] { [] }
  func withoutLabels(_ part: Split?, beside: String) -> String { beside }
}

/// The kinds of files that are read.
enum FileFormats {
  /// All of them; what is recognised by the first is not given to the others.
  static let all: [any FileFormat] = [
    IDXFormat(),
    MATFormat(),
    NumPyFormat(),
    NumPyArchiveFormat(),
    PictureFormat(),
  ]

  /// What is read, for messages.
  static var words: String { all.map(\.words).joined(separator: "; ") }

  /// The format of a file's bytes; nil where it is none of them.
  /// - Parameter beginning: the first bytes, 512 or all.
  static func recognised(_ bytes: FileBytes, _ beginning: [UInt8]) -> (any FileFormat)? {
    guard Gzip.recognises(beginning) else { return all.first { $0.recognises(beginning) } }
    // What is inside tells; what is damaged at once is left to the reader of what usually comes so.
    let inside = self.beginning(inflated: bytes)
    return all.first { $0.recognises(inside) } ?? IDXFormat()
  }

  /// The first bytes of what gzip data hold, as far as they are intact.
  private static func beginning(inflated bytes: FileBytes) -> [UInt8] {
    guard let inflater = try? Inflater(bytes, acceptsTruncation: true) else { return [] }
    var inner: [UInt8] = []
    while inner.count < 512, let piece = try? inflater.read(8), !piece.isEmpty { inner += piece }
    return inner
  }
}

/// A file's bytes, which are of one of the formats.
struct DataFile {
  /// The path, or the name for error messages.
  let path: String
  let content: FileBytes
  let format: any FileFormat
  private let beginning: [UInt8]

  /// A file on the disk.
  /// - Throws: `FileProblem`, also where it holds something else, such as a web page or a Git LFS pointer.
  init(_ path: String) throws {
    try self.init(path: path, content: FileBytes(path: path))
  }

  /// Bytes in memory.
  /// - Throws: `FileProblem` where they are of none of the formats.
  init(path: String, bytes: [UInt8]) throws(FileProblem) {
    try self.init(path: path, content: FileBytes(bytes))
  }

  private init(path: String, content: FileBytes) throws(FileProblem) {
    (self.path, self.content) = (path, content)
    beginning = try content.read(0..<512)
    guard foreignContent(beginning) == nil, let format = FileFormats.recognised(content, beginning) else {
      throw ForeignFiles.problem(path, beginning)
    }
    self.format = format
  }

  /// The file, or what its gzip data hold, for formats that are not read from front to back.
  func unpacked() throws(FileProblem) -> FileBytes {
    Gzip.recognises(beginning) ? FileBytes(try allUnpacked()) : content
  }

  /// The same in memory.
  /// - Parameter isPartial: whether data that are cut off end there rather than with an error.
  func allUnpacked(isPartial: Bool = false) throws(FileProblem) -> [UInt8] {
    let bytes = try content.all()
    guard Gzip.recognises(bytes) else { return bytes }
    return try Gzip.inflate(
      bytes, limit: min(Limits.memory, Limits.inflated(from: bytes.count)), acceptsTruncation: isPartial)
  }

  /// The images.
  /// - Throws: `FileProblem`.
  func images(part: Split? = nil, _ options: LoadOptions) throws -> any ImageSource {
    try FileProblem.naming(path) { try format.images(self, part: part, options) }
  }

  /// The labels of a file of its own.
  /// - Throws: `FileProblem`, also where files of this format hold no labels.
  func labels(upTo largest: UInt8 = 255) throws -> Labels {
    try FileProblem.naming(path) {
      guard let labels = try format.labels(self, upTo: largest) else {
        throw ForeignFiles.problem(path, beginning)
      }
      return labels
    }
  }

  /// Whether there are training and test data inside.
  /// - Throws: `FileProblem`.
  func holdsParts() throws -> Bool {
    let names = try FileProblem.naming(path) { try format.names(self) }
    return Split.allCases.contains { split in ArrayNames.images(split).contains(where: names.contains) }
  }
}
