extension KnownDataset {
  /// The MNIST handwritten digits. Sizes and digests are those that TensorFlow Datasets and torchvision publish; what is
  /// inflated has the digests of the images themselves.
  static let mnist = KnownDataset(
    word: "mnist", name: "MNIST", licence: "CC BY-SA 3.0 (LeCun, Cortes, Burges)",
    files: .idx { [.train: "train", .test: "t10k"][$0] }, hasDigits: true, hasSample: true,
    otherFolders: ["MNIST/raw", "MNIST"], archives: ["mnist.npz"], remedy: "'fetch mnist' downloads all of MNIST",
    published: [
      OriginalFile(
        "train-images-idx3-ubyte.gz", size: 9_912_422,
        digest: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        contentDigest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", beginning: OriginalFile.gzip),
      OriginalFile(
        "train-labels-idx1-ubyte.gz", size: 28_881,
        digest: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        contentDigest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", beginning: OriginalFile.gzip),
      OriginalFile(
        "t10k-images-idx3-ubyte.gz", size: 1_648_877,
        digest: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        contentDigest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", beginning: OriginalFile.gzip),
      OriginalFile(
        "t10k-labels-idx1-ubyte.gz", size: 4542,
        digest: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        contentDigest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", beginning: OriginalFile.gzip),
    ],
    addresses: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "http://yann.lecun.com/exdb/mnist/",
    ])
}
