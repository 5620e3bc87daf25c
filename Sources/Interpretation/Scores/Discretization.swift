/// Continuous numbers as few whole ones.
enum Discretization {
  /// What disentanglement_lib (Locatello et al. 2019) divides codes into.
  static let bins = 20

  /// Twenty bins of equal width from the smallest to the largest value, as `numpy.histogram` and `numpy.digitize` make
  /// them: a value belongs to the last bin whose lower edge it reaches.
  static func binned(_ values: [Double]) -> [Int] {
    guard let low = values.min(), let high = values.max(), high > low else {
      return Array(repeating: 0, count: values.count)
    }
    let edges = (0..<bins).map { low + (high - low) * (Double($0) / Double(bins)) }
    return values.map { value in
      var bin = min(bins - 1, max(0, Int((value - low) / (high - low) * Double(bins))))
      while bin + 1 < bins && value >= edges[bin + 1] { bin += 1 }
      while bin > 0 && value < edges[bin] { bin -= 1 }
      return bin
    }
  }
}

extension KnownFactors.Factor {
  /// Whether it has an order and so many values that hardly any comes back: more than twenty, and fewer than ten images
  /// of each. disentanglement_lib knows no such factors.
  var isContinuous: Bool {
    let distinct = Set(values).count
    return !isCategorical && distinct > Discretization.bins && 10 * distinct > values.count
  }

  /// The values as 0, 1, 2, …: distinct values as they are, however many; continuous ones in twenty bins of equal width.
  var levels: [Int] { isContinuous ? Discretization.binned(values) : ranks }

  /// The groups of images that count as alike, numbered from 0: those of equal values; of continuous ones twenty groups of
  /// nearly equal size.
  var groups: [Int] {
    guard isContinuous else { return ranks }
    var groups = [Int](repeating: 0, count: values.count)
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    for (place, image) in order.enumerated() { groups[image] = place * Discretization.bins / order.count }
    return groups
  }

  /// For each value the number of distinct ones below it.
  private var ranks: [Int] {
    let places = Dictionary(uniqueKeysWithValues: Set(values).sorted().enumerated().map { ($0.element, $0.offset) })
    return values.map { places[$0] ?? 0 }
  }
}

extension ScoreSample.Column {
  init(_ factor: KnownFactors.Factor) {
    let groups = factor.groups, levels = factor.levels
    self.init(
      name: factor.name, isOrdered: !factor.isCategorical, values: factor.values, levels: levels, groups: groups,
      groupCount: (groups.max() ?? -1) + 1, levelCount: (levels.max() ?? -1) + 1)
  }
}

extension KnownFactors {
  /// Some of the images, by their places.
  func selecting(_ images: [Int]) -> KnownFactors {
    KnownFactors(
      factors.map { factor in
        Factor(
          name: factor.name, isCategorical: factor.isCategorical, period: factor.period,
          values: images.map { factor.values[$0] })
      })
  }

  /// Whether each combination of the factors' values occurs exactly once.
  var isCompleteGrid: Bool {
    let distinct = factors.map { Set($0.values).sorted() }
    var size = 1
    for values in distinct {
      let (product, overflow) = size.multipliedReportingOverflow(by: max(1, values.count))
      guard !overflow, product <= count else { return false }
      size = product
    }
    guard size == count, count > 0 else { return false }
    var places = [Int](repeating: 0, count: count)
    for (values, factor) in zip(distinct, factors) {
      let ranks = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0.element, $0.offset) })
      for image in places.indices { places[image] = places[image] * values.count + (ranks[factor.values[image]] ?? 0) }
    }
    return Set(places).count == count
  }
}
