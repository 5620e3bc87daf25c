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
  let encoder: Encoder, decoder: Decoder
  let gradients: ParameterGradients
  private let objective: Objective
  private let latents: Int
  private let imageGradient: FloatBuffer, codeGradient: FloatBuffer, statisticsGradient: FloatBuffer
  /// ε, latents of one image together.
  var noise: [Float]

  init(_ blueprint: Blueprint, _ parameters: Parameters, objective: Objective, batch: Int) {
    encoder = Encoder(blueprint, parameters, batch: batch)
    decoder = Decoder(blueprint, parameters, batch: batch)
    gradients = ParameterGradients(parameters)
    self.objective = objective
    latents = blueprint.architecture.latents
    imageGradient = FloatBuffer(count: decoder.image.count)
    codeGradient = FloatBuffer(count: decoder.code.count)
    statisticsGradient = FloatBuffer(count: encoder.statistics.count)
    noise = Array(repeating: 0, count: batch * latents)
  }

  /// Floats that the maps and their gradients take for each image of a batch, by the largest of them.
  static func floatsPerImage(_ blueprint: Blueprint) -> Int {
    let maps = blueprint.convolutions.map { $0.inputLayout.imageStride + $0.outputGradientLayout.imageStride }
    return maps.reduce(0, +) + 2 * blueprint.output.storedOutputs
  }

  /// Forward and back for the images in `encoder.image`, with `noise`.
  /// - Parameter shareOfBeta: what β is multiplied with, 0…1.
  func run(_ compute: Compute, images: Int, shareOfBeta: Float = 1) -> LossSums {
    encoder.forward(compute, images: images)
    var sums = reparameterize(images)
    decoder.forward(compute, images: images)
    reconstructionLoss(images, &sums)
    decoder.backward(
      compute, imageGradient: imageGradient, codeGradient: codeGradient, images: images, into: gradients)
    statisticsLoss(images, beta: objective.beta.map { $0 * shareOfBeta })
    encoder.backward(compute, statisticsGradient: statisticsGradient, images: images, into: gradients)
    return sums
  }

  /// z = μ + σ ε with σ = exp(½ log σ²), and the KL divergence (Kingma and Welling 2014, appendix B).
  private func reparameterize(_ images: Int) -> LossSums {
    var sums = LossSums(latents: latents)
    sums.images = images
    let statistics = encoder.statistics.values, code = decoder.code.values
    for image in 0..<images {
      let row = image * encoder.statisticsStride
      for k in 0..<latents {
        let mean = statistics[row + k]
        let logVariance = statistics[row + encoder.blueprint.logVarianceColumn + k]
        var z = mean
        if objective.beta != nil {
          z += noise[image * latents + k] * exp(0.5 * logVariance)
          sums.divergence[k] += divergence(mean: Double(mean), logVariance: Double(logVariance))
        }
        code[image * decoder.codeStride + k] = z
        sums.mean[k] += Double(mean)
        sums.squaredMean[k] += Double(mean) * Double(mean)
      }
    }
    return sums
  }

  /// The reconstruction error and its gradient before the sigmoid.
  private func reconstructionLoss(_ images: Int, _ sums: inout LossSums) {
    let decoded = decoder.image.values, gradient = imageGradient.values
    let scale = 1 / Float(images), likelihood = objective.likelihood
    for image in 0..<images {
      var error = 0.0
      encoder.forEachImageRow(image) { target, column in
        let start = image * decoder.imageStride + column
        for i in target.indices {
          let x = target[i], y = decoded[start + i]
          switch likelihood {
          case .gaussian: gradient[start + i] = 2 * (y - x) * y * (1 - y) * scale
          case .bernoulli: gradient[start + i] = (y - x) * scale
          }
          error += likelihood.error(of: y, for: x)
        }
      }
      sums.reconstruction += error
    }
  }

  /// The gradient of means and log variances: what came back through z, and the KL divergence's own.
  private func statisticsLoss(_ images: Int, beta: Float?) {
    let statistics = encoder.statistics.values, gradient = statisticsGradient.values, code = codeGradient.values
    let scale = 1 / Float(images), offset = encoder.blueprint.logVarianceColumn
    for image in 0..<images {
      let row = image * encoder.statisticsStride
      for k in 0..<latents {
        let back = code[image * decoder.codeStride + k]
        guard let beta else {
          gradient[row + k] = back
          continue
        }
        let mean = statistics[row + k], logVariance = statistics[row + offset + k]
        gradient[row + k] = back + beta * scale * mean
        gradient[row + offset + k] =
          back * noise[image * latents + k] * 0.5 * exp(0.5 * logVariance)
          + beta * scale * 0.5 * (exp(logVariance) - 1)
      }
    }
  }
}

extension Encoder {
  /// Calls `body` with each row of an image of the batch and the number of values before it.
  func forEachImageRow(_ image: Int, _ body: (UnsafeMutableBufferPointer<Float>, _ before: Int) -> Void) {
    let length = imageLayout.width * imageLayout.channels
    for row in 0..<imageLayout.height {
      let start = imageLayout.offset(image: image, row: row, column: 0)
      body(UnsafeMutableBufferPointer(rebasing: self.image.values[start..<start + length]), row * length)
    }
  }

  /// The value of each byte: a division less for each of an image's.
  private static let levels = (0...255).map { Float($0) / 255 }

  /// Puts an image of bytes into the batch.
  func setImage(_ image: Int, to bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBufferPointer { source in
      Self.levels.withUnsafeBufferPointer { levels in
        forEachImageRow(image) { row, before in
          for i in row.indices { row[i] = levels[Int(source[before + i])] }
        }
      }
    }
  }

  /// Puts an image of floats in 0…1 into the batch.
  func setImage(_ image: Int, to values: ArraySlice<Float>) {
    values.withUnsafeBufferPointer { source in
      forEachImageRow(image) { row, before in
        for i in row.indices { row[i] = source[before + i] }
      }
    }
  }
}
