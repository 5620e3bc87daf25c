import BVAECPU
import BVAEDatasets
import BVAEPlatform
import Testing

@Suite("Transformed images")
struct TransformationTests {
  private let workers = Workers(count: 2)

  private func dataset(_ images: ByteImages, labels: [UInt8]? = nil, split: Split? = nil) throws -> Dataset {
    try Dataset(name: "pictures", split: split, images: images, labels: labels, origin: "a test", licence: "none")
  }

  /// Strokes of several lengths on black.
  private func strokes(_ count: Int, side: Int = 16) -> ByteImages {
    let bytes = (0..<count).flatMap { image in
      (0..<side * side).map { place -> UInt8 in
        let row = place / side, column = place % side
        return (5...6).contains(column) && (2..<6 + image % 9).contains(row) ? UInt8(120 + image % 120) : 0
      }
    }
    return ByteImages(shape: ImageShape(height: side, width: side, planes: 1), bytes: bytes)
  }

  private let wish = TransformationWish([.rotation: -30...30, .scale: 0.7...1.3], times: 3, seed: 5)

  @Test(
    "Images are those that SciPy and Pillow make, within one level of 255",
    arguments: [("images", "", 1), ("color", "color_", 3)])
  func values(images: String, prefix: String, planes: Int) throws {
    let archive = try NumPyArchive(Fixture.bytes("transformations.npz"))
    func array(_ name: String) throws -> (values: [Double], shape: [Int]) {
      var reader = try #require(try archive.array(name))
      return (try reader.numbers(most: 1 << 20), reader.header.shape)
    }
    let (bytes, shape) = try array(images), (cases, caseShape) = try array("\(prefix)values")
    let (expected, _) = try array("\(prefix)expected")
    let data = try dataset(
      ByteImages(
        shape: ImageShape(height: shape[1], width: shape[2], planes: planes), bytes: bytes.map { UInt8($0) }))
    var off = 0
    for number in 0..<caseShape[0] {
      let row = cases[number * 3..<number * 3 + 3].map { Float($0) }
      let made = try data.transformed(
        TransformationWish([.rotation: row[0]...row[0], .scale: row[1]...row[1], .thickness: row[2]...row[2]]),
        workers: workers)
      #expect(made.factors.map { Array($0[0]) } == row + [0])
      let wanted = expected[number * bytes.count..<(number + 1) * bytes.count]
      let distances = zip(made.images.bytes, wanted).map { abs(Int($0) - Int($1)) }
      #expect(distances.allSatisfy { $0 <= 1 }, "\(row): up to \(distances.max() ?? 0)")
      off += distances.count { $0 > 0 }
    }
    // Ties in rounding alone.
    #expect(off * 500 < expected.count, "\(off) of \(expected.count)")
  }

  @Test("Values are drawn evenly from their ranges, and are the factors with the image that they were drawn for")
  func factors() throws {
    let images = strokes(400), labels = (0..<400).map { UInt8($0 % 10) }
    let data = try dataset(images, labels: labels, split: .test).transformed(wish, workers: workers)
    #expect(data.count == 1200 && data.name == "Transformed pictures" && data.split == .test)
    #expect(data.labels == labels.flatMap { [$0, $0, $0] } && data.labelFactor == nil && data.synthetic == nil)
    #expect(data.origin == "a test; each image transformed by bvae-script: rotation -30 to 30, scale 0.7 to 1.3")
    let table = try #require(data.factors)
    #expect(table.factors.map(\.name) == ["rotation", "scale", "image"])
    #expect(table.factors[2].expectation == "0, 1, 2, … or 399")
    #expect(table.column("image") == (0..<1200).map { Float($0 / 3) })
    for (name, range) in [("rotation", -30...30 as ClosedRange<Float>), ("scale", 0.7...1.3)] {
      let values = try #require(table.column(name)), width = range.upperBound - range.lowerBound
      #expect(values.allSatisfy(range.contains) && Set(values).count > 1190)
      for part in 0..<4 {
        let share = values.count { Int(($0 - range.lowerBound) / width * 4) == part }
        #expect((240...360).contains(share), "\(name): \(share)")
      }
    }
    // The same seed gives the same values, also for fewer kinds and on other threads; another gives others.
    let one = try dataset(images).transformed(
      TransformationWish([.scale: 0.7...1.3], times: 3, seed: 5), workers: Workers(count: 1))
    #expect(one.factors?.column("scale") == table.column("scale"))
    let same = try dataset(images, labels: labels).transformed(wish, workers: Workers(count: 1))
    #expect(same.differences(from: data).isEmpty)
    var other = wish
    other.seed = 6
    #expect(try dataset(images).transformed(other, workers: workers).factors != table)
    // Nothing is done by what does nothing.
    let still = TransformationWish([.rotation: 0...0, .scale: 1...1, .thickness: 0...0])
    #expect(try dataset(images).transformed(still, workers: workers).images == images)
  }

