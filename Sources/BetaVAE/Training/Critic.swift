import BVAECPU
import BVAENetworks
import Glibc

/// The critic of a FactorVAE at work: it is shown a batch of codes and as many whose latents were permuted, and its two
/// logits say which it takes each for. Both halves go through its network together.
package final class Critic {
  private let pass: Pass
  private let latents: Int
  /// The encoder at work on the second batch; nil while nothing is trained.
  private let second: Pass?
  /// z̄, [images × latents]: codes of a second batch, each latent permuted across that batch by itself, so that they stand
  /// for the product of the latents' own densities.
  package var permuted: [Float] = []
  /// Where the gradients of its own loss go; nil while nothing is trained.
  package var gradients: NetGradients?

  /// What it makes of a batch of codes.
  package struct Judgement {
    /// The total correlation, in nats: mean [d₀(z) − d₁(z)].
    package let correlation: Double
    /// Its own loss: ½ [CE(D(z), 0) + CE(D(z̄), 1)], ln 2 for one that cannot tell.
    package let loss: Double
    /// The gradient of the weighted total correlation by the codes, [images × latents]; empty while nothing is trained.
    package let gradient: [Float]
  }

  /// The critic of a model, for batches of so many codes; nil for a model without one.
  /// - Parameter gradients: where its own gradients go, if it is trained.
  package init?(of model: VariationalAutoencoder, batch: Int, gradients: NetGradients? = nil) {
    guard let weights = model.critic else { return nil }
    latents = weights.net.input.count
    self.gradients = gradients
    let isTrained = gradients != nil
    pass = Pass(
      weights, batch: 2 * batch, use: isTrained ? .training : .inference, wantsInputGradient: isTrained)
    second = isTrained ? Pass(model.encoder, batch: batch, use: .inference) : nil
  }

  /// Where the images of the second batch go.
  package var secondImages: Values? { second?.input }

  /// Encodes the second batch, samples its codes and permutes them: `permuted`.
  /// - Parameters:
  ///   - noise: ε, [images × latents].
  ///   - order: of a latent, which image's value each image is given.
  package func encodeSecond(_ images: Int, noise: [Float], order: (_ latent: Int) -> [Int]) {
    guard let second else { return }
    second.forward(count: images)
    let (means, logVariances) = second.output.heads(images)
    let codes = means.indices.map { means[$0] + noise[$0] * exp(0.5 * logVariances[$0]) }
    permuted = Self.permuted(codes, latents: latents, by: order)
  }

  /// Looks at codes, [images × latents], beside `permuted`. The gradient by the codes is computed with the weights as they
  /// are, before the critic's own gradient, which may take its step at once.
  /// - Parameter weight: of the total correlation, for its gradient.
  package func judge(_ codes: [Float], images: Int, weight: Float) -> Judgement {
    pass.input.set(to: codes[...] + permuted[...])
    pass.forward(count: 2 * images)
    let logits = pass.output.list(2 * images)
    // Of two logits only the difference counts: the logit of the first.
    let ratios = (0..<2 * images).map { Double(logits[2 * $0]) - Double(logits[2 * $0 + 1]) }
    let codes = AdversarialLoss(exact: ratios[..<images], shouldBeReal: true)
    let others = AdversarialLoss(exact: ratios[images...], shouldBeReal: false)
    return Judgement(
      correlation: ratios[..<images].reduce(0, +) / Double(images), loss: (codes.value + others.value) / 2,
      gradient: passBack(images, weight, (codes.gradient + others.gradient).map { $0 / 2 }))
  }

  /// - Parameter slopes: the derivative of the critic's loss by the first logit of each row; by the second it is the
  ///   opposite.
  private func passBack(_ images: Int, _ weight: Float, _ slopes: [Float]) -> [Float] {
    guard let gradients, let outputGradient = pass.outputGradient, let inputGradient = pass.inputGradient else {
      return []
    }
    let share = weight / Float(images)
    outputGradient.set(to: (0..<images).flatMap { _ in [share, -share] }[...])
    pass.backwardToInput(count: images)
    let byCodes = inputGradient.list(images)
    outputGradient.set(to: slopes.flatMap { [$0, -$0] }[...])
    pass.backward(count: 2 * images, into: gradients)
    return byCodes
  }

  /// Permutes each latent of codes, [images × latents], across them by itself.
  /// - Parameter order: of a latent, which image's value each image is given.
  package static func permuted(_ codes: [Float], latents: Int, by order: (_ latent: Int) -> [Int]) -> [Float] {
    var result = codes
    for latent in 0..<latents {
      for (image, source) in order(latent).enumerated() {
        result[image * latents + latent] = codes[source * latents + latent]
      }
    }
    return result
  }
}
