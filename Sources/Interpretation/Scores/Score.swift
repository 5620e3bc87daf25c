import Numerics

/// A number that says how well codes tell generating factors apart.
public struct Score: Sendable, Equatable {
  /// What it is called: `MIG`.
  public let name: String
  /// The score, 0…1.
  public let value: Double
  /// The ends of its 95 % bootstrap interval.
  public let lower: Double, upper: Double
}

/// Codes of images and the factors that the images were generated from, from which all scores follow.
public struct ScoredCodes: Sendable {
  /// The latents: one list of values for each, a value an image.
  public let codes: [[Double]]
  /// The factors that vary.
  public let factors: KnownFactors
  /// What draws and bootstraps begin from; the same seed gives the same scores.
  public let seed: UInt64

  /// The most images that are used; disentanglement_lib trains on 10,000 and tests on 5000.
  public static let mostImages = 15_000

  /// Codes, [images, latents], and the factors of the same images. Of more than 15,000 images as many evenly spaced ones
  /// are used.
  public init(codes: Tensor, factors: KnownFactors, seed: UInt64 = 1) {
    precondition(codes.shape.count == 2 && codes.count == factors.count)
    let latents = codes.shape[1], count = codes.count
    let used = min(count, Self.mostImages)
    let rows = (0..<used).map { used == count ? $0 : $0 * count / used }
    self.codes = (0..<latents).map { k in rows.map { Double(codes.values[$0 * latents + k]) } }
    self.factors =
      KnownFactors(
        factors.factors.map { factor in
          KnownFactors.Factor(
            name: factor.name, isCategorical: factor.isCategorical, period: factor.period,
            values: rows.map { factor.values[$0] })
        }
      ).varying
    self.seed = seed
  }

  /// The number of images.
  public var count: Int { factors.count }

  /// All scores, in the order in which tables show them; none where no factor varies or there are fewer than 50 images.
  /// - Parameter workers: share out the refits of the bootstrap; their number changes nothing.
  public func scores(workers: Workers = Workers(count: 1)) -> [Score] {
    guard !factors.factors.isEmpty, count >= 50, !codes.isEmpty, codes.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      return []
    }
    return [betaVAEScore(), factorVAEScore(), mutualInformationGap(), separatedAttributePredictability()]
      + informationScores(workers: workers)
  }

  func generator(_ score: Int) -> RandomGenerator { RandomGenerator(seed: seed, stream: .scores, index: score) }
}

/// Intervals of resampled scores (Efron 1979).
enum Bootstrap {
  /// How often a score is computed anew.
  static let rounds = 200

  /// A score with ±1.96 deviations of its values over resamples of `count` things, held within 0…1. Quantiles of the
  /// resamples would not do: things that are drawn twice lift every mutual information.
  /// - Parameter score: given how often each thing was drawn; nil for once each.
  static func score(_ name: String, _ count: Int, _ generator: RandomGenerator, _ score: ([Int]?) -> Double) -> Score {
    var generator = generator
    return interval(name, score(nil), (0..<rounds).map { _ in score(draws(count, &generator)) })
  }

  /// A score with ±1.96 deviations of its resamples.
  static func interval(_ name: String, _ value: Double, _ resampled: [Double]) -> Score {
    let mean = resampled.reduce(0, +) / Double(resampled.count)
    let squares = resampled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let half = 1.96 * (squares / Double(max(1, resampled.count - 1))).squareRoot()
    return Score(name: name, value: value, lower: max(0, value - half), upper: min(1, value + half))
  }

  /// How often each of `count` things is drawn in `count` draws with replacement.
  static func draws(_ count: Int, _ generator: inout RandomGenerator) -> [Int] {
    var draws = [Int](repeating: 0, count: count)
    for _ in 0..<count { draws[generator.index(below: count)] += 1 }
    return draws
  }
}
