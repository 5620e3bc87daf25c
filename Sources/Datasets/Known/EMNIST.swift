extension KnownDataset {
  /// EMNIST's handwritten digits: in MNIST's format, but that the images lie on their side. They are published in one
  /// archive of all kinds of EMNIST, which is not fetched.
  static let emnist = KnownDataset(
    word: "emnist", name: "EMNIST digits", licence: "public domain (NIST; Cohen et al. 2017)",
    files: .idx { [.train: "emnist-digits-train", .test: "emnist-digits-test"][$0] }, hasDigits: true,
    isTransposed: true, otherFolders: ["EMNIST/raw", "EMNIST"],
    source: "download gzip.zip from https://www.nist.gov/itl/products-and-services/emnist-dataset and unpack its "
      + "emnist-digits files")
}
