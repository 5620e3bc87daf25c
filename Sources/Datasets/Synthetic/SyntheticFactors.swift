import BVAEArrays
import BVAEPlatform

/// Which images are drawn.
public struct SyntheticWish: Sendable {
  /// The labels wanted and how many images; without a number there are `SyntheticData.usualCount`. The seed of
  /// `shuffle` is that of the draws; nil for the order of the grid, which only what has a grid has.
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
    return try choose(wish, side ?? usualSide)
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
}
