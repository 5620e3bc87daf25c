import BVAECPU

/// A system's steps as its trainer takes them, always on the first images; for benchmarks.
package final class SystemProbe {
  private let system: any Trainable
  private let images: TrainingImages, order: [Int], varied: (any VariedImages)?
  private let batch: Int

  /// - Parameters:
  ///   - images: of which the first `batch` are taken.
  ///   - varied: where a DC-IGN's batches come from.
  package init(_ model: Model, images: ByteImages, varied: (any VariedImages)? = nil, batch: Int) {
    system = model.training(batch: batch, options: TrainingOptions(batch: batch))
    (self.images, self.varied, self.batch) = (TrainingImages(images, on: model.device), varied, batch)
    order = Array(0..<images.count)
  }

  /// Forward, back and the optimisers' step.
  package func step() {
    _ = system.run(
      Batch(
        images: images, order: order, range: 0..<batch, varied: varied, seed: 1, epoch: 0,
        place: StepPlace(step: system.steps + 1, trainingImages: images.count), rateShare: 1))
    system.update()
  }
}
