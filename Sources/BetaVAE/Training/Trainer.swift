import BVAECPU
import BVAEDevice
import BVAENetworks
import BVAEPlatform

/// Trains a model in place: reshuffled every epoch, the last partial batch kept, Adam (paper, "Network", chosen).
///
/// Everything random is a function of the seed, the epoch and the place in the epoch, so that the same options give
/// the same bits whatever the number of threads, and however often the training was interrupted and gone on with.
public final class Trainer {
  let model: Model
  let images: ByteImages, validation: ByteImages?
  /// The images, as the steps ask for them.
  let shown: TrainingImages
  let options: TrainingOptions
  /// Where batches with one varying factor come from.
  let varied: (any VariedImages)?
  let system: any Trainable
  /// The weights at the beginning of the epoch, for the case that it diverges.
  private let lastGood: [NetWeights]
  var position: TrainingPosition
  /// Wall time of this process's own part, and the images that it saw.
  var start = 0.0, imagesDone = 0
  /// The largest that an image's reconstruction error can be.
  let worstReconstruction: Double

  /// How the last `run` ended, where it was stopped or diverged.
  private var ending: Ending?

  private enum Ending {
    /// Stopped, with the weights of this lineage; before it the model had another lineage and some epochs behind it.
    case stopped(at: String, lineage: String, earlier: [EpochRecord])
    case diverged
  }

  /// What this training has come to so far.
  public var history: History { position.history }

  /// The most floats that the maps of a batch may take: 4 GB.
  private static let largestWorkspace = 1 << 30

  /// Prepares a training.
  /// - Parameter varied: where batches with one varying factor come from, of the same images; only a DC-IGN needs them.
  /// - Throws: `ModelError` when the images do not fit the model, there are none, an option is out of range, or the model's
  ///   objective is not known, or asks for batches that `varied` does not have.
  public init(
    _ model: Model, images: ByteImages, validation: ByteImages? = nil,
    varied: (any VariedImages)? = nil, options: TrainingOptions
  ) throws {
    guard images.count > 0 else { throw ModelError.noImages("train on") }
    for set in [images, validation].compactMap({ $0 }) where set.shape != model.image {
      throw ModelError.imageShape(found: set.shape, expected: model.image)
    }
    if let gap = model.unknown.trainingGap { throw ModelError.unsupported(gap) }
    if let fault = options.fault { throw ModelError.unsupported(fault) }
    guard options.warmup == 0 || model.objective.loss.takesWarmup else {
      throw ModelError.unsupported(
        "the objective of this model, \(model.objective), has no weight for a warm-up to raise")
    }
    guard model.objective.reconstructs || validation == nil && options.clip == nil else {
      throw ModelError.unsupported(
        "the training of this model, \(model.objective), takes no '\(options.clip == nil ? "validate" : "clip")': "
          + (options.clip == nil
            ? "it has no loss that images alone could be measured by" : "its networks have losses of their own"))
    }
    if let fault = Self.fault(of: varied, for: model, images) { throw ModelError.unsupported(fault) }
    self.model = model
    self.images = images
    self.varied = varied
    self.validation = validation
    self.options = options
    let batch = min(options.batch, images.count)
    let floats =
      batch
      * model.nets.reduce(0) { $0 + Pass.floatsPerImage($1.net, on: $1.device) }
    guard floats <= Self.largestWorkspace else {
      throw ModelError.unsupported(
        "a batch of \(batch) images of \(model.sizes) would take \(floats >> 28) GB; choose a smaller batch")
    }
    system = model.training(batch: batch, options: options)
    lastGood = model.nets.map { NetWeights($0.net, on: $0.device) }
    shown = TrainingImages(images, on: model.device)
    try model.device.check()
    position = TrainingPosition(latents: model.latents, terms: model.objective.loss.terms.count)
    worstReconstruction =
      model.objective.reconstructs ? model.objective.likelihood.worst(values: model.image.count) : 0
  }

