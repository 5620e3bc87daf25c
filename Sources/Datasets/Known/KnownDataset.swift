import BVAEPlatform

/// A dataset with a name: how its files are called, where they may be and where they can be had. A new one is a value like
/// `mnist` in a file of its own and a line in `all`.
struct KnownDataset: Sendable {
  /// The word for it in scripts, and the folder of its files within the data folder.
  let word: String
  /// What people call it.
  let name: String
  let licence: String
  /// How its files are called.
  let files: FileNames
  /// Whether its labels are digits.
  var hasDigits = false
  /// What its labels stand for, by their number.
  var classes: [String]?
  /// Whether the program has a sample of it inside.
  var hasSample = false
  /// Whether the files hold column after column.
  var isTransposed = false
  /// The folder that a package of the system installs it to, within the folder of all such data.
  var systemFolder: String?
  /// The folders that other programs keep it in, within the data folder.
  var otherFolders: [String] = []
  /// The archives of all parts that other programs keep it in, within the data folder or the dataset's.
  var archives: [String] = []
  /// How to get it, or something like it.
  var remedy: String?
  /// Where to get it by hand, up to the folder that it belongs in.
  var source: String?
  /// How to get something like it.
  var substitute: String?
  /// How many images each part has when it is whole, where files of a part of it are about.
  var wholeCounts: [Split: Int] = [:]
  /// The files that 'fetch' brings; none where it cannot be fetched.
  var published: [OriginalFile] = []
  /// Addresses that their names are put behind, in the order in which they are tried.
  var addresses: [String] = []

  /// All of them, in the order of help.
  static let all: [KnownDataset] = [
    .mnist,
    .fashion,
    .emnist,
    .svhn,
  ]

  /// What 'fetch' needs to know of it; nil where it cannot be fetched.
  var originals: Originals? {
    published.isEmpty
      ? nil : Originals(name: name, word: word, files: published, addresses: addresses, terms: licence)
  }

  /// What to do where more images are wanted than are there.
  func advice(having count: Int, of split: Split) -> String? {
    wholeCounts[split].flatMap { count < $0 ? remedy : substitute }
  }

  /// The names under which files may be found, the usual one first.
  struct FileNames: Sendable {
    /// Of a part's images; none of a part that there is not.
    let images: @Sendable (Split) -> [String]
    /// Of a part's labels; none where they are in one file with the images.
    let labels: @Sendable (Split) -> [String]

    /// IDX files, images and labels apart: `train-images-idx3-ubyte.gz`.
    /// - Parameter part: what stands before `-images` of a part's names; nil of a part that there is not.
    static func idx(_ part: @escaping @Sendable (Split) -> String?) -> FileNames {
      @Sendable func names(_ split: Split, _ kind: String, _ format: String) -> [String] {
        guard let part = part(split) else { return [] }
        return ["-", "."].flatMap { dot in [".gz", ""].map { "\(part)-\(kind)\(dot)\(format)-ubyte\($0)" } }
      }
      return FileNames(images: { names($0, "images", "idx3") }, labels: { names($0, "labels", "idx1") })
    }

    /// Files of images with their labels.
    static func together(_ images: @escaping @Sendable (Split) -> [String]) -> FileNames {
      FileNames(images: images, labels: { _ in [] })
    }
  }
}

extension DataLibrary {
  /// Where images are loaded from.
  public enum Location: Hashable, Sendable {
    /// A known dataset, by its word; see `words`.
    case known(String)
    /// A file of images, with its labels in it or beside it, or a folder of pictures.
    case file(String)

    /// The MNIST handwritten digits.
    public static let mnist = Location.known("mnist")
    /// Fashion-MNIST: ten kinds of clothing in MNIST's format.
    public static let fashion = Location.known("fashion")
    /// EMNIST's handwritten digits, in MNIST's format.
    public static let emnist = Location.known("emnist")
    /// The Street View House Numbers.
    public static let svhn = Location.known("svhn")

    /// The words for known datasets in scripts.
    public static let words = KnownDataset.all.map(\.word)

    /// The known dataset of a word; nil where there is none.
    public init?(word: String) {
      guard Self.words.contains(word) else { return nil }
      self = .known(word)
    }

    /// The word for it in a script, or the path.
    public var word: String {
      switch self {
      case .known(let word): word
      case .file(let path): path
      }
    }
  }
}
