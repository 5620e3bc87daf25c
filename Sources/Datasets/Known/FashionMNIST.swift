extension KnownDataset {
  /// Fashion-MNIST: ten kinds of clothing in MNIST's format. Digests were computed from the files, whose MD5 is the
  /// authors'.
  static let fashion = KnownDataset(
    word: "fashion", name: "Fashion-MNIST", licence: "MIT (Zalando SE)",
    files: .idx { [.train: "train", .test: "t10k"][$0] },
    classes: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ],
    systemFolder: "fashion-mnist", otherFolders: ["FashionMNIST/raw", "FashionMNIST", "fashion-mnist"],
    remedy:
      "'fetch fashion' downloads all of Fashion-MNIST, and on Debian 'apt install dataset-fashion-mnist' installs it",
    published: [
      OriginalFile(
        "train-images-idx3-ubyte.gz", size: 26_421_880,
        digest: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        contentDigest: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", beginning: OriginalFile.gzip),
      OriginalFile(
        "train-labels-idx1-ubyte.gz", size: 29_515,
        digest: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        contentDigest: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", beginning: OriginalFile.gzip),
      OriginalFile(
        "t10k-images-idx3-ubyte.gz", size: 4_422_102,
        digest: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        contentDigest: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", beginning: OriginalFile.gzip),
      OriginalFile(
        "t10k-labels-idx1-ubyte.gz", size: 5148,
        digest: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        contentDigest: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", beginning: OriginalFile.gzip),
    ],
    addresses: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ])
}