  /// What keeps a model that learns from batches with one varying factor from being trained; nil for all other models.
  private static func fault(
    of varied: (any VariedImages)?, for model: Model, _ images: ByteImages
  ) -> String? {
    let wanted = model.objective.variedFactors
    guard !wanted.isEmpty else { return nil }
    if let fault = model.objective.fault(latents: model.latents) { return fault }
    guard let varied else {
      return "this model, \(model.objective), is trained on batches in which one factor varies, so the factors of the "
        + "images must be known; they are for sprites, for streets and for files that have factors"
    }
    guard varied.factors == wanted, varied.count == images.count, varied.shape == images.shape else {
      return "the batches vary \(varied.factors.joined(separator: ", ")) of \(varied.count) images of \(varied.shape); "
        + "this model needs \(wanted.joined(separator: ", ")) of its \(images.count) images of \(images.shape)"
    }
    return nil
  }

  /// Takes over what a checkpoint of this very training holds, so that `run` goes on from there.
  /// - Parameter unfinished: what the model was stopped in, where it is the half-trained model itself; its epochs are
  ///   replaced by the checkpoint's.
  /// - Throws: `FileProblem` when it is of another training; nothing is changed then.
  public func resume(from checkpoint: Checkpoint, goingOnWith unfinished: UnfinishedTraining? = nil) throws {
    let position = checkpoint.position
    try checkpoint.restore(
      arrays(at: position),
      in: position.fault(
        images: images.count, latents: model.latents, terms: model.objective.loss.terms.count,
        options: options))
    self.position = position
    system.steps = checkpoint.steps
    guard let unfinished else { return }
    model.lineage = unfinished.lineage
    model.history.epochs = Array(model.history.epochs.prefix(unfinished.earlierEpochs))
  }

  /// Trains for all epochs that remain; where the training was stopped, it goes on from there.
  /// - Parameters:
  ///   - checkpoints: where the training is kept every now and then, and when it is stopped.
  ///   - progress: told after every step; false stops the training there, and the model keeps its weights.
  /// - Returns: the history, which is added to the model's.
  /// - Throws: `ModelError.diverged` when the loss is no longer a finite number or explodes; the model has the weights
  ///   that it had at the beginning of that epoch. `ModelError.unsupported` where the model is being trained, or where this
  ///   training has diverged, or the model was changed since it was stopped.
  @discardableResult
  public func run(checkpoints: Checkpoints? = nil, progress: (TrainingProgress) -> Bool = { _ in true }) throws
    -> History
  {
    guard position.epoch < options.epochs else { return history }
    let (lineage, earlier) = try beginning()
    model.isBeingTrained = true
    defer { model.isBeingTrained = false }
    ending = nil
    position.history.wasInterrupted = false
    model.latentStatistics = nil
    model.unfinished = nil
    // Whoever stops a training says so through `progress`; what follows the last step is still done.
    let beforeBatch = model.beforeBatch
    model.beforeBatch = nil
    defer { model.beforeBatch = beforeBatch }
    defer {
      model.history = history
      model.history.epochs = earlier + history.epochs
    }
    start = Machine.seconds
    imagesDone = 0
    checkpoints?.begin()
    var isStopped = false
    while position.epoch < options.epochs {
      if position.isBetweenEpochs { for (good, net) in zip(lastGood, model.nets) { good.copy(from: net) } }
      let record: EpochRecord?
      do {
        record = try runEpoch(checkpoints, progress)
      } catch ModelError.diverged(let divergence) {
        throw goBack(divergence, lineage)
      } catch let problem as FileProblem {
        // Images that could not be read were taken for black.
        _ = goBack(self.divergence(.notANumber, .reconstruction), lineage)
        throw problem
      } catch let problem as DeviceProblem {
        throw goBack(from: problem, lineage)
      }
      guard let record else {
        isStopped = true
        break
      }
      position.history.epochs.append(record)
      position.epoch += 1
      position.sums = emptySums
      position.secondsInEpoch = 0
      if position.epoch < options.epochs { checkpoints?.saveIfDue(self) }
    }
    if isStopped {
      checkpoints?.save(self)
      // Only now: whoever goes on from the checkpoint was not interrupted.
      position.history.wasInterrupted = true
      model.unfinished = UnfinishedTraining(lineage: lineage, earlierEpochs: earlier.count)
    }
    let statistics: LatentStatistics, areFinite: Bool, reached: String
    do {
      statistics = try LatentStatistics(model, images: images)
      areFinite = model.nets.allSatisfy(\.areFinite)
      reached = model.weightsFingerprint.description
      try model.device.check()
    } catch let problem as DeviceProblem {
      throw goBack(from: problem, lineage)
    }
    guard statistics.isFinite, areFinite else { throw goBack(divergence(.notANumber, .weights), lineage) }
    model.latentStatistics = statistics
    // While an epoch runs the weights move; what is left at the end is what the model has.
    if let last = history.epochs.indices.last { position.history.epochs[last].active = statistics.activeLatents.count }
    model.lineage = reached
    if isStopped { ending = .stopped(at: model.lineage, lineage: lineage, earlier: earlier) }
    return history
  }

