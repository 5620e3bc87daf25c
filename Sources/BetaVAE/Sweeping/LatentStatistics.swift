import BVAECPU
import Glibc

/// What each latent does on the data that a model was trained on.
public struct LatentStatistics: Sendable, Equatable, Codable {
  /// Mean KL divergence from the prior, in nats.
  public let divergence: [Double]
  /// Variance over the images of the latent's mean.
  public let meanVariance: [Double]
  /// The range that the latent covers: lower and upper end.
  public let lower: [Double], upper: [Double]
  /// The share of images that Q gives each category, for each of an InfoGAN's categorical codes; nil for other systems.
  public let categoryShares: [[Double]]?

  /// Whether a latent is in use: its mean varies over the data with a variance above 0.01 (the "active units" of Burda,
  /// Grosse and Salakhutdinov 2016).
  public static func isActive(variance: Double) -> Bool { variance > 0.01 }

  /// Whether a latent is in use.
  public func isActive(_ latent: Int) -> Bool { Self.isActive(variance: meanVariance[latent]) }

  /// Whether all numbers are finite: those of a model whose weights are numbers.
  var isFinite: Bool {
    (divergence + meanVariance + lower + upper + (categoryShares ?? []).flatMap { $0 }).allSatisfy(\.isFinite)
  }

  /// The latents in use.
  public var activeLatents: [Int] { meanVariance.indices.filter(isActive) }

  /// The share of the aggregate posterior that lies inside `lower…upper`.
  public static let coverage = 0.99
  /// From at most so many images a range is computed; of more, from a random subset that is always the same.
  package static let mostImages = 4000
  /// The range that stands for the prior N(0, 1), also that of an inactive latent.
  public static let priorRange = -3.0...3.0

  /// Of more images than these a random subset is measured, always the same, so that the end of a training does not wait
  /// for the encoder to go through all of them.
  package static let mostMeasured = 20_000

  /// Measures a model on images.
  /// - Throws: `ModelError.imageShape` for images of another size.
  init(_ model: Model, images: ByteImages) throws {
    var generator = RandomGenerator(seed: 1, stream: .subset, index: 11)
    let chosen = generator.subset(of: images.count, atMost: Self.mostMeasured)
    let measured = chosen.count < images.count ? images.selecting(chosen) : images
    try images.check()
    self.init(try model.encode(measured), kind: model.objective.code)
  }

  package init(_ code: Code, kind: Objective.CodeKind) {
    let isVariational = kind == .gaussian
    categoryShares = code.probabilities.isEmpty ? nil : CategoryUse(ofLikeliest: code).shares
    let variance = code.meanVariance
    var generator = RandomGenerator(seed: 1, stream: .subset, index: 10)
    let images = generator.subset(of: code.count, atMost: Self.mostImages)
    divergence = isVariational ? code.meanDivergence : Array(repeating: 0, count: code.latents)
    meanVariance = variance
    let ranges = (0..<code.latents).map { latent in
      kind.declared?.range(of: latent)
        ?? (Self.isActive(variance: variance[latent])
          ? Self.range(code, images, latent, isVariational: isVariational) : Self.priorRange)
    }
    lower = ranges.map(\.lowerBound)
    upper = ranges.map(\.upperBound)
  }

  /// The central 99 % of the aggregate posterior `q(z) = 1/N Σ N(z; μᵢ, σᵢ²)` of a latent, whose distribution function is
  /// `1/N Σ Φ((z − μᵢ) / σᵢ)`; each end is found by bisection. An autoencoder has no σ: the quantiles of its codes.
  private static func range(
    _ code: Code, _ images: [Int], _ latent: Int, isVariational: Bool
  ) -> ClosedRange<Double> {
    let chosen = images.map { image -> (mean: Double, deviation: Double) in
      let i = image * code.latents + latent
      let deviation = isVariational ? exp(0.5 * Double(code.logVariance.values[i])) : 0
      return (Double(code.mean.values[i]), max(deviation, 1e-6))
    }
    let low = chosen.map { $0.mean - 6 * $0.deviation }.min() ?? -1
    let high = chosen.map { $0.mean + 6 * $0.deviation }.max() ?? 1
    func quantile(_ share: Double) -> Double {
      var left = low, right = high
      for _ in 0..<50 {
        let middle = 0.5 * (left + right)
        let below = chosen.reduce(0) { $0 + 0.5 * erfc(($1.mean - middle) / ($1.deviation * 2.0.squareRoot())) }
        if below / Double(chosen.count) < share { left = middle } else { right = middle }
      }
      return 0.5 * (left + right)
    }
    let tail = (1 - coverage) / 2
    let lower = quantile(tail), upper = quantile(1 - tail)
    return lower < upper ? lower...upper : priorRange
  }
}
