import BVAECPU
import BVAEPlatform

extension Trainer {
  /// One epoch, or what is left of it; nil if it was stopped.
  func runEpoch(_ checkpoints: Checkpoints?, _ progress: (TrainingProgress) -> Bool) throws -> EpochRecord? {
    let start = Machine.seconds - position.secondsInEpoch
    let epoch = position.epoch
    var shuffle = RandomGenerator(seed: options.seed, stream: .order, index: epoch)
    let order = shuffle.permutation(images.count)
    let batch = min(options.batch, images.count), stepsPerEpoch = (images.count + batch - 1) / batch
    for first in stride(from: position.sums.images, to: order.count, by: batch) {
      let count = min(batch, order.count - first)
      let step = system.steps + 1
      images.prefetch(order[first + count..<min(order.count, first + count + batch)])
      let sums = system.run(
        Batch(
          images: shown, order: order, range: first..<first + count, varied: varied, seed: options.seed, epoch: epoch,
          place: StepPlace(
            step: step, trainingImages: images.count,
            warmup: options.shareOfBeta(epoch: epoch, place: Double(first) / Double(order.count))),
          rateShare: options.rateShare(step: step, stepsPerEpoch: stepsPerEpoch)))
      try images.check()
      try model.device.check()
      try watch(sums)
      system.update()
      position.sums.add(sums)
      imagesDone += count
      position.secondsInEpoch = Machine.seconds - start
      let isLast = position.sums.images == images.count
      if !progress(report()) && !(isLast && epoch + 1 == options.epochs) { return nil }
      if !isLast { checkpoints?.saveIfDue(self) }
    }
    var result = record(position.sums, seconds: Machine.seconds - start)
    if let validation { result.validationLoss = try (model as? VariationalAutoencoder)?.evaluate(on: validation).loss }
    return result
  }

  /// Throws where the loss of a step is no number, or explodes.
  private func watch(_ sums: LossSums) throws {
    let latents = sums.divergence.indices
    guard sums.isFinite else {
      let strange = latents.first { !sums.divergence[$0].isFinite || !sums.mean[$0].isFinite }
      throw ModelError.diverged(
        divergence(
          .notANumber, strange.map { .latent($0) } ?? (sums.reconstruction.isFinite ? .terms : .reconstruction)))
    }
    let loss = record(sums, seconds: nil).loss
    guard position.watch.explodes(loss, worst: worstReconstruction) else { return }
    let largest = latents.max { sums.divergence[$0] < sums.divergence[$1] } ?? 0
    throw ModelError.diverged(
      divergence(.exploded(loss: loss, limit: position.watch.limit(worst: worstReconstruction)), .latent(largest)))
  }

  private func report() -> TrainingProgress {
    let sums = position.sums
    let record = record(sums, seconds: nil)
    let ownSeconds = Machine.seconds - start
    return TrainingProgress(
      epoch: position.epoch + 1, epochs: options.epochs, images: sums.images, imagesPerEpoch: images.count,
      seconds: history.seconds + position.secondsInEpoch,
      imagesPerSecond: Double(imagesDone) / max(ownSeconds, 1e-9), loss: record.loss,
      reconstruction: record.reconstruction, divergence: record.totalDivergence, terms: record.terms,
      active: record.active)
  }

  /// Means of sums; the loss counts β in full, also during a warm-up, so that epochs can be compared.
  private func record(_ sums: LossSums, seconds: Double?) -> EpochRecord {
    let count = Double(max(1, sums.images))
    let divergence = sums.divergence.map { $0 / count }
    let reconstruction = model.objective.reconstructs ? sums.reconstruction / count : nil
    let active = sums.mean.indices.filter { k in
      LatentStatistics.isActive(
        variance: sums.squaredMean[k] / count - (sums.mean[k] / count) * (sums.mean[k] / count))
    }
    let loss = model.objective.loss, values = sums.terms.map { $0 / count }
    return EpochRecord(
      loss: (reconstruction ?? 0) + loss.loss(divergence: divergence.reduce(0, +), terms: values),
      reconstruction: reconstruction, divergence: divergence, terms: zip(loss.terms, values).map(Term.init),
      active: active.count, validationLoss: nil, seconds: seconds)
  }
}
