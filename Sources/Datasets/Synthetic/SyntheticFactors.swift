import BVAEArrays
import BVAEPlatform

/// Which images are drawn.
public struct SyntheticWish: Sendable {
  /// The labels wanted and how many images; without a number there are `SyntheticData.usualCount`. The seed of
  /// `shuffle` is that of the draws; nil for the order of the grid, which only sprites have.
  public var selection: Selection
  /// Training and test images share no image; nil for both, which only the grid has.
  public var split: Split?

  /// A wish.
  public init(selection: Selection, split: Split?) {
    self.selection = selection
    self.split = split
  }
}

extension SyntheticData {
  /// How many images are drawn where no number is said.
  public static let usualCount = 2000

  /// The factors of the images wanted.
  /// - Parameter side: the size that they are meant for, by which their number is bounded.
  /// - Throws: `SelectionError`, `SyntheticError`.
  public func factors(_ wish: SyntheticWish, side: Int? = nil) throws -> FactorTable {
    var wish = wish
    wish.selection = try wish.selection.resolved(classes)
    try wish.selection.validate(hasLabels: true)
    switch self {
    case .sprites: return try spriteFactors(wish, side: side ?? usualSide)
    case .streets:
      if let wrong = wish.selection.digits?.first(where: { !(0...9).contains($0) }) {
        throw SelectionError.digit(wrong)
      }
      return try streetFactors(wish, side: side ?? usualSide)
    }
  }

  /// The first image of a wish again and again, but for one factor, which goes over all of its range.
  /// - Throws: `SelectionError`, `SyntheticError.noSuchFactor`.
  public func factors(varying name: String, of wish: SyntheticWish) throws -> FactorTable {
    guard let place = factors.firstIndex(where: { $0.name == name }) else {
      throw SyntheticError.noSuchFactor(name, factors.map(\.name))
    }
    let count = wish.selection.count ?? 12
    try check(count: count, side: usualSide)
    var first = wish
    first.selection.count = 1
    let table = try factors(first)
    let values = distributions[place].steps(count).flatMap { value in
      var row = Array(table[0])
      row[place] = value
      return row
    }
    return FactorTable(
      factors: factors, count: count, values: values,
      seeds: table.seeds.map { [UInt32](repeating: $0[0], count: count) })
  }

  private func spriteFactors(_ wish: SyntheticWish, side: Int) throws -> FactorTable {
    let places = (0..<Sprites.total).filter { Sprites.split(at: $0) == wish.split ?? Sprites.split(at: $0) }
    let labels = places.map { UInt8($0 / (Sprites.total / Sprites.extents[0])) }
    var selection = wish.selection
    if selection.count == nil && selection.each == nil && selection.shuffle != nil { selection.count = Self.usualCount }
    let chosen = try selection.places(among: places.count, labels: labels, classes: classes)
    try check(count: chosen.count, side: side)
    return FactorTable(factors: factors, count: chosen.count, values: chosen.flatMap { Sprites.values(at: places[$0]) })
  }

  private func streetFactors(_ wish: SyntheticWish, side: Int) throws -> FactorTable {
    let digits = wish.selection.digits.map { Array(Set($0)).sorted() } ?? Array(0...9), each = wish.selection.each
    // `each` takes the digits in turn, and skips as many of every one.
    let count = each.map { $0 * digits.count } ?? wish.selection.count ?? Self.usualCount
    let first = each == nil ? wish.selection.skip : wish.selection.skip * digits.count
    try check(count: count, side: side)
    guard first + count <= Selection.most else { throw SyntheticError.tooFar(self, skip: wish.selection.skip) }
    let distributions = distributions
    var values: [Float] = [], seeds: [UInt32] = []
    values.reserveCapacity(count * distributions.count)
    for image in first..<first + count {
      var generator = RandomGenerator(
        seed: wish.selection.shuffle ?? 0, stream: wish.split == .test ? .testDraw : .trainingDraw, index: image)
      var row = distributions.map { $0.value(at: generator.uniform()) }
      // The digit is drawn among those wanted; whichever they are, the image's other factors are the same.
      let share = Int(row[0]) * digits.count / 10
      row[0] = Float(digits[each == nil ? share : image % digits.count])
      values += row
      // Even seeds are for training, odd ones for testing: no image is drawn of both.
      seeds.append(UInt32(truncatingIfNeeded: generator.next()) & ~1 | (wish.split == .test ? 1 : 0))
    }
    return FactorTable(factors: factors, count: count, values: values, seeds: seeds)
  }
}

extension Sprites {
  /// The part that a place of the grid belongs to: one of ten, the same ones always, is for testing.
  static func split(at place: Int) -> Split {
    RandomGenerator(seed: 0, stream: .testDraw).block(at: UInt64(place)).x % 10 == 0 ? .test : .train
  }
}
