import BVAENetworks
import Glibc
import Numerics

/// Sums over the images of a batch, from which means are made.
struct LossSums: Sendable, Equatable, Codable {
  var images = 0
  /// Reconstruction error.
  var reconstruction = 0.0
  /// KL divergence of each latent, in nats.
  var divergence: [Double]
  /// Sums of the means and of their squares, for the variance of each latent's mean.
  var mean: [Double], squaredMean: [Double]

  init(latents: Int) {
    divergence = Array(repeating: 0, count: latents)
    mean = divergence
    squaredMean = divergence
  }

  var isFinite: Bool {
    reconstruction.isFinite && divergence.allSatisfy(\.isFinite) && mean.allSatisfy(\.isFinite)
  }

  mutating func add(_ other: LossSums) {
    images += other.images
    reconstruction += other.reconstruction
    for k in divergence.indices {
      divergence[k] += other.divergence[k]
      mean[k] += other.mean[k]
      squaredMean[k] += other.squaredMean[k]
    }
  }
}

/// One training step on one batch: forward, loss, back. All buffers are made once; a step allocates nothing of size.
///
/// Per image: `Σ (x̂ − x)² + β · KL`, `KL = −½ Σ (1 + log σ² − μ² − σ²)`; its mean over the batch is minimised (paper,
/// "Objective").
final class TrainingStep {
  /// The images go into `encoder.input`.
  let encoder: Pass, decoder: Pass
  private let objective: Objective
  private let latents: Int
  private let imagePlaces: [Int], decodedPlaces: [Int]
  /// ε, latents of one image together.
  var noise: [Float]

  init(_ model: VariationalAutoencoder, batch: Int) {
    encoder = Pass(model.encoder, batch: batch, use: .training)
    decoder = Pass(
      model.decoder, batch: batch, use: .training, wantsInputGradient: true, gradientIsBeforeSigmoid: true)
    objective = model.objective
    latents = model.architecture.latents
    imagePlaces = encoder.input.places
    decodedPlaces = decoder.output.places
    noise = Array(repeating: 0, count: batch * latents)
  }

  /// Forward and back for the images in `encoder.input`, with `noise`.
  /// - Parameter shareOfBeta: what β is multiplied with, 0…1.
  func run(into gradients: ModelGradients, images: Int, shareOfBeta: Float = 1) -> LossSums {
    encoder.forward(count: images)
    var sums = reparameterize(images)
    decoder.forward(count: images)
    reconstructionLoss(images, &sums)
    decoder.backward(count: images, into: gradients.decoder)
    statisticsLoss(images, beta: objective.beta.map { $0 * shareOfBeta })
    encoder.backward(count: images, into: gradients.encoder)
    return sums
  }

  /// Calls `body` with the places of each mean, log variance and code of the batch.
  private func forEachLatent(
    _ images: Int, _ body: (_ image: Int, _ latent: Int, _ mean: Int, _ logVariance: Int, _ code: Int) -> Void
  ) {
    let statistics = encoder.output.layout, code = decoder.input.layout
    for image in 0..<images {
      let mean = statistics.offset(image: image, column: 0), logVariance = statistics.offset(image: image, column: 1)
      let z = code.offset(image: image)
      for k in 0..<latents { body(image, k, mean + k, logVariance + k, z + k) }
    }
  }

  /// z = μ + σ ε with σ = exp(½ log σ²), and the KL divergence (Kingma and Welling 2014, appendix B).
  private func reparameterize(_ images: Int) -> LossSums {
    var sums = LossSums(latents: latents)
    sums.images = images
    encoder.output.buffer.withValues { statistics in
      decoder.input.buffer.withValues { code in
        forEachLatent(images) { image, k, meanPlace, logVariancePlace, codePlace in
          let mean = statistics[meanPlace], logVariance = statistics[logVariancePlace]
          var z = mean
          if objective.beta != nil {
            z += noise[image * latents + k] * exp(0.5 * logVariance)
            sums.divergence[k] += divergence(mean: Double(mean), logVariance: Double(logVariance))
          }
          code[codePlace] = z
          sums.mean[k] += Double(mean)
          sums.squaredMean[k] += Double(mean) * Double(mean)
        }
      }
    }
    return sums
  }

  /// The reconstruction error and its gradient before the sigmoid.
  private func reconstructionLoss(_ images: Int, _ sums: inout LossSums) {
    guard let outputGradient = decoder.outputGradient else { return }
    let scale = 1 / Float(images), likelihood = objective.likelihood
    let input = encoder.input.layout.imageStride, output = decoder.output.layout.imageStride
    encoder.input.buffer.withValues { target in
      decoder.output.buffer.withValues { decoded in
        outputGradient.buffer.withValues { gradient in
          for image in 0..<images {
            var error = 0.0
            for i in imagePlaces.indices {
              let x = target[image * input + imagePlaces[i]], place = image * output + decodedPlaces[i]
              let y = decoded[place]
              switch likelihood {
              case .gaussian: gradient[place] = 2 * (y - x) * y * (1 - y) * scale
              case .bernoulli: gradient[place] = (y - x) * scale
              }
              error += likelihood.error(of: y, for: x)
            }
            sums.reconstruction += error
          }
        }
      }
    }
  }

  /// The gradient of means and log variances: what came back through z, and the KL divergence's own.
  private func statisticsLoss(_ images: Int, beta: Float?) {
    guard let codeGradient = decoder.inputGradient, let statisticsGradient = encoder.outputGradient else { return }
    let scale = 1 / Float(images)
    encoder.output.buffer.withValues { statistics in
      codeGradient.buffer.withValues { code in
        statisticsGradient.buffer.withValues { gradient in
          forEachLatent(images) { image, k, meanPlace, logVariancePlace, codePlace in
            let back = code[codePlace]
            guard let beta else {
              gradient[meanPlace] = back
              return
            }
            let mean = statistics[meanPlace], logVariance = statistics[logVariancePlace]
            gradient[meanPlace] = back + beta * scale * mean
            gradient[logVariancePlace] =
              back * noise[image * latents + k] * 0.5 * exp(0.5 * logVariance)
              + beta * scale * 0.5 * (exp(logVariance) - 1)
          }
        }
      }
    }
  }
}

/// What becomes of the gradients of a model's two networks, and the optimiser's steps.
final class ModelGradients {
  let encoder: NetGradients, decoder: NetGradients
  private let adam: Adam
  /// Steps begun.
  var steps = 0

  init(_ model: VariationalAutoencoder, _ adam: Adam, storesAll: Bool = false) {
    self.adam = adam
    encoder = NetGradients(model.encoder, storesAll: storesAll)
    decoder = NetGradients(model.decoder, storesAll: storesAll)
  }

  var nets: [NetGradients] { [encoder, decoder] }

  /// Before the way back.
  func begin() {
    steps += 1
    for net in nets { net.begin(adam.update(steps)) }
  }

  /// After the way back.
  func finish() {
    for net in nets { net.finish(adam.update(steps)) }
  }
}
