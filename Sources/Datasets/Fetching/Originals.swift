/// A file as its authors published it.
public struct OriginalFile: Sendable, Hashable {
  /// The name, which is the last part of its addresses too.
  public let name: String
  /// Its size in bytes.
  public let size: Int
  /// Its digest, see `SHA256`.
  public let digest: String
  /// For gzip data the digest of what they inflate to, which is the same whoever packed it.
  public let contentDigest: String?
  /// What it begins with.
  public let beginning: [UInt8]

  /// What gzip data begin with.
  static let gzip: [UInt8] = [0x1F, 0x8B]

  /// A file.
  public init(_ name: String, size: Int, digest: String, contentDigest: String? = nil, beginning: [UInt8]) {
    self.name = name
    self.size = size
    self.digest = digest
    self.contentDigest = contentDigest
    self.beginning = beginning
  }
}

/// The published files of a dataset and where they can be had.
public struct Originals: Sendable, Hashable {
  /// What people call the dataset.
  public let name: String
  /// The word for it in scripts, and the folder of its files within the data folder.
  public let word: String
  /// The files.
  public let files: [OriginalFile]
  /// Addresses that the files' names are put behind, in the order in which they are tried.
  public let addresses: [String]
  /// On what terms the data may be used.
  public let terms: String

  /// A dataset's files.
  public init(name: String, word: String, files: [OriginalFile], addresses: [String], terms: String) {
    self.name = name
    self.word = word
    self.files = files
    self.addresses = addresses
    self.terms = terms
  }

  /// All that can be fetched.
  public static let all: [Originals] = KnownDataset.all.compactMap(\.originals)
}
