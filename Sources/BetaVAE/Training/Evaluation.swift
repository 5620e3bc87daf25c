import BVAECPU
import Glibc

/// How well a model does on images, with z = μ and no noise.
public struct Evaluation: Sendable, Equatable {
  /// Images.
  public let images: Int
  /// Reconstruction error of an image: squared error summed over its values, or cross-entropy in nats.
  public let reconstruction: Double
  /// KL divergence of an image for each latent, in nats.
  public let divergence: [Double]
  /// The variance over the images of each latent's mean.
  public let meanVariance: [Double]
  /// What the objective tells beside, with one z drawn for each image: means over batches of 64, as a training's.
  public let terms: [Term]
  /// Reconstruction error and what codes cost, β · KL divergence for a β-VAE.
  public let loss: Double

  /// KL divergence of an image over all latents, in nats.
  public var totalDivergence: Double { divergence.reduce(0, +) }
  /// The number of latents in use.
  public var active: Int { meanVariance.count(where: LatentStatistics.isActive) }
}

extension VariationalAutoencoder {
  /// Measures reconstruction error and KL divergence on images.
  /// - Throws: `ModelError` when the images do not fit the model or there are none.
  public func evaluate(on images: ByteImages) throws -> Evaluation {
    guard images.count > 0 else { throw ModelError.noImages("measure on") }
    let part = 512, size = images.shape.count
    var error = 0.0
    var codes: (mean: [Float], logVariance: [Float]) = ([], [])
    for start in stride(from: 0, to: images.count, by: part) {
      let some = images.selecting(start..<min(images.count, start + part))
      let code = try encode(some), decoded = try decode(code.mean)
      codes.mean += code.mean.values
      codes.logVariance += code.logVariance.values
      for image in 0..<some.count {
        let bytes = Array(some[image])
        for i in 0..<size {
          error += objective.likelihood.error(of: decoded.values[image * size + i], for: Float(bytes[i]) / 255)
        }
      }
    }
    try images.check()
    let code = Code(
      mean: Tensor(shape: [images.count, latents], values: codes.mean),
      logVariance: Tensor(shape: [images.count, latents], values: codes.logVariance))
    let isGaussian = objective.isVariational, loss = latentLoss
    let divergence = isGaussian ? code.meanDivergence : Array(repeating: 0, count: latents)
    let reconstruction = error / Double(images.count), terms = code.terms(of: self)
    return Evaluation(
      images: images.count, reconstruction: reconstruction, divergence: divergence,
      meanVariance: code.meanVariance, terms: zip(loss.terms, terms).map(Term.init),
      loss: reconstruction + loss.loss(divergence: divergence.reduce(0, +), terms: terms))
  }
}

extension Code {
  /// The means of an objective's own terms over batches of 64, one z drawn for each image. Schedules are at their ends.
  fileprivate func terms(of model: VariationalAutoencoder) -> [Double] {
    let loss = model.latentLoss
    guard !loss.terms.isEmpty else { return [] }
    let batch = 64, critic = Critic(of: model, batch: batch)
    var permutations = RandomGenerator(seed: 1, stream: .scores, index: 13)
    let generator = RandomGenerator(seed: 1, stream: .scores, index: 12), deviation = deviation
    var sums: [Double] = []
    for start in stride(from: 0, to: count, by: batch) {
      let images = min(batch, count - start), part = start * latents..<(start + images) * latents
      let samples = part.map { i in
        mean.values[i] + deviation.values[i] * Float(generator.normalPair(at: UInt64(i)).0)
      }
      let means = Array(mean.values[part]), logVariances = Array(logVariance.values[part])
      let divergence = zip(means, logVariances).reduce(0) {
        $0 + BetaVAE.divergence(mean: Double($1.0), logVariance: Double($1.1))
      }
      let posterior = Posterior(
        images: images, latents: latents, mean: means, logVariance: logVariances, sample: samples,
        divergence: divergence / Double(images), step: .max, trainingImages: count, critic: critic)
      critic?.permuted = Critic.permuted(samples, latents: latents) { _ in permutations.permutation(images) }
      var gradient = PosteriorGradient(posterior)
      let values = loss.evaluate(posterior, &gradient)
      if sums.isEmpty { sums = values.map { _ in 0 } }
      for (k, value) in values.enumerated() { sums[k] += value * Double(images) }
    }
    return sums.map { $0 / Double(max(1, count)) }
  }
}

extension Code {
  /// σ = exp(½ log σ²), [images, latents].
  public var deviation: Tensor {
    Tensor(shape: logVariance.shape, values: logVariance.values.map { exp(0.5 * $0) })
  }

  /// The mean over the images of each latent's KL divergence from N(0, 1), in nats.
  public var meanDivergence: [Double] {
    columnMeans(divergence)
  }

  /// The variance over the images of each latent's mean; of a category, which has no order, that of its one-hot vector,
  /// Σ p (1 − p) over the shares p of the categories.
  public var meanVariance: [Double] {
    let means = columnMeans { mean, _ in mean }, squares = columnMeans { mean, _ in mean * mean }
    let ordered = zip(means, squares).map { max(0, $1 - $0 * $0) }
    guard !probabilities.isEmpty, count > 0 else { return ordered }
    let categories = CategoryUse(ofLikeliest: self).shares.map { $0.reduce(0) { $0 + $1 * (1 - $1) } }
    return categories + ordered.dropFirst(categories.count)
  }

  func columnMeans(_ value: (_ mean: Double, _ logVariance: Double) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: latents)
    for image in 0..<count {
      for k in 0..<latents {
        let i = image * latents + k
        sums[k] += value(Double(mean.values[i]), Double(logVariance.values[i]))
      }
    }
    return sums.map { $0 / Double(max(1, count)) }
  }
}
