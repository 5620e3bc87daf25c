import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

struct LibraryTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    try Files.makeDirectory(Path.parent(folder(name)))
    try Files.write(bytes, to: folder(name))
  }

  private func library(given: String? = nil, environment: String? = nil) -> DataLibrary {
    DataLibrary(given: given, environment: environment, cache: folder("cache"))
  }

  @Test(
    "both spellings of the names are found, plain and in gzip",
    arguments: [("-", false), ("-", true), (".", false), (".", true)])
  func spellings(dot: String, packed: Bool) throws {
    func pack(_ bytes: [UInt8]) -> [UInt8] { packed ? Make.gzip(bytes) : bytes }
    let ending = packed ? ".gz" : ""
    try put(pack(Make.images(3)), "data/mnist/t10k-images\(dot)idx3-ubyte\(ending)")
    try put(pack(Make.labels([4, 2, 4])), "data/mnist/t10k-labels\(dot)idx1-ubyte\(ending)")
    let dataset = try library(given: folder("data")).load(.mnist, split: .test, selection: Selection(digits: [4]))
    #expect(dataset.images.bytes == [0, 1, 2, 3, 4, 5, 20, 21, 22, 23, 24, 25])
    #expect(dataset.labels == [4, 4])
    #expect(dataset.digitCounts == [0, 0, 0, 0, 2, 0, 0, 0, 0, 0])
    #expect(dataset.origin == folder("data/mnist/t10k-images\(dot)idx3-ubyte\(ending)"))
  }

  @Test("the given folder comes before BVAE_DATA, this before the cache, and the sample last")
  func order() throws {
    for (name, count) in [("given", 1), ("environment", 2), ("cache", 3)] {
      try put(Make.images(count), "\(name)/mnist/train-images-idx3-ubyte")
      try put(Make.labels(Array(repeating: 1, count: count)), "\(name)/mnist/train-labels-idx1-ubyte")
    }
    try Files.makeDirectory(folder("empty"))
    func count(_ library: DataLibrary) throws -> Int { try library.load(.mnist).count }
    #expect(try count(library(given: folder("given"), environment: folder("environment"))) == 1)
    #expect(try count(library(environment: folder("environment"))) == 2)
    #expect(try count(library(environment: folder("empty"))) == 3)
    #expect(try count(library()) == 3)
    #expect(try count(DataLibrary(given: nil, environment: nil, cache: folder("empty"))) == 20_000)
  }

  @Test("a folder that was named but lacks the files is an error, never the sample")
  func givenButEmpty() throws {
    try Files.makeDirectory(folder("empty"))
    let names =
      "looked for images as train-images-idx3-ubyte.gz, train-images-idx3-ubyte, train-images.idx3-ubyte.gz, "
      + "train-images.idx3-ubyte and labels as train-labels-idx1-ubyte.gz, train-labels-idx1-ubyte, "
      + "train-labels.idx1-ubyte.gz, train-labels.idx1-ubyte"
    #expect(
      error { _ = try library(given: folder("empty")).load(.mnist) }
        == "the training files of MNIST are not in '\(folder("empty/mnist"))': \(names); 'fetch mnist' downloads all of MNIST"
    )
    try put(Make.images(1), "flat/train-images-idx3-ubyte")
    #expect(
      error { _ = try library(given: folder("flat")).load(.mnist) }
        == "the training files of MNIST are not in '\(folder("flat/mnist"))': \(names); they are in '\(folder("flat"))' "
        + "itself: name the folder that holds a folder 'mnist' with these files")
    #expect(
      error { _ = try library(environment: folder("empty")).load(.fashion) }
        == "the training files of Fashion-MNIST are not in '\(folder("empty/fashion"))' or '\(folder("cache/fashion"))': "
        + names
        + "; 'fetch fashion' downloads all of Fashion-MNIST, and on Debian 'apt install dataset-fashion-mnist' installs it"
    )
  }

  @Test("a folder that is named but not there is an error")
  func noFolder() {
    #expect(
      error { _ = try library(given: folder("no")).load(.mnist) }
        == "there is no folder '\(folder("no"))', which --data names as the data folder")
    #expect(
      error { _ = try library(environment: folder("no")).load(.mnist) }
        == "there is no folder '\(folder("no"))', which BVAE_DATA names as the data folder")
  }

  @Test("images without labels, or labels without images, are an error")
  func incomplete() throws {
    try put(Make.images(1), "data/mnist/train-images-idx3-ubyte")
    #expect(
      error { _ = try library(given: folder("data")).load(.mnist) }
        == "there is '\(folder("data/mnist/train-images-idx3-ubyte"))' but not its labels; looked in "
        + "'\(folder("data/mnist"))' for train-labels-idx1-ubyte.gz, train-labels-idx1-ubyte, "
        + "train-labels.idx1-ubyte.gz, train-labels.idx1-ubyte")
    try put(Make.labels([1]), "cache/mnist/t10k-labels-idx1-ubyte.gz")
    #expect(error { _ = try library().load(.mnist, split: .test) }?.contains("but not its images; looked in") == true)
  }

  @Test("as many labels as images, or an error")
  func countsDiffer() throws {
    try put(Make.images(3), "data/fashion/train-images-idx3-ubyte")
    try put(Make.labels([1, 2]), "data/fashion/train-labels-idx1-ubyte")
    #expect(
      error { _ = try library(given: folder("data")).load(.fashion) }
        == "cannot read '\(folder("data/fashion/train-images-idx3-ubyte"))': it has 3 images but "
        + "'\(folder("data/fashion/train-labels-idx1-ubyte"))' has 2 labels; they do not belong together")
  }

  @Test("damage in a file of the folder is reported, not passed over for the sample")
  func damaged() throws {
    try put(Make.labels([1, 11]), "cache/mnist/train-labels-idx1-ubyte")
    try put(Make.images(2), "cache/mnist/train-images-idx3-ubyte")
    #expect(
      error { _ = try library().load(.mnist) }
        == "cannot read '\(folder("cache/mnist/train-labels-idx1-ubyte"))': "
        + "at byte 9: label 11 of item 1; expected 0 to 9")
  }

  @Test("what this version cannot read says so", arguments: [DataLibrary.Location.known("sprites")])
  func notAvailable(source: DataLibrary.Location) {
    #expect(
      error { _ = try library().load(source) }
        == "'\(source.word)' is not available in this version; expected mnist, fashion, emnist, svhn, or the path of "
        + "a file or folder of images")
  }

  @Test(
    "a file's labels are found beside it",
    arguments: [
      ("images", "labels"), ("my-images-idx3-ubyte", "my-labels-idx1-ubyte"),
      ("my-images-idx3-ubyte.gz", "my-labels-idx1-ubyte.gz"), ("my-images-idx3-ubyte.gz", "my-labels-idx1-ubyte"),
      ("my-images-idx3-ubyte", "my-labels-idx1-ubyte.gz"), ("c.images.idx4-ubyte", "c.labels.idx1-ubyte"),
      ("images-images.idx3", "images-labels.idx1"),
    ])
  func labelsBeside(images: String, labels: String) throws {
    try put(Make.images(3), images)
    try put(Make.labels([1, 2, 1]), labels)
    let dataset = try library().load(.file(folder(images)), selection: Selection(digits: [1]))
    #expect(dataset.count == 2 && dataset.labels == [1, 1] && dataset.split == nil)
    #expect(dataset.name == images && dataset.licence == "not stated")
  }

  @Test("a file without labels is loaded without, and digits say why they cannot be chosen")
  func unlabelled() throws {
    try put(Make.images(3), "images.idx3")
    try put(Make.images(3), "faces")
    let dataset = try library().load(.file(folder("images.idx3")), selection: Selection(count: 2))
    #expect(dataset.count == 2 && dataset.labels == nil && dataset.digitCounts == nil)
    #expect(
      error { _ = try library().load(.file(folder("images.idx3")), selection: Selection(digits: [1])) }
        == "cannot choose from '\(folder("images.idx3"))': 'digits' needs labels, and these images have none; there is "
        + "no file of labels beside this one; looked for '\(folder("labels.idx1"))', '\(folder("labels.idx2"))'")
    #expect(
      error { _ = try library().load(.file(folder("faces")), selection: Selection(each: 1)) }
        == "cannot choose from '\(folder("faces"))': 'each' needs labels, and these images have none; labels are found "
        + "beside a file whose name has 'images', as in train-images-idx3-ubyte")
    try put(Make.labels([1]), "labels.idx1")
    #expect(
      error { _ = try library().load(.file(folder("labels.idx1"))) }
        == "cannot read '\(folder("labels.idx1"))': it holds labels; expected images")
  }

  @Test("shuffled images keep their labels")
  func shuffled() throws {
    try put(Make.images(9), "images")
    try put(Make.labels(Array(0..<9)), "labels")
    let dataset = try library().load(.file(folder("images")), selection: Selection(count: 5, shuffle: 1))
    let labels = try #require(dataset.labels)
    #expect(labels.count == 5 && labels != labels.sorted())
    for i in 0..<5 { #expect(dataset.images[i].first == labels[i] * 10) }
  }

  @Test("a slice is a dataset, and numbers are in 0…1")
  func slices() throws {
    let images = ByteImages(shape: ImageShape(height: 1, width: 2, planes: 1), bytes: [0, 51, 102, 255, 1, 2])
    let dataset = try Dataset(name: "n", split: .train, images: images, labels: [1, 2, 3], origin: "o", licence: "l")
    let second = try dataset[1..<2], all = try dataset[0..<3], none = try dataset[0..<0]
    #expect(second.images.bytes == [102, 255] && second.labels == [2])
    #expect(all.fingerprint == dataset.fingerprint && none.count == 0)
    #expect(try dataset.float(1) == Tensor(shape: [1, 2, 1], values: [0.4, 1]))
    let prints = try [dataset[0..<1], dataset[1..<2], dataset[0..<2]].map(\.fingerprint)
    #expect(Set(prints).count == 3)
    let unlabelled = try Dataset(name: "n", split: nil, images: images, labels: nil, origin: "o", licence: "l")
    #expect(unlabelled.fingerprint != dataset.fingerprint)
  }
}
