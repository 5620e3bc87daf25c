extension KnownDataset {
  /// The Street View House Numbers, in their cropped form: 32×32×3, labels 1 to 10 of which 10 is the digit 0. Sizes and
  /// digests are those that TensorFlow Datasets and torchvision publish.
  static let svhn = KnownDataset(
    word: "svhn", name: "SVHN", licence: "non-commercial use only; cite Netzer et al. 2011",
    files: .together { $0 == .val ? [] : ["\($0.rawValue)_32x32.mat"] }, hasDigits: true, hasSample: true,
    otherFolders: ["SVHN", ""],
    remedy: "'fetch svhn' downloads all of SVHN, and 'load streets' makes synthetic images like these",
    substitute: "'load streets' makes synthetic images like these", wholeCounts: [.train: 73_257, .test: 26_032],
    published: [
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
    ])
}
