import BVAEArrays
import BVAEPlatform

extension Dataset {
  /// These images, each turned, scaled and thickened by values that are drawn for it, which are its factors together with
  /// the image that it was; versions of one image stand together. Factors that were known before are known no longer.
  /// - Parameter goOn: called now and then; what it throws ends the work.
  /// - Throws: `TransformationError`.
  public func transformed(
    _ wish: TransformationWish, workers: Workers, goOn: () throws -> Void = {}
  ) throws -> Dataset {
    let kinds = Transformation.allCases.filter { wish.ranges[$0] != nil }
    try check(wish)
    var values: [Float] = []
    values.reserveCapacity(count * wish.times * (kinds.count + 1))
    for image in 0..<count {
      var generator = RandomGenerator(seed: wish.seed, stream: .transformation, index: image)
      var own: [Transformation: Float] = [:]
      for step in 0..<wish.times {
        if step == 0 || wish.vary == nil {
          // All kinds, so that one more wish changes no other's values.
          for kind in Transformation.allCases {
            let share = generator.uniform()
            own[kind] = wish.ranges[kind].map { Self.value(of: $0, at: share) }
          }
        }
        if let kind = wish.vary, let range = wish.ranges[kind] {
          own[kind] = Self.value(of: range, at: Double(step) / Double(max(1, wish.times - 1)))
        }
        values += kinds.map { own[$0] ?? 0 } + [Float(image)]
      }
    }
    let table = FactorTable(
      factors: kinds.map(\.factor) + [Transformation.imageFactor(count)], count: count * wish.times, values: values,
      originals: images)
    let words = kinds.map { kind in "\(kind.rawValue) \(wish.ranges[kind].map(TransformationError.words) ?? "")" }
    let lost = factors?.factors.map { "'\($0.name)'" } ?? []
    return try Dataset(
      name: name.hasPrefix("Transformed") ? name : "Transformed \(name)", split: split,
      images: try table.transformed(images.shape, workers: workers, goOn: goOn) ?? images,
      labels: labels.map { all in all.flatMap { [UInt8](repeating: $0, count: wish.times) } },
      origin: "\(origin); each image transformed by bvae-script: \(words.joined(separator: ", "))", licence: licence,
      classes: classes, hasDigits: hasDigits, factors: table, synthetic: synthetic,
      remarks: lost.isEmpty
        ? [] : [.note("the factors of \(name), \(lost.listed("and")), are not those of the transformed images")],
      options: options)
  }

  /// Tells a wish that makes no sense before anything is done.
  private func check(_ wish: TransformationWish) throws(TransformationError) {
    guard count > 0 else { throw .noImages }
    guard !wish.ranges.isEmpty else { throw .nothing }
    for kind in Transformation.allCases {
      guard let range = wish.ranges[kind] else { continue }
      guard kind.range.contains(range.lowerBound), kind.range.contains(range.upperBound) else {
        throw .range(kind, range)
      }
    }
    if let kind = wish.vary {
      guard let range = wish.ranges[kind], range.lowerBound < range.upperBound else { throw .nothingVaries(kind) }
    }
    let least = wish.vary == nil ? 1 : 2
    guard wish.times >= least else { throw .times(wish.times, least: least) }
    let limit = Limits.memory
    let (bytes, overflow) = (images.count * images.shape.count).multipliedReportingOverflow(by: wish.times)
    guard !overflow, bytes <= limit else { throw .memory(bytes: overflow ? .max : bytes, limit: limit) }
  }

  private static func value(of range: ClosedRange<Float>, at share: Double) -> Float {
    let low = Double(range.lowerBound), value = Float(low + (Double(range.upperBound) - low) * share)
    return min(max(value, range.lowerBound), range.upperBound)
  }
}

extension FactorTable {
  /// The place of the factor that tells which image was transformed; nil where there is none.
  private var imageColumn: Int? { factors.firstIndex { $0.name == Transformation.image } }

  /// Tables with the originals of all of them, numbered through; without any where not all have some of one size.
  static func sharingOriginals(_ tables: [FactorTable]) -> [FactorTable] {
    let originals = tables.compactMap(\.originals)
    guard let shape = originals.first?.shape else { return tables }
    guard originals.count == tables.count, originals.allSatisfy({ $0.shape == shape }) else {
      return tables.map { FactorTable(factors: $0.factors, count: $0.count, values: $0.values, seeds: $0.seeds) }
    }
    let all = ByteImages(shape: shape, bytes: originals.flatMap(\.bytes))
    var before = 0
    return zip(tables, originals).map { table, own in
      defer { before += own.count }
      var factors = table.factors, values = table.values
      if let column = table.imageColumn {
        factors[column] = Transformation.imageFactor(all.count)
        for place in stride(from: column, to: values.count, by: factors.count) { values[place] += Float(before) }
      }
      return FactorTable(factors: factors, count: table.count, values: values, seeds: table.seeds, originals: all)
    }
  }

  /// The images of the table, made of their originals; nil where these are not known, or not of this size.
  /// - Parameter goOn: called now and then; what it throws ends the work.
  func transformed(
    _ shape: ImageShape, workers: Workers, goOn: () throws -> Void
  ) rethrows -> ByteImages? {
    guard let originals, originals.shape == shape, let image = imageColumn else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * shape.count)
    try workers.makeImages(count, size: shape.count, part: 8, goOn: goOn) { row, own in
      let values = self[row]
      ImageTransformation(factors, values).add(originals[Int(values[values.startIndex + image])], shape, to: &own)
    } take: {
      bytes += $0
    }
    return ByteImages(shape: shape, bytes: bytes)
  }
}

/// Batches with one varying factor, of images that were transformed: an image's factors are taken, one of them or all
/// others get the values that other images of the data have, and the original that the values name is transformed anew.
/// So no image is in a batch whose original is in another part of the data.
struct VariedTransformations: VariedFactors {
  let factors: [String]
  let count: Int
  let shape: ImageShape
  private let table: FactorTable
  private let workers: Workers
  /// The columns of `factors`, and those of all others that vary.
  private let columns: [Int], others: [Int]

  /// Nil where the images are not those that would be made of the originals: resized, or of other data.
  /// - Parameters:
  ///   - table: the dataset's factors.
  ///   - columns: the places in the table of those to vary.
  init?(_ dataset: Dataset, _ table: FactorTable, _ columns: [Int], _ workers: Workers) {
    shape = dataset.images.shape
    let samples = [0, dataset.count / 2, dataset.count - 1]
    guard table.originals != nil, dataset.count > 0,
      table.selecting(samples).transformed(shape, workers: workers, goOn: {}) == dataset.images.selecting(samples)
    else { return nil }
    self.table = table
    self.workers = workers
    self.columns = columns
    count = dataset.count
    factors = columns.map { table.factors[$0].name }
    others = table.factors.indices.filter { !columns.contains($0) && table.varies($0) }
  }

  var hasOthers: Bool { !others.isEmpty }

  func batch(
    varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
  ) -> (images: ByteImages, table: FactorTable) {
    let redrawn = factor.map { [columns[$0]] } ?? others
    var values: [Float] = []
    for _ in 0..<count {
      var row = Array(table[image])
      for column in redrawn { row[column] = table.values[generator.index(below: table.count) * row.count + column] }
      values += row
    }
    let batch = FactorTable(factors: table.factors, count: count, values: values, originals: table.originals)
    return (batch.transformed(shape, workers: workers, goOn: {}) ?? ByteImages(shape: shape), batch)
  }
}
