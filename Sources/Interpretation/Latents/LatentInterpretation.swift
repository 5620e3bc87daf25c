import BVAEArrays
import BVAEPlatform
import BetaVAE

/// What one latent of a model means, by the images that it decodes to.
public struct LatentInterpretation: Sendable {
  /// The latent, counted from 0.
  public let latent: Int
  /// Its mean KL divergence on the dataset, in nats; nil for an autoencoder.
  public let divergence: Double?
  /// The variance of its mean over the dataset.
  public let meanVariance: Double
  /// The values between which it was swept.
  public let lower: Double, upper: Double
  /// How many categories it has; nil for a continuous latent.
  public let categories: Int?
  /// What it changes; nil for a latent that is not in use, and for categories, which have no order.
  public let effect: LatentEffect?
  /// How closely it goes with each of the generating factors, where these are known, the closest first.
  public let factors: [FactorAssociation]
  /// How many images the dataset has.
  public let images: Int

  /// The generating factor that it goes with most closely, where the dataset's factors are known.
  public var factor: FactorAssociation? { factors.first }

  package init(
    latent: Int, divergence: Double?, meanVariance: Double, lower: Double, upper: Double, effect: LatentEffect?,
    factors: [FactorAssociation] = [], images: Int = 0, categories: Int? = nil
  ) {
    self.categories = categories
    self.latent = latent
    self.divergence = divergence
    self.meanVariance = meanVariance
    self.lower = lower
    self.upper = upper
    self.effect = effect
    self.factors = factors
    self.images = images
  }

  /// Whether it is in use: its mean varies over the dataset with a variance above 0.01.
  public var isActive: Bool { LatentStatistics.isActive(variance: meanVariance) }

  /// The change that the latent is named after; nil for one that is inactive or has no clear effect on any measure.
  public var named: LatentEffect.Change? {
    guard let effect, let main = effect.mainChange else { return nil }
    let isPlain = effect.strength >= Self.plainFrom
    return isPlain || effect.strength >= Self.weakest && abs(main.spearman) >= Self.steady ? main : nil
  }

  /// Whether what it changes is hardly seen, though it does so in nearly every sweep.
  public var isSlight: Bool { named != nil && effect?.strength ?? 0 < Self.plainFrom }

  /// Whether the named measure explains most of what the latent changes.
  public var isDominated: Bool { named != nil && effect?.purity ?? 0 >= Self.pureFrom }
  /// Whether it explains most and follows the latent so closely that its name can stand for it: |r| ≥ 0.9.
  public var isPure: Bool { isDominated && abs(named?.pearson ?? 0) >= Self.pureCorrelation }

  /// The share from which on a latent is called pure, and the least |r| of its measure.
  public static let pureFrom = 0.6, pureCorrelation = 0.9
  /// The strength, in spreads of the dataset, from which on a change is plain to see; from `weakest` on it is told where
  /// it goes the same way in nearly every sweep, |ρ| being `steady` or more.
  public static let plainFrom = 0.25, weakest = 0.03, steady = 0.6
}

/// How closely a latent goes with a generating factor.
public struct FactorAssociation: Sendable, Equatable {
  /// The factor's name.
  public let name: String
  /// How closely: 0…1, the absolute value of Spearman's correlation for ordered factors, the multiple correlation with
  /// sine and cosine for angles, the correlation ratio η for those without an order (the root of the share of the
  /// latent's variance that lies between the factor's values).
  public let strength: Double

  package init(name: String, strength: Double) {
    self.name = name
    self.strength = strength
  }
}

/// How a model is interpreted.
public struct InterpretationOptions: Sendable {
  /// From how many images of the dataset each latent is swept; they are a random subset of it.
  public var images: Int
  /// Steps of a sweep.
  public var steps: Int
  /// Where the sweeps go.
  public var range: SweepRange
  /// The seed of the choice of images.
  public var seed: UInt64

  /// 64 images and 12 steps over each latent's own range, unless others are given.
  public init(images: Int = 64, steps: Int = 12, range: SweepRange = .automatic, seed: UInt64 = 1) {
    self.images = images
    self.steps = steps
    self.range = range
    self.seed = seed
  }
}

