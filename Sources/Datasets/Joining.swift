import BVAEArrays
import BVAEPlatform

/// Why datasets could not be joined.
public enum JoiningError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing to join.
  case nothing
  /// Images of another size than those of the first dataset.
  case sizesDiffer(String, ImageShape, first: String, ImageShape)
  /// A dataset whose classes have names, and one whose labels are just numbers.
  case namesAndNumbers(named: String, unnamed: String)
  /// More classes than a byte can tell apart.
  case tooManyClasses(Int)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .nothing: "there is nothing to join"
    case .sizesDiffer(let name, let shape, let first, let firstShape):
      "\(name) has images of \(shape), \(first) of \(firstShape); load them with 'size' and 'planes' to give all one size"
    case .namesAndNumbers(let named, let unnamed):
      "the classes of \(named) have names, the labels of \(unnamed) are just numbers: nothing says which belong together"
    case .tooManyClasses(let count): "together they have \(count.grouped) classes; at most 256 are told apart"
    }
  }
}

extension Dataset {
  /// The images of several datasets, one after the other. Classes of one name become one class; labels, and factors, are
  /// kept where all have them, which `remarks` tells otherwise.
  /// - Throws: `JoiningError` where their sizes differ, or some classes have names and others not.
  public static func joined(_ datasets: [Dataset]) throws -> Dataset {
    guard let first = datasets.first else { throw JoiningError.nothing }
    let shape = first.images.shape
    if let other = datasets.first(where: { $0.images.shape != shape }) {
      throw JoiningError.sizesDiffer(other.name, other.images.shape, first: first.name, shape)
    }
    let images = try ByteImages.joined(datasets.map(\.images), first.options.storage)
    var remarks = [images.keepingRemark].compactMap { $0 }
    let (labels, classes) = try joinedLabels(datasets, &remarks)
    let factors = joinedFactors(datasets, &remarks)
    func distinct(_ texts: [String]) -> [String] {
      texts.reduce(into: []) { all, text in if !all.contains(text) { all.append(text) } }
    }
    let synthetic = distinct(datasets.compactMap(\.synthetic)).joined(separator: ", ")
    return try Dataset(
      name: distinct(datasets.map(\.name)).joined(separator: " and "),
      split: datasets.allSatisfy { $0.split == first.split } ? first.split : nil,
      images: images, labels: labels,
      origin: distinct(datasets.map(\.origin)).joined(separator: "; "),
      licence: distinct(datasets.map(\.licence)).joined(separator: "; "), classes: classes,
      hasDigits: datasets.allSatisfy(\.hasDigits), factors: factors,
      synthetic: synthetic.isEmpty ? nil : synthetic, remarks: remarks,
      options: datasets.allSatisfy { $0.options == first.options } ? first.options : LoadOptions())
  }

  private static func joinedLabels(
    _ datasets: [Dataset], _ remarks: inout [LoadRemark]
  ) throws -> (labels: [UInt8]?, classes: [String]?) {
    let unlabelled = datasets.filter { $0.labels == nil }
    guard unlabelled.isEmpty else {
      if unlabelled.count < datasets.count {
        remarks.append(.note("\(unlabelled[0].name) has no labels, and so the joined images have none"))
      }
      return (nil, nil)
    }
    let named = datasets.filter { $0.classes != nil }
    if named.isEmpty { return (datasets.flatMap { $0.labels ?? [] }, nil) }
    if let unnamed = datasets.first(where: { $0.classes == nil }) {
      throw JoiningError.namesAndNumbers(named: named[0].name, unnamed: unnamed.name)
    }
    var classes: [String] = [], labels: [UInt8] = []
    for dataset in datasets {
      let own = dataset.classes ?? []
      for name in own where !classes.contains(name) { classes.append(name) }
      guard classes.count <= 256 else { throw JoiningError.tooManyClasses(classes.count) }
      let places = own.map { name in UInt8(classes.firstIndex(of: name) ?? 0) }
      for label in dataset.labels ?? [] {
        labels.append(places.indices.contains(Int(label)) ? places[Int(label)] : label)
      }
    }
    return (labels, classes)
  }

