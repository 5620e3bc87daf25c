import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Choosing, joining and comparing")
struct ChoosingTests {
  /// Twelve images of 8×8 whose bytes are 10·image, with shape and x as factors: each of two shapes at six places.
  private func sprites(_ name: String = "s") throws -> Dataset {
    let table = FactorTable(
      factors: [
        Factor("shape", "", .categorical(["square", "heart"])), Factor("x", "", .continuous(0...1)),
      ], count: 12, values: (0..<12).flatMap { [Float($0 / 6), Float($0 % 6) / 5] })
    return try Dataset(
      name: name, split: nil,
      images: ByteImages(
        rows: 8, columns: 8, bytes: (0..<12).flatMap { [UInt8](repeating: UInt8($0 * 10), count: 64) }),
      labels: (0..<12).map { UInt8($0 / 6) }, origin: name, licence: "l", classes: ["square", "heart"], factors: table)
  }

  private func shades(_ dataset: Dataset) -> [Int] {
    (0..<dataset.count).map { Int(dataset.images[$0].first ?? 0) / 10 }
  }

  @Test("by label, class, factor and place, in the order of the dataset")
  func chosen() throws {
    let data = try sprites()
    func choose(_ selection: Selection) throws -> [Int] { try shades(data.choosing(selection)) }
    #expect(try choose(Selection(digits: [1])) == [6, 7, 8, 9, 10, 11])
    #expect(try choose(Selection(classes: ["square"])) == [0, 1, 2, 3, 4, 5])
    #expect(try choose(Selection(conditions: [FactorCondition("x", .numbers([0.2, 1]))])) == [1, 5, 7, 11])
    #expect(try choose(Selection(conditions: [FactorCondition("x", .range(0.6...0.8))])) == [3, 4, 9, 10])
    #expect(
      try choose(
        Selection(conditions: [FactorCondition("x", .range(0...0.5)), FactorCondition("shape", .names(["heart"]))]))
        == [6, 7, 8])
    #expect(try choose(Selection(count: 2, skip: 1, conditions: [FactorCondition("x", .range(0.6...0.8))])) == [4, 9])
    let part = try data.choosing(Selection(count: 2, classes: ["heart"]))
    #expect(part.labels == [1, 1] && part.factors?.column("x") == [0, 0.2] && part.classes == data.classes)
  }

  @Test("one factor varies while the others stay, in the order of its values")
  func vary() throws {
    let data = try sprites().selecting([4, 8, 0, 11, 2, 5, 6, 1, 3, 9])
    func choose(_ selection: Selection) throws -> [Int] { try shades(data.choosing(selection)) }
    #expect(try choose(Selection(vary: "x")) == [0, 1, 2, 3, 4, 5])
    #expect(try choose(Selection(skip: 1, vary: "x")) == [6, 8, 9, 11])
    #expect(try choose(Selection(classes: ["heart"], vary: "x")) == [6, 8, 9, 11])
    #expect(try choose(Selection(count: 3, vary: "x")) == [0, 3, 5])
    #expect(try choose(Selection(skip: 1, vary: "shape")) == [2, 8])
    #expect(
      error { _ = try choose(Selection(vary: "shape")) } == "no image differs from the first one in 'shape' alone")
    #expect(error { _ = try choose(Selection(vary: "y")) } == "there is no factor 'y'; expected one of 'shape', 'x'")
    #expect(error { _ = try choose(Selection(each: 1, vary: "x")) }?.contains("cannot be used together") == true)
    #expect(error { _ = try choose(Selection(count: 7, vary: "x")) } == "asked for 7 images, but there are 6")
  }

  @Test("what cannot be chosen says so")
  func mistakes() throws {
    let data = try sprites()
    func mistake(_ selection: Selection) -> String? { error { _ = try data.choosing(selection) } }
    #expect(mistake(Selection(classes: ["cat"])) == "there is no class 'cat'; expected one of 'square', 'heart'")
    #expect(
      mistake(Selection(conditions: [FactorCondition("size", .numbers([1]))]))
        == "there is no factor 'size'; expected one of 'shape', 'x'")
    #expect(
      mistake(Selection(conditions: [FactorCondition("shape", .names(["cat"]))]))
        == "there is no shape 'cat'; expected one of 'square', 'heart'")
    #expect(
      mistake(Selection(conditions: [FactorCondition("x", .names(["left"]))]))?.contains("numbers and no names") == true
    )
    #expect(
      mistake(Selection(conditions: [FactorCondition("x", .numbers([0.1]))]))?.hasSuffix("there are none") == true)
    let plain = try Dataset(
      name: "p", split: nil, images: data.images, labels: data.labels, origin: "o", licence: "l")
    #expect(
      error { _ = try plain.choosing(Selection(classes: ["cat"])) }
        == "there is no class 'cat': the labels are just numbers")
    #expect(error { _ = try plain.choosing(Selection(vary: "x")) }?.hasPrefix("'vary' needs factors") == true)
  }

  @Test("joined datasets have the images of all, and classes by their names")
  func joined() throws {
    let images = try ByteImages(rows: 1, columns: 1, bytes: [1, 2])
    func dataset(_ name: String, _ labels: [UInt8]?, _ classes: [String]?) throws -> Dataset {
      try Dataset(
        name: name, split: .train, images: images, labels: labels, origin: name, licence: "l", classes: classes)
    }
    let pets = try dataset("a", [0, 1], ["cat", "dog"]), others = try dataset("b", [0, 1], ["dog", "fox"])
    let all = try Dataset.joined([pets, others])
    #expect(all.images.bytes == [1, 2, 1, 2] && all.labels == [0, 1, 1, 2] && all.classes == ["cat", "dog", "fox"])
    #expect(all.name == "a and b" && all.origin == "a; b" && all.licence == "l" && all.split == .train)
    let numbers = try dataset("c", [7, 3], nil)
    #expect(try Dataset.joined([numbers, numbers]).labels == [7, 3, 7, 3])
    #expect(error { _ = try Dataset.joined([pets, numbers]) }?.contains("just numbers") == true)
    let without = try Dataset.joined([numbers, dataset("d", nil, nil)])
    #expect(
      without.labels == nil && without.remarks.map(\.text) == ["d has no labels, and so the joined images have none"])
    #expect(error { _ = try Dataset.joined([pets, sprites()]) }?.contains("with 'size' and 'planes'") == true)
    #expect(error { _ = try Dataset.joined([]) } == "there is nothing to join")
    let data = try sprites(), twice = try Dataset.joined([data.selecting([3, 4]), data.selecting([7])])
    #expect(twice.differences(from: try data.selecting([3, 4, 7])).isEmpty)
  }

  @Test("what is different is told, in images, labels, classes and factors")
  func differences() throws {
    let data = try sprites()
    #expect(data.differences(from: data).isEmpty)
    #expect(try data.differences(from: data.selecting(0..<10)) == ["12 images and 10"])
    var bytes = data.images.bytes
    bytes[70] += 5
    func other(_ labels: [UInt8]?, _ classes: [String]?, _ pixels: [UInt8]) throws -> Dataset {
      try Dataset(
        name: "o", split: nil, images: ByteImages(rows: 8, columns: 8, bytes: pixels), labels: labels, origin: "o",
        licence: "l", classes: classes, factors: data.factors)
    }
    #expect(
      try data.differences(from: other(data.labels, data.classes, bytes))
        == ["the pixels of 1 image of 12, the first at image 1, by at most 5 of 255"])
    var labels = try #require(data.labels)
    labels[11] = 0
    #expect(
      try data.differences(from: other(labels, data.classes, data.images.bytes))
        == ["1 label of 12, the first at image 11: heart and square"])
    #expect(
      try data.differences(from: other(data.labels, ["square", "ellipse"], data.images.bytes))
        == ["the names of the classes: square heart, and square ellipse"])
    #expect(try data.differences(from: other(nil, data.classes, data.images.bytes)) == ["labels, and no labels"])
  }

  @Test("what looks wrong is doubted, and what is right is not")
  func doubts() throws {
    func doubts(_ bytes: [[UInt8]], labels: [UInt8]? = nil, classes: [String]? = nil) throws -> [String] {
      try Dataset(
        name: "d", split: nil, images: ByteImages(rows: 6, columns: 6, bytes: bytes.flatMap { $0 }), labels: labels,
        origin: "o", licence: "l", classes: classes
      ).doubts
    }
    func stroke(_ ground: UInt8, _ ink: UInt8, _ place: Int) -> [UInt8] {
      (0..<36).map { $0 == 14 + place || $0 == 15 + place ? ink : ground }
    }
    #expect(try doubts([stroke(0, 255, 0), stroke(0, 255, 1)]) == [])
    #expect(
      try doubts([stroke(0, 1, 0), stroke(0, 1, 1)]).first?.hasPrefix(
        "the images are nearly black: no value is above 0.00392") == true)
    #expect(try doubts([stroke(255, 0, 0), stroke(255, 0, 1)]).first?.contains("'scale [255, 0]'") == true)
    #expect(try doubts([stroke(9, 9, 0)]) == ["all values of all images are 0.0353"])
    #expect(
      try doubts([stroke(0, 255, 0), stroke(7, 7, 0)]) == [
        "1 image has one value everywhere, the first of them image 1"
      ])
    #expect(
      try doubts([stroke(0, 255, 0), stroke(0, 255, 1), stroke(0, 255, 0)])
        == ["1 image repeats an earlier one; the first is image 2, which is image 0 again"])
    let some = (0..<8).map { stroke(0, 255, $0 % 6 + $0 / 6 * 6) }
    #expect(try doubts(some, labels: [0, 1, 2, 3, 4, 5, 6, 8]).last == "there is no image of classes 7 and 9")
    #expect(try doubts(some, labels: [1, 1, 1, 1, 1, 1, 1, 1]) == [])
    #expect(
      try doubts(some, labels: [0, 0, 0, 0, 0, 0, 2, 2], classes: ["a", "b", "c"]) == ["there is no image of class b"])
    let library = DataLibrary(given: nil, environment: nil, cache: "/nowhere")
    #expect(try library.load(.mnist, selection: Selection(each: 20)).doubts == [])
    #expect(try library.load(.svhn).doubts == [])
  }

  @Test("a caller's own images, labels and places that cannot be are errors in words")
  func traps() throws {
    #expect(
      error { _ = try ByteImages(rows: 2, columns: 2, bytes: [1, 2, 3]) }
        == "3 bytes are not a whole number of images of 2×2×1, which take 4 each")
    #expect(error { _ = try ByteImages(rows: 0, columns: 2, bytes: []) } == "images of 0 rows; expected 1 to 4,096")
    #expect(error { _ = try ImageShape(rows: 2, columns: -1) }?.contains("-1 columns") == true)
    #expect(error { _ = try ImageShape(rows: 2, columns: 2, planes: 2) }?.contains("1 (grey) or 3 (colour)") == true)
    let data = try sprites()
    #expect(error { _ = try data.selecting([-1]) } == "there is no image -1; the 12 images are 0 to 11")
    #expect(error { _ = try data.selecting([12]) } == "there is no image 12; the 12 images are 0 to 11")
    #expect(error { _ = try data[3..<13] } != nil)
    #expect(error { _ = try data.float(12) } != nil && error { _ = try data.float(-1) } != nil)
    #expect(
      error {
        _ = try Dataset(name: "n", split: nil, images: data.images, labels: [1], origin: "o", licence: "l")
      } == "12 images but 1 label; expected one for every image")
    for (total, labels) in [(-1, nil), (2, [1])] as [(Int, [UInt8]?)] {
      #expect(
        error { _ = try Selection().places(among: total, labels: labels) }?.contains("one each of every image") == true)
    }
    for planes in [0, 2, 4] {
      let options = LoadOptions(fitting: Fitting(planes: planes))
      #expect(
        error { _ = try DataLibrary.load(bytes: Fixture.bytes("bytes.npy"), name: "f", options: options) }
          == "images cannot be given \(counted(planes, "plane")); expected 1 (grey) or 3 (colour)")
      let table = try SyntheticData.sprites.factors(
        SyntheticWish(selection: Selection(count: 1, shuffle: 1), split: nil))
      #expect(
        error { _ = try SyntheticData.sprites.dataset(of: table, planes: planes, workers: Workers(count: 1)) } != nil)
    }
  }
}
