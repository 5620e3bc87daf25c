/// The values from which images were generated: one row an image, one column a factor.
public struct KnownFactors: Sendable, Equatable {
  /// One column.
  public struct Factor: Sendable, Equatable {
    /// What it is called: `slant`.
    public let name: String
    /// Whether its values have no order: shapes, digits.
    public let isCategorical: Bool
    /// One value an image; for categories a whole number each.
    public let values: [Double]

    /// A factor with a value for each image.
    public init(name: String, isCategorical: Bool, values: [Double]) {
      self.name = name
      self.isCategorical = isCategorical
      self.values = values
    }

    /// Whether it takes at least two values, all finite.
    var varies: Bool {
      guard let first = values.first else { return false }
      return values.allSatisfy(\.isFinite) && values.contains { $0 != first }
    }
  }

  /// The factors, all of as many values as there are images.
  public let factors: [Factor]
  /// The number of images.
  public let count: Int

  /// Factors of as many values each.
  public init(_ factors: [Factor]) {
    precondition(factors.allSatisfy { $0.values.count == factors[0].values.count }, "as many values as images")
    self.factors = factors
    count = factors.first?.values.count ?? 0
  }

  /// Those that vary over the images; the others say nothing about codes.
  public var varying: KnownFactors { KnownFactors(factors.filter(\.varies)) }

  /// The factor that a latent's values, one an image, go with most closely; nil where no factor varies.
  func closest(to latent: [Double]) -> FactorAssociation? {
    let found = varying.factors.map { factor in
      FactorAssociation(
        name: factor.name,
        strength: factor.isCategorical
          ? Self.correlationRatio(latent, factor.values) : abs(Association.spearman(latent, factor.values)))
    }
    return found.filter { $0.strength.isFinite }.max { $0.strength < $1.strength }
  }

  /// η (Pearson 1905): the root of the share of the variance that lies between the groups.
  private static func correlationRatio(_ values: [Double], _ groups: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    var sums: [Double: (sum: Double, count: Double)] = [:]
    for (value, group) in zip(values, groups) {
      sums[group, default: (0, 0)].sum += value
      sums[group, default: (0, 0)].count += 1
    }
    // In the order of the groups, so that rounding is the same every time.
    let between = sums.sorted { $0.key < $1.key }.reduce(0) {
      $0 + $1.value.count * ($1.value.sum / $1.value.count - mean) * ($1.value.sum / $1.value.count - mean)
    }
    let total = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return total > 0 ? (between / total).squareRoot() : .nan
  }
}
