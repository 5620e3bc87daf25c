import BVAEArrays

/// What one latent does to decoded images, measured by measure: means over the sweeps from several images.
public struct LatentEffect: Sendable {
  /// What the sweep does to one measure.
  public struct Change: Sendable {
    /// The measure.
    public let measure: ImageMeasure
    /// Its mean over the sweeps at each step, from the lower to the upper end of the latent's range.
    public let profile: [Double]
    /// Pearson's and Spearman's correlation with the latent's value over all frames, each sweep's mean taken away from
    /// both, so that the images' own differences do not count.
    public let pearson: Double, spearman: Double
    /// The profile about its mean, in spreads of the dataset's own images.
    let standardized: [Double]

    /// Its mean at the lower end of the range.
    public var from: Double { profile.first ?? .nan }
    /// Its mean at the upper end of the range.
    public var to: Double { profile.last ?? .nan }
    /// Its smallest and largest mean over the steps.
    var minimum: Double { profile.min() ?? .nan }
    var maximum: Double { profile.max() ?? .nan }
    /// Whether it goes one way along the latent: up or down in most sweeps, rather than there and back, or now this way
    /// and now that as noise does.
    public var isMonotonic: Bool { abs(spearman) >= LatentEffect.monotonicFrom }
    /// The standard deviation of the profile over the steps, in spreads of the dataset's own images.
    public var strength: Double {
      (standardized.reduce(0) { $0 + $1 * $1 } / Double(max(1, standardized.count))).squareRoot()
    }
    /// How far the mean goes from its smallest to its largest, as a share of its mean.
    var relativeRange: Double { (maximum - minimum) / abs(profile.reduce(0, +) / Double(max(1, profile.count))) }
  }

  /// One change for each measure that the frames have.
  public let changes: [Change]
  /// How large the change as a whole is: the root of the mean over the steps of the squared standardised changes of the
  /// elementary measures, added up; in spreads.
  public let strength: Double
  /// For each of `changes`, the share of the whole change that it explains.
  public let explained: [Double]
  /// For each of `changes`, the share that the named change leaves to it alone.
  public let remaining: [Double]
  /// The change that the latent is named after, by its index; nil where nothing changes.
  public let main: Int?

  /// What explains at least this share of what the best does is taken if it stands earlier in the list of measures. Names
  /// that are made of several elementary measures have to explain a tenth more than these.
  static let tie = 0.96, composite = 0.9
  /// The size of Spearman's correlation from which on a measure goes one way.
  static let monotonicFrom = 0.5
  /// A measure that goes one way is preferred unless it explains less than this share of what the best of all does.
  static let leastMonotonic = 0.25
  /// Where none explains most, what explains this share of what the best does may be the name as well.
  static let rivalry = 0.5

