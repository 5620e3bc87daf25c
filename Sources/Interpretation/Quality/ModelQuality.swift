import BVAEArrays
import BetaVAE
import Glibc

/// How good a model is as a model of its data, beyond the error and divergence that it is trained by.
public struct ModelQuality: Sendable, Equatable {
  /// The evidence lower bound of an image, its mean over the images.
  public let evidenceLowerBound: EvidenceLowerBound
  /// The total correlation of the latents over the images; nil for an autoencoder.
  public let totalCorrelation: TotalCorrelation?
}

/// The evidence lower bound `E log p(x | z) − KL(q(z | x) ‖ p(z))` (Kingma and Welling 2014, equation 3) of an image, in
/// nats, β left aside.
public enum EvidenceLowerBound: Sendable, Equatable {
  /// Where the squared error stands for a normal distribution of the same variance σ² for each value. With σ² = ½, which
  /// training by the squared error means, most of the bound is a constant, `−n/2 · log π`; the best σ² is the mean
  /// squared error of a value, with which `log p = −n/2 · (1 + log 2πσ²)` (Rybkin et al. 2021, "Simple and effective VAE
  /// training with calibrated decoders").
  case gaussian(withHalf: Double, withBest: Double, best: Double)
  /// Where the absolute error stands for a Laplace distribution of the same scale b for each value, with b = 1, which
  /// training by the absolute error means, and with the best b, the mean absolute error of a value:
  /// `log p = −n · (1 + log 2b)`.
  case laplace(withOne: Double, withBest: Double, best: Double)
  /// Where the values are 0 or 1: the cross-entropy is −log p.
  case bernoulli(Double)
  /// There is none, for a reason.
  case none(because: String)
}

extension VariationalAutoencoder {
  /// Measures the bound and the total correlation on images, with one z drawn from q(z | x) for each image.
  /// - Parameter seed: of the draws.
  /// - Throws: `ModelError` when the images do not fit the model or there are none.
  public func quality(on images: ByteImages, seed: UInt64 = 1) throws -> ModelQuality {
    guard images.count > 0 else { throw ModelError.noImages("measure on") }
    guard objective.code == .gaussian else {
      return ModelQuality(
        evidenceLowerBound: .none(because: "an autoencoder has no distribution over codes"), totalCorrelation: nil)
    }
    let code = try encode(images)
    return ModelQuality(
      evidenceLowerBound: try bound(images, code, seed: seed),
      totalCorrelation: code.totalCorrelation(seed: seed, workers: compute.workers))
  }

  private func bound(_ images: ByteImages, _ code: Code, seed: UInt64) throws -> EvidenceLowerBound {
    guard !unknown.contains(.likelihood) else { return .none(because: "the model's likelihood is not known") }
    if objective.likelihood == .bernoulli, images.contains(where: { $0 != 0 && $0 != 255 }) {
      return .none(
        because: "some values lie between 0 and 1, and the cross-entropy is a log-likelihood only for values of 0 and 1"
      )
    }
    let latents = architecture.latents, size = images.shape.count, part = 512
    let generator = RandomGenerator(seed: seed, stream: .scores, index: 10)
    let deviation = code.deviation
    var error = 0.0
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
    try images.check()
    let mean = error / Double(images.count), divergence = code.meanDivergence.reduce(0, +), half = 0.5 * Double(size)
    switch objective.likelihood {
    case .gaussian:
      let variance = mean / Double(size)
      return .gaussian(
        withHalf: -mean - half * log(Double.pi) - divergence,
        withBest: -half * (1 + log(2 * Double.pi * variance)) - divergence, best: variance)
    case .laplace:
      let scale = mean / Double(size)
      return .laplace(
        withOne: -mean - Double(size) * log(2) - divergence,
        withBest: -Double(size) * (1 + log(2 * scale)) - divergence, best: scale)
    case .bernoulli: return .bernoulli(-mean - divergence)
    }
  }
}
