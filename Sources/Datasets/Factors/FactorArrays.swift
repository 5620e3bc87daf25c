import BVAEArrays
import BVAEPlatform

extension Dataset {
  /// What a .npz file keeps of the factors, nothing where none are known: `factor_values` float32 [images × factors],
  /// `factor_names` [factors], `noise_seeds` [images] where images were drawn with them, `originals` uint8 [originals, rows,
  /// columns, planes] where they were transformed, and `synthetic` [1], what drawn images are called.
  var factorArrays: [NamedArray] {
    var arrays: [NamedArray] = []
    if let factors {
      let names = factors.factors.map(\.name)
      arrays.append(NamedArray("factor_values", shape: [factors.count, names.count], .floats(factors.values)))
      arrays.append(NamedArray("factor_names", shape: [names.count], .texts(names)))
      if let seeds = factors.seeds {
        arrays.append(NamedArray("noise_seeds", shape: [factors.count], .integers(seeds.map(Int64.init))))
      }
      if let originals = factors.originals {
        let shape = originals.shape
        arrays.append(
          NamedArray(
            "originals", shape: [originals.count, shape.height, shape.width, shape.planes], .bytes(originals.bytes)))
      }
    }
    if let synthetic { arrays.append(NamedArray("synthetic", shape: [1], .texts([synthetic]))) }
    return arrays
  }
}

extension NumPyArchive {
  /// The names of the arrays of `Dataset.factorArrays`, and that of the classes.
  private static let factorNames = [
    "factor_values", "factor_names", "noise_seeds", "originals", "synthetic", "classes",
  ]

  /// The archive's images: those of dSprites, or any others with what is known about them.
  /// - Parameter split: the part that was asked for, of an archive that has two.
  func images(_ split: Split?, _ options: LoadOptions) throws -> any ImageSource {
    if split == nil, names.contains("imgs") && names.contains("latents_values") { return try DSprites(self, options) }
    let images = try NumPyImages(archive: self, split: split, options: options, besides: Self.factorNames)
    let factors = try self.factors(), synthetic = try self.synthetic(), classes = try self.classes()
    return factors == nil && synthetic == nil && classes == nil
      ? images : KnownImages(images, factors: factors, synthetic: synthetic, classes: classes)
  }

  /// What the labels stand for, `classes`; nil where there is no such array of texts.
  private func classes() throws(FileProblem) -> [String]? {
    guard var array = try array("classes"), array.header.text != nil, array.header.shape.count == 1,
      (1...256).contains(array.header.shape[0])
    else { return nil }
    return try array.texts(most: 256)
  }

  /// The factors that `Dataset.factorArrays` describes, nil where there are none.
  /// - Throws: `FileProblem` where they are no such arrays or do not fit together.
  func factors() throws(FileProblem) -> FactorTable? {
    guard var values = try array("factor_values") else { return nil }
    guard var nameArray = try array("factor_names") else {
      throw missing("the factors' names, 'factor_names'")
    }
    let shape = values.header.shape, names = try nameArray.texts(most: 1000)
    guard shape.count == 2, shape[1] == names.count, !names.isEmpty, shape[0] <= Limits.images else {
      throw values.otherShape(expected: "images × factors, of which 'factor_names' has \(names.count)")
    }
    guard Set(names).count == names.count else {
      throw nameArray.failure("two of the names are the same", expected: "names that differ")
    }
    let numbers = try values.numbers(most: Limits.images * 32).map(Float.init)
    guard let bad = numbers.firstIndex(where: { !$0.isFinite }) else {
      let seeds = try seeds(shape[0])
      if let originals = try originals(), let factors = Transformation.factors(names, images: originals.count) {
        for (place, number) in numbers.enumerated() {
          let factor = factors[place % names.count]
          guard !factor.admits(number) else { continue }
          throw values.otherValue("\(number)", in: "image", place / names.count, expected: factor.expectation)
        }
        return FactorTable(factors: factors, count: shape[0], values: numbers, seeds: seeds, originals: originals)
      }
      return FactorTable(factors: factors(names, numbers), count: shape[0], values: numbers, seeds: seeds)
    }
    throw values.otherValue("\(numbers[bad])", in: "image", bad / names.count, expected: "numbers")
  }

