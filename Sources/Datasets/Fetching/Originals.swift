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
  public static let all = [mnist, fashion, svhn]

  // Sizes and digests: of MNIST and SVHN as TensorFlow Datasets and torchvision publish them; MNIST's inflated digests
  // were computed from the images themselves, Fashion-MNIST's digests from the files, whose MD5 is the authors'.

  private static let gzip: [UInt8] = [0x1F, 0x8B]

  static let mnist = Originals(
    name: "MNIST", word: "mnist",
    files: [
      OriginalFile(
        "train-images-idx3-ubyte.gz", size: 9_912_422,
        digest: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        contentDigest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", beginning: gzip),
      OriginalFile(
        "train-labels-idx1-ubyte.gz", size: 28_881,
        digest: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        contentDigest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", beginning: gzip),
      OriginalFile(
        "t10k-images-idx3-ubyte.gz", size: 1_648_877,
        digest: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        contentDigest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", beginning: gzip),
      OriginalFile(
        "t10k-labels-idx1-ubyte.gz", size: 4542,
        digest: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        contentDigest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", beginning: gzip),
    ],
    addresses: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "http://yann.lecun.com/exdb/mnist/",
    ],
    terms: "CC BY-SA 3.0 (LeCun, Cortes, Burges)")

  static let fashion = Originals(
    name: "Fashion-MNIST", word: "fashion",
    files: [
      OriginalFile(
        "train-images-idx3-ubyte.gz", size: 26_421_880,
        digest: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        contentDigest: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", beginning: gzip),
      OriginalFile(
        "train-labels-idx1-ubyte.gz", size: 29_515,
        digest: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        contentDigest: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", beginning: gzip),
      OriginalFile(
        "t10k-images-idx3-ubyte.gz", size: 4_422_102,
        digest: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        contentDigest: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", beginning: gzip),
      OriginalFile(
        "t10k-labels-idx1-ubyte.gz", size: 5148,
        digest: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        contentDigest: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", beginning: gzip),
    ],
    addresses: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ],
    terms: "MIT (Zalando SE)")

  static let svhn = Originals(
    name: "SVHN", word: "svhn",
    files: [
      OriginalFile(
        "train_32x32.mat", size: 182_040_794,
        digest: "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8",
        beginning: Array("MATLAB 5.0".utf8)),
      OriginalFile(
        "test_32x32.mat", size: 64_275_384,
        digest: "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b",
        beginning: Array("MATLAB 5.0".utf8)),
    ],
    addresses: [
      "http://ufldl.stanford.edu/housenumbers/", "https://cseweb.ucsd.edu/~weijian/static/datasets/svhn/",
    ],
    terms: "non-commercial use only; cite Netzer et al. 2011")
}
