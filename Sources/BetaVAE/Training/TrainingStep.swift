import BVAECPU
import BVAEDevice
import BVAENetworks
import Glibc

/// Sums over the images of a batch, from which means are made.
package struct LossSums: Sendable, Equatable, Codable {
  var images = 0
  /// Reconstruction error.
  var reconstruction = 0.0
  /// KL divergence of each latent, in nats.
  var divergence: [Double]
  /// Sums of the means and of their squares, for the variance of each latent's mean.
  var mean: [Double], squaredMean: [Double]
  /// What the objective tells beside, each batch's value times its images.
  var terms: [Double]

  init(latents: Int, terms: Int) {
    divergence = Array(repeating: 0, count: latents)
    mean = divergence
    squaredMean = divergence
    self.terms = Array(repeating: 0, count: terms)
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    images = try values.decode(Int.self, forKey: .images)
    reconstruction = try values.decode(Double.self, forKey: .reconstruction)
    divergence = try values.decode([Double].self, forKey: .divergence)
    mean = try values.decode([Double].self, forKey: .mean)
    squaredMean = try values.decode([Double].self, forKey: .squaredMean)
    // Checkpoints before 0.2 have none.
    terms = try values.decodeIfPresent([Double].self, forKey: .terms) ?? []
  }

  var isFinite: Bool {
    reconstruction.isFinite && [divergence, mean, terms].allSatisfy { $0.allSatisfy(\.isFinite) }
  }

  mutating func add(_ other: LossSums) {
    images += other.images
    reconstruction += other.reconstruction
    for k in divergence.indices {
      divergence[k] += other.divergence[k]
      mean[k] += other.mean[k]
      squaredMean[k] += other.squaredMean[k]
    }
    for k in terms.indices { terms[k] += other.terms[k] }
  }
}

/// Where in a training a step is taken.
package struct StepPlace {
  /// Counted from 1.
  var step = 1
  /// The images of the training set.
  var trainingImages: Int
  /// What a warm-up leaves of what codes cost, 0…1.
  var warmup: Float = 1
}

/// One training step on one batch: forward, loss, back. All buffers of size are made once.
///
/// The mean over the batch of the reconstruction error is minimised, together with what the objective makes codes cost:
/// `Σ (x̂ − x)² + β · KL` for the paper's ("Objective").
final class TrainingStep {
  /// The images go into `encoder.input`.
  let encoder: Pass, decoder: Pass
  private let objective: Objective
  private let loss: any LatentLoss
  private let latents: Int
  /// ε, latents of one image together.
  var noise: [Float]
  /// What estimates the total correlation for a loss that asks for it.
  var critic: Critic?
  /// What holds a DC-IGN's inactive latents at their means over the batch.
  var clamp: Clamp?

  init(_ model: VariationalAutoencoder, batch: Int) {
    encoder = Pass(model.encoder, batch: batch, use: .training)
    decoder = Pass(
      model.decoder, batch: batch, use: .training, wantsInputGradient: true, gradientIsBeforeSigmoid: true)
    objective = model.objective
    loss = model.latentLoss
    latents = model.architecture.latents
    noise = Array(repeating: 0, count: batch * latents)
  }

  /// Forward and back for the images in `encoder.input`, with `noise`.
  func run(into gradients: ModelGradients, images: Int, at place: StepPlace) -> LossSums {
    encoder.forward(count: images)
    clamp?.hold(encoder.output, images: images)
    var sums = LossSums(latents: latents, terms: loss.terms.count)
    sums.images = images
    let posterior = sampled(images, place, &sums)
    decoder.forward(count: images)
    let errors = reconstructionErrors(images)
    decoder.backward(count: images, into: gradients.decoder)
    var gradient = PosteriorGradient(posterior)
    sums.terms = loss.evaluate(posterior, &gradient).map { $0 * Double(images) }
    passBack(posterior, gradient)
    if let heads = encoder.outputGradient { clamp?.passBack(heads, images: images) }
    // The host has waited for the decoder's way back, and is told these at once; what follows it need not wait for.
    for error in errors() { sums.reconstruction += error }
    encoder.backward(count: images, into: gradients.encoder)
    return sums
  }

  /// Calls `body` with each latent of the batch: its number in lists, and the places of its mean, log variance and sample
  /// in such values or their gradients.
  private func forEachLatent(
    _ images: Int, _ statistics: MapLayout, _ code: MapLayout,
    _ body: (_ number: Int, _ mean: Int, _ logVariance: Int, _ sample: Int) -> Void
  ) {
    for image in 0..<images {
      let mean = statistics.offset(image: image, column: 0), logVariance = statistics.offset(image: image, column: 1)
      let z = code.offset(image: image)
      for k in 0..<latents { body(image * latents + k, mean + k, logVariance + k, z + k) }
    }
  }

