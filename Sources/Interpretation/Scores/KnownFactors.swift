import BVAEDatasets
import Glibc

/// The values from which images were generated: one row an image, one column a factor.
public struct KnownFactors: Sendable, Equatable {
  /// One column.
  public struct Factor: Sendable, Equatable {
    /// What it is called: `slant`.
    public let name: String
    /// Whether its values have no order: shapes, digits.
    public let isCategorical: Bool
    /// After how much a value is the same again, for angles.
    public let period: Double?
    /// One value an image; for categories a whole number each.
    public let values: [Double]

    /// A factor with a value for each image.
    public init(name: String, isCategorical: Bool, period: Double? = nil, values: [Double]) {
      self.name = name
      self.isCategorical = isCategorical
      self.period = period
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

  /// A caller's own factors.
  /// - Throws: `ScoreError.values` where they are not all of as many values.
  public init(of factors: [Factor]) throws(ScoreError) {
    let counts = Set(factors.map(\.values.count))
    guard counts.count <= 1 else { throw .values(counts.sorted()) }
    self.init(factors)
  }

  /// Factors of as many values each.
  package init(_ factors: [Factor]) {
    precondition(factors.allSatisfy { $0.values.count == factors[0].values.count }, "as many values as images")
    self.factors = factors
    count = factors.first?.values.count ?? 0
  }

  /// Those that vary over the images; the others say nothing about codes.
  public var varying: KnownFactors { KnownFactors(factors.filter(\.varies)) }

  /// What latents are compared with: the factors that vary and what several of them come to together.
  var compared: KnownFactors { KnownFactors(factors + derived).varying }

  /// How closely a latent's values, one an image, go with each of the factors, the closest first.
  func associations(of latent: [Double]) -> [FactorAssociation] {
    let found = factors.map { factor in
      FactorAssociation(
        name: factor.name,
        strength: factor.isCategorical
          ? Self.correlationRatio(latent, factor.values)
          : factor.period.map { Self.circularCorrelation(latent, factor.values, $0) }
            ?? abs(Association.spearman(latent, factor.values)))
    }
    return found.filter { $0.strength.isFinite }.sorted { $0.strength > $1.strength }
  }

  /// The multiple correlation of a number with the sine and cosine of an angle (Mardia 1976).
  private static func circularCorrelation(_ values: [Double], _ angles: [Double], _ period: Double) -> Double {
    let sines = angles.map { sin($0 * 2 * .pi / period) }, cosines = angles.map { cos($0 * 2 * .pi / period) }
    let s = Association.pearson(values, sines), c = Association.pearson(values, cosines)
    let both = Association.pearson(sines, cosines)
    return (max(0, s * s + c * c - 2 * s * c * both) / max(1e-12, 1 - both * both)).squareRoot()
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

extension KnownFactors {
  /// The factors of a dataset. Angles in turns have a period of 1, others that of their largest value. Which image was
  /// transformed is left out where there are fewer than ten images of each or more than forty originals: any code goes with
  /// a kind that is there once, and predicting hundreds of kinds takes hours.
  public init(_ table: FactorTable) {
    let originals = Set(table.column(Transformation.image) ?? []).count
    let hasKinds = table.originals == nil || originals <= 40 && originals * 10 <= table.count
    self.init(
      table.factors.enumerated().compactMap { place, factor in
        if !hasKinds, factor.name == Transformation.image { return nil }
        var isCategorical = false, period: Double?
        switch factor.kind {
        case .categorical: isCategorical = true
        case .continuous(let range): period = factor.isCircular ? max(1, Double(range.upperBound)) : nil
        }
        let values = (0..<table.count).map { Double(table.values[$0 * table.factors.count + place]) }
        return Factor(name: factor.name, isCategorical: isCategorical, period: period, values: values)
      })
  }
}
