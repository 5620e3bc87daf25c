import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Factors in archives")
struct FactorArrayTests {
  private let workers = Workers(count: 2)

  private func load(_ arrays: [NamedArray], _ selection: Selection = Selection()) throws -> Dataset {
    try DataLibrary.load(bytes: NumPyArchiveFile.encoded(arrays), name: "x.npz", selection: selection)
  }

  private func drawn(_ data: SyntheticData) throws -> Dataset {
    let wish = SyntheticWish(selection: Selection(count: 12, shuffle: 3), split: .test)
    return try data.dataset(of: data.factors(wish), side: 16, workers: workers)
  }

  @Test(
    "A saved archive gives back images, labels and factors, and those give the images again",
    arguments: SyntheticData.all)
  func roundTrip(data: SyntheticData) throws {
    let original = try drawn(data), read = try load(original.arrays)
    #expect(read.images == original.images && read.labels == original.labels && read.factors == original.factors)
    #expect(read.synthetic == original.synthetic && read.classes == original.classes)
    let table = try #require(read.factors)
    #expect(try data.dataset(of: table, side: 16, workers: workers).images == original.images)
    let chosen = try load(original.arrays, Selection(count: 4, skip: 2, shuffle: 9))
    let chosenTable = try #require(chosen.factors)
    #expect(try data.dataset(of: chosenTable, side: 16, workers: workers).images == chosen.images)
    #expect(try chosen.images != original[2..<6].images)
  }