  /// Judges measured sweeps.
  ///
  /// Let `pᵢ(s)` be the mean at step s of measure i over the sweeps, about its own mean over the steps, in spreads σᵢ of the
  /// dataset's images, and `cᵢⱼ` the correlation of the measures over those images. If the latent changes measure j and
  /// nothing else, then i follows as it does in the data: `pᵢ = cᵢⱼ pⱼ`. The share of the change that j explains is
  ///
  ///     purity(j) = 1 − Σᵢ Σₛ (pᵢ(s) − cᵢⱼ pⱼ(s))² / Σᵢ Σₛ pᵢ(s)²,
  ///
  /// i running over the elementary measures. Measures that are nearly the same thing in these data, such as width and
  /// thickness of a stroke that stands upright, thus do not count against each other, and names for several things at
  /// once, such as size, are found where they explain more than one of their parts. The latent is named after the
  /// measure that explains most of those that go one way along it (|ρ| ≥ ½ over all frames); what goes there and back is a
  /// name only where nothing that goes one way explains a quarter as much. Where no measure explains most of the change,
  /// those that explain half as much as the best are told apart by how they go with the latent in the data, too: the
  /// name is then the one with the largest product of share and agreement.
  /// - Parameters:
  ///   - frames: measured values, [sweeps][steps][measures].
  ///   - values: the latent's value at each step.
  ///   - agreement: how closely each measure goes with the latent over the dataset's images, 0…1; nil where that is not
  ///     known.
  package init(
    frames: [[[Double]]], values: [Double], statistics: MeasureStatistics, agreement: [Double]? = nil
  ) {
    let measures = statistics.measures
    let centredValues = values.map { $0 - values.reduce(0, +) / Double(max(1, values.count)) }
    var changes: [Change] = [], indices: [Int] = []
    for (k, measure) in measures.enumerated() {
      // A sweep counts where the measure exists in every frame.
      let series = frames.map { sweep in Periodic.unwrapped(sweep.map { $0[k] }, measure.period) }
        .filter { $0.allSatisfy(\.isFinite) }
      guard 2 * series.count >= frames.count, !series.isEmpty, values.count > 1 else { continue }
      let means = series.map { $0.reduce(0, +) / Double($0.count) }
      let centre = Periodic.mean(means, measure.period)
      let centred = zip(series, means).map { sweep, mean in sweep.map { $0 - mean } }
      let profile = values.indices.map { step in centred.reduce(0) { $0 + $1[step] } / Double(centred.count) }
      let allValues = centred.flatMap { _ in centredValues }
      changes.append(
        Change(
          measure: measure, profile: profile.map { $0 + centre },
          pearson: Association.pearson(allValues, centred.flatMap { $0 }),
          spearman: Association.spearman(allValues, centred.flatMap { $0 }),
          standardized: profile.map { $0 / statistics.spread[k] }))
      indices.append(k)
    }
    let elementary = changes.indices.filter { changes[$0].measure.isElementary }
    func energy(_ profile: [Double]) -> Double { profile.reduce(0) { $0 + $1 * $1 } }
    let total = elementary.reduce(0) { $0 + energy(changes[$1].standardized) }
    func rest(_ i: Int, _ j: Int) -> Double {
      let c = statistics.correlation[indices[i]][indices[j]]
      return energy(zip(changes[i].standardized, changes[j].standardized).map { $0 - c * $1 })
    }
    let explained = changes.indices.map { j in
      total > 0 ? 1 - elementary.reduce(0) { $0 + rest($1, j) } / total : 0
    }
    // A turn is the lean of a shape by another word.
    let weighed = changes.indices.map { j in
      let measure = changes[j].measure
      return explained[j] * (measure.isElementary || measure == .rotation ? 1 : Self.composite)
    }
    let main = Self.chosen(weighed, changes, agreement.map { known in indices.map { known[$0] } })
    self.changes = changes
    self.explained = explained
    self.main = main
    strength = (total / Double(max(1, values.count))).squareRoot()
    remaining = changes.indices.map { i in
      guard let main, total > 0, i != main else { return 0 }
      return rest(i, main) / total
    }
  }

  /// The first of those that explain nearly most and go one way, else of all.
  private static func chosen(_ weighed: [Double], _ changes: [Change], _ agreement: [Double]?) -> Int? {
    let best = weighed.max() ?? 0
    guard best > 0 else { return nil }
    let oneWay = weighed.indices.filter { changes[$0].isMonotonic }
    let bestOneWay = oneWay.map { weighed[$0] }.max() ?? 0
    guard bestOneWay >= leastMonotonic * best else { return weighed.firstIndex { $0 >= best * tie } }
    if let agreement, bestOneWay < LatentInterpretation.pureFrom {
      let rivals = oneWay.filter { weighed[$0] >= rivalry * bestOneWay }
      let product = rivals.map { weighed[$0] * agreement[$0] }
      if let most = product.max(), most > 0 { return zip(rivals, product).first { $0.1 >= most * tie }?.0 }
    }
    return oneWay.first { weighed[$0] >= bestOneWay * tie }
  }

  /// What the latent is named after.
  public var mainChange: Change? { main.map { changes[$0] } }
  /// The share of the whole change that the main one explains, 0…1.
  public var purity: Double { main.map { max(0, explained[$0]) } ?? 0 }

  /// Of the elementary measures the one that changes most beside the named one, and its share of the whole change.
  var second: (change: Change, share: Double)? {
    let index = changes.indices.filter { changes[$0].measure.isElementary && $0 != main }
      .max { remaining[$0] < remaining[$1] }
    return index.map { (changes[$0], remaining[$0]) }
  }
}