  /// What the encoder says of the batch. The decoder is given z = μ + σ ε with σ = exp(½ log σ²), or z = μ.
  private func sampled(_ images: Int, _ place: StepPlace, _ sums: inout LossSums) -> Posterior {
    let count = images * latents, isGaussian = objective.isVariational
    var means = [Float](repeating: 0, count: count), logVariances = means, samples = means
    encoder.output.reading(images) { statistics in
      decoder.input.writing(images) { code in
        forEachLatent(images, encoder.output.layout, decoder.input.layout) {
          number, meanPlace, logVariancePlace, samplePlace in
          let mean = statistics[meanPlace], logVariance = statistics[logVariancePlace], k = number % latents
          var z = mean
          if isGaussian {
            z += noise[number] * exp(0.5 * logVariance)
            sums.divergence[k] += divergence(mean: Double(mean), logVariance: Double(logVariance))
          }
          code[samplePlace] = z
          (means[number], logVariances[number], samples[number]) = (mean, logVariance, z)
          sums.mean[k] += Double(mean)
          sums.squaredMean[k] += Double(mean) * Double(mean)
        }
      }
    }
    return Posterior(
      images: images, latents: latents, mean: means, logVariance: logVariances, sample: samples,
      divergence: sums.divergence.reduce(0, +) / Double(images), step: place.step,
      trainingImages: place.trainingImages, warmup: place.warmup, critic: critic, spread: clamp?.spread)
  }

  /// The reconstruction error of each image, which is told when it is asked for, and its gradient before the sigmoid.
  private func reconstructionErrors(_ images: Int) -> () -> [Double] {
    guard let outputGradient = decoder.outputGradient else { return { [] } }
    return encoder.input.device.measure(
      objective.likelihood.imageLoss, of: decoder.output, for: encoder.input, scale: 1 / Float(images),
      gradient: outputGradient, count: images)
  }

  /// The gradient of means and log variances: what came back through z, and what the objective adds.
  private func passBack(_ posterior: Posterior, _ own: PosteriorGradient) {
    guard let codeGradient = decoder.inputGradient, let statisticsGradient = encoder.outputGradient else { return }
    let isGaussian = objective.isVariational, looksAtSamples = !own.sample.isEmpty
    codeGradient.reading(posterior.images) { code in
      // Of an autoencoder the gradient of the log variances stays 0.
      statisticsGradient.writing(posterior.images, changing: !isGaussian) { gradient in
        forEachLatent(posterior.images, statisticsGradient.layout, codeGradient.layout) {
          number, meanPlace, logVariancePlace, samplePlace in
          let back = code[samplePlace] + (looksAtSamples ? own.sample[number] : 0)
          guard isGaussian else {
            gradient[meanPlace] = back
            return
          }
          gradient[meanPlace] = back + own.mean[number]
          gradient[logVariancePlace] =
            back * noise[number] * 0.5 * exp(0.5 * posterior.logVariance[number]) + own.logVariance[number]
        }
      }
    }
  }
}

/// What becomes of the gradients of a model's two networks, and the optimiser's steps.
final class ModelGradients {
  let encoder: NetGradients, decoder: NetGradients
  private var adam: Adam
  /// The largest norm of all gradients together; nil for any.
  private let clip: Float?
  /// Steps begun.
  var steps = 0

  init(_ model: VariationalAutoencoder, _ adam: Adam, clip: Float? = nil, storesAll: Bool = false) {
    self.adam = adam
    self.clip = clip
    // A gradient that is to be measured first cannot be used as it is computed.
    let storesAll = storesAll || clip != nil
    encoder = NetGradients(model.encoder, storesAll: storesAll)
    decoder = NetGradients(model.decoder, storesAll: storesAll)
  }

  var nets: [NetGradients] { [encoder, decoder] }

  /// Before the way back.
  /// - Parameter rate: the step size of this step; nil for Adam's own.
  func begin(rate: Float? = nil) {
    steps += 1
    if let rate { adam.rate = rate }
    for net in nets { net.begin(adam.update(steps)) }
  }

  /// After the way back.
  func finish() {
    if let clip {
      let norm = nets.reduce(0) { $0 + $1.squaredNorm }.squareRoot()
      if norm > Double(clip) { for net in nets { net.scale(by: Float(Double(clip) / norm)) } }
    }
    for net in nets { net.finish(adam.update(steps)) }
  }
}