  @Test("One transformation goes over its range in equal steps while an image's other values stay")
  func vary() throws {
    var steps = wish
    (steps.vary, steps.times) = (.rotation, 5)
    let data = try dataset(strokes(7)).transformed(steps, workers: workers), table = try #require(data.factors)
    #expect(table.column("rotation") == (0..<35).map { Float($0 % 5) * 15 - 30 })
    let scales = try #require(table.column("scale"))
    #expect(Set(scales).count == 7 && (0..<35).allSatisfy { scales[$0] == scales[$0 / 5 * 5] })
    let line = try data.choosing(Selection(conditions: [FactorCondition("image", .numbers([3]))], vary: "rotation"))
    #expect(line.factors?.column("rotation") == [-30, -15, 0, 15, 30] && line.factors?.column("image")?.first == 3)
  }

  @Test("A .npz keeps images, factors and originals, of which batches are made as before")
  func saved() throws {
    let data = try dataset(strokes(20)).transformed(wish, workers: workers)
    let bytes = try NumPyArchiveFile.encoded(data.arrays)
    let opened = try DataLibrary.load(bytes: bytes, name: "f.npz")
    #expect(opened.differences(from: data).isEmpty && opened.factors == data.factors && opened.remarks.isEmpty)
    var generator = RandomGenerator(seed: 1, stream: .variation), again = generator
    let names = ["scale", "image"]
    let batch = try data.varied(names, workers: workers).images(varying: 0, like: 7, count: 9, using: &generator)
    #expect(
      try opened.varied(names, workers: workers).images(varying: 0, like: 7, count: 9, using: &again) == batch)
    // Of a slice the values and originals are those of the slice.
    let slice = try opened[30..<60]
    #expect(Set(try #require(slice.factors?.column("image"))) == Set((10..<20).map(Float.init)))
    // Damaged values are refused, and images that are none of the originals' are not transformed anew.
    func damaged(_ change: (inout [Float]) -> Void) throws -> [UInt8] {
      var values = try #require(data.factors).values
      change(&values)
      let arrays = data.arrays.map { array in
        array.name == "factor_values"
          ? NamedArray(array.name, shape: [60, 3], .floats(values)) : array
      }
      return try NumPyArchiveFile.encoded(arrays)
    }
    #expect(Fixture.mistake(try damaged { $0[5] = 20 })?.contains("expected 0, 1, 2") == true)
    #expect(Fixture.mistake(try damaged { $0[0] = 91 })?.contains("expected -90 to 90") == true)
    let others = try DataLibrary.load(bytes: try damaged { $0[0] = 89 }, name: "f")
    #expect(throws: VariationError.self) { try others.varied(["scale"], workers: workers) }
  }

  @Test("Of joined transformed images the originals are numbered through")
  func joined() throws {
    let first = try dataset(strokes(6)).transformed(wish, workers: workers)
    var other = wish
    other.seed = 9
    let second = try dataset(strokes(9)).transformed(other, workers: workers)
    let both = try Dataset.joined([first, second]), table = try #require(both.factors)
    #expect(table.column("image") == (0..<45).map { Float($0 / 3) } && table.originals?.count == 15)
    #expect(try both.varied(["rotation"], workers: workers).hasOthers)
    // With images of which no original is known there are no factors.
    let plain = try dataset(strokes(3))
    #expect(try Dataset.joined([first, plain]).factors == nil)
  }

  @Test("Factors that are no longer true are told, and what cannot be done is refused in words")
  func refused() throws {
    let sprites = SyntheticData.sprites,
      chosen = SyntheticWish(selection: Selection(count: 9, shuffle: 1), split: .train)
    let shapes = try sprites.dataset(of: sprites.factors(chosen), split: .train, side: 16, workers: workers)
    let turned = try shapes.transformed(wish, workers: workers)
    #expect(turned.remarks.map(\.text).first?.contains("'scale', 'orientation', 'x' and 'y', are not those") == true)
    #expect(turned.synthetic == shapes.synthetic && turned.labels?.count == 27)
    #expect(try turned.transformed(wish, workers: workers).name == "Transformed Synthetic sprites")
    let data = try dataset(strokes(3))
    func message(_ wish: TransformationWish, _ data: Dataset) throws -> String {
      "\(try #require(throws: TransformationError.self) { try data.transformed(wish, workers: workers) })"
    }
    #expect(try message(TransformationWish([:]), data).contains("rotation, scale or thickness"))
    #expect(
      try message(TransformationWish([.rotation: -120...0]), data)
        == "rotation is from -120 to 0; expected values within -90 to 90")
    #expect(try message(TransformationWish([.scale: 0...1]), data).contains("within 0.25 to 4"))
    #expect(try message(TransformationWish([.scale: 1...1], times: 3, vary: .scale), data).contains("one value"))
    #expect(try message(TransformationWish([.scale: 1...2], times: 3, vary: .rotation), data).contains("one value"))
    #expect(try message(TransformationWish([.scale: 1...2], times: 0), data).contains("expected 1 or more"))
    #expect(try message(TransformationWish([.scale: 1...2], times: 1, vary: .scale), data).contains("2 or more"))
    #expect(try message(TransformationWish([.scale: 1...2], times: .max), data).contains("more than the"))
    #expect(try message(wish, data.selecting([])).contains("no images"))
  }
}