  private func seeds(_ count: Int) throws(FileProblem) -> [UInt32]? {
    guard var array = try array("noise_seeds") else { return nil }
    let numbers = try array.numbers(most: Limits.images)
    guard numbers.count == count else {
      throw array.countsDiffer(images: count, other: "seeds", numbers.count)
    }
    var seeds: [UInt32] = []
    for (item, number) in numbers.enumerated() {
      guard let seed = UInt32(exactly: number) else {
        throw array.otherValue(
          number.formatted(digits: 12), in: "seed", item, expected: "whole numbers 0 to 4294967295")
      }
      seeds.append(seed)
    }
    return seeds
  }

  /// What transformed images were made of; nil where there is no such array.
  private func originals() throws(FileProblem) -> ByteImages? {
    guard var array = try array("originals") else { return nil }
    let (layout, number) = try array.imageLayout()
    var converter = PixelConverter(number, scale: nil)
    return try array.images(at: Array(0..<layout.count), storage: ImageStorage(), &converter)
  }

  /// What is known about factors of these names: those of drawn data by their declaration, others by their values.
  private func factors(_ names: [String], _ values: [Float]) -> [Factor] {
    for data in SyntheticData.all where Set(names) == Set(data.factors.map(\.name)) {
      return names.compactMap { name in data.factors.first { $0.name == name } }
    }
    return names.enumerated().map { place, name in
      let column = stride(from: place, to: values.count, by: names.count).map { values[$0] }
      return Factor(name, "as the file has it", .continuous((column.min() ?? 0)...(column.max() ?? 0)))
    }
  }

  /// What drawn images are called; a name that this program does not give is not repeated.
  private func synthetic() throws(FileProblem) -> String? {
    guard var array = try array("synthetic") else { return nil }
    let known = SyntheticData.all.map { "synthetic \($0.rawValue)" } + [DSprites.synthetic]
    let found = try array.texts(most: 16).first ?? ""
    return known.contains(found) ? found : "synthetic data"
  }
}

/// Images with factors.
private struct KnownImages: ImageSource {
  private var images: NumPyImages
  let factors: FactorTable?
  let synthetic: String?
  private let known: [String]?

  init(_ images: NumPyImages, factors: FactorTable?, synthetic: String?, classes: [String]?) {
    (self.images, self.factors, self.synthetic) = (images, factors, synthetic)
    known = classes ?? SyntheticData.all.first { synthetic == "synthetic \($0.rawValue)" }?.classes
  }

  var count: Int { images.count }
  var hasLabels: Bool { images.hasLabels }
  var remarks: [LoadRemark] { images.remarks }

  /// Names that labels themselves bring come before those of the archive.
  var classes: [String]? { images.classes ?? known }

  mutating func labels() throws -> [UInt8]? {
    if let factors, factors.count != images.count {
      throw images.countsDiffer(other: "rows of factors", factors.count)
    }
    return try images.labels()
  }

  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages {
    try images.images(at: places, storage: storage)
  }
}

extension DataLibrary {
  /// The factors in an .npz file that `save` wrote, and the size of its images where it has square ones.
  /// - Throws: `FileProblem`, or `SyntheticError.noFactors`.
  public static func factors(ofFile path: String) throws -> (table: FactorTable, side: Int?) {
    let bytes = try FileBytes(path: path)
    guard ZipArchive.recognises(try bytes.read(0..<4)) else { throw SyntheticError.noFactors(path) }
    return try FileProblem.naming(path) {
      let archive = try NumPyArchive(bytes)
      guard let table = try archive.factors() else { throw SyntheticError.noFactors(path) }
      let shape = try archive.array("images")?.header.shape ?? []
      return (table, shape.count > 2 && shape[1] == shape[2] ? shape[1] : nil)
    }
  }
}
