import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Batches in which one factor varies")
struct VariationTests {
  private let workers = Workers(count: 2)

  private func drawn(_ data: SyntheticData, _ count: Int, split: Split = .train, side: Int = 16) throws -> Dataset {
    let wish = SyntheticWish(selection: Selection(count: count, shuffle: 4), split: split)
    return try data.dataset(of: data.factors(wish), split: split, side: side, workers: workers)
  }

  /// Every combination of the values of three factors, as images of three bytes beside a fourth.
  private func grid(_ extents: [Int], without lone: Set<Int> = []) throws -> Dataset {
    var values: [Float] = [], bytes: [UInt8] = []
    for place in 0..<extents.reduce(1, *) where !lone.contains(place) {
      let row = [place / (extents[1] * extents[2]), place / extents[2] % extents[1], place % extents[2]]
      values += row.map(Float.init)
      bytes += row.map { UInt8($0) } + [7]
    }
    let factors = zip(["a", "b", "c"], extents).map { Factor($0, "", .continuous(0...Float($1))) }
    return try Dataset(
      name: "grid", split: nil, images: ByteImages(rows: 2, columns: 2, bytes: bytes), labels: nil, origin: "",
      licence: "", factors: FactorTable(factors: factors, count: values.count / 3, values: values))
  }

