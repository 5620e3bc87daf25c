import BVAEArrays
import BVAEPlatform

/// Which images of a file or a dataset make another.
///
/// The images of the chosen digits whose factors suit the conditions are taken in their order, or in the order that
/// `shuffle`'s seed stands for; the first `skip` of them are passed over; then come the first `count`, or the first `each`
/// of every digit (where `skip` too is meant of every digit). The same seed with another `skip` therefore gives other
/// images, which suits validation. With `vary`, the first image is followed through the values of one factor.
public struct Selection: Sendable, Hashable {
  /// The digits, or other labels, wanted, 0…255; nil for all.
  public var digits: [Int]?
  /// The names of the classes wanted, beside `digits`; nil for all. See `resolved`.
  public var classes: [String]?
  /// What the factors of the images must be.
  public var conditions: [FactorCondition]
  /// How many images are wanted in all; nil for as many as there are.
  public var count: Int?
  /// How many images are wanted of every digit.
  public var each: Int?
  /// How many images are passed over first.
  public var skip: Int
  /// The seed of a random order; nil for file order.
  public var shuffle: UInt64?
  /// The factor in which alone the images differ, in the order of its values; `count` is then how many of these are taken,
  /// at equal distances.
  public var vary: String?

  /// A selection; without arguments everything in file order.
  public init(
    digits: [Int]? = nil, count: Int? = nil, each: Int? = nil, skip: Int = 0, shuffle: UInt64? = nil,
    classes: [String]? = nil, conditions: [FactorCondition] = [], vary: String? = nil
  ) {
    self.digits = digits
    self.classes = classes
    self.count = count
    self.each = each
    self.skip = skip
    self.shuffle = shuffle
    self.conditions = conditions
    self.vary = vary
  }

  /// The selection with the numbers of its classes instead of their names. A whole number is the name of the label itself
  /// where there are no names.
  /// - Parameter known: what the labels stand for, by their number, if that is known.
  /// - Throws: `SelectionError.noNames`, `SelectionError.noKind`.
  public func resolved(_ known: [String]?) throws(SelectionError) -> Selection {
    guard let classes else { return self }
    var numbers = digits ?? []
    for name in classes {
      if let known {
        guard let label = known.firstIndex(of: name) else { throw .noKind(name, of: "class", known) }
        numbers.append(label)
      } else {
        guard let label = UInt8(name) else { throw .noNames(name) }
        numbers.append(Int(label))
      }
    }
    var selection = self
    (selection.digits, selection.classes) = (numbers, nil)
    return selection
  }

  /// The places of the chosen images among `total`, in the order wanted.
  /// - Parameters:
  ///   - labels: the digit of every image, if there are labels; as many as `total`.
  ///   - factors: the factors of every image, if they are known; of as many images.
  ///   - known: what the labels stand for, by their number, if that is known.
  ///   - hasDigits: whether labels are digits, for words about them.
  /// - Throws: `SelectionError`.
  public func places(
    among total: Int, labels: [UInt8]?, factors: FactorTable? = nil, classes known: [String]? = nil,
    hasDigits: Bool = true
  ) throws(SelectionError) -> [Int] {
    if classes != nil {
      guard labels != nil else { throw .needsLabels(option: "digits") }
      return try resolved(known).places(
        among: total, labels: labels, factors: factors, classes: known, hasDigits: hasDigits)
    }
    let names = LabelNames(factors?.labels?.name ?? (hasDigits && known == nil ? "digit" : "class"), known)
    guard total >= 0, labels.map({ $0.count == total }) ?? true, factors.map({ $0.count == total }) ?? true else {
      throw .countsDiffer(images: total, labels: labels?.count, factors: factors?.count)
    }
    try validate(hasLabels: labels != nil)
    var places = Array(0..<total)
    if let digits, let labels {
      let wanted = Set(digits)
      places = places.filter { wanted.contains(Int(labels[$0])) }
    }
    for condition in conditions { places = try condition.suiting(places, factors) }
    if let shuffle {
      var generator = RandomGenerator(seed: shuffle, stream: .selection)
      places = generator.permutation(places.count).map { places[$0] }
    }
    if let vary { return try varying(vary, places, factors, names) }
    if let each, let labels { return try firstOfEach(each, places, labels, names) }
    return try first(count, of: places, names)
  }

  private func first(_ count: Int?, of places: [Int], _ names: LabelNames) throws(SelectionError) -> [Int] {
    let found = places.count
    guard found > 0, skip < found, skip + (count ?? 1) <= found else {
      throw .tooFew(asked: count, skipped: skip, found: found, of: digits.map(names.list))
    }
    return Array(places[skip..<(count.map { skip + $0 } ?? found)])
  }

