import BVAEArrays
import BVAECPU
import BVAENetworks

/// How a system of networks is trained: what it takes of a batch, what its loss is, how its weights are updated.
///
/// The trainer keeps the loop, the checkpoints and the watch for divergence, and asks the system for one step after the
/// other. What a system keeps from step to step are its networks' weights, what their optimisers remember, and the number
/// of steps: all else follows from the batch. A new system is a file with such a class.
package protocol Trainable: AnyObject {
  /// Of each of the model's networks, in their order, the gradients and what the optimiser remembers: what a checkpoint
  /// holds beside the weights.
  var gradients: [NetGradients] { get }
  /// The steps that were taken.
  var steps: Int { get set }

  /// Forward and back on a batch; nothing is updated, so that a loss that is no number can be told first.
  /// - Returns: sums over the batch, with the objective's terms.
  func run(_ batch: Batch) -> LossSums

  /// The optimisers' step, behind `run`.
  func update()
}

/// What a trainer gives a system for a step: images of the training set, and where in the training it is. A system that
/// wants other images beside them draws them from `seed` and `epoch`.
package struct Batch {
  /// The training set.
  let images: TrainingImages
  /// The epoch's order of the images, and the part of it that the batch is.
  let order: [Int], range: Range<Int>
  /// Where batches with one varying factor come from, for systems that ask for them.
  let varied: (any VariedImages)?
  /// The training's seed, and the epoch, counted from 0.
  let seed: UInt64, epoch: Int
  /// Where the step is.
  let place: StepPlace
  /// What the schedule leaves of the step sizes, 0…1.
  let rateShare: Double

  var count: Int { range.count }
}

/// How the autoencoders are trained, whatever their objective: one optimiser for encoder and decoder.
final class AutoencoderTraining: Trainable {
  let step: TrainingStep
  private let updates: ModelGradients
  private let rate: Float
  private let latents: Int
  private let drawsNoise: Bool

  /// - Parameter adam: the optimiser, whose rate is that of the options; nil for the paper's.
  init(_ model: VariationalAutoencoder, batch: Int, options: TrainingOptions, adam: Adam? = nil) {
    step = TrainingStep(model, batch: batch)
    updates = ModelGradients(model, adam ?? Adam(rate: options.rate), clip: options.clip)
    rate = options.rate
    latents = model.latents
    drawsNoise = model.objective.isVariational
  }

  var gradients: [NetGradients] { updates.nets }
  var steps: Int {
    get { updates.steps }
    set { updates.steps = newValue }
  }

  func run(_ batch: Batch) -> LossSums {
    batch.images.load(Array(batch.order[batch.range]), into: step.encoder.input)
    return runLoaded(batch)
  }

  /// The same for images that are in the encoder's input already.
  func runLoaded(_ batch: Batch) -> LossSums {
    if drawsNoise { drawNoise(batch) }
    updates.begin(rate: Float(Double(rate) * batch.rateShare))
    return step.run(into: updates, images: batch.count, at: batch.place)
  }

  func update() { updates.finish() }

  /// ε for the images of a batch: a function of the seed, the epoch and the place in the epoch alone.
  private func drawNoise(_ batch: Batch) {
    let generator = RandomGenerator(seed: batch.seed, stream: .noise, index: batch.epoch)
    step.noise.replaceSubrange(
      ..<(batch.count * latents), with: batch.range.flatMap { generator.normal(latents, ofImage: $0) })
  }
}

extension RandomGenerator {
  /// Standard normal numbers for the latents of one image of an epoch.
  func normal(_ latents: Int, ofImage place: Int) -> [Float] {
    let pairs = (latents + 1) / 2
    let values = (0..<pairs).flatMap { pair in
      let (first, second) = normalPair(at: UInt64(place * pairs + pair))
      return [Float(first), Float(second)]
    }
    return Array(values.prefix(latents))
  }
}
