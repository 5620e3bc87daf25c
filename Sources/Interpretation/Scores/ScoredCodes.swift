import BVAEArrays
import BVAEPlatform
import BetaVAE
import Synchronization

/// Codes of images and the factors that the images were generated from, from which all scores follow.
public struct ScoredCodes: Sendable {
  /// The images that scores are computed from.
  package let sample: ScoreSample
  /// What draws begin from; the same seed gives the same scores.
  public let seed: UInt64
  /// Why nothing can be scored.
  private let obstacle: String?

  /// The most images that scores are computed from, but for a complete grid: disentanglement_lib (Locatello et al. 2019)
  /// draws 10,000 to train on and 5000 to test on.
  public static let mostImages = ScoreSample.training + ScoreSample.testing
  /// The most images of a complete grid that are all used. Of a larger one 15,000 draws hardly repeat any.
  public static let mostOfGrid = 100_000

  /// Which images scores are computed from, ascending, so that only these need be encoded: all of up to 15,000, and of a
  /// complete grid of factors up to 100,000; of more 15,000 that the seed chooses at random.
  public static func images(of factors: KnownFactors, seed: UInt64 = 1) -> [Int] {
    let usesAll = factors.count <= mostImages || factors.count <= mostOfGrid && factors.varying.isCompleteGrid
    var generator = RandomGenerator(seed: seed, stream: .subset)
    return generator.subset(of: factors.count, atMost: usesAll ? factors.count : mostImages)
  }

  /// Codes, [images, latents], and the factors of the same images, of which `images(of:seed:)` tells those that are used.
  /// - Parameter logVariances: of the codes' posteriors, of the same shape; nil for codes that have none.
  /// - Throws: `ScoreError` where they do not belong together. Codes that belong together and yet cannot be scored have
  ///   scores without a value, which say why.
  public init(
    codes: Tensor, logVariances: Tensor? = nil, factors: KnownFactors, seed: UInt64 = 1
  ) throws(ScoreError) {
    guard codes.shape.count == 2 else { throw .shape(codes.shape) }
    if let logVariances, logVariances.shape != codes.shape { throw .shape(logVariances.shape) }
    let count = codes.shape[0], latents = codes.shape[1]
    guard factors.factors.isEmpty || count == factors.count else {
      throw .counts(codes: count, factors: factors.count)
    }
    let images = Self.images(of: factors, seed: seed)
    let used = factors.selecting(images).varying
    self.seed = seed
    obstacle = Self.obstacle(codes, used)
    func rows(_ tensor: Tensor) -> [Double] {
      images.flatMap { tensor.values[$0 * latents..<($0 + 1) * latents].map(Double.init) }
    }
    sample = ScoreSample(
      count: images.count, latents: latents, codes: rows(codes), logVariances: logVariances.map(rows) ?? [],
      factors: used.factors.map(ScoreSample.Column.init), isComplete: used.isCompleteGrid)
  }

  /// What a model makes of images, and their factors: with variances where its codes have any.
  /// - Throws: `ScoreError` as the other.
  public init(_ code: Code, of model: Model, factors: KnownFactors, seed: UInt64 = 1) throws(ScoreError) {
    try self.init(
      codes: code.mean, logVariances: model.objective.isVariational ? code.logVariance : nil, factors: factors,
      seed: seed)
  }

  private static func obstacle(_ codes: Tensor, _ factors: KnownFactors) -> String? {
    let latents = codes.shape[1]
    if latents == 0 { return "the codes have no latents" }
    let broken = (0..<codes.shape[0]).count { row in
      !codes.values[row * latents..<(row + 1) * latents].allSatisfy(\.isFinite)
    }
    if broken > 0 { return "the codes of \(counted(broken, "image")) are not finite" }
    if latents == 1 { return "a single latent cannot separate factors" }
    if factors.factors.isEmpty { return "no factor varies over the images" }
    if factors.factors.count == 1 {
      return "only '\(factors.factors[0].name)' varies over the images; scores need two factors"
    }
    return nil
  }

  /// All scores, in the order in which tables show them; those that would mean nothing say why.
  /// - Parameters:
  ///   - intervals: whether to compute intervals and what shuffled codes score, which takes most of the time.
  ///   - workers: share out the work; their number changes nothing.
  public func scores(intervals: Bool = true, workers: Workers = Workers(count: 1)) -> [Score] {
    scores(intervals: intervals, workers: workers) { _ in }
  }

