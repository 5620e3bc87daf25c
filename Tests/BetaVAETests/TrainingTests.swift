import BVAECPU
import BVAEPlatform
import BetaVAE
import Testing

@Suite("Training")
struct TrainingTests {
  /// Grey 28×28 images: a bar of varying height and place.
  static func bars(_ count: Int, shape: ImageShape = .mnist) -> ByteImages {
    var bytes: [UInt8] = []
    for image in 0..<count {
      for row in 0..<shape.height {
        for column in 0..<shape.width {
          let inside = abs(column - 8 - image % 11) < 3 && row > 4 + image % 7 && row < 24
          for plane in 0..<shape.planes { bytes.append(inside ? UInt8(255 - 40 * plane) : 0) }
        }
      }
    }
    return ByteImages(shape: shape, bytes: bytes)
  }

  func trained(threads: Int, epochs: Int = 2, seed: UInt64 = 3) throws -> VariationalAutoencoder {
    let model = VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 20, latents: 5), seed: seed, compute: Compute(threads: threads))
    let trainer = try Trainer(
      model, images: Self.bars(100), options: TrainingOptions(epochs: epochs, batch: 32, seed: seed))
    _ = try trainer.run()
    return model
  }

  @Test("The same seed gives the same bits on 1, 2, 3 and 4 threads, another seed other ones")
  func sameBits() throws {
    // Five epochs of four steps; twenty channels, so that Winograd's filtering takes part.
    let reference = try trained(threads: 1, epochs: 5)
    for threads in [2, 3, 4] {
      let other = try trained(threads: threads, epochs: 5)
      #expect(other.weightsFingerprint == reference.weightsFingerprint)
      #expect(other.history.epochs.map(\.loss) == reference.history.epochs.map(\.loss))
    }
    #expect(try trained(threads: 2, seed: 4).weightsFingerprint != reference.weightsFingerprint)
  }

  @Test("The loss falls, and the history has a record an epoch")
  func lossFalls() throws {
    let model = try trained(threads: 2, epochs: 8)
    let losses = model.history.epochs.map(\.loss)
    #expect(losses.count == 8)
    #expect(losses[7] < 0.6 * losses[0])
    for record in model.history.epochs {
      #expect(abs(record.loss - (record.reconstruction ?? 0) - 4 * record.totalDivergence) < 1e-6 * record.loss)
    }
  }

  @Test("Winograd's filtering leaves the course of a training within a thousandth of the direct sum's")
  func filteredTraining() throws {
    let losses = try [true, false].map { usesWinograd in
      let model = VariationalAutoencoder(
        try Architecture(image: .mnist, latents: 4), seed: 3,
        compute: Compute(threads: 2, usesWinograd: usesWinograd))
      let options = TrainingOptions(epochs: 5, batch: 20, seed: 3)
      return try Trainer(model, images: Self.bars(60), options: options).run().epochs.map(\.loss)
    }
    #expect(losses[0] != losses[1])
    for (filtered, direct) in zip(losses[0], losses[1]) { #expect(abs(filtered - direct) < 1e-3 * direct) }
  }

  @Test("Gradients of the whole network are finite differences of the loss")
  func finiteDifferences() throws {
    // Twenty channels fill two panels, so that the layers at stride 1 are computed by Winograd's filtering.
    for (objective, channels) in [
      (try Objective.variational(beta: 3), 5), (try .variational(beta: 1, likelihood: .bernoulli), 5),
      (try .variational(beta: 1, likelihood: .laplace), 5), (.autoencoder(), 5),
      (try .capacity(gamma: 2, capacity: 1, steps: 1), 5), (try .totalCorrelation(beta: 3), 5),
      (try .disentangledPrior(kind: 2), 5), (try .variational(beta: 2), 20),
    ] {
      let model = VariationalAutoencoder(
        try Architecture(image: ImageShape(height: 20, width: 24, planes: 3), channels: channels, latents: 3),
        objective: objective, seed: 2, compute: Compute(threads: 2))
      let probe = StepProbe(model, batch: 4)
      var random = RandomGenerator(seed: 8, stream: .sample)
      // Codes far from 0, where the decoder's biases, all 0, would leave its rectifiers at their bend.
      for index in 0..<3 * channels * 5 * 6 {
        model.nudge("encoder.mean.weight", index, by: Float(0.4 * random.uniform() - 0.2))
      }
      let images = Tensor(shape: [4, 20, 24, 3], values: (0..<5760).map { _ in Float(random.uniform()) })
      let noise = Tensor(shape: [4, 3], values: (0..<12).map { _ in Float(2 * random.uniform() - 1) })
      _ = probe.run(images: images, noise: noise)
      let gradients = probe.gradients
      for (name, gradient) in gradients.sorted(by: { $0.key < $1.key }) {
        // The entry with the largest gradient stands well above the rounding of the loss.
        let index = gradient.values.indices.max { abs(gradient.values[$0]) < abs(gradient.values[$1]) }!
        let expected = Double(gradient.values[index])
        // Small, because a rectifier that switches inside the step bends the difference, and so large that the loss changes
        // by a hundred times its rounding.
        let nudge = Float(min(1e-3, 3e-5 / abs(expected)))
        model.nudge(name, index, by: nudge)
        let above = probe.run(images: images, noise: noise).loss
        model.nudge(name, index, by: -2 * nudge)
        let below = probe.run(images: images, noise: noise).loss
        model.nudge(name, index, by: nudge)
        let difference = (above - below) / (2 * Double(nudge))
        #expect(
          abs(difference - expected) <= 0.05 * abs(expected),
          "\(objective), \(name)[\(index)]: \(difference) by differences, \(expected) computed")
      }
    }
  }

  @Test("Training can be stopped after any step, and the model stays usable")
  func interrupted() throws {
    let model = VariationalAutoencoder(try Architecture(image: .mnist, channels: 4, latents: 2))
    var steps = 0
    let history = try Trainer(
      model, images: Self.bars(100), options: TrainingOptions(epochs: 50, batch: 10)
    ).run { _ in
      steps += 1
      return steps < 15
    }
    #expect(history.wasInterrupted && history.epochs.count == 1 && steps == 15)
    let frames = try model.sweep(from: .code([0, 0]), steps: 3).rows.map(\.frames)
    #expect(frames.count == 2 && frames[0].shape == [3, 28, 28, 1])
  }

  @Test("A batch larger than the data, a last partial batch and a single image count each image once")
  func batches() throws {
    for (count, batch) in [(1, 64), (65, 64), (10, 3), (10, 10), (10, 1)] {
      let model = VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 4, latents: 2), objective: .autoencoder())
      let images = Self.bars(count), before = try model.evaluate(on: images)
      // At a rate that moves no weight, and without noise, the epoch's loss is that of the images.
      let history = try Trainer(
        model, images: images, options: TrainingOptions(epochs: 1, batch: batch, rate: 1e-30)
      ).run()
      #expect(abs(history.epochs[0].loss - before.loss) < 1e-6 * before.loss, "\(count) images, batch \(batch)")
    }
  }

  @Test(
    "A rate that makes the loss explode is reported, and the model keeps the weights from the epoch's beginning",
    arguments: [Objective.paper, .autoencoder(), try .variational(beta: 1, likelihood: .bernoulli)])
  func divergence(objective: Objective) throws {
    let model = VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 4, latents: 2), objective: objective)
    let before = (model.weightsFingerprint, model.lineage)
    let trainer = try Trainer(
      model, images: Self.bars(64), options: TrainingOptions(epochs: 50, batch: 8, rate: 1e20))
    #expect {
      _ = try trainer.run()
    } throws: { error in
      guard case ModelError.diverged = error else { return false }
      return "\(error)".contains("Try a rate below 1e+20")
    }
    #expect(model.history.epochs.count == 0)
    #expect((model.weightsFingerprint, model.lineage) == before)
    _ = try Trainer(model, images: Self.bars(64), options: TrainingOptions(epochs: 1)).run()
    #expect(model.history.epochs.count == 1)
  }

  /// The bits of a small training with the portable kernels. Where they change, `ModelStore.trainingVersion` must be
  /// raised, or stored models of before would be taken for models of now.
  @Test("The bits of a training are those of this training version")
  func trainingVersion() throws {
    let model = VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 20, latents: 3), seed: 1,
      compute: Compute(threads: 2, kernels: .portable))
    _ = try Trainer(model, images: Self.bars(20), options: TrainingOptions(epochs: 1, batch: 8)).run()
    #expect(ModelStore.trainingVersion == 3)
    #expect(model.weightsFingerprint.description == "b43763227bf9c4c6")
  }

  /// Three epochs with a warm-up, partial batches and another seed than the weights'.
  @Test("The bits of a longer training are those of this training version")
  func longerTraining() throws {
    let model = VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 20, latents: 3), seed: 5,
      compute: Compute(threads: 2, kernels: .portable))
    let options = TrainingOptions(epochs: 3, batch: 8, rate: 1e-3, seed: 9, warmup: 2)
    _ = try Trainer(model, images: Self.bars(20), options: options).run()
    #expect(model.weightsFingerprint.description == "1bbab024b0fb683b")
  }

  @Test("The kernels for AVX2 and for AVX-512 give the same bits, whatever the width of their tiles")
  func widths() throws {
    var fingerprints: [String: Fingerprint] = [:]
    for kernels in Kernels.all where kernels.name != "portable" {
      // 33 channels are three panels: a pair and one by itself.
      let model = VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 33, latents: 3), seed: 1,
        compute: Compute(threads: 2, kernels: kernels))
      _ = try Trainer(model, images: Self.bars(20), options: TrainingOptions(epochs: 1, batch: 8)).run()
      fingerprints[kernels.name] = model.weightsFingerprint
    }
    #expect(Set(fingerprints.values.map(\.description)).count <= 1, "\(fingerprints)")
  }

  @Test("Networks and batches beyond what memory holds are refused")
  func tooLarge() throws {
    #expect(throws: ModelError.self) {
      try Architecture(image: ImageShape(height: 128, width: 128, planes: 3), channels: 256)
    }
    let model = VariationalAutoencoder(
      try Architecture(image: ImageShape(height: 64, width: 64, planes: 1), channels: 128, latents: 2))
    #expect(throws: ModelError.self) {
      try Trainer(
        model, images: ByteImages(shape: model.architecture.image, bytes: Array(repeating: 0, count: 4096 * 4096)),
        options: TrainingOptions(batch: 4096))
    }
  }

  @Test("A second training goes on from the weights, and its epochs are added to the model's")
  func again() throws {
    let model = try trained(threads: 2)
    let history = try Trainer(model, images: Self.bars(100), options: TrainingOptions(epochs: 3)).run()
    #expect(history.epochs.count == 3 && model.history.epochs.count == 5)
    #expect(model.history.last(3).epochs == history.epochs)
    #expect(history.epochs.last?.active == model.latentStatistics?.activeLatents.count)
  }

  @Test("Images that do not fit, no images and options out of range are refused")
  func refused() throws {
    let model = VariationalAutoencoder(try Architecture(image: .mnist, channels: 4, latents: 2))
    #expect(throws: ModelError.imageShape(found: .svhn, expected: .mnist)) {
      try Trainer(model, images: Self.bars(2, shape: .svhn), options: TrainingOptions())
    }
    #expect(throws: ModelError.noImages("train on")) {
      try Trainer(model, images: ByteImages(shape: .mnist), options: TrainingOptions())
    }
    #expect(throws: ModelError.self) {
      try Trainer(model, images: Self.bars(2), options: TrainingOptions(rate: .nan))
    }
    #expect(throws: ModelError.self) { try Architecture(image: ImageShape(height: 30, width: 28, planes: 1)) }
    #expect(throws: ModelError.self) { try Architecture(image: .mnist, latents: 0) }
  }
}
