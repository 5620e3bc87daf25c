import BetaVAE
import Numerics
import Platform
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
    let reference = try trained(threads: 1)
    for threads in [2, 3, 4] {
      let other = try trained(threads: threads)
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
      #expect(abs(record.loss - record.reconstruction - 4 * record.totalDivergence) < 1e-6 * record.loss)
    }
  }

  @Test("Gradients of the whole network are finite differences of the loss")
  func finiteDifferences() throws {
    for objective in [
      Objective.variational(beta: 3), .variational(beta: 1, likelihood: .bernoulli), .autoencoder(),
    ] {
      let model = VariationalAutoencoder(
        try Architecture(image: ImageShape(height: 12, width: 16, planes: 3), channels: 5, latents: 3),
        objective: objective, seed: 2, compute: Compute(threads: 2))
      let probe = StepProbe(model, batch: 4)
      var random = RandomGenerator(seed: 8, stream: .sample)
      let images = Tensor(shape: [4, 12, 16, 3], values: (0..<2304).map { _ in Float(random.uniform()) })
      let noise = Tensor(shape: [4, 3], values: (0..<12).map { _ in Float(2 * random.uniform() - 1) })
      _ = probe.run(images: images, noise: noise)
      let gradients = probe.gradients
      for (name, gradient) in gradients.sorted(by: { $0.key < $1.key }) {
        // The entry with the largest gradient stands well above the rounding of the loss.
        let index = gradient.values.indices.max { abs(gradient.values[$0]) < abs(gradient.values[$1]) }!
        let expected = Double(gradient.values[index])
        // Small, because a rectifier that switches inside the step bends the difference.
        let nudge: Float = 3e-4
        model.nudge(name, index, by: nudge)
        let above = probe.run(images: images, noise: noise).loss
        model.nudge(name, index, by: -2 * nudge)
        let below = probe.run(images: images, noise: noise).loss
        model.nudge(name, index, by: nudge)
        let difference = (above - below) / (2 * Double(nudge))
        #expect(
          abs(difference - expected) < 0.05 * abs(expected) + 1e-2,
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

  @Test("A batch larger than the data, a last partial batch and a single image work")
  func batches() throws {
    for (count, batch) in [(1, 64), (65, 64), (10, 3)] {
      let model = VariationalAutoencoder(try Architecture(image: .mnist, channels: 4, latents: 2))
      let history = try Trainer(
        model, images: Self.bars(count), options: TrainingOptions(epochs: 1, batch: batch)
      ).run()
      #expect(history.epochs[0].loss.isFinite)
    }
  }

  @Test("A rate that makes the loss explode is reported with the epoch and what to try")
  func divergence() throws {
    let model = VariationalAutoencoder(try Architecture(image: .mnist, channels: 4, latents: 2))
    let trainer = try Trainer(
      model, images: Self.bars(64), options: TrainingOptions(epochs: 50, batch: 8, rate: 1e8))
    #expect {
      _ = try trainer.run()
    } throws: { error in
      guard case ModelError.diverged = error else { return false }
      return "\(error)".contains("Try a rate below 1e+08")
    }
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
