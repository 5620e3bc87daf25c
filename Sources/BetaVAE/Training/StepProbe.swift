import BVAECPU
import BVAENetworks

/// A training step taken apart, for comparison with reference numbers and finite differences, and for benchmarks.
package final class StepProbe {
  private let model: VariationalAutoencoder
  private let step: TrainingStep
  private let training: ModelGradients
  /// The images of the training set that the batch is said to be of; nil for the batch itself.
  package var trainingImages: Int?
  private lazy var stored = ModelGradients(model, Adam(rate: 0), storesAll: true)
  private let critic: Critic?
  private let criticTraining: NetGradients?, criticStored: NetGradients?
  private let clamp: Clamp?

  /// What a step came to.
  package struct Result {
    /// The mean loss of the batch.
    package let loss: Double
    /// The sum of the batch's reconstruction errors.
    package let reconstruction: Double
    /// The sum of the batch's KL divergences, for each latent.
    package let divergence: [Double]
    /// The objective's own terms, means over the batch.
    package let terms: [Double]
  }

  package init(_ model: VariationalAutoencoder, batch: Int, rate: Float = 5e-4) {
    self.model = model
    step = TrainingStep(model, batch: batch)
    let isClamped = !model.objective.variedFactors.isEmpty
    training = ModelGradients(model, isClamped ? InverseGraphicsTraining.adam(rate: rate) : Adam(rate: rate))
    clamp = isClamped ? Clamp(latents: model.architecture.latents) : nil
    criticTraining = model.critic.map { NetGradients($0) }
    criticStored = model.critic.map { NetGradients($0, storesAll: true, hasMoments: false) }
    critic = Critic(of: model, batch: batch, gradients: criticStored)
    step.critic = critic
    step.clamp = clamp
  }

  /// Tells a DC-IGN's step which latents belong to what varies.
  package func show(active latents: [Bool]) { clamp?.isActive = latents }

  /// What the encoder gave of the batch of the last `run`, the inactive latents held: means and log variances, [images ×
  /// latents] each.
  package func heads(_ images: Int) -> (mean: [Float], logVariance: [Float]) { step.encoder.output.heads(images) }

  /// The gradient of the same, as it went back into the encoder.
  package func headGradients(_ images: Int) -> (mean: [Float], logVariance: [Float]) {
    step.encoder.outputGradient?.heads(images) ?? ([], [])
  }

  /// z of the batch of the last `run`, [images × latents].
  package func codes(_ images: Int) -> [Float] { step.decoder.input.list(images) }

  /// Gives a FactorVAE's step its second batch.
  /// - Parameter order: [images × latents], which image's value of a latent each image is given.
  package func show(second images: Tensor, noise: Tensor, order: Tensor) {
    guard let critic, let input = critic.secondImages else { return }
    let latents = model.architecture.latents
    input.set(to: images.values[...])
    critic.encodeSecond(images.count, noise: noise.values) { latent in
      (0..<images.count).map { Int(order.values[$0 * latents + latent]) }
    }
  }

  /// The codes of the second batch, permuted.
  package var permuted: [Float] { critic?.permuted ?? [] }

  /// Forward and back, with all gradients kept and the weights left alone.
  package func run(images: Tensor, noise: Tensor) -> Result {
    load(images, noise)
    critic?.gradients = criticStored
    return result(step.run(into: stored, images: images.count, at: place(1, images)))
  }

  /// A whole training step.
  package func train(images: Tensor, noise: Tensor) -> Result {
    load(images, noise)
    training.begin()
    let criticStep = FactorTraining.adam.update(training.steps)
    critic?.gradients = criticTraining
    criticTraining?.begin(criticStep)
    let sums = step.run(into: training, images: images.count, at: place(training.steps, images))
    training.finish()
    criticTraining?.finish(criticStep)
    return result(sums)
  }

  private func place(_ step: Int, _ images: Tensor) -> StepPlace {
    StepPlace(step: step, trainingImages: trainingImages ?? images.count)
  }

  private func load(_ images: Tensor, _ noise: Tensor) {
    step.encoder.input.set(to: images.values[...])
    for i in noise.values.indices { step.noise[i] = noise.values[i] }
  }

  private func result(_ sums: LossSums) -> Result {
    let count = Double(sums.images), terms = sums.terms.map { $0 / count }
    let codes = model.latentLoss.loss(divergence: sums.divergence.reduce(0, +) / count, terms: terms)
    return Result(
      loss: sums.reconstruction / count + codes, reconstruction: sums.reconstruction, divergence: sums.divergence,
      terms: terms)
  }

  /// The gradients of the last `run`, by PyTorch's names, in its shapes.
  package var gradients: [String: Tensor] {
    var gradients: [String: Tensor] = [:]
    for (weights, net) in zip(model.nets, stored.nets + [criticStored].compactMap { $0 }) {
      for parameter in weights.parameters {
        guard let buffer = net.buffer(for: parameter) else { continue }
        gradients[parameter.name] = Tensor(shape: parameter.shape, values: parameter.values(in: buffer))
      }
    }
    return gradients
  }
}

extension [Parameter] {
  /// A copy of all values, by PyTorch's names, in its shapes.
  var tensors: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: map { ($0.name, Tensor(shape: $0.shape, values: $0.values(in: $0.buffer))) })
  }
}

extension Model {
  /// A copy of all weights, by PyTorch's names, in its shapes.
  public var weights: [String: Tensor] { parameters.tensors }

  /// Sets all weights, by PyTorch's names.
  package func setWeights(_ tensors: [String: Tensor]) {
    for parameter in parameters { parameter.set(tensors[parameter.name]!.values) }
  }

  /// Adds to one weight, in PyTorch's order; for finite differences.
  package func nudge(_ name: String, _ index: Int, by amount: Float) {
    let parameter = parameters.first { $0.name == name }!
    var values = parameter.values(in: parameter.buffer)
    values[index] += amount
    parameter.set(values)
  }
}