  /// All scores, telling how far the work is.
  /// - Parameters:
  ///   - intervals: whether to compute intervals and what shuffled codes score, which takes most of the time.
  ///   - workers: share out the work; their number changes nothing.
  ///   - progress: is told from time to time how much is done, 0…1; what it throws ends the work.
  public func scores(
    intervals: Bool = true, workers: Workers = Workers(count: 1), progress: (Double) throws -> Void
  ) rethrows -> [Score] {
    let obstacles = Dictionary(
      uniqueKeysWithValues: ScoreFamily.allCases.map { ($0, obstacle ?? $0.obstacle(sample)) })
    // The score itself, that of shuffled codes, then what intervals are made of.
    func kinds(_ family: ScoreFamily) -> Int {
      guard intervals else { return 1 }
      return family.behaviours.isEmpty ? 2 : 2 + ScoreInterval.repeats
    }
    let work = ScoreFamily.allCases.filter { obstacles[$0] == .some(nil) }.flatMap { family in
      (0..<kinds(family)).map { (family, $0) }
    }
    let results = Mutex([ScoreFamily: [[Double]]]())
    results.withLock { all in
      for (family, _) in work { all[family] = Array(repeating: [], count: kinds(family)) }
    }
    let total = work.reduce(0) { $0 + $1.0.cost }
    var done = 0.0
    // As many at a time as there are threads, so that progress can be told, and the work ended, in between.
    for start in stride(from: 0, to: work.count, by: workers.count) {
      try progress(done / total)
      let now = Array(work[start..<min(work.count, start + workers.count)])
      workers.run(units: now.count) { unit in
        let (family, kind) = now[unit]
        let values = family.values(of: sample, seed: seed, kind)
        results.withLock { $0[family]?[kind] = values }
      }
      done += now.reduce(0) { $0 + $1.0.cost }
    }
    let found = results.withLock { $0 }
    return ScoreFamily.allCases.flatMap { family in
      family.names.enumerated().map { place, name in
        guard let values = found[family] else {
          return Score(name: name, value: nil, shuffled: nil, interval: nil, reason: obstacles[family] ?? nil)
        }
        let repeats = values.dropFirst(2).map { $0[place] }
        return Score(
          name: name, value: values[0][place], shuffled: intervals ? values[1][place] : nil,
          interval: !repeats.isEmpty
            ? ScoreInterval.interval(
              values[0][place], repeats, images: sample.isComplete ? nil : sample.count, family.behaviours[place])
            : nil,
          reason: nil)
      }
    }
  }
}

/// Scores that are computed together, in the order of tables. Their numbers are part of the seeds of what they draw.
enum ScoreFamily: Int, CaseIterable {
  case betaVAE = 0
  case factorVAE = 1
  case mutualInformation = 2
  case exactMutualInformation = 6
  case predictability = 3
  case informationByClass = 4
  case informationByOrder = 5
  case modularity = 7
  case explicitness = 8

  var names: [String] {
    switch self {
    case .betaVAE: ["β-VAE score"]
    case .factorVAE: ["FactorVAE score"]
    case .mutualInformation: ["MIG"]
    case .exactMutualInformation: ["MIG (exact densities)"]
    case .modularity: ["modularity"]
    case .explicitness: ["explicitness"]
    case .predictability: ["SAP", "SAP (r²)"]
    case .informationByClass: Self.information
    case .informationByOrder: Self.information.map { "\($0) (regression)" }
    }
  }

  private static let information = ["DCI disentanglement", "DCI completeness", "DCI informativeness"]

  /// How each depends on the sample; none where that was not established, so that no interval can be told.
  var behaviours: [ScoreInterval.Behaviour] {
    switch self {
    case .exactMutualInformation, .modularity, .explicitness: []
    case .betaVAE, .factorVAE: [.votes]
    case .mutualInformation: [.entropies]
    case .predictability: [.prediction, .prediction]
    case .informationByClass: [.importance, .importance, .accuracy]
    case .informationByOrder: [.importanceByOrder, .importanceByOrder, .accuracyByOrder]
    }
  }

