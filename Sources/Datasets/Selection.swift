import Numerics
import Platform

/// Which images of a file make a dataset.
///
/// The images of the chosen digits are taken in file order, or in the order that `shuffle`'s seed stands for; the first
/// `skip` of them are passed over; then come the first `count`, or the first `each` of every digit (where `skip` too is
/// meant of every digit). The same seed with another `skip` therefore gives other images, which suits validation.
public struct Selection: Sendable, Hashable {
  /// The digits, or other labels, wanted, 0…255; nil for all.
  public var digits: [Int]?
  /// The names of classes wanted besides `digits`; see `resolved`.
  public var classes: [String]
  /// How many images are wanted in all; nil for as many as there are.
  public var count: Int?
  /// How many images are wanted of every digit.
  public var each: Int?
  /// How many images are passed over first.
  public var skip: Int
  /// The seed of a random order; nil for file order.
  public var shuffle: UInt64?

  /// A selection; without arguments everything in file order.
  public init(
    digits: [Int]? = nil, classes: [String] = [], count: Int? = nil, each: Int? = nil, skip: Int = 0,
    shuffle: UInt64? = nil
  ) {
    self.digits = digits
    self.classes = classes
    self.count = count
    self.each = each
    self.skip = skip
    self.shuffle = shuffle
  }

  /// The selection with the numbers of its classes instead of their names. A whole number is the name of the label itself
  /// where there are no names.
  /// - Throws: `SelectionError.noClass`.
  public func resolved(_ names: LabelNames) throws(SelectionError) -> Selection {
    if classes.isEmpty { return self }
    var selection = self
    var numbers = digits ?? []
    for name in classes {
      if let number = names.classes?.firstIndex(of: name) ?? (names.classes == nil ? UInt8(name).map(Int.init) : nil) {
        numbers.append(number)
      } else {
        throw .noClass(name, known: names.classes ?? [])
      }
    }
    (selection.digits, selection.classes) = (numbers, [])
    return selection
  }

  /// The places of the chosen images among `total`, in the order wanted.
  /// - Parameters:
  ///   - labels: the label of every image, if there are labels; as many as `total`.
  ///   - names: what they are called.
  /// - Throws: `SelectionError`.
  public func places(
    among total: Int, labels: [UInt8]?, names: LabelNames = LabelNames("digit", nil)
  ) throws(SelectionError) -> [Int] {
    if !classes.isEmpty {
      guard labels != nil else { throw .needsLabels(option: "digits") }
      return try resolved(names).places(among: total, labels: labels, names: names)
    }
    try validate(hasLabels: labels != nil)
    var places = Array(0..<total)
    if let digits, let labels {
      let wanted = Set(digits)
      places = places.filter { wanted.contains(Int(labels[$0])) }
    }
    if let shuffle {
      var generator = RandomGenerator(seed: shuffle, stream: .selection)
      places = generator.permutation(places.count).map { places[$0] }
    }
    if let each, let labels { return try firstOfEach(each, places, labels, names) }
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
  /// More is asked than there is; `asked` is nil where all that follow the skipped ones are wanted.
  case tooFew(asked: Int?, skipped: Int, found: Int, of: String?)
  /// A class that there is not.
  case noClass(String, known: [String])

  /// The mistake in words, without the name of the dataset.
  public var description: String {
    switch self {
    case .noDigits: "'digits' is an empty list; expected at least one of 0 to 9, or another label"
    case .digit(let digit): "'digits' has \(digit); expected 0 to 9, or labels up to 255"
    case .number(let option, let found, let least):
      "'\(option)' is \(found); expected a whole number from \(least) to \(Selection.most.grouped)"
    case .countAndEach: "'count' and 'each' cannot be used together; 'each' is the number of every digit"
    case .needsLabels(let option): "'\(option)' needs labels, and these images have none"
    case .noClass(let name, []): "there is no class '\(name)': the labels have no names"
    case .noClass(let name, let known): "there is no class '\(name)'; there is \(LeftOut.list(known))"
    case .tooFew(let asked, let skipped, let found, let labels):
      "\(SelectionError.wish(asked, skipped, labels)), but there \(found == 1 ? "is" : "are") "
        + (found == 0 ? "none" : found.grouped)
    }
  }

  private static func wish(_ asked: Int?, _ skipped: Int, _ labels: String?) -> String {
    let after = skipped > 0 ? " after the first \(skipped.grouped)" : ""
    return "asked for \(asked.map { counted($0, "image") } ?? "the images")\(labels.map { " of " + $0 } ?? "")\(after)"
  }
}
