import BVAEArrays
import BVAEPlatform

/// The values of every image's factors.
public struct FactorTable: Sendable, Equatable {
  /// The factors, in the order of the columns.
  public let factors: [Factor]
  /// The number of images.
  public let count: Int
  /// [images × factors], image after image.
  public let values: [Float]
  /// What stands for all that no factor says (grain, noise) in images that are drawn: one number an image.
  public let seeds: [UInt32]?
  /// What images were transformed from, of which the factor `Transformation.image` tells which; nil for others.
  public let originals: ByteImages?

  /// A table; there must be `count` rows of values, and as many seeds where there are any.
  package init(
    factors: [Factor], count: Int, values: [Float], seeds: [UInt32]? = nil, originals: ByteImages? = nil
  ) {
    precondition(values.count == count * factors.count, "one value an image and factor")
    precondition(seeds == nil || seeds?.count == count, "one seed an image")
    self.factors = factors
    self.count = count
    self.values = values
    self.seeds = seeds
    self.originals = originals
  }

  /// The factor that labels are the values of: the first one, where it is one of kinds.
  var labels: Factor? {
    guard let first = factors.first, case .categorical = first.kind else { return nil }
    return first
  }

  /// The values of one image, in the factors' order; the index must be within 0..<count.
  package subscript(image: Int) -> ArraySlice<Float> {
    values[image * factors.count..<(image + 1) * factors.count]
  }

  /// The values of one factor, image by image; nil where there is no factor of that name.
  public func column(_ name: String) -> [Float]? {
    guard let place = factors.firstIndex(where: { $0.name == name }) else { return nil }
    return (0..<count).map { values[$0 * factors.count + place] }
  }

  /// The rows of some images, in the order wanted; the indices must be within 0..<count.
  package func selecting(_ images: some Sequence<Int>) -> FactorTable {
    let images = Array(images)
    return FactorTable(
      factors: factors, count: images.count, values: images.flatMap { self[$0] },
      seeds: seeds.map { seeds in images.map { seeds[$0] } }, originals: originals)
  }
}

extension Dataset {
  /// The factor that the labels are the values of, where it is known: the first one.
  public var labelFactor: Factor? {
    labels == nil ? nil : factors?.labels
  }

  /// What the labels are and what they are called.
  public var labelNames: LabelNames {
    LabelNames(labelFactor?.name ?? (hasDigits ? "digit" : "class"), classes)
  }
}

/// What labels are, and what each of them is called.
public struct LabelNames: Sendable, Hashable {
  /// What a label is: `digit`, `class`, `shape`.
  public let noun: String
  /// What the labels stand for, by their number; nil where they are just numbers.
  public let classes: [String]?

  /// Names of labels.
  public init(_ noun: String, _ classes: [String]?) { (self.noun, self.classes) = (noun, classes) }

  /// What a label stands for: `heart`, or the number itself.
  public subscript(label: Int) -> String {
    guard let classes, classes.indices.contains(label) else { return String(label) }
    return classes[label]
  }

  /// `digits 1, 3 and 7`, `class red`
  func list(_ labels: [Int]) -> String {
    let names = Set(labels).sorted().map { self[$0] }
    if names.isEmpty { return noun }
    return "\(names.count == 1 ? noun : noun == "class" ? "classes" : noun + "s") \(names.listed("and"))"
  }
}
