import BVAECPU
import BVAEPlatform
import BetaVAE
import Glibc
import Testing

/// What a training draws, counts and leaves behind.
@Suite("The course of a training")
struct TrainerTests {
  private func model(_ objective: Objective = .paper, seed: UInt64 = 3, latents: Int = 2) throws
    -> VariationalAutoencoder
  {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 4, latents: latents), objective: objective, seed: seed,
      compute: Compute(threads: 2))
  }

  private func trained(
    _ objective: Objective, images: ByteImages, seed: UInt64, weights: UInt64 = 3, batch: Int = 4
  ) throws -> Fingerprint {
    let model = try model(objective, seed: weights)
    _ = try Trainer(model, images: images, options: TrainingOptions(epochs: 1, batch: batch, seed: seed)).run()
    return model.weightsFingerprint
  }

  @Test("The seed of the training decides the order of the images and the noise, that of the model its weights")
  func seeds() throws {
    // An autoencoder draws no noise: what differs is the order. A single image has no order: it is the noise.
    for (objective, images) in [(Objective.autoencoder(), TrainingTests.bars(12)), (.paper, TrainingTests.bars(1))] {
      let first = try trained(objective, images: images, seed: 1)
      #expect(try trained(objective, images: images, seed: 1) == first)
      #expect(try trained(objective, images: images, seed: 2) != first)
      #expect(try trained(objective, images: images, seed: 1, weights: 4) != first)
    }
  }

  @Test("Each epoch has an order and a noise of its own")
  func epochs() throws {
    // No weight moves; one image a step shows which it was, by its error.
    let images = TrainingTests.bars(7)
    var sums: [[Double]] = [[], [], []]
    _ = try Trainer(
      try model(.autoencoder()), images: images, options: TrainingOptions(epochs: 3, batch: 1, rate: 1e-30)
    ).run {
      sums[$0.epoch - 1].append(($0.reconstruction ?? 0) * Double($0.images))
      return true
    }
    let orders = sums.map { epoch in zip(epoch, [0] + epoch.dropLast()).map { (($0 - $1) * 1000).rounded() } }
    #expect(Set(orders).count == 3, "\(orders)")
    // All images once in each.
    #expect(Set(orders.map { $0.sorted() }).count == 1)
    // One image, no order: the noise alone makes the epochs differ.
    let single = try Trainer(
      try model(), images: TrainingTests.bars(1), options: TrainingOptions(epochs: 3, rate: 1e-30)
    ).run()
    #expect(Set(single.epochs.map(\.reconstruction)).count == 3)
  }

  @Test("What is left behind is of the training images, the validation loss of the others, by the weights of the end")
  func sets() throws {
    let training = TrainingTests.bars(40)
    let others = ByteImages(shape: .mnist, bytes: TrainingTests.bars(30).bytes.map { 255 - $0 })
    let model = try model(try .variational(beta: 0.5))
    let history = try Trainer(
      model, images: training, validation: others, options: TrainingOptions(epochs: 2, batch: 8, rate: 2e-3)
    ).run()
    let statistics = try #require(model.latentStatistics)
    let own = try model.encode(training), strange = try model.encode(others)
    #expect(statistics.meanVariance == own.meanVariance && statistics.divergence == own.meanDivergence)
    #expect(statistics.meanVariance != strange.meanVariance)
    let loss = try model.evaluate(on: others).loss
    #expect(abs(try #require(history.epochs[1].validationLoss) - loss) < 1e-9 * loss)
    #expect(abs(loss - (try model.evaluate(on: training).loss)) > 0.1 * loss)
  }

  @Test("An evaluation is error, KL divergence and their sum with β, by hand")
  func evaluation() throws {
    let images = TrainingTests.bars(9)
    for (objective, beta) in [(try Objective.variational(beta: 6), 6.0), (.autoencoder(), 0)] {
      let model = try model(objective)
      // Means far from 0, so that the divergence is as large as the error.
      for index in 0..<196 { model.nudge("encoder.mean.weight", index, by: 1) }
      let code = try model.encode(images), decoded = try model.decode(code.mean)
      let error =
        zip(decoded.values, images.bytes).reduce(0.0) {
          let difference = Double($1.0) - Double($1.1) / 255
          return $0 + difference * difference
        } / 9
      let divergence = (0..<2).map { latent in
        (0..<9).reduce(0.0) { sum, image in
          let m = Double(code.mean.values[2 * image + latent]), v = Double(code.logVariance.values[2 * image + latent])
          return sum + 0.5 * (m * m + exp(v) - v - 1) / 9
        }
      }
      let found = try model.evaluate(on: images)
      #expect(abs(found.reconstruction - error) < 1e-5 * error)
      guard beta > 0 else {
        #expect(found.divergence == [0, 0] && found.loss == found.reconstruction)
        continue
      }
      for (found, expected) in zip(found.divergence, divergence) { #expect(abs(found - expected) < 1e-5 * expected) }
      let total = divergence[0] + divergence[1]
      #expect(total > 0.02 * error && abs(found.totalDivergence - total) < 1e-5 * total)
      #expect(abs(found.loss - (error + 6 * total)) < 1e-5 * found.loss)
    }
  }

  @Test("Samples repeat with their seed and differ with another")
  func samples() throws {
    let model = try model()
    let first = try model.sample(count: 3, seed: 1)
    #expect(first.shape == [3, 28, 28, 1])
    #expect(try model.sample(count: 3, seed: 1) == first)
    #expect(try model.sample(count: 3, seed: 2) != first)
  }

  @Test("A training that was stopped goes on with run, and a finished one does nothing more")
  func runAgain() throws {
    let images = TrainingTests.bars(20), options = TrainingOptions(epochs: 3, batch: 8)
    let whole = try model()
    _ = try Trainer(whole, images: images, options: options).run()
    let model = try model(), trainer = try Trainer(model, images: images, options: options)
    var steps = 0
    let stopped = try trainer.run { _ in
      steps += 1
      return steps < 4
    }
    #expect(stopped.wasInterrupted && stopped.epochs.count == 1 && model.history.epochs.count == 1)
    let history = try trainer.run()
    #expect(!history.wasInterrupted && history.epochs.count == 3 && model.history.epochs.count == 3)
    #expect(model.weightsFingerprint == whole.weightsFingerprint && model.unfinished == nil)
    #expect(try trainer.run() == history && model.history.epochs.count == 3)
    #expect(model.weightsFingerprint == whole.weightsFingerprint)
  }

  @Test("Nobody else trains a model while it is trained, and what was changed meanwhile is not gone on with")
  func twoTrainers() throws {
    let images = TrainingTests.bars(20), options = TrainingOptions(epochs: 2, batch: 8)
    let model = try model()
    let first = try Trainer(model, images: images, options: options)
    let second = try Trainer(model, images: images, options: options)
    var refusals = 0
    let history = try first.run { _ in
      #expect(throws: ModelError.self) { try second.run() }
      refusals += 1
      return refusals < 4
    }
    #expect(refusals == 4 && history.epochs.count == 1 && model.history.epochs.count == 1)
    _ = try second.run()
    #expect(model.history.epochs.count == 3)
    #expect(throws: ModelError.self) { try first.run() }
    #expect(model.history.epochs.count == 3)
  }

  @Test("An objective checks its numbers", arguments: [-1, -0.001, Float.nan, .infinity])
  func objectives(beta: Float) {
    #expect(throws: ModelError.self) { try Objective.variational(beta: beta) }
  }

  @Test("Models of several tasks may share one team of threads, and give the bits that they give alone")
  func shared() async throws {
    let compute = Compute(threads: 2), images = TrainingTests.bars(24)
    @Sendable func result(_ seed: UInt64, _ compute: Compute) throws -> String {
      // Twenty channels, so that the filtering's scratch memory takes part.
      let model = VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 20, latents: 2), seed: seed, compute: compute)
      _ = try Trainer(model, images: images, options: TrainingOptions(epochs: 2, batch: 8, seed: seed)).run()
      return model.weightsFingerprint.description
    }
    let alone = try (1...3).map { try result(UInt64($0), Compute(threads: 2)) }
    let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for seed in 1...3 { group.addTask { (seed, try result(UInt64(seed), compute)) } }
      var found: [Int: String] = [:]
      for try await (seed, fingerprint) in group { found[seed] = fingerprint }
      return (1...3).map { found[$0] ?? "" }
    }
    #expect(together == alone)
    // Inside its own loop, too.
    let total = Counter()
    compute.workers.run(units: 8) { _ in compute.workers.run(units: 8) { _ in _ = total.next() } }
    #expect(total.next() == 64)
  }
}