  @Test("Factors that do not fit are refused with what was expected")
  func wrong() throws {
    let original = try drawn(.streets), arrays = original.arrays, columns = SyntheticData.streets.factors.count
    func message(_ name: String, _ replacement: NamedArray?) -> String? {
      error { _ = try load(arrays.compactMap { $0.name == name ? replacement : $0 }) }
    }
    #expect(message("none", nil) == nil)
    #expect(message("factor_names", nil)?.contains("'factor_names'") == true)
    #expect(
      message("factor_names", NamedArray("factor_names", shape: [2], .texts(["a", "b"])))?.contains("has 2") == true)
    let same = NamedArray("factor_names", shape: [columns], .texts([String](repeating: "a", count: columns)))
    #expect(message("factor_names", same)?.contains("names that differ") == true)
    let short = NamedArray("factor_values", shape: [1, columns], .floats([Float](repeating: 0, count: columns)))
    #expect(message("factor_values", short)?.contains("seeds") == true)
    let none = NamedArray(
      "factor_values", shape: [12, columns], .floats([Float](repeating: .nan, count: 12 * columns)))
    #expect(message("factor_values", none)?.contains("nan") == true)
    let flat = NamedArray("factor_values", shape: [12], .floats([Float](repeating: 0, count: 12)))
    #expect(message("factor_values", flat)?.contains("images × factors") == true)
    let negative = NamedArray("noise_seeds", shape: [12], .integers([Int64](repeating: -1, count: 12)))
    #expect(message("noise_seeds", negative)?.contains("0 to 4294967295") == true)
    // Fewer images than rows of factors.
    let shape = original.images.shape
    let few = NamedArray(
      "images", shape: [1, shape.height, shape.width, shape.planes], .bytes(Array(original.images[0])))
    #expect(message("images", few) != nil)
    // What drawn images are called does not come from the file.
    let renamed = NamedArray("synthetic", shape: [1], .texts(["real photographs"]))
    let read = try load(arrays.map { $0.name == "synthetic" ? renamed : $0 })
    #expect(read.synthetic == "synthetic data")
  }

  @Test("Factors of others are known by their values")
  func others() throws {
    let arrays = [
      NamedArray("images", shape: [2, 8, 8], .bytes([UInt8](repeating: 1, count: 128))),
      NamedArray("factor_values", shape: [2, 2], .floats([1, 20, 3, 10])),
      NamedArray("factor_names", shape: [2], .texts(["age", "height"])),
    ]
    let factors = try #require(try load(arrays).factors)
    #expect(factors.factors.map(\.name) == ["age", "height"] && factors.column("height") == [20, 10])
    #expect(factors.factors[1].kind == .continuous(10...20) && factors.seeds == nil)
  }

  /// dSprites in small: `count` images of 64×64.
  private func dSprites(_ count: Int, values: [Double]? = nil, rows: Int? = nil) -> [NamedArray] {
    var pixels = [UInt8](repeating: 0, count: count * 4096)
    var table: [Double] = []
    for image in 0..<count {
      pixels[image * 4096 + image] = 1
      let shape = Double(image % 3 + 1), scale = 0.5 + 0.1 * Double(image % 6)
      table += [1, shape, scale, 0.161, 0, 1]
    }
    return [
      NamedArray("imgs", shape: [count, 64, 64], .bytes(pixels)),
      NamedArray("latents_values", shape: [rows ?? count, 6], .doubles(values ?? table)),
    ]
  }

  @Test("The real dSprites' arrays become white sprites with factors")
  func realSprites() throws {
    let data = try load(dSprites(9), Selection(digits: [1], count: 2))
    #expect(data.count == 2 && data.labels == [1, 1] && data.classes == ["square", "ellipse", "heart"])
    #expect(data.images[0].enumerated().allSatisfy { $0.element == ($0.offset == 1 ? 255 : 0) })
    let factors = try #require(data.factors)
    #expect(factors.factors.map(\.name) == ["shape", "scale", "orientation", "posX", "posY"])
    #expect(Array(factors[1]) == [1, Float(0.5 + 0.1 * 4), 0.161, 0, 1])
    #expect(
      data.synthetic == "synthetic dSprites" && factors.factors[0].kind == .categorical(["square", "ellipse", "heart"]))
  }

  /// An archive as large as dSprites' unpacks to 600 MB here, 1:900; nothing of it is in memory as a whole.
  @Test("The few images that are wanted of a huge archive are read without the rest being kept")
  func streaming() throws {
    let count = 150_000, block = 1000
    var blockPixels = [UInt8](repeating: 0, count: block * 4096)
    for image in 0..<block { blockPixels[image * 4096 + image] = 1 }
    // Shape, then posX, count up image by image.
    var values: [Double] = []
    for image in 0..<count { values += [1, Double(image % 3 + 1), 1, 0, Double(image % 50), Double(image / 50)] }
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(count), 64, 64), }"
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    let archive = Make.zip([
      ("imgs.npy", start, blockPixels, count / block),
      ("latents_values.npy", NamedArray("", shape: [count, 6], .doubles(values)).encoded, [], 0),
      ("metadata.npy", Array(try Fixture.bytes("objects.npy")), [], 0),
    ])
    #expect(archive.count < count * 4096 / 128)
    func load(_ selection: Selection) throws -> Dataset {
      try DataLibrary.load(bytes: archive, name: "d.npz", selection: selection)
    }
    let before = Machine.peakMemory
    let few = try load(Selection(count: 5, skip: 149_990))
    #expect(few.count == 5 && few.factors?.column("posX") == [40, 41, 42, 43, 44])
    for image in 0..<5 { #expect(Array(few.images[image]).firstIndex(of: 255) == 990 + image) }
    #expect(few.remarks == [.note("not read: 'metadata' (Python objects, which are not read)")])
    let shuffled = try load(Selection(digits: [2], count: 40, shuffle: 3)), places = try #require(shuffled.factors)
    for image in 0..<40 {
      let row = Array(places[image]), place = Int(row[3]) + 50 * Int(row[4])
      #expect(Array(shuffled.images[image]).firstIndex(of: 255) == place % block && shuffled.labels?[image] == 2)
    }
    #expect(try load(Selection(each: 2)).labels == [0, 1, 2, 0, 1, 2])
    let varied = try load(Selection(vary: "posY"))
    #expect(varied.count == 1000 && varied.factors?.column("posY")?.prefix(3) == [0, 3, 6])
    #expect(Machine.peakMemory - before < 300 << 20)
  }

  @Test("What is none of dSprites says so")
  func wrongSprites() {
    #expect(
      error { _ = try load(dSprites(2, values: [Double](repeating: 1, count: 6), rows: 1)) }?.contains(
        "rows of factors") == true)
    #expect(error { _ = try load(dSprites(1, values: [1, 4, 1, 1, 1, 1])) }?.contains("shape 1 to 3") == true)
    #expect(error { _ = try load(dSprites(1, values: [1, 1, .nan, 1, 1, 1])) }?.contains("numbers") == true)
    let narrow = [dSprites(1)[0], NamedArray("latents_values", shape: [1, 5], .doubles([1, 1, 1, 1, 1]))]
    #expect(error { _ = try load(narrow) }?.contains("images × 6: color, shape") == true)
  }
}