extension Model {
  /// Says of each latent what it changes in decoded images.
  ///
  /// From each of some images of the dataset, each active latent is swept over its range while the others stay, and all
  /// frames are measured. Inactive latents are not swept: what they would change is noise. Nor are categories, which have no
  /// order. An InfoGAN's images differ from start to start in their noise too, which stays along a sweep.
  /// - Parameters:
  ///   - images: the dataset; it says what is active, and how much its images differ in each measure.
  ///   - factors: its generating factors, where they are known.
  ///   - progress: told the share that is done before each latent.
  /// - Throws: `ModelError` when the images do not fit the model or there are none, or where the factors are of another
  ///   number of images; what `beforeBatch` throws.
  public func interpret(
    on images: ByteImages, factors: KnownFactors? = nil, options: InterpretationOptions = InterpretationOptions(),
    progress: (Double) -> Void = { _ in }
  ) throws -> [LatentInterpretation] {
    guard images.count > 0 else { throw ModelError.noImages("interpret the model on") }
    guard (1...10_000).contains(options.images), (2...1000).contains(options.steps) else {
      throw ModelError.unsupported(
        "interpreting takes 1 to 10,000 images and 2 to 1000 steps, not \(options.images) and \(options.steps)")
    }
    if let factors, factors.count != images.count {
      throw ModelError.unsupported(
        "the factors describe \(counted(factors.count, "image")), but there are \(images.count)")
    }
    let isVariational = objective.isVariational, declared = objective.code.declared
    let code = try encode(images)
    let variance = code.meanVariance, divergence = code.meanDivergence
    let known = latentStatistics ?? LatentStatistics(code, kind: objective.code)
    let statistics = MeasureStatistics(of: images, workers: compute.workers, seed: options.seed)
    try images.check()
    var generator = RandomGenerator(seed: options.seed, stream: .subset, index: 13)
    let starts = generator.subset(of: images.count, atMost: options.images)
    let compared = factors?.compared
    return try (0..<latents).map { latent in
      let means = (0..<code.count).map { Double(code.mean.values[$0 * code.latents + latent]) }
      progress(Double(latent) / Double(latents))
      if let categories = declared?.categories(of: latent) {
        return LatentInterpretation(
          latent: latent, divergence: nil, meanVariance: variance[latent], lower: 0, upper: Double(categories - 1),
          effect: nil, images: images.count, categories: categories)
      }
      let ends: (Double, Double)
      switch options.range {
      case .automatic: ends = (known.lower[latent], known.upper[latent])
      case .prior:
        let range = objective.code.priorRange(of: latent)
        ends = (range.lowerBound, range.upperBound)
      case .fixed(let lower, let upper): ends = (Double(lower), Double(upper))
      }
      let effect =
        LatentStatistics.isActive(variance: variance[latent])
        ? try self.effect(
          of: latent, between: ends, options.steps, code, starts, statistics, statistics.agreement(with: means)) : nil
      return LatentInterpretation(
        latent: latent, divergence: isVariational ? divergence[latent] : nil, meanVariance: variance[latent],
        lower: ends.0, upper: ends.1, effect: effect,
        factors: compared?.associations(of: means) ?? [],
        images: images.count)
    }
  }

  private func effect(
    of latent: Int, between ends: (Double, Double), _ steps: Int, _ code: Code, _ starts: [Int],
    _ statistics: MeasureStatistics, _ agreement: [Double]
  ) throws -> LatentEffect {
    let values = (0..<steps).map { ends.0 + (ends.1 - ends.0) * Double($0) / Double(steps - 1) }
    // A few sweeps at a time, so that many steps of large images do not all lie in memory.
    let together = max(1, 1024 / steps)
    var frames: [[[Double]]] = []
    for first in stride(from: 0, to: starts.count, by: together) {
      let some = starts[first..<min(starts.count, first + together)]
      var codes: [Float] = []
      for image in some {
        for value in values {
          var changed = Array(code.mean.values[image * code.latents..<(image + 1) * code.latents])
          changed[latent] = Float(value)
          codes += changed
        }
      }
      let decoded = try decode(Tensor(shape: [some.count * steps, code.latents], values: codes)) {
        Draw(number: first + $0 / steps)
      }
      let measured = try statistics.meter.measure(decoded, workers: compute.workers)
      frames += (0..<some.count).map { Array(measured[$0 * steps..<($0 + 1) * steps]) }
    }
    return LatentEffect(frames: frames, values: values, statistics: statistics, agreement: agreement)
  }
}