  /// About how long it takes, in units of the shortest.
  var cost: Double {
    switch self {
    case .mutualInformation, .predictability, .modularity: 1
    case .exactMutualInformation, .explicitness: 20
    case .betaVAE, .factorVAE, .informationByOrder: 10
    case .informationByClass: 100
    }
  }

  /// Why a sample cannot be scored so.
  func obstacle(_ sample: ScoreSample) -> String? {
    if self == .exactMutualInformation {
      if sample.logVariances.isEmpty { return "its codes have no variances" }
      if !sample.factors.contains(where: \.isOrdered) { return "no factor has an order" }
    }
    guard !sample.isComplete else { return nil }
    let isVote = self == .betaVAE || self == .factorVAE
    func levels(_ factor: ScoreSample.Column) -> Int { isVote ? factor.groupCount : factor.levelCount }
    guard let most = sample.factors.max(by: { levels($0) < levels($1) }) else { return nil }
    let needed = imagesOfLevel * max(levels(most), Discretization.bins)
    if needed < fewestImages && sample.count < fewestImages {
      return
        "its trees need \(fewestImages.grouped) images to learn from; there are \(sample.count.grouped)"
    }
    guard sample.count < needed else { return nil }
    return "it needs \(needed.grouped) images (there are \(sample.count.grouped)): \(imagesOfLevel) for each of "
      + (levels(most) < Discretization.bins
        ? "the \(Discretization.bins) bins of a latent" : "the \(levels(most)) levels of '\(most.name)'")
  }

  /// How many images there must be on average for each level of a factor, and for each bin of a latent. With fewer, intervals
  /// do not hold what they promise, or are so wide that they say nothing.
  private var imagesOfLevel: Int {
    switch self {
    case .mutualInformation, .exactMutualInformation, .predictability, .modularity, .explicitness: 10
    case .betaVAE, .factorVAE, .informationByClass, .informationByOrder: 50
    }
  }

  /// How many images there must be at all. From fewer DCI's trees learn so little that the score lies far below that of more
  /// images: with 1000 disentanglement and completeness are off by 0.2, and the intervals miss it (ScoreCoverageTests).
  private var fewestImages: Int {
    switch self {
    case .informationByClass, .informationByOrder: 2000
    default: 0
    }
  }

  /// The values of a sample (0), of the same codes shuffled over the images (1), and of further draws (2, 3, …): from a
  /// complete grid draws like the first, otherwise from a random half of the images.
  func values(of sample: ScoreSample, seed: UInt64, _ kind: Int) -> [Double] {
    var generator = RandomGenerator(seed: seed, stream: .scores, index: rawValue << 16 + kind)
    let isLarge = sample.isComplete || sample.count >= ScoredCodes.mostImages
    var sample = sample
    if kind == 1 { sample = sample.shuffled(&generator) }
    if kind > 1 && !sample.isComplete {
      sample = sample.selecting(generator.subset(of: sample.count, atMost: sample.count / 2))
    }
    // Of many trees coarser ones tell as well how much they differ, in half the time; but not what more images do.
    let bins = kind > 1 && isLarge ? 64 : FeatureBins.most
    switch self {
    case .betaVAE: return [FixedFactorScores.betaVAE(sample, generator)]
    case .factorVAE: return [FixedFactorScores.factorVAE(sample, generator)]
    case .mutualInformation: return [MutualInformationGap.gap(sample.drawn(&generator))]
    case .exactMutualInformation:
      let noise = RandomGenerator(seed: seed, stream: .scores, index: rawValue << 16 + 1 << 15 + kind)
      return [ExactInformationGap.gap(sample, &generator, noise: noise)]
    case .modularity: return [ModularityExplicitness.modularity(sample.drawn(&generator))]
    case .explicitness:
      let (training, testing) = sample.split(&generator)
      return [ModularityExplicitness.explicitness(training, testing)]
    case .predictability:
      let (training, testing) = sample.split(&generator)
      return SeparatedAttributePredictability.gaps(training, testing, studied: ScoreSample.training)
    case .informationByClass:
      let (training, testing) = sample.split(&generator)
      return InformationScores.byClass(training, testing, bins: bins)
    case .informationByOrder:
      let (training, testing) = sample.split(&generator)
      return InformationScores.byOrder(training, testing, bins: bins)
    }
  }
}
