import BVAEArrays
import BVAEPlatform
import BetaVAE
import Glibc

/// How far the latents of a set of images are from being independent: the total correlation `Σₖ H(zₖ) − H(z)` of their
/// aggregate posterior (Watanabe 1960), in nats, 0 for independent ones.
public struct TotalCorrelation: Sendable, Equatable {
  /// That of the normal distribution with the aggregate posterior's covariance, which Locatello et al. 2019 report. It
  /// sees only what goes together linearly.
  public let gaussianFit: Double
  /// That of the mixture of the images' own posteriors, `E log q(z) − Σₖ log q(zₖ)` with one z drawn from each.
  public let mixture: Double
  /// By the same draws the mutual information of image and code, `E log q(z | x) − log q(z)`, which N images cannot raise
  /// above log N, and the latents' own divergence from the prior, `E Σₖ log q(zₖ) − log p(z)`. With the total correlation
  /// they make the KL divergence (Chen et al. 2018, equation 2), but for the draws.
  public let mutualInformation: Double, dimensionWise: Double
  /// What `mixture` comes to where there is no total correlation: the same estimate after each latent was shuffled over the
  /// images by itself. Few images with narrow posteriors look dependent; this much of `mixture` is that.
  public let bias: Double
  /// How many images the mixture is made of.
  public let images: Int

  /// At most so many images are in the mixture; of more, a random subset.
  static let mostImages = 3000
}

extension Code {
  /// The total correlation of the latents over the images; NaN for a code of no images.
  /// - Parameter seed: of the choice among more than 3000 images, the draws and the shuffling.
  public func totalCorrelation(seed: UInt64 = 1, workers: Workers = Workers(count: 1)) -> TotalCorrelation {
    var generator = RandomGenerator(seed: seed, stream: .subset, index: 14)
    let images = generator.subset(of: count, atMost: TotalCorrelation.mostImages)
    let noise = RandomGenerator(seed: seed, stream: .scores, index: 11)
    let rows = (0..<latents).map { _ in images }
    let shuffled = (0..<latents).map { latent in
      var generator = RandomGenerator(seed: seed, stream: .scores, index: 20 + latent)
      return generator.permutation(images.count).map { images[$0] }
    }
    let estimates = [rows, shuffled].map { rows in
      let posterior = AggregatePosterior(self, rows: rows)
      return posterior.parts(at: posterior.draw(noise), workers: workers)
    }
    return TotalCorrelation(
      gaussianFit: gaussianTotalCorrelation, mixture: estimates[0].totalCorrelation,
      mutualInformation: estimates[0].mutualInformation, dimensionWise: estimates[0].dimensionWise,
      bias: estimates[1].totalCorrelation, images: images.count)
  }

  /// `½ (Σ log Cₖₖ − log det C)` of the aggregate posterior's covariance `C = Cov(μ) + diag(mean σ²)`, in nats; NaN for a code
  /// of no images. A latent that is always the same goes with none.
  public var gaussianTotalCorrelation: Double {
    guard count > 0 else { return .nan }
    let deviation = deviation
    var means = [Double](repeating: 0, count: latents)
    for image in 0..<count { for k in 0..<latents { means[k] += Double(mean.values[image * latents + k]) } }
    means = means.map { $0 / Double(count) }
    var covariance = [[Double]](repeating: Array(repeating: 0, count: latents), count: latents)
    for image in 0..<count {
      for i in 0..<latents {
        let a = Double(mean.values[image * latents + i]) - means[i]
        for j in 0...i { covariance[i][j] += a * (Double(mean.values[image * latents + j]) - means[j]) }
        let sigma = Double(deviation.values[image * latents + i])
        covariance[i][i] += sigma * sigma
      }
    }
    // Cholesky's factor of the correlation matrix, whose determinant lies in 0…1; its diagonal gives −½ log det.
    let varying = (0..<latents).filter { covariance[$0][$0] > 0 }
    var factor = covariance, total = 0.0
    for (place, i) in varying.enumerated() {
      for j in varying[...place] {
        var sum = covariance[i][j] / (covariance[i][i] * covariance[j][j]).squareRoot()
        for k in varying where k < j { sum -= factor[i][k] * factor[j][k] }
        if i == j {
          factor[i][i] = max(sum, 1e-12).squareRoot()
          total -= log(factor[i][i])
        } else {
          factor[i][j] = sum / factor[j][j]
        }
      }
    }
    return total
  }
}

/// The aggregate posterior of some images: the mixture `q(z) = 1/N Σᵢ Πₖ N(zₖ; μᵢₖ, σᵢₖ²)`.
package struct AggregatePosterior: Sendable {
  /// Components and latents.
  private let count: Int, latents: Int
  /// Of each latent all components together.
  private let mean: [Double], precision: [Double], logPrecision: [Double]

  /// The mixture of some images of a code; which, for each latent.
  package init(_ code: Code, rows: [[Int]]) {
    count = rows.first?.count ?? 0
    latents = code.latents
    let places = rows.enumerated().flatMap { latent, images in images.map { $0 * code.latents + latent } }
    mean = places.map { Double(code.mean.values[$0]) }
    logPrecision = places.map { min(-0.5 * Double(code.logVariance.values[$0]), log(1e6)) }
    precision = logPrecision.map { exp($0) }
  }

  /// A point from each component, row after row.
  func draw(_ noise: RandomGenerator) -> [Double] {
    (0..<count).flatMap { row in
      (0..<latents).map { latent in
        mean[latent * count + row]
          + noise.normalPair(at: UInt64(row * latents + latent)).0 / precision[latent * count + row]
      }
    }
  }

  /// What the KL divergence is made of, in nats.
  package struct Parts: Sendable {
    package var mutualInformation: Double, totalCorrelation: Double, dimensionWise: Double
  }

  /// The means over points, row after row, the first drawn from the first component and so on, of `log q(z | x) − log q(z)`,
  /// `log q(z) − Σₖ log q(zₖ)` and `Σₖ log q(zₖ) − log p(z)`; NaN without any.
  package func parts(at points: [Double], workers: Workers) -> Parts {
    let rows = latents > 0 ? points.count / latents : 0
    guard rows > 0, count > 0 else {
      return Parts(mutualInformation: .nan, totalCorrelation: .nan, dimensionWise: .nan)
    }
    // The constant ½ log 2π of each density is left out of all.
    let found = workers.map(rows) { row in
      var joint = [Double](repeating: 0, count: count), marginals = 0.0, prior = 0.0, logs = joint
      for latent in 0..<latents {
        let z = points[row * latents + latent], start = latent * count
        for i in 0..<count {
          let distance = (z - mean[start + i]) * precision[start + i]
          logs[i] = logPrecision[start + i] - 0.5 * distance * distance
          joint[i] += logs[i]
        }
        marginals += Self.logMean(logs)
        prior -= 0.5 * z * z
      }
      let all = Self.logMean(joint)
      return Parts(
        mutualInformation: joint[row % count] - all, totalCorrelation: all - marginals, dimensionWise: marginals - prior
      )
    }
    func average(_ part: (Parts) -> Double) -> Double { found.reduce(0) { $0 + part($1) } / Double(rows) }
    return Parts(
      mutualInformation: average(\.mutualInformation), totalCorrelation: average(\.totalCorrelation),
      dimensionWise: average(\.dimensionWise))
  }

  /// `log 1/N Σ exp xᵢ`
  private static func logMean(_ values: [Double]) -> Double {
    let largest = values.max() ?? 0
    let sum = values.reduce(0) { $1 - largest < -40 ? $0 : $0 + exp($1 - largest) }
    return largest + log(sum / Double(values.count))
  }
}