  /// Checks batches of each of some factors, and of all else.
  private func check(_ data: Dataset, _ names: [String], isOfData: Bool) throws {
    let varied = try data.varied(names, workers: workers), table = try #require(data.factors)
    #expect(varied.factors == names && varied.count == data.count && varied.shape == data.images.shape)
    for factor in names.indices.map(Optional.init) + (varied.hasOthers ? [nil] : []) {
      var varying: Set<String> = []
      for image in stride(from: 0, to: data.count, by: 1 + data.count / 12) {
        var generator = RandomGenerator(seed: 1, stream: .variation, index: image), again = generator
        let batch = varied.batch(varying: factor, like: image, count: 24, using: &generator)
        let images = try data.varied(names, workers: Workers(count: 1)).images(
          varying: factor, like: image, count: 24, using: &again)
        #expect(images == batch.images && batch.table.count == 24)
        for column in batch.table.factors {
          let values = try #require(batch.table.column(column.name)), own = try #require(table.column(column.name))
          if Set(values).count > 1 { varying.insert(column.name) }
          #expect(Set(values).isSubset(of: own), "\(column.name) has values that the data do not have")
          let stays = factor.map { names[$0] != column.name } ?? names.contains(column.name)
          if stays { #expect(Set(values) == [own[image]], "\(column.name) should stay") }
        }
        if factor != nil, let seeds = batch.table.seeds { #expect(Set(seeds) == [table.seeds![image]]) }
        guard isOfData else { continue }
        let rows = (0..<table.count).map { Array(table[$0]) }
        for place in 0..<24 {
          let found = rows.indices.filter { rows[$0] == Array(batch.table[place]) }
          #expect(found.contains { data.images[$0] == batch.images[place] })
        }
      }
      #expect(factor.map { varying == [names[$0]] } ?? varying.isDisjoint(with: names))
      #expect(!varying.isEmpty || factor == nil)
    }
  }

  @Test("Of drawn images exactly the factor varies, and of all else what no name says", arguments: SyntheticData.all)
  func drawings(data: SyntheticData) throws {
    let names = data.rawValue == "sprites" ? ["scale", "y"] : ["size", "digit", "light direction"]
    for split in [Split.train, .test] {
      let images = try drawn(data, 60, split: split)
      try check(images, names, isOfData: false)
    }
    // The images are those of their factors, and training images never become test images.
    let images = try drawn(data, 60), varied = try images.varied([data.factors[0].name], workers: workers)
    for factor in [0, nil] {
      var generator = RandomGenerator(seed: 2, stream: .variation)
      let batch = varied.batch(varying: factor, like: 9, count: 40, using: &generator)
      #expect(try data.dataset(of: batch.table, side: 16, workers: workers).images == batch.images)
      if let seeds = batch.table.seeds {
        #expect(seeds.allSatisfy { $0 & 1 == 0 } && (Set(seeds).count > 1) == (factor == nil))
      } else {
        let test = try data.factors(SyntheticWish(selection: Selection(), split: .test))
        let rows = Set((0..<test.count).map { Array(test[$0]) })
        #expect((0..<40).allSatisfy { !rows.contains(Array(batch.table[$0])) })
      }
    }
  }

  @Test("Of other images with factors those are chosen that share all others")
  func groups() throws {
    try check(grid([3, 4, 5]), ["b", "c"], isOfData: true)
    try check(grid([3, 4, 5], without: [7, 30]), ["a"], isOfData: true)
    let all = try grid([3, 4, 5]).varied(["a", "b", "c"], workers: workers)
    #expect(!all.hasOthers)
    // Resized, drawn images are no longer those that would be drawn.
    let large = try drawn(.sprites, 1, side: 32), table = try #require(large.factors)
    #expect(throws: VariationError.constant("x")) { try large.varied(["x"], workers: workers) }
    let values = (0..<8).flatMap { step in table.values.dropLast(2) + [Float(step) / 31, table.values[4]] }
    let row = FactorTable(factors: table.factors, count: 8, values: values)
    let drawn = try SyntheticData.sprites.dataset(of: row, side: 32, workers: workers)
    let inverted = try Dataset(
      name: "inverted", split: nil,
      images: ByteImages(rows: 32, columns: 32, bytes: drawn.images.bytes.map { 255 - $0 }), labels: nil, origin: "",
      licence: "", factors: row, synthetic: drawn.synthetic)
    try check(inverted, ["x"], isOfData: true)
  }

  @Test("Of transformed images one transformation varies, or the image that is transformed, from originals of the data")
  func transformed() throws {
    let all = try drawn(.sprites, 40)
    let plain = try Dataset(name: "plain", split: .train, images: all.images, labels: nil, origin: "", licence: "")
    let wish = TransformationWish([.rotation: -40...40, .scale: 0.6...1.4, .thickness: -1...1], times: 2, seed: 3)
    let images = try plain.transformed(wish, workers: workers)
    for names in [["rotation", "scale"], ["thickness"], ["image"], ["rotation", "scale", "thickness", "image"]] {
      try check(images, names, isOfData: false)
      #expect(try images.varied(names, workers: workers).hasOthers == (names.count < 4))
    }
    // Of a part of the images no other original is taken.
    let part = try images.choosing(Selection(conditions: [FactorCondition("image", .range(10...19))]))
    var generator = RandomGenerator(seed: 2, stream: .variation)
    let batch = try part.varied(["scale"], workers: workers).batch(
      varying: nil, like: 3, count: 200, using: &generator)
    #expect(Set(try #require(batch.table.column("image"))) == Set((10..<20).map(Float.init)))
    // Batches are those of their values.
    let again = try plain.selecting([Int(batch.table[0].last!)]).transformed(
      TransformationWish([
        .rotation: batch.table[0][0]...batch.table[0][0], .scale: batch.table[0][1]...batch.table[0][1],
        .thickness: batch.table[0][2]...batch.table[0][2],
      ]), workers: workers)
    #expect(Array(again.images[0]) == Array(batch.images[0]))
    #expect(images.variationFingerprint != part.variationFingerprint)
    // Resized they are no longer those of their originals.
    let bytes = try NumPyArchiveFile.encoded(images.arrays)
    let size = Fitting.Size(height: 12, width: 12)
    let resized = try DataLibrary.load(bytes: bytes, name: "f", options: LoadOptions(fitting: Fitting(size: size)))
    #expect(throws: VariationError.self) { try resized.varied(["scale"], workers: workers) }
  }

  @Test("What cannot be varied is refused in words")
  func refused() throws {
    let sprites = try drawn(.sprites, 20)
    func message(_ data: Dataset, _ names: [String]) throws -> String {
      "\(try #require(throws: VariationError.self) { try data.varied(names, workers: workers) })"
    }
    #expect(try message(sprites, ["x", "z"]).contains("no factor 'z'; expected one of 'shape', 'scale'"))
    let plain = try Dataset(name: "plain", split: nil, images: sprites.images, labels: nil, origin: "", licence: "")
    #expect(try message(plain, ["x"]).contains("the factors of plain are not known"))
    // Of five values of the last factor one is left, but once two.
    let most = Set((0..<60).filter { $0 % 5 != 4 && $0 != 3 })
    #expect(try message(grid([3, 4, 5], without: most), ["c"]).contains("only 2 of 13 images have another one beside"))
    #expect(sprites.variationFingerprint != plain.variationFingerprint)
  }
}
