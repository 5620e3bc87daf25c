import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Parts of data, and labels beside images")
struct PartsTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    try Files.makeDirectory(Path.parent(folder(name)))
    try Files.write(bytes, to: folder(name))
  }

  private func library(given: String? = nil) -> DataLibrary {
    DataLibrary(given: given, environment: nil, cache: folder("cache"))
  }

  private func load(_ name: String, _ split: Split? = nil) throws -> Dataset {
    try library().load(.file(folder(name)), split: split)
  }

  /// A .npy or .npz of `count` images whose first pixel is `first`.
  private func array(_ name: String, _ count: Int, _ first: UInt8) -> NamedArray {
    NamedArray(name, shape: [count, 2, 2], .bytes((0..<count * 4).map { first + UInt8($0) }))
  }

  @Test(
    "the test file beside the training file is taken where it is asked for, and the other way round",
    arguments: [
      ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte"), ("emnist-x-train-images", "emnist-x-test-images"),
      ("train-images.gz", "t10k-images"), ("x_train.npy", "x_test.npy"), ("Training.npz", "Testing.npz"),
      ("a/train/x.npy", "a/test/x.npy"), ("train_32x32.mat", "test_32x32.mat"),
    ])
  func beside(train: String, test: String) throws {
    func bytes(_ name: String, _ count: Int, _ first: UInt8) throws -> [UInt8] {
      let values = array("images", count, first)
      switch true {
      case name.hasSuffix(".npy"): return values.encoded
      case name.hasSuffix(".npz"): return try NumPyArchiveFile.encoded([values])
      case name.hasSuffix(".mat"):
        let shape = ImageShape(height: 2, width: 2, planes: 1)
        guard case .bytes(let pixels) = values.values else { return [] }
        return try MATFileWriter.encoded(
          try Dataset(
            name: "", split: nil, images: ByteImages(shape: shape, bytes: pixels), labels: nil, origin: "", licence: "")
        )
      default:
        let plain = Make.idx([count, 2, 2], (0..<count * 4).map { first + UInt8($0) })
        return name.hasSuffix(".gz") ? Make.gzip(plain) : plain
      }
    }
    try put(bytes(train, 3, 10), train)
    #expect(try load(train).images.bytes.first == 10)
    #expect(try load(train, .train).images.bytes.first == 10)
    let missing = error { _ = try load(train, .test) }
    #expect(missing?.hasPrefix("'\(folder(train))' has no test part, nor is there one beside it; looked for") == true)
    try put(bytes(test, 2, 90), test)
    let found = try load(train, .test)
    #expect(found.images.bytes.first == 90 && found.count == 2 && found.split == .test)
    #expect(found.origin == folder(test))
    #expect(try load(test, .test).images.bytes.first == 90 && load(test, .train).images.bytes.first == 10)
  }

  @Test("both parts inside of one file are told apart, and a file of no part has none for testing")
  func inside() throws {
    let both = try NumPyArchiveFile.encoded([
      array("x_train", 2, 10), NamedArray("y_train", shape: [2], .bytes([1, 2])), array("x_test", 1, 90),
      NamedArray("y_test", shape: [1], .bytes([9])),
    ])
    try put(both, "digits.npz")
    #expect(try load("digits.npz").labels == [1, 2] && load("digits.npz", .train).images.bytes.first == 10)
    let test = try load("digits.npz", .test)
    #expect(test.labels == [9] && test.images.bytes.first == 90)
    for (bytes, name) in [
      (Make.images(2), "digits"), (array("", 2, 1).encoded, "a.npy"),
      (try NumPyArchiveFile.encoded([array("images", 2, 1)]), "b.npz"), (try Fixture.bytes("scipy-plain.mat"), "c.mat"),
    ] {
      try put(bytes, name)
      #expect(try load(name, .train).count > 1)
      #expect(
        error { _ = try load(name, .test) } == "'\(folder(name))' has no test part, nor is there one beside it",
        "\(name)")
    }
  }

  @Test("words that only contain one for a part are none", arguments: ["latest.npy", "strained.npy", "contest-a.npy"])
  func otherWords(name: String) throws {
    try put(array("", 2, 1).encoded, name)
    #expect(error { _ = try load(name, .test) } == "'\(folder(name))' has no test part, nor is there one beside it")
    #expect(try load(name, .train).count == 2)
  }

  @Test("a folder's part is the folder inside, or the one beside it; a folder of MNIST's files is read as they are")
  func folders() throws {
    let picture = try Fixture.bytes("rgb.png")
    for name in ["p/train/0/a.png", "p/test/0/a.png", "p/test/0/b.png", "q/0/a.png"] { try put(picture, name) }
    #expect(try load("p", .test).count == 2 && load("p", .train).count == 1)
    #expect(try load("p/train", .test).count == 2 && load("p/test", .test).count == 2)
    #expect(error { _ = try load("q", .test) }?.contains("it has no parts") == true)
    try put(Make.images(3), "m/raw/train-images-idx3-ubyte")
    try put(Make.labels([1, 2, 3]), "m/raw/train-labels-idx1-ubyte")
    try put(Make.images(1), "m/raw/t10k-images-idx3-ubyte")
    #expect(try load("m").labels == [1, 2, 3] && load("m/raw", .test).count == 1)
  }

  @Test(
    "labels in a file of their own are read, whatever their kind",
    arguments: ["images", "qmnist-train-images-idx3-ubyte"])
  func wideLabels(images: String) throws {
    try put(Make.images(3), images)
    // Rows of class, source, writer, as QMNIST's, of 32 bits.
    let rows = [[5, 1, 7], [0, 1, 7], [200, 0, 7]].flatMap { $0.flatMap(Make.bigEndian) }
    let name = images == "images" ? "labels" : "qmnist-train-labels-idx2-int"
    try put([0, 0, 0x0C, 2] + [3, 3].flatMap(Make.bigEndian) + rows, name)
    let read = try load(images)
    #expect(read.labels == [5, 0, 200])
    #expect(
      read.remarks == [
        .warning(
          "the values go from 0 to 25, and 255 is taken for white, so that the images are nearly black; say 'scale 0..25' "
            + "where 25 is white"), .note("the labels have 3 columns, of which the first is taken"),
      ])
  }

  @Test("labels of 32 bits beside images of bytes are found by their name", arguments: ["-", "."])
  func wholeNumbers(dot: String) throws {
    try put(Make.images(2), "train-images\(dot)idx3-ubyte")
    try put([0, 0, 0x0C, 1] + [2, 5, 7].flatMap(Make.bigEndian), "train-labels\(dot)idx1-int")
    #expect(try load("train-images\(dot)idx3-ubyte").labels == [5, 7])
  }

  @Test("labels beside archives and arrays are found, as KMNIST's are, and must be as many")
  func labelArchives() throws {
    try put(NumPyArchiveFile.encoded([array("arr_0", 3, 1)]), "kmnist-train-imgs.npz")
    try put(
      NumPyArchiveFile.encoded([NamedArray("arr_0", shape: [3], .bytes([8, 7, 0]))]), "kmnist-train-labels.npz")
    #expect(try load("kmnist-train-imgs.npz").labels == [8, 7, 0])
    try put(array("", 2, 1).encoded, "faces.npy")
    try put(NamedArray("", shape: [2], .integers([3, 4])).encoded, "faces-labels.npy")
    #expect(try load("faces.npy").labels == [3, 4])
    try put(array("", 2, 1).encoded, "x_train.npy")
    try put(NamedArray("", shape: [2, 1], .integers([3, 9])).encoded, "y_train.npy")
    #expect(try load("x_train.npy").labels == [3, 9])
    try put(NamedArray("", shape: [3], .integers([3, 4, 5])).encoded, "faces-labels.npy")
    #expect(error { _ = try load("faces.npy") }?.contains("has 2 images but") == true)
  }

  @Test("what torchvision and Keras have put into the data folder is found")
  func others() throws {
    try put(Make.images(2), "data/MNIST/raw/train-images-idx3-ubyte")
    try put(Make.labels([4, 2]), "data/MNIST/raw/train-labels-idx1-ubyte")
    #expect(try library(given: folder("data")).load(.mnist).labels == [4, 2])
    try put(Make.gzip(Make.images(3)), "data/FashionMNIST/raw/t10k-images-idx3-ubyte.gz")
    try put(Make.gzip(Make.labels([4, 2, 1])), "data/FashionMNIST/raw/t10k-labels-idx1-ubyte.gz")
    #expect(try library(given: folder("data")).load(.fashion, split: .test).labels == [4, 2, 1])
    try put(
      NumPyArchiveFile.encoded([
        array("x_train", 2, 10), NamedArray("y_train", shape: [2], .bytes([1, 2])), array("x_test", 1, 90),
        NamedArray("y_test", shape: [1], .bytes([9])),
      ]), "keras/mnist.npz")
    #expect(try library(given: folder("keras")).load(.mnist).labels == [1, 2])
    let test = try library(given: folder("keras")).load(.mnist, split: .test)
    #expect(test.labels == [9] && test.name == "MNIST" && test.split == .test)
    try put(Fixture.bytes("scipy-plain.mat"), "svhn-root/train_32x32.mat")
    #expect(try library(given: folder("svhn-root")).load(.svhn).count == 7)
  }

  @Test("EMNIST that is not there says where to get it, Fashion-MNIST which package has it")
  func missing() throws {
    try Files.makeDirectory(folder("empty"))
    let emnist = error { _ = try library(given: folder("empty")).load(.emnist) }
    #expect(emnist?.hasPrefix("the training files of EMNIST digits are not in '\(folder("empty/emnist"))'") == true)
    #expect(emnist?.hasSuffix("unpack its emnist-digits files into '\(folder("empty/emnist"))'") == true)
    let fashion = error { _ = try library(given: folder("empty")).load(.fashion) }
    #expect(fashion?.hasSuffix("on Debian 'apt install dataset-fashion-mnist' installs it") == true)
  }
}