  /// The factors of all images, where every dataset has the same ones.
  private static func joinedFactors(_ datasets: [Dataset], _ remarks: inout [LoadRemark]) -> FactorTable? {
    let tables = FactorTable.sharingOriginals(datasets.compactMap(\.factors))
    guard let first = tables.first else { return nil }
    let names = first.factors.map(\.name)
    guard tables.count == datasets.count, tables.allSatisfy({ Set($0.factors.map(\.name)) == Set(names) }) else {
      remarks.append(.note("not all of them have the same factors, and so the joined images have none"))
      return nil
    }
    var factors = first.factors, values: [Float] = []
    for table in tables {
      let places = names.compactMap { name in table.factors.firstIndex { $0.name == name } }
      for (column, place) in places.enumerated() {
        guard let joined = factors[column].joined(table.factors[place]) else {
          remarks.append(
            .note("'\(names[column])' has other kinds here and there, and so the joined images have no factors"))
          return nil
        }
        factors[column] = joined
      }
      for image in 0..<table.count {
        let row = table[image]
        for place in places { values.append(row[row.startIndex + place]) }
      }
    }
    let seeds = tables.compactMap(\.seeds)
    return FactorTable(
      factors: factors, count: tables.reduce(0) { $0 + $1.count }, values: values,
      seeds: seeds.count == tables.count ? seeds.flatMap { $0 } : nil, originals: first.originals)
  }

  /// What is different here from another dataset, a sentence each; none where images, labels, classes and factors are the
  /// same. Names and origins may differ.
  public func differences(from other: Dataset) -> [String] {
    if images.shape != other.images.shape { return ["images of \(images.shape) and of \(other.images.shape)"] }
    var found: [String] = []
    if count != other.count { found.append("\(counted(count, "image")) and \(other.count.grouped)") }
    let common = min(count, other.count)
    if images != other.images { found += pixelDifferences(other, common) }
    switch (labels, other.labels) {
    case (let own?, let others?):
      let places = (0..<common).filter { own[$0] != others[$0] }
      if let first = places.first {
        found.append(
          "\(counted(places.count, "label")) of \(common.grouped), the first at image \(first.grouped): "
            + "\(labelNames[Int(own[first])]) and \(other.labelNames[Int(others[first])])")
      }
    case (nil, nil): break
    case (let own, _): found.append(own == nil ? "no labels, and labels" : "labels, and no labels")
    }
    if classes != other.classes {
      func words(_ classes: [String]?) -> String { classes.map { $0.joined(separator: " ") } ?? "none" }
      found.append("the names of the classes: \(words(classes)), and \(words(other.classes))")
    }
    return found + factorDifferences(other, common)
  }

  private func pixelDifferences(_ other: Dataset, _ common: Int) -> [String] {
    var places: [Int] = [], most = 0
    for image in 0..<common where images[image] != other.images[image] {
      places.append(image)
      for (a, b) in zip(images[image], other.images[image]) { most = max(most, abs(Int(a) - Int(b))) }
    }
    guard let first = places.first else { return [] }
    return [
      "the pixels of \(counted(places.count, "image")) of \(common.grouped), the first at image \(first.grouped), by at most "
        + "\(most) of 255"
    ]
  }

  private func factorDifferences(_ other: Dataset, _ common: Int) -> [String] {
    guard factors != other.factors else { return [] }
    guard let own = factors, let others = other.factors else {
      return [factors == nil ? "no factors, and factors" : "factors, and no factors"]
    }
    let names = own.factors.map(\.name), otherNames = others.factors.map(\.name)
    if names != otherNames {
      return ["the factors: \(names.joined(separator: " ")), and \(otherNames.joined(separator: " "))"]
    }
    var found = names.compactMap { name -> String? in
      guard let a = own.column(name), let b = others.column(name) else { return nil }
      let count = (0..<common).filter { a[$0] != b[$0] }.count
      return count == 0 ? nil : "the factor '\(name)' of \(counted(count, "image")) of \(common.grouped)"
    }
    if own.seeds?.prefix(common) != others.seeds?.prefix(common) {
      found.append("the seeds that images are drawn with")
    }
    // Else the ranges that the factors are known to have.
    return found.isEmpty && count == other.count ? ["what is known of the factors' ranges"] : found
  }
}

extension Factor {
  /// The factor with the values of both; nil where these are other kinds.
  fileprivate func joined(_ other: Factor) -> Factor? {
    switch (kind, other.kind) {
    case (.categorical(let names), .categorical(let others)): names == others ? self : nil
    case (.continuous(let range), .continuous(let other)):
      Factor(
        name, summary,
        .continuous(min(range.lowerBound, other.lowerBound)...max(range.upperBound, other.upperBound)),
        isCircular: isCircular)
    default: nil
    }
  }
}
