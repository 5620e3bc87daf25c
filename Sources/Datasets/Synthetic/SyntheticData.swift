import BVAEArrays
import BVAEPlatform

/// Images that the program draws, so that what varies in them is known. A seed gives the same bits on every machine and
/// any number of threads: only +, −, ×, ÷ and square roots are used, which IEEE 754 fixes to the last bit.
///
/// Another kind is a value like `sprites` in a file of its own and a line in `all`.
public struct SyntheticData: RawRepresentable, Hashable, Sendable {
  /// The word for it in scripts.
  public let rawValue: String
  /// Pixels along each side of an image unless said otherwise.
  public let usualSide: Int
  /// What a dataset of it says about its origin.
  public let origin: String
  /// 1 for grey images, 3 for colour.
  let planes: Int
  /// The factors and how their values are spread; labels are the values of the first one.
  let distributions: [Distribution]
  /// Whether labels have the names of the first factor's kinds; else they are digits.
  let namesClasses: Bool
  /// Whether images need a seed besides their factors, for grain and noise.
  let needsSeeds: Bool
  /// Whether the images have an order of their own, in which they are drawn where there is no seed.
  public let hasGrid: Bool
  /// The factors of the images wanted, of a size by which their number is bounded.
  let choose: @Sendable (_ wish: SyntheticWish, _ side: Int) throws -> FactorTable
  /// Adds an image, [side, side, planes], of one row of factors to bytes.
  let draw: @Sendable (_ values: ArraySlice<Float>, _ seed: UInt32, _ side: Int, _ bytes: inout [UInt8]) -> Void

  /// The part that an image of one row of factors belongs to; nil where factors do not say.
  let part: @Sendable (_ values: ArraySlice<Float>) -> Split?

  /// All of them.
  public static let all: [SyntheticData] = [
    .sprites,
    .streets,
  ]

  init(
    _ word: String, side: Int, planes: Int, origin: String, distributions: [Distribution], namesClasses: Bool = false,
    needsSeeds: Bool = false, hasGrid: Bool = false,
    choose: @escaping @Sendable (SyntheticWish, Int) throws -> FactorTable,
    draw: @escaping @Sendable (ArraySlice<Float>, UInt32, Int, inout [UInt8]) -> Void,
    part: @escaping @Sendable (ArraySlice<Float>) -> Split? = { _ in nil }
  ) {
    (rawValue, usualSide, self.origin, self.planes) = (word, side, origin, planes)
    (self.distributions, self.namesClasses, self.needsSeeds) = (distributions, namesClasses, needsSeeds)
    (self.hasGrid, self.choose, self.draw, self.part) = (hasGrid, choose, draw, part)
  }

  /// The kind of a word in scripts; nil where there is none.
  public init?(rawValue: String) {
    guard let data = Self.all.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = data
  }

  /// Kinds are told apart by their words.
  public static func == (a: SyntheticData, b: SyntheticData) -> Bool { a.rawValue == b.rawValue }

  /// See `==`.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

  /// What people call it; every title made of it thereby says what it is.
  public var name: String { "Synthetic \(rawValue)" }

  /// The factors, of which the first is the label.
  public var factors: [Factor] { distributions.map(\.factor) }

  /// The licence of all drawn images.
  public static let licence = "synthetic, made by this program; no rights reserved"

  /// What labels stand for, where they are more than digits.
  public var classes: [String]? {
    guard namesClasses, case .categorical(let names) = factors.first?.kind else { return nil }
    return names
  }

  func shape(side: Int) -> ImageShape { ImageShape(height: side, width: side, planes: planes) }

  /// The most bytes of images that are drawn at once.
  public static let largest = 1 << 31
  /// The sides of drawn images, multiples of 4, which every network takes.
  public static let sides = 8...128

  /// Draws the images of a table.
  /// - Parameters:
  ///   - table: the factors, those of `factors` in any order, and the seeds.
  ///   - side: pixels along each side; nil for `usualSide`.
  ///   - planes: 1 for grey, 3 for colour; nil for what the data have.
  ///   - goOn: called now and then; what it throws ends the drawing.
  /// - Throws: `SyntheticError` where the table is not of this kind of data or the images would be too many.
  public func dataset(
    of table: FactorTable, split: Split? = nil, side: Int? = nil, planes: Int? = nil, workers: Workers,
    goOn: () throws -> Void = {}
  ) throws -> Dataset {
    try Fitting(planes: planes).check()
    let side = side ?? usualSide
    try check(count: table.count, side: side)
    let table = try arranged(table)
    let images = try Fitting(planes: planes).fitted(drawn(table, side: side, workers: workers, goOn: goOn))
    return try Dataset(
      name: name, split: split, images: images, labels: (0..<table.count).map { UInt8(table[$0].first ?? 0) },
      origin: origin, licence: Self.licence, classes: classes, factors: table, synthetic: "synthetic \(rawValue)",
      remarks: [images.keepingRemark].compactMap { $0 })
  }

  /// Checks how much would be drawn, before it is.
  func check(count: Int, side: Int) throws(SyntheticError) {
    guard Self.sides.contains(side), side % 4 == 0 else { throw .side(side) }
    let most = Self.largest / shape(side: side).count
    guard count <= most else { throw .tooMany(self, count: count, side: side, most: most) }
  }

  /// The images of a table of this kind's own columns, of a side that `check` allows.
  func drawn(
    _ table: FactorTable, side: Int, workers: Workers, goOn: () throws -> Void
  ) throws -> ByteImages {
    let shape = shape(side: side)
    var collector = try ImageCollector(shape, count: table.count, storage: ImageStorage())
    try workers.makeImages(table.count, size: shape.count, part: 32, goOn: goOn) { image, own in
      draw(table[image], table.seeds?[image] ?? 0, side, &own)
    } take: {
      collector.pixels += $0
      try collector.store()
    }
    return try collector.images()
  }
}