  private func firstOfEach(
    _ each: Int, _ places: [Int], _ labels: [UInt8], _ names: LabelNames
  ) throws(SelectionError) -> [Int] {
    var seen = [Int](repeating: 0, count: 256)
    var chosen: [Int] = []
    for place in places {
      let digit = Int(labels[place])
      if seen[digit] >= skip && seen[digit] - skip < each { chosen.append(place) }
      seen[digit] += 1
    }
    // Without `digits`, every digit means every digit that occurs.
    for digit in digits?.sorted() ?? seen.indices.filter({ seen[$0] > 0 })
    where seen[digit] <= skip || seen[digit] - skip < each {
      throw .tooFew(asked: each, skipped: skip, found: seen[digit], of: names.list([digit]))
    }
    return chosen
  }

  /// The first image, and those that differ from it in one factor alone.
  private func varying(
    _ name: String, _ places: [Int], _ factors: FactorTable?, _ names: LabelNames
  ) throws(SelectionError) -> [Int] {
    guard each == nil else { throw .varyAndEach }
    guard let factors else { throw .needsFactors(option: "vary") }
    guard let column = factors.factors.firstIndex(where: { $0.name == name }) else {
      throw .noFactor(name, factors.factors.map(\.name))
    }
    guard let base = try first(1, of: places, names).first else { return [] }
    func value(_ place: Int) -> Float { factors.values[place * factors.factors.count + column] }
    let fixed = factors.factors.indices.filter { $0 != column }
    var ofValue: [Float: Int] = [:]
    for place in places where ofValue[value(place)] == nil {
      let row = factors[place], first = factors[base]
      if fixed.allSatisfy({ row[row.startIndex + $0] == first[first.startIndex + $0] }) {
        ofValue[value(place)] = place
      }
    }
    ofValue[value(base)] = base
    let line = ofValue.sorted { $0.key < $1.key }.map(\.value)
    guard line.count > 1 else { throw .nothingVaries(name) }
    guard let count, count < line.count else {
      if let count, count > line.count { throw .tooFew(asked: count, skipped: 0, found: line.count, of: nil) }
      return line
    }
    return (0..<count).map { line[count == 1 ? 0 : ($0 * (line.count - 1) + (count - 1) / 2) / (count - 1)] }
  }

  /// Tells a wish without sense before anything is looked at.
  func validate(hasLabels: Bool) throws(SelectionError) {
    if let digits {
      guard !digits.isEmpty else { throw .noDigits }
      if let wrong = digits.first(where: { !(0...255).contains($0) }) { throw .digit(wrong) }
    }
    // Bounded, so that sums of them cannot overflow.
    for (option, value, least) in [("count", count, 1), ("each", each, 1), ("skip", skip, 0)] {
      if let value, !(least...Selection.most).contains(value) {
        throw .number(option: option, found: value, least: least)
      }
    }
    if count != nil && each != nil { throw .countAndEach }
    if !hasLabels, digits != nil || each != nil { throw .needsLabels(option: digits != nil ? "digits" : "each") }
  }

  static let most = Int(UInt32.max)
}

/// What a factor of an image must be to be chosen.
public struct FactorCondition: Sendable, Hashable {
  /// The values that are wanted.
  public enum Wanted: Sendable, Hashable {
    /// One of some numbers.
    case numbers([Double])
    /// Any number of a range, its ends included.
    case range(ClosedRange<Double>)
    /// One of some kinds by their names: `heart`.
    case names([String])
  }

  /// The factor's name.
  public let factor: String
  /// Its values.
  public let wanted: Wanted

  /// A condition on a factor.
  public init(_ factor: String, _ wanted: Wanted) { (self.factor, self.wanted) = (factor, wanted) }

  /// Those of some images that suit, in the same order.
  func suiting(_ places: [Int], _ factors: FactorTable?) throws(SelectionError) -> [Int] {
    guard let factors else { throw .needsFactors(option: "where") }
    guard let column = factors.factors.firstIndex(where: { $0.name == factor }) else {
      throw .noFactor(factor, factors.factors.map(\.name))
    }
    let suits = try suits(factors.factors[column])
    let columns = factors.factors.count
    return places.filter { suits(factors.values[$0 * columns + column]) }
  }

