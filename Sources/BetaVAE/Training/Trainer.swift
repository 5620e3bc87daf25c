import Numerics
import Platform

/// Trains a model in place: reshuffled every epoch, the last partial batch kept, Adam (paper, "Network", chosen).
///
/// Everything random is a function of the seed, the epoch and the place in the epoch, so that the same options give
/// the same bits whatever the number of threads.
public final class Trainer {
  private let model: VariationalAutoencoder
  private let images: ByteImages, validation: ByteImages?
  private let options: TrainingOptions
  private let step: TrainingStep
  private let optimizer: Optimizer
  /// The weights at the beginning of the epoch, for the case that it diverges.
  private let lastGood: [String: Parameters.Layer]
  private var epoch = 0
  /// What this training has come to so far.
  public private(set) var history = History()
  private var secondsBefore = 0.0, imagesDone = 0

  /// The most floats that the maps of a batch may take: 4 GB.
  private static let largestWorkspace = 1 << 30

  /// Prepares a training.
  /// - Throws: `ModelError` when the images do not fit the model, there are none, or an option is out of range.
  public init(
    _ model: VariationalAutoencoder, images: ByteImages, validation: ByteImages? = nil, options: TrainingOptions
  ) throws {
    guard images.count > 0 else { throw ModelError.noImages("train on") }
    for set in [images, validation].compactMap({ $0 }) where set.shape != model.architecture.image {
      throw ModelError.imageShape(found: set.shape, expected: model.architecture.image)
    }
    guard options.epochs >= 1, (1...4096).contains(options.batch), options.rate > 0, options.rate.isFinite else {
      throw ModelError.unsupported(
        "training needs epochs ≥ 1, batch 1…4096 and a positive rate; these are epochs \(options.epochs), "
          + "batch \(options.batch), rate \(options.rate)")
    }
    self.model = model
    self.images = images
    self.validation = validation
    self.options = options
    let batch = min(options.batch, images.count)
    let floats = batch * TrainingStep.floatsPerImage(model.blueprint)
    guard floats <= Self.largestWorkspace else {
      throw ModelError.unsupported(
        "a batch of \(batch) images of \(model.architecture) would take \(floats >> 28) GB; choose a smaller batch")
    }
    step = TrainingStep(model.blueprint, model.parameters, objective: model.objective, batch: batch)
    optimizer = Optimizer(model.parameters, Adam(rate: options.rate))
    lastGood = model.parameters.layers.mapValues {
      Parameters.Layer(weights: FloatBuffer(count: $0.weights.count), bias: FloatBuffer(count: $0.bias.count))
    }
  }

  /// Trains for all epochs.
  /// - Parameter progress: told after every step; false stops the training there, and the model keeps its weights.
  /// - Returns: the history, which is added to the model's.
  /// - Throws: `ModelError.diverged` when the loss is no longer a finite number; the model has the weights that it had
  ///   at the beginning of that epoch.
  @discardableResult
  public func run(progress: (TrainingProgress) -> Bool = { _ in true }) throws -> History {
    model.latentStatistics = nil
    // Whoever stops a training says so through `progress`; what follows the last step is still done.
    let beforeBatch = model.beforeBatch
    model.beforeBatch = nil
    defer { model.beforeBatch = beforeBatch }
    let before = model.history.epochs
    defer {
      model.history = history
      model.history.epochs = before + history.epochs
    }
    while epoch < options.epochs {
      copyWeights(from: model.parameters.layers, to: lastGood)
      guard let record = try runEpoch(progress) else {
        history.wasInterrupted = true
        break
      }
      history.epochs.append(record)
      epoch += 1
    }
    let statistics = try LatentStatistics(model, images: images)
    guard statistics.isFinite, model.parameters.areFinite else { throw diverged() }
    model.latentStatistics = statistics
    // While an epoch runs the weights move; what is left at the end is what the model has.
    if let last = history.epochs.indices.last { history.epochs[last].active = statistics.activeLatents.count }
    model.lineage = model.weightsFingerprint.description
    return history
  }

