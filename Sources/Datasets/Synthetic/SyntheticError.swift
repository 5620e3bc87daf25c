import BVAEPlatform

/// Why images could not be drawn.
public enum SyntheticError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A size that the network does not take.
  case side(Int)
  /// More images than are drawn at once.
  case tooMany(SyntheticData, count: Int, side: Int, most: Int)
  /// Beyond the last image of a seed.
  case tooFar(SyntheticData, skip: Int)
  /// A factor that there is not, and those that there are.
  case noSuchFactor(String, [String])
  /// Images without factors of this kind: the factors that are missing.
  case missing(SyntheticData, [String])
  /// Factors that are known twice or unknown.
  case unexpected(SyntheticData, String)
  /// A file that has none.
  case noFactors(String)
  /// Factors without the seeds that the images need besides.
  case noSeeds(SyntheticData)
  /// A value outside its factor's range.
  case value(Float, image: Int, Factor)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .side(let side): "a side of \(side) pixels; expected a multiple of 4 from 8 to 128"
    case .tooMany(let data, let count, let side, let most):
      "\(counted(count, "image")) of \(data.shape(side: side)) are asked for; at most \(most.grouped) of that size are "
        + "drawn at once: ask for fewer with 'count' or 'each', or for smaller ones with 'size'"
    case .tooFar(let data, let skip):
      "\(data.rawValue) end before image \(skip.grouped) of a seed; take another seed instead of skipping so many"
    case .noSuchFactor(let name, let names): "there is no factor '\(name)'; expected one of \(list(names))"
    case .missing(let data, let names):
      "\(data.rawValue) are drawn from their factors, and here \(names.count == 1 ? "one is" : "some are") missing: "
        + "\(list(names)); expected a dataset of \(data.rawValue), or the .npz that 'save' made of one"
    case .unexpected(let data, let name): "there is a factor '\(name)', which \(data.rawValue) do not have"
    case .noFactors(let path): "'\(path)' has no factors; expected the .npz that 'save' made of drawn data"
    case .noSeeds(let data):
      "the factors are here but not the seeds, of which \(data.rawValue) take grain and noise; expected one an image"
    case .value(let value, let image, let factor):
      "the factor '\(factor.name)' of image \(image.grouped) is \(value); expected \(factor.expectation)"
    }
  }

  private func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

extension SyntheticData {
  /// A table's columns in this kind's order, all values checked; factors and seeds of a file can be anything.
  func arranged(_ table: FactorTable) throws(SyntheticError) -> FactorTable {
    let names = table.factors.map(\.name)
    let missing = factors.map(\.name).filter { !names.contains($0) }
    guard missing.isEmpty else { throw .missing(self, missing) }
    if let other = names.first(where: { name in !factors.contains { $0.name == name } }) {
      throw .unexpected(self, other)
    }
    guard names.count == factors.count else { throw .unexpected(self, names.first ?? "") }
    if needsSeeds && table.seeds == nil { throw .noSeeds(self) }
    let places = factors.compactMap { factor in names.firstIndex(of: factor.name) }
    var values: [Float] = []
    values.reserveCapacity(table.values.count)
    for image in 0..<table.count {
      for (factor, place) in zip(factors, places) {
        let value = table.values[image * names.count + place]
        guard factor.admits(value) else { throw .value(value, image: image, factor) }
        values.append(value)
      }
    }
    return FactorTable(factors: factors, count: table.count, values: values, seeds: table.seeds)
  }
}
