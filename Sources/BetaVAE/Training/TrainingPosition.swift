/// How far a training has come, beside its arrays: with these, all that the rest of it depends on. What is random is a
/// function of the seed, the epoch and the place in the epoch, so that no generator has a state of its own.
struct TrainingPosition: Sendable, Equatable, Codable {
  /// Epochs that are finished.
  var epoch = 0
  /// The sums of the epoch that has begun, over the images seen so far.
  var sums: LossSums
  /// Wall time of the epoch that has begun, in seconds.
  var secondsInEpoch = 0.0
  /// The finished epochs of this training.
  var history = History()
  /// What is remembered of the losses so far.
  var watch = LossWatch()

  /// The beginning of a training.
  init(latents: Int, terms: Int) { sums = LossSums(latents: latents, terms: terms) }

  /// Whether it lies between two epochs.
  var isBetweenEpochs: Bool { sums.images == 0 }

  /// What makes no place of a training on so many images, in words; nil where it is one.
  func fault(images: Int, latents: Int, terms: Int, options: TrainingOptions) -> String? {
    let batch = min(options.batch, images)
    let lists =
      [sums.divergence, sums.mean, sums.squaredMean] + history.epochs.map(\.divergence)
    guard (0..<options.epochs).contains(epoch), (0...images).contains(sums.images),
      sums.images % batch == 0 || sums.images == images, history.epochs.count == epoch
    else { return "this training has no epoch \(epoch) with image \(sums.images)" }
    guard lists.allSatisfy({ $0.count == latents && $0.allSatisfy(\.isFinite) }), sums.reconstruction.isFinite,
      watch.steps >= 0
    else { return "its sums do not fit \(latents) latents" }
    guard sums.terms.count == terms, sums.terms.allSatisfy(\.isFinite),
      history.epochs.allSatisfy({ $0.terms.count == terms })
    else { return "its terms do not fit this objective" }
    return nil
  }
}
