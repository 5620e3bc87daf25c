import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Named datasets beyond MNIST, and formats")
struct SourcesTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    try Files.makeDirectory(Path.parent(folder(name)))
    try Files.write(bytes, to: folder(name))
  }

  private func library(given: String? = nil, system: String? = nil) -> DataLibrary {
    DataLibrary(given: given, environment: nil, cache: folder("cache"), system: system)
  }

  @Test("SVHN's sample has 983 and 100 images, and says that it is for non-commercial use")
  func svhnSample() throws {
    let train = try library().load(.svhn), test = try library().load(.svhn, split: .test)
    #expect(train.count == 983 && test.count == 100 && train.images.shape == .svhn)
    #expect(train.name == "SVHN" && train.licence == "non-commercial use only; cite Netzer et al. 2011")
    #expect(train.digitCounts == [56, 205, 129, 118, 103, 101, 71, 65, 72, 63])
    #expect(test.digitCounts == [10, 22, 12, 16, 7, 11, 7, 5, 6, 4])
    #expect(train.fingerprint == "61a48dd30328d72b" && test.fingerprint == "57fb2cbd343e9c78")
    let ones = try library().load(.svhn, selection: Selection(digits: [1], count: 100))
    #expect(ones.labels == Array(repeating: 1, count: 100))
  }

  @Test("more of SVHN than is there names how to get it, and what may stand in for it")
  func moreOfSVHN() {
    #expect(
      error { _ = try library().load(.svhn, selection: Selection(digits: [1], count: 2000)) }
        == "cannot choose from 'embedded sample of SVHN': asked for 2,000 images of digit 1, but there are 205; this is the "
        + "embedded sample; 'fetch svhn' downloads all of SVHN, and 'load streets' makes synthetic images like these")
  }

  @Test("SVHN's files are found under their official names, and must have labels")
  func svhnFolder() throws {
    try put(Fixture.bytes("scipy-packed.mat"), "data/svhn/train_32x32.mat")
    let dataset = try library(given: folder("data")).load(.svhn, selection: Selection(digits: [0]))
    #expect(dataset.images == Fixture.images([0]) && dataset.split == .train)
    #expect(
      error { _ = try library(given: folder("data")).load(.svhn, split: .test) }
        == "the test files of SVHN are not in '\(folder("data/svhn"))': looked for test_32x32.mat; 'fetch svhn' downloads all of "
        + "SVHN, and 'load streets' makes synthetic images like these")
    try put(Fixture.bytes("scipy-no-labels.mat"), "data/svhn/test_32x32.mat")
    #expect(
      error { _ = try library(given: folder("data")).load(.svhn, split: .test) }?.contains(
        "the file has no labels, variable y") == true)
    try put(Fixture.bytes("interrupted.mat"), "data/svhn/test_32x32.mat")
    #expect(
      error { _ = try library(given: folder("data")).load(.svhn, split: .test) }?.contains(
        "7 whole images and no labels")
        == true)
    let part = try library(given: folder("data")).load(.svhn, split: .test, options: LoadOptions(isPartial: true))
    #expect(part.count == 7 && part.labels == nil)
    func mistake(_ selection: Selection) -> String? {
      error {
        _ = try library(given: folder("data")).load(
          .svhn, split: .test, selection: selection, options: LoadOptions(isPartial: true))
      }
    }
    let remedy =
      "'fetch svhn' downloads all of SVHN, and 'load streets' makes synthetic images like these"
    #expect(mistake(Selection(count: 9))?.hasSuffix("asked for 9 images, but there are 7; \(remedy)") == true)
    #expect(
      mistake(Selection(digits: [1]))?.hasSuffix(
        "these images have none; they are missing in the file, which was cut off; \(remedy)") == true)
  }

  @Test("Fashion-MNIST is found where the system's package puts it, after the user's own folders")
  func fashion() throws {
    func put(_ count: Int, _ place: String) throws {
      try self.put(Make.gzip(Make.images(count)), place + "/train-images-idx3-ubyte.gz")
      try self.put(Make.gzip(Make.labels(Array(repeating: 1, count: count))), place + "/train-labels-idx1-ubyte.gz")
    }
    try put(1, "system/fashion-mnist")
    #expect(try library(system: folder("system")).load(.fashion).count == 1)
    try Files.makeDirectory(folder("other"))
    #expect(
      error { _ = try library(given: folder("other"), system: folder("system")).load(.fashion) }?
        .hasPrefix("the training files of Fashion-MNIST are not in '\(folder("other/fashion"))': looked for images")
        == true)
    // A folder of the package's name in the folder that was named is one as good as any.
    #expect(try library(given: folder("system")).load(.fashion).count == 1)
    try put(2, "cache/fashion")
    #expect(try library(system: folder("system")).load(.fashion).count == 2)
  }

  @Test("EMNIST's images are turned upright, by name and by path, and letters are labels beyond 9")
  func emnist() throws {
    // Two rows of three in the file are columns: 2×3 become 3×2.
    try put(Make.images(2), "cache/emnist/emnist-digits-train-images-idx3-ubyte")
    try put(Make.labels([3, 4]), "cache/emnist/emnist-digits-train-labels-idx1-ubyte")
    let digits = try library().load(.emnist)
    #expect(digits.images.shape == ImageShape(height: 3, width: 2, planes: 1) && digits.labels == [3, 4])
    #expect(digits.images.bytes == [0, 3, 1, 4, 2, 5, 10, 13, 11, 14, 12, 15])
    try put(Make.gzip(Make.images(2)), "emnist-letters-test-images-idx3-ubyte.gz")
    try put(Make.gzip(Make.labels([26, 1])), "emnist-letters-test-labels-idx1-ubyte.gz")
    let path = folder("emnist-letters-test-images-idx3-ubyte.gz")
    let letters = try library().load(.file(path), selection: Selection(digits: [26]))
    #expect(letters.images.bytes == [0, 3, 1, 4, 2, 5] && letters.labels == [26])
    #expect(letters.digitCounts?.count == 27 && letters.digitCounts?.last == 1)
    try put(Make.images(2), "cache/emnist/emnist-digits-test-images-idx3-ubyte")
    try put(Make.labels([3, 10]), "cache/emnist/emnist-digits-test-labels-idx1-ubyte")
    #expect(error { _ = try library().load(.emnist, split: .test) }?.contains("label 10 of item 1") == true)
  }

  @Test("a file under MNIST's name has MNIST's labels, 0 to 9")
  func strangeLabels() throws {
    // As Keras keeps MNIST, where nothing but the name says that labels are digits.
    try put(
      NumPyArchiveFile.encoded([
        NamedArray("x_train", shape: [2, 2, 2], .bytes([UInt8](repeating: 9, count: 8))),
        NamedArray("y_train", shape: [2], .bytes([3, 12])),
      ]), "data/mnist.npz")
    let path = folder("data/mnist.npz")
    #expect(
      error { _ = try library(given: folder("data")).load(.mnist) }
        == "cannot read '\(path)': it has the label 12 at image 1, but the labels of MNIST are 0 to 9; load it by its path, in quotes, "
        + "if that is meant")
    #expect(try library().load(.file(path)).labels == [3, 12])
  }

  @Test("a format is told by the content, whatever the name")
  func content() throws {
    for (fixture, name) in [
      ("scipy-packed.mat", "a.npy"), ("bytes.npy", "b.mat"), ("stored.npz", "c"), ("rgb.png", "d.jpg"),
    ] {
      try put(Fixture.bytes(fixture), name)
      #expect(try Array(library().load(.file(folder(name))).images.bytes.prefix(90)).count == 90)
    }
    try put(Make.gzip(Make.images(3)), "e.png")
    #expect(try library().load(.file(folder("e.png"))).count == 3)
  }

  @Test("an unknown format lists what is understood")
  func unknown() throws {
    let understood =
      "IDX, plain or in gzip, as MNIST's files; MATLAB 5 (.mat), as SVHN's; NumPy arrays (.npy); archives of them (.npz); "
      + "PNG and JPEG pictures, and folders of them"
    #expect(
      Fixture.mistake([0x47, 0x49, 0x46, 0x38, 1])
        == "it begins with 47 49 46 38 (a GIF image), which is no format of images that is understood: \(understood); "
        + "ImageMagick turns it into PNG: convert 'f' 'f.png'")
    #expect(Fixture.mistake([]) == "it is empty; expected \(understood)")
  }

  @Test("IDX files that are cut off give their whole images in part, with their labels")
  func partialIDX() throws {
    for packed in [false, true] {
      let whole = packed ? Make.gzip(Make.images(5)) : Make.images(5)
      try put(Array(whole.dropLast(packed ? 12 : 7)), "images")
      try put(Make.labels([0, 1, 2, 3, 4]), "labels")
      #expect(error { _ = try library().load(.file(folder("images"))) } != nil)
      let part = try library().load(.file(folder("images")), options: LoadOptions(isPartial: true))
      #expect((1..<5).contains(part.count) && part.labels == Array([0, 1, 2, 3, 4].prefix(part.count)))
      #expect(Array(part.images[0]) == [0, 1, 2, 3, 4, 5])
    }
    #expect(
      Fixture.mistake(Array(Make.images(5).prefix(18)), isPartial: true)
        == "its header promises 5 images of 2×3×1, but it ends before the first one does; fetch it again")
  }
}