  /// The model's lineage before this training, and the epochs that it had behind it then.
  private func beginning() throws -> (lineage: String, earlier: [EpochRecord]) {
    guard !model.isBeingTrained else { throw ModelError.unsupported("the model is already being trained") }
    switch ending {
    case nil: return (model.lineage, model.history.epochs)
    case .diverged:
      throw ModelError.unsupported("this training has diverged and cannot continue; start a new one")
    case .stopped(let reached, let lineage, let earlier):
      guard model.lineage == reached else {
        throw ModelError.unsupported(
          "the model has changed since this training stopped, so the training cannot continue")
      }
      return (lineage, earlier)
    }
  }

  /// The sums at the beginning of an epoch.
  private var emptySums: LossSums {
    LossSums(latents: model.latents, terms: model.objective.loss.terms.count)
  }

  /// All arrays that the rest of a training depends on; inside an epoch also the weights of its beginning.
  func arrays(at position: TrainingPosition) -> TrainingArrays {
    TrainingArrays(model, system.gradients, good: position.isBetweenEpochs ? nil : lastGood)
  }

  func divergence(_ sign: Divergence.Sign, _ part: Divergence.Part) -> Divergence {
    Divergence(
      sign: sign, part: part, epoch: min(position.epoch + 1, options.epochs), step: system.steps,
      rate: options.rate, beta: model.objective.beta)
  }

  /// Goes back to the weights at the beginning of the epoch, where the device has failed. Where it fails at that too nobody
  /// knows what the weights are: no stored model is taken for this one's.
  private func goBack(from problem: DeviceProblem, _ lineage: String) -> DeviceProblem {
    model.latentStatistics = nil
    _ = goBack(divergence(.notANumber, .weights), lineage)
    do {
      try model.device.check()
    } catch {
      model.lineage = "lost \(UInt64.random(in: 0...UInt64.max))"
      return DeviceProblem("\(problem); the model's weights are lost, make it again")
    }
    return problem
  }

  /// Goes back to the weights at the beginning of the epoch.
  private func goBack(_ divergence: Divergence, _ lineage: String) -> ModelError {
    for (good, net) in zip(lastGood, model.nets) { net.copy(from: good) }
    position.history.epochs.removeLast(history.epochs.count - min(history.epochs.count, divergence.keptEpochs))
    position.history.wasInterrupted = false
    ending = .diverged
    model.unfinished = nil
    model.lineage = divergence.keptEpochs > 0 ? model.weightsFingerprint.description : lineage
    return .diverged(divergence)
  }
}

/// A training that was stopped half-way and that the model can go on with, by its checkpoint.
public struct UnfinishedTraining: Sendable, Equatable {
  /// The model's lineage before the training began.
  public let lineage: String
  /// The epochs that the model had behind it then.
  public let earlierEpochs: Int
}
