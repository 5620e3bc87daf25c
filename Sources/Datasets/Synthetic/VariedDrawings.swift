import BVAEArrays
import BVAEPlatform

/// Batches with one varying factor, of images that the program draws: an image's factors are taken, one of them or all
/// others get the values that other images of the data have, and the images are drawn anew.
struct VariedDrawings: VariedFactors {
  let factors: [String]
  let count: Int
  let shape: ImageShape
  private let data: SyntheticData
  private let table: FactorTable
  private let split: Split?
  private let workers: Workers
  /// The columns of `factors`, and all others.
  private let columns: [Int], others: [Int]
  /// How often values are drawn again that would make an image of the other part of the data.
  private static let tries = 100

  /// Nil where the images are not as the program draws them of their factors: of another kind, resized, of other data.
  /// - Parameters:
  ///   - table: the dataset's factors.
  ///   - columns: the places in the table of those to vary.
  init?(_ dataset: Dataset, _ table: FactorTable, _ columns: [Int], _ workers: Workers) {
    guard let data = SyntheticData.all.first(where: { dataset.synthetic == "synthetic \($0.rawValue)" }),
      let arranged = try? data.arranged(table), (try? data.check(count: 1, side: dataset.images.shape.height)) != nil
    else { return nil }
    self.data = data
    self.table = arranged
    self.workers = workers
    split = dataset.split
    shape = dataset.images.shape
    count = dataset.count
    factors = columns.map { table.factors[$0].name }
    let names = arranged.factors.map(\.name), own = factors.compactMap { names.firstIndex(of: $0) }
    self.columns = own
    others = names.indices.filter { !own.contains($0) && arranged.varies($0) }
    let samples = [0, count / 2, count - 1]
    guard drawn(arranged.selecting(samples)) == dataset.images.selecting(samples) else { return nil }
  }

  var hasOthers: Bool { !others.isEmpty || table.seeds != nil }

  func batch(
    varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
  ) -> (images: ByteImages, table: FactorTable) {
    let base = Array(table[image]), redrawn = factor.map { [columns[$0]] } ?? others
    var values: [Float] = [], seeds: [UInt32] = []
    for _ in 0..<count {
      values += row(base, redrawn, &generator)
      guard let seed = table.seeds?[image] else { continue }
      // The last bit tells training images from test images.
      seeds.append(factor == nil ? UInt32(truncatingIfNeeded: generator.next()) & ~1 | seed & 1 : seed)
    }
    let table = FactorTable(
      factors: table.factors, count: count, values: values, seeds: table.seeds == nil ? nil : seeds)
    return (drawn(table) ?? ByteImages(shape: shape), table)
  }

  /// A row of factors, some of them drawn anew, that is of the same part of the data, training or test.
  private func row(_ base: [Float], _ redrawn: [Int], _ generator: inout RandomGenerator) -> [Float] {
    for _ in 0..<Self.tries {
      var row = base
      for column in redrawn { row[column] = table.values[generator.index(below: table.count) * row.count + column] }
      guard let split, let found = data.part(row[...]), found != split else { return row }
    }
    return base
  }

  /// The images of a table; nil where they do not come out in the size of the data.
  private func drawn(_ table: FactorTable) -> ByteImages? {
    let drawn = try? data.drawn(table, side: shape.height, workers: workers) {}
    let fitted = drawn.flatMap { try? Fitting(planes: shape.planes).fitted($0) }
    return fitted?.shape == shape ? fitted : nil
  }
}
