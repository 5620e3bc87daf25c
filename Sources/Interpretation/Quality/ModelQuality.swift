import BetaVAE
import Glibc
import Numerics

/// How good a model is as a model of its data, beyond the error and divergence that it is trained by.
public struct ModelQuality: Sendable, Equatable {
  /// The evidence lower bound of an image in nats, its mean over the images; nil for an autoencoder.
  public let evidenceLowerBound: Double?
  /// The total correlation of the latents over the images in nats; nil for an autoencoder.
  public let totalCorrelation: Double?
}

extension VariationalAutoencoder {
  /// Measures the bound and the total correlation on images.
  ///
  /// **ELBO**: `E log p(x | z) − KL(q(z | x) ‖ p(z))` with one z drawn from q for each image (Kingma and Welling 2014,
  /// equation 3), β left aside. A squared error stands for a normal distribution of variance ½ for each value, so that
  /// `log p = −Σ (x − x̂)² − n/2 · log π`; a cross-entropy is −log p itself.
  ///
  /// **Total correlation** (Watanabe 1960): `Σₖ H(zₖ) − H(z)` of the aggregate posterior, taken as the normal distribution
  /// with its covariance `C = Cov(μ) + diag(mean σ²)`, which gives `½ (Σ log Cₖₖ − log det C)`. This is what Locatello et al.
  /// 2019 report as Gaussian total correlation. Sampling estimators such as Chen et al.'s (2018) cannot tell more
  /// than the log of the number of images, less than what colour images carry.
  /// - Parameter seed: of the draws.
  /// - Throws: `ModelError` when the images do not fit the model or there are none.
  public func quality(on images: ByteImages, seed: UInt64 = 1) throws -> ModelQuality {
    guard images.count > 0 else { throw ModelError.noImages("measure on") }
    guard objective.beta != nil else { return ModelQuality(evidenceLowerBound: nil, totalCorrelation: nil) }
    let latents = architecture.latents, size = images.shape.count, part = 512
    let generator = RandomGenerator(seed: seed, stream: .scores, index: 10)
    var error = 0.0
    let code = try encode(images)
    let deviation = code.deviation
    for start in stride(from: 0, to: images.count, by: part) {
      let end = min(images.count, start + part)
      let drawn = (start * latents..<end * latents).map { index in
        code.mean.values[index] + deviation.values[index] * Float(generator.normalPair(at: UInt64(index)).0)
      }
      let decoded = try decode(Tensor(shape: [end - start, latents], values: drawn))
      for image in start..<end {
        let bytes = Array(images[image])
        for i in 0..<size {
          error += objective.likelihood.error(
            of: decoded.values[(image - start) * size + i], for: Float(bytes[i]) / 255)
        }
      }
    }
    let constant = objective.likelihood == .gaussian ? 0.5 * Double(size) * log(Double.pi) : 0
    return ModelQuality(
      evidenceLowerBound: -error / Double(images.count) - constant - code.meanDivergence.reduce(0, +),
      totalCorrelation: code.gaussianTotalCorrelation)
  }
}

extension Code {
  /// `½ (Σ log Cₖₖ − log det C)` of the aggregate posterior's covariance C, in nats.
  public var gaussianTotalCorrelation: Double {
    let deviation = deviation
    var means = [Double](repeating: 0, count: latents)
    for image in 0..<count { for k in 0..<latents { means[k] += Double(mean.values[image * latents + k]) } }
    means = means.map { $0 / Double(max(1, count)) }
    var covariance = [[Double]](repeating: Array(repeating: 0, count: latents), count: latents)
    for image in 0..<count {
      for i in 0..<latents {
        let a = Double(mean.values[image * latents + i]) - means[i]
        for j in 0...i { covariance[i][j] += a * (Double(mean.values[image * latents + j]) - means[j]) }
        let sigma = Double(deviation.values[image * latents + i])
        covariance[i][i] += sigma * sigma
      }
    }
    var total = 0.0
    // Cholesky's factor of the correlation matrix, whose determinant lies in 0…1; its diagonal gives −½ log det.
    var factor = covariance
    let scale = (0..<latents).map { max(covariance[$0][$0], 1e-300).squareRoot() }
    for i in 0..<latents {
      for j in 0...i {
        var sum = covariance[i][j] / (scale[i] * scale[j])
        for k in 0..<j { sum -= factor[i][k] * factor[j][k] }
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