  /// One epoch, or nil if it was stopped.
  private func runEpoch(_ progress: (TrainingProgress) -> Bool) throws -> EpochRecord? {
    let start = Machine.seconds
    let compute = model.compute, latents = model.architecture.latents
    var shuffle = RandomGenerator(seed: options.seed, stream: .order, index: epoch)
    let order = shuffle.permutation(images.count)
    let noise = RandomGenerator(seed: options.seed, stream: .noise, index: epoch)
    var sums = LossSums(latents: latents)
    let batch = min(options.batch, images.count)
    for first in stride(from: 0, to: order.count, by: batch) {
      let count = min(batch, order.count - first)
      for row in 0..<count { step.encoder.setImage(row, to: images[order[first + row]]) }
      drawNoise(noise, first: first, count: count)
      optimizer.begin(compute, step.gradients)
      sums.add(step.run(compute, images: count))
      guard sums.isFinite else { throw diverged() }
      optimizer.finish(compute, step.gradients)
      imagesDone += count
      let seconds = secondsBefore + Machine.seconds - start
      let record = record(sums, seconds: seconds)
      let report = TrainingProgress(
        epoch: epoch + 1, epochs: options.epochs, images: sums.images, imagesPerEpoch: images.count,
        seconds: seconds, imagesPerSecond: Double(imagesDone) / max(seconds, 1e-9), loss: record.loss,
        reconstruction: record.reconstruction, divergence: record.totalDivergence, active: record.active)
      if !progress(report) && !(sums.images == images.count && epoch + 1 == options.epochs) { return nil }
    }
    let seconds = Machine.seconds - start
    secondsBefore += seconds
    var result = record(sums, seconds: seconds)
    if let validation { result.validationLoss = try model.evaluate(on: validation).loss }
    return result
  }

  /// Goes back to the weights at the beginning of the epoch.
  private func diverged() -> ModelError {
    copyWeights(from: lastGood, to: model.parameters.layers)
    if epoch > 0 { model.lineage = model.weightsFingerprint.description }
    return .diverged(epoch: min(epoch + 1, options.epochs), step: optimizer.steps, rate: options.rate)
  }

  private func copyWeights(from source: [String: Parameters.Layer], to target: [String: Parameters.Layer]) {
    for (name, layer) in target {
      guard let other = source[name] else { continue }
      layer.weights.copy(from: other.weights)
      layer.bias.copy(from: other.bias)
    }
  }

  /// ε for the images at places `first..<first + count` of the epoch: a function of the place alone.
  private func drawNoise(_ generator: RandomGenerator, first: Int, count: Int) {
    let latents = model.architecture.latents
    guard model.objective.beta != nil else { return }
    let pairs = (latents + 1) / 2
    for row in 0..<count {
      for pair in 0..<pairs {
        let values = generator.normalPair(at: UInt64((first + row) * pairs + pair))
        step.noise[row * latents + 2 * pair] = Float(values.0)
        if 2 * pair + 1 < latents { step.noise[row * latents + 2 * pair + 1] = Float(values.1) }
      }
    }
  }

  private func record(_ sums: LossSums, seconds: Double) -> EpochRecord {
    let count = Double(max(1, sums.images))
    let divergence = sums.divergence.map { $0 / count }
    let reconstruction = sums.reconstruction / count
    let active = sums.mean.indices.filter { k in
      LatentStatistics.isActive(
        variance: sums.squaredMean[k] / count - (sums.mean[k] / count) * (sums.mean[k] / count))
    }
    return EpochRecord(
      loss: reconstruction + Double(model.objective.beta ?? 0) * divergence.reduce(0, +),
      reconstruction: reconstruction, divergence: divergence, active: active.count, validationLoss: nil,
      seconds: seconds)
  }
}
