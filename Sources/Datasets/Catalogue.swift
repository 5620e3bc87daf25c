import BVAEPlatform

extension DataLibrary {
  /// Where images are loaded from.
  public enum Source: Hashable, Sendable {
    /// The MNIST handwritten digits.
    case mnist
    /// Fashion-MNIST: ten kinds of clothing in MNIST's format.
    case fashion
    /// EMNIST's handwritten digits, in MNIST's format.
    case emnist
    /// The Street View House Numbers.
    case svhn
    /// Synthetic sprites.
    case sprites
    /// A file of images, with its labels in it or beside it, or a folder of pictures.
    case file(String)

    /// The word for it in a script, or the path.
    public var word: String {
      switch self {
      case .mnist: "mnist"
      case .fashion: "fashion"
      case .emnist: "emnist"
      case .svhn: "svhn"
      case .sprites: "sprites"
      case .file(let path): path
      }
    }

    /// What is known about a dataset that has a name, if this version can read it.
    var entry: CatalogueEntry? {
      switch self {
      case .mnist:
        CatalogueEntry(
          name: "MNIST", folder: "mnist", licence: "CC BY-SA 3.0 (LeCun, Cortes, Burges)", hasSample: true,
          hasDigits: true, otherFolders: ["MNIST/raw", "MNIST"], archives: ["mnist.npz"],
          remedy: "'fetch mnist' downloads all of MNIST")
      case .fashion:
        CatalogueEntry(
          name: "Fashion-MNIST", folder: "fashion", licence: "MIT (Zalando SE)", hasSample: false,
          classes: [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
          ],
          systemFolder: "fashion-mnist", otherFolders: ["FashionMNIST/raw", "FashionMNIST", "fashion-mnist"],
          remedy: "'fetch fashion' downloads all of Fashion-MNIST, and on Debian 'apt install dataset-fashion-mnist' "
            + "installs it")
      case .emnist:
        CatalogueEntry(
          name: "EMNIST digits", folder: "emnist", licence: "public domain (NIST; Cohen et al. 2017)", hasSample: false,
          hasDigits: true, otherFolders: ["EMNIST/raw", "EMNIST"], names: .emnist,
          source: "download gzip.zip from https://www.nist.gov/itl/products-and-services/emnist-dataset and unpack its "
            + "emnist-digits files")
      case .svhn:
        CatalogueEntry(
          name: "SVHN", folder: "svhn", licence: "non-commercial use only; cite Netzer et al. 2011", hasSample: true,
          hasDigits: true, otherFolders: ["SVHN", ""], names: .svhn,
          remedy: "'fetch svhn' downloads all of SVHN, and 'load streets' makes synthetic images like these",
          substitute: "'load streets' makes synthetic images like these", wholeCounts: [.train: 73_257, .test: 26_032])
      case .sprites, .file: nil
      }
    }
  }
}

/// A dataset with a name: how its files are called and where they may be.
struct CatalogueEntry {
  /// What people call it.
  let name: String
  /// The folder of its files within the data folder.
  let folder: String
  let licence: String
  /// Whether the program has a sample of it inside.
  let hasSample: Bool
  /// Whether its labels are digits.
  var hasDigits = false
  /// What its labels stand for, by their number.
  var classes: [String]?
  /// The folder that a package of the system installs it to, within the folder of all such data.
  var systemFolder: String?
  /// The folders that other programs keep it in, within the data folder.
  var otherFolders: [String] = []
  /// The archives of both parts that other programs keep it in, within the data folder or the dataset's.
  var archives: [String] = []
  /// How its files are called.
  var names = Names.mnist
  /// How to get it, or something like it.
  var remedy: String?
  /// Where to get it by hand, up to the folder that it belongs in.
  var source: String?
  /// How to get something like it.
  var substitute: String?
  /// How many images each part has when it is whole, where files of a part of it are about.
  var wholeCounts: [Split: Int] = [:]

  /// The customs after which files are called.
  enum Names {
    /// `train-images-idx3-ubyte.gz`, with `t10k` for test data; images and labels apart, IDX.
    case mnist
    /// `emnist-digits-train-images-idx3-ubyte.gz`.
    case emnist
    /// `train_32x32.mat`, with images and labels.
    case svhn
  }

  /// What to do where more images are wanted than are there.
  func advice(having count: Int, of split: Split) -> String? {
    wholeCounts[split].flatMap { count < $0 ? remedy : substitute }
  }

  /// Whether the files hold column after column.
  var isTransposed: Bool { names == .emnist }

  /// The names under which a part's images may be found, the usual one first.
  func imageFiles(_ split: Split) -> [String] { spellings(split, "images", "idx3") }

  /// The names under which a part's labels may be found, the usual one first; none where they are with the images.
  func labelFiles(_ split: Split) -> [String] { spellings(split, "labels", "idx1") }

  private func spellings(_ split: Split, _ kind: String, _ format: String) -> [String] {
    if split == .val { return [] }
    let part: String
    switch names {
    case .svhn: return kind == "images" ? ["\(split.rawValue)_32x32.mat"] : []
    case .emnist: part = "emnist-digits-\(split.rawValue)"
    case .mnist: part = split == .train ? "train" : "t10k"
    }
    return ["-", "."].flatMap { dot in [".gz", ""].map { "\(part)-\(kind)\(dot)\(format)-ubyte\($0)" } }
  }
}