  /// Values are kept as Float: a number means the nearest one, give or take its rounding.
  private func suits(_ factor: Factor) throws(SelectionError) -> (Float) -> Bool {
    func isNear(_ a: Float, _ b: Float) -> Bool { abs(a - b) <= 1e-6 * max(abs(a), abs(b)) }
    switch wanted {
    case .numbers(let numbers):
      let values = numbers.map { Float($0) }
      return { value in values.contains { isNear($0, value) } }
    case .range(let range):
      let low = Float(range.lowerBound), high = Float(range.upperBound)
      return { $0 >= low && $0 <= high || isNear($0, low) || isNear($0, high) }
    case .names(let names):
      guard case .categorical(let known) = factor.kind else { throw .notNamed(factor.name, factor.expectation) }
      var values: Set<Float> = []
      for name in names {
        guard let place = known.firstIndex(of: name) else { throw .noKind(name, of: factor.name, known) }
        values.insert(Float(place))
      }
      return { [values] in values.contains($0) }
    }
  }
}

/// A selection that makes no sense or cannot be had.
public enum SelectionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An empty list of digits.
  case noDigits
  /// A digit that is none.
  case digit(Int)
  /// A number of images that makes no sense.
  case number(option: String, found: Int, least: Int)
  /// Both a number of all and a number of every digit.
  case countAndEach
  /// An option that needs labels, for images that have none.
  case needsLabels(option: String)
  /// A class by its name, where labels are just numbers.
  case noNames(String)
  /// More is asked than there is; `asked` is nil where all that follow the skipped ones are wanted.
  case tooFew(asked: Int?, skipped: Int, found: Int, of: String?)
  /// Labels or factors of another number of images, or a number of images below 0.
  case countsDiffer(images: Int, labels: Int?, factors: Int?)
  /// An option that needs factors, for images of which none are known.
  case needsFactors(option: String)
  /// A factor that there is not, and those that there are.
  case noFactor(String, [String])
  /// A kind that a factor does not have, and those that it has.
  case noKind(String, of: String, [String])
  /// A factor of numbers of which a name was wanted, and what numbers it has.
  case notNamed(String, String)
  /// Both one factor's values and a number of every digit.
  case varyAndEach
  /// No image differs from the first one in this factor alone.
  case nothingVaries(String)
  /// Images in a file that the disk does not give back.
  case unreadable(String)

  /// The mistake in words, without the name of the dataset.
  public var description: String {
    switch self {
    case .noDigits: "'digits' is an empty list; expected at least one of 0 to 9, or another label"
    case .digit(let digit): "'digits' has \(digit); expected 0 to 9, or labels up to 255"
    case .number(let option, let found, let least):
      "'\(option)' is \(found); expected a whole number from \(least) to \(Selection.most.grouped)"
    case .countAndEach: "'count' and 'each' cannot be used together; 'each' is the number of every digit"
    case .noNames(let name): "there is no class '\(name)': the labels are just numbers"
    case .needsLabels(let option): "'\(option)' needs labels, and these images have none"
    case .tooFew(let asked, let skipped, let found, let labels):
      "\(SelectionError.wish(asked, skipped, labels)), but there \(found == 1 ? "is" : "are") "
        + (found == 0 ? "none" : found.grouped)
    case .countsDiffer(let images, let labels, let factors):
      "\(counted(images, "image"))"
        + (labels.map { ", \(counted($0, "label"))" } ?? "")
        + (factors.map { ", \(counted($0, "row")) of factors" } ?? "") + ": expected one each of every image"
    case .needsFactors(let option):
      "'\(option)' needs factors, and those of these images are not known; drawn images have them, and dSprites"
    case .noFactor(let name, let names):
      "there is no factor '\(name)'; expected one of \(names.map { "'\($0)'" }.joined(separator: ", "))"
    case .noKind(let name, let factor, let names):
      "there is no \(factor) '\(name)'; expected one of "
        + Factor.shortened(names.map { "'\($0)'" }).joined(separator: ", ")
    case .notNamed(let factor, let expected): "the factor '\(factor)' has numbers and no names; expected \(expected)"
    case .varyAndEach: "'vary' and 'each' cannot be used together; 'count' is how many values are taken"
    case .unreadable(let problem): problem
    case .nothingVaries(let name): "no image differs from the first one in '\(name)' alone"
    }
  }

  private static func wish(_ asked: Int?, _ skipped: Int, _ labels: String?) -> String {
    let after = skipped > 0 ? " after the first \(skipped.grouped)" : ""
    return "asked for \(asked.map { counted($0, "image") } ?? "the images")\(labels.map { " of " + $0 } ?? "")\(after)"
  }
}
