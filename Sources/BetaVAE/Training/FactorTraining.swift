import BVAECPU
import BVAEDevice
import BVAENetworks

/// How a FactorVAE is trained (Kim and Mnih 2018, algorithm 2): a VAE's step, and one of its critic, which sees the codes
/// of the batch and, with their latents permuted, those of a second batch that is drawn independently. Both gradients are
/// computed before either step is taken; none of the critic's loss reaches the encoder.
final class FactorTraining: Trainable {
  private let autoencoder: AutoencoderTraining
  private let critic: Critic
  private let criticGradients: NetGradients
  /// The critic's optimiser (Kim and Mnih 2018, appendix A).
  private var adam = FactorTraining.adam
  private let latents: Int
  /// The order of the second batches' images, and the epoch that it is of.
  private var order: (epoch: Int, images: [Int])?

  /// β₁ = 0.5, β₂ = 0.9, and a rate of its own, whatever the autoencoder's is.
  static let adam = Adam(rate: 1e-4, beta1: 0.5, beta2: 0.9)

  init(_ model: VariationalAutoencoder, batch: Int, options: TrainingOptions) {
    guard let gradients = model.critic.map({ NetGradients($0) }),
      let critic = Critic(of: model, batch: batch, gradients: gradients)
    else { preconditionFailure("a FactorVAE has a critic, by its loss") }
    (self.critic, criticGradients) = (critic, gradients)
    autoencoder = AutoencoderTraining(model, batch: batch, options: options)
    autoencoder.step.critic = critic
    latents = model.architecture.latents
  }

  var gradients: [NetGradients] { autoencoder.gradients + [criticGradients] }
  var steps: Int {
    get { autoencoder.steps }
    set { autoencoder.steps = newValue }
  }

  func run(_ batch: Batch) -> LossSums {
    loadSecond(batch)
    let noise = RandomGenerator(seed: batch.seed, stream: .secondNoise, index: batch.epoch)
    var permutations = RandomGenerator(seed: batch.seed, stream: .permutation, index: batch.place.step)
    critic.encodeSecond(
      batch.count, noise: batch.range.flatMap { noise.normal(latents, ofImage: $0) },
      order: { _ in permutations.permutation(batch.count) })
    adam.rate = Float(Double(Self.adam.rate) * batch.rateShare)
    criticGradients.begin(adam.update(steps + 1))
    return autoencoder.run(batch)
  }

  func update() {
    autoencoder.update()
    criticGradients.finish(adam.update(steps))
  }

  /// The images of the second batch: those of the same places in an order of its own.
  private func loadSecond(_ batch: Batch) {
    if order?.epoch != batch.epoch {
      var generator = RandomGenerator(seed: batch.seed, stream: .secondOrder, index: batch.epoch)
      order = (batch.epoch, generator.permutation(batch.images.count))
    }
    guard let order, let input = critic.secondImages else { return }
    batch.images.load(Array(order.images[batch.range]), into: input)
  }
}
