import BVAECPU
import BVAEDevice
import BVAENetworks

/// How a DC-IGN is trained (Kulkarni et al. 2015, section 3.1): a step draws what varies, one of the named factors or all
/// else, takes an image of the epoch's order and a batch that differs from it in that alone, and lets only the latents
/// that belong to it tell the images apart; see `Clamp`. Of the factors no value is used, only which images belong
/// together: the weak supervision of the paper.
///
/// An epoch has as many steps as one over the images themselves. What a step draws follows from the seed and the step's
/// number.
final class InverseGraphicsTraining: Trainable {
  private let autoencoder: AutoencoderTraining
  private let clamp: Clamp
  /// The factors that have a latent each.
  private let factors: Int
  /// How often all else varies for each time that a certain factor does (Kulkarni et al. 2015: about 1 : 1 : 1 : 10 for
  /// faces).
  private static let othersShare = 10

  /// β₁ = 0.9, β₂ = 0.99: what the authors' code calls rmsprop.
  static func adam(rate: Float) -> Adam { Adam(rate: rate, beta2: 0.99) }

  init(_ model: VariationalAutoencoder, factors: Int, isClamped: Bool, batch: Int, options: TrainingOptions) {
    self.factors = factors
    clamp = Clamp(latents: model.architecture.latents)
    autoencoder = AutoencoderTraining(model, batch: batch, options: options, adam: Self.adam(rate: options.rate))
    if isClamped { autoencoder.step.clamp = clamp }
  }

  var gradients: [NetGradients] { autoencoder.gradients }
  var steps: Int {
    get { autoencoder.steps }
    set { autoencoder.steps = newValue }
  }

  func run(_ batch: Batch) -> LossSums {
    if let varied = batch.varied {
      var generator = RandomGenerator(seed: batch.seed, stream: .variation, index: batch.place.step)
      let factor = factor(hasOthers: varied.hasOthers, &generator)
      for latent in clamp.isActive.indices {
        clamp.isActive[latent] = factor.map { $0 == latent } ?? (latent >= factors)
      }
      let images = varied.images(
        varying: factor, like: batch.order[batch.range.lowerBound], count: batch.count, using: &generator)
      autoencoder.step.encoder.input.load(batch.count) { images[$0] }
    }
    return autoencoder.runLoaded(batch)
  }

  func update() { autoencoder.update() }

  /// Which factor varies; nil for all else, which is never drawn where there is nothing else or no latent for it.
  private func factor(hasOthers: Bool, _ generator: inout RandomGenerator) -> Int? {
    let others = hasOthers && clamp.isActive.count > factors ? Self.othersShare : 0
    let drawn = generator.index(below: factors + others)
    return drawn < factors ? drawn : nil
  }
}
