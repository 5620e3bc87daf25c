import BVAEArrays
import BVAEPlatform

/// Batches of a dataset's images in which one factor varies, whose values are known too.
public protocol VariedFactors: VariedImages {
  /// A batch, and the values of all its factors; see `images(varying:like:count:using:)`.
  func batch(
    varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
  ) -> (images: ByteImages, table: FactorTable)
}

extension VariedFactors {
  /// The images of a batch.
  public func images(
    varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
  ) -> ByteImages {
    batch(varying: factor, like: image, count: count, using: &generator).images
  }
}

extension Dataset {
  /// Batches of these images in which one of some factors varies: images that the program draws are drawn anew, transformed
  /// ones are transformed anew, of others those are chosen that share all other factors. A factor takes the values that it has in these images, as often.
  /// - Parameters:
  ///   - names: the factors to vary, each once.
  ///   - workers: the threads that draw; their number changes no image.
  /// - Throws: `VariationError` where a factor is not known or does not vary, or too few images share the others.
  public func varied(_ names: [String], workers: Workers) throws(VariationError) -> any VariedFactors {
    let (table, columns) = try variable(names)
    if let drawings = VariedDrawings(self, table, columns, workers) { return drawings }
    if let transformed = VariedTransformations(self, table, columns, workers) { return transformed }
    return try VariedGroups(self, table, columns)
  }

  /// Checks that factors of these names are known and vary.
  /// - Throws: `VariationError`.
  public func checkFactors(_ names: [String]) throws(VariationError) { _ = try variable(names) }

  private func variable(_ names: [String]) throws(VariationError) -> (table: FactorTable, columns: [Int]) {
    guard let table = factors else { throw .noFactors(name) }
    let known = table.factors.map(\.name)
    var columns: [Int] = []
    for name in names {
      guard let column = known.firstIndex(of: name) else { throw .noSuchFactor(name, known) }
      guard table.varies(column) else { throw .constant(name) }
      columns.append(column)
    }
    return (table, columns)
  }

  /// Sixteen hexadecimal digits that stand for all that `varied` depends on: the images, their factors, and what part of
  /// which data they are.
  public var variationFingerprint: String {
    var fingerprint = Fingerprint()
    for text in [self.fingerprint, synthetic ?? "", split?.rawValue ?? ""] { fingerprint.add(text) }
    for factor in factors?.factors ?? [] { fingerprint.add(factor.name) }
    for value in factors?.values ?? [] { fingerprint.add(value.bitPattern) }
    for seed in factors?.seeds ?? [] { fingerprint.add(seed) }
    if let originals = factors?.originals { fingerprint.add(originals.bytes) }
    return fingerprint.description
  }
}

extension FactorTable {
  /// Whether a factor has more than one value.
  func varies(_ column: Int) -> Bool {
    stride(from: column, to: values.count, by: factors.count).contains { values[$0] != values[column] }
  }
}

/// Why no batches can be had in which a factor varies.
public enum VariationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Images whose factors are not known.
  case noFactors(String)
  /// A factor that there is not, and those that there are.
  case noSuchFactor(String, [String])
  /// A factor that has the same value in all images.
  case constant(String)
  /// Images most of which are alone with their other factors: how many are not.
  case lone(String, shared: Int, of: Int)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .noFactors(let name):
      "the factors of \(name) are not known, so none of them can be varied; they are known for sprites, for streets, "
        + "for transformed images and for files that have factors, such as dSprites"
    case .noSuchFactor(let name, let known):
      "there is no factor '\(name)'; expected one of \(known.map { "'\($0)'" }.joined(separator: ", "))"
    case .constant(let name): "the factor '\(name)' has the same value in all of these images, so it cannot be varied"
    case .lone(let name, let shared, let count):
      "only \(shared.grouped) of \(counted(count, "image")) have another one beside them that differs in '\(name)' alone; "
        + "load a complete grid of factors, transform images with 'augment', or draw them with 'load sprites'"
    }
  }
}
