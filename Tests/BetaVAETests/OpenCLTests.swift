import BVAECPU
import BVAEDevice
import BVAEPlatform
import BetaVAE
import TestSupport
import Testing

/// Whole models on OpenCL: the reference's numbers, the same bits from run to run, and trainings that are gone on with.
@Suite("Models on OpenCL", .needsOpenCL)
struct ModelsOnOpenCLTests {
  private var compute: Compute {
    get throws {
      let device = try #require(TestGPU.device)
      return Compute(threads: 2).with(device)
    }
  }

  @Test("The golden numbers of the paper's network", arguments: GoldenTests.networks)
  func paper(name: String) throws {
    let tests = GoldenTests(), compute = try compute
    func golden() throws -> GoldenTests.Case { try GoldenTests.Case(name, compute, "opencl") }
    try tests.forward(try golden())
    try tests.gradients(try golden())
    try tests.adam(try golden())
    try compute.device.check()
  }

  @Test("The golden numbers of the objectives and networks", arguments: FamilyGoldenTests.names)
  func family(name: String) throws {
    let tests = FamilyGoldenTests(), compute = try compute
    try tests.gradients(try FamilyGoldenTests.Case(name, compute))
    try tests.adam(try FamilyGoldenTests.Case(name, compute))
    if name.hasPrefix("dcign") { try tests.clamped(try FamilyGoldenTests.Case(name, compute)) }
    try compute.device.check()
  }

  @Test("The golden numbers of InfoGAN", arguments: InfoGANGoldenTests.names)
  func infoGAN(name: String) throws {
    let tests = InfoGANGoldenTests(), compute = try compute
    try tests.gradients(name, try InfoGANGoldenTests.Case(name, compute, storesAll: true))
    try tests.adam(try InfoGANGoldenTests.Case(name, compute, storesAll: false))
    try compute.device.check()
  }

  private func model(_ objective: Objective, _ compute: Compute) throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 5, latents: 3), objective: objective, seed: 9, compute: compute)
  }

  private let images = TrainingTests.bars(20)
  private let options = TrainingOptions(
    epochs: 3, batch: 8, seed: 3, warmup: 2, decay: .cosine, rateWarmup: 1, clip: 20)

  private func trainer(_ model: Model) throws -> Trainer {
    try Trainer(
      model, images: images, validation: TrainingTests.bars(7), varied: ShiftedImages(images), options: options)
  }

  @Test(
    "A training gives the same bits twice, those of one that was gone on with, and nearly the processor's course",
    arguments: CheckpointTests.objectives)
  func training(objective: Objective?) throws {
    let objective = try #require(objective), compute = try compute
    let folder = Path.join(temporaryFolder(), "opencl-\(objective.loss.name)")
    try Files.makeDirectory(folder)
    for name in try Files.list(folder) { try Files.remove(Path.join(folder, name)) }
    let store = ModelStore(folder: folder)
    let once = try model(objective, compute), twice = try model(objective, compute)
    let history = try trainer(once).run()
    _ = try trainer(twice).run()
    #expect(once.weightsFingerprint == twice.weightsFingerprint)
    #expect(history.epochs.map(\.loss) == twice.history.epochs.map(\.loss))
    // Stopped inside the first epoch and inside the second.
    let key = ModelStore.key(of: try model(objective, compute), data: "bars", validation: "seven", options: options)
    for limit in [2, 3, Int.max] {
      let part = try model(objective, compute), trainer = try trainer(part)
      let checkpoints = Checkpoints(store, key: key, warn: { Issue.record("\($0)") })
      _ = checkpoints.resume(trainer)
      var steps = 0
      _ = try trainer.run(checkpoints: checkpoints) { _ in
        steps += 1
        return steps < limit
      }
      if limit == .max { #expect(part.weightsFingerprint == once.weightsFingerprint) }
    }
    let onProcessor = try model(objective, Compute(threads: 2))
    _ = try trainer(onProcessor).run()
    for (found, wanted) in zip(history.epochs, onProcessor.history.epochs) {
      #expect(abs(found.loss - wanted.loss) <= 2e-3 * abs(wanted.loss), "\(found.loss), not \(wanted.loss)")
    }
    // What one device has made is not taken for the other's.
    #expect(
      ModelStore.key(of: try model(objective, Compute(threads: 2)), data: "bars", validation: "seven", options: options)
        != key)
  }

  @Test("Codes and images are the processor's, for more images than go through at once")
  func encoding() throws {
    let many = TrainingTests.bars(200), compute = try compute
    let ours = try model(.variational(beta: 2), compute), theirs = try model(.variational(beta: 2), Compute(threads: 2))
    let code = try ours.encode(many), wanted = try theirs.encode(many)
    #expect(difference(code.mean, from: wanted.mean) < 1e-4)
    #expect(difference(code.logVariance, from: wanted.logVariance) < 1e-4)
    #expect(difference(try ours.decode(wanted.mean), from: try theirs.decode(wanted.mean)) < 1e-4)
    let evaluation = try ours.evaluate(on: many), other = try theirs.evaluate(on: many)
    #expect(abs(evaluation.loss - other.loss) < 1e-4 * other.loss)
  }

  @Test("An InfoGAN's training gives the same bits twice")
  func infoGANTraining() throws {
    let compute = try compute
    let models = try (0..<2).map { _ in
      let model = try InfoGAN(
        image: .mnist, code: GeneratorCode(noise: 5, categories: [3], continuous: 1), channels: 4, seed: 2,
        compute: compute)
      _ = try Trainer(model, images: images, options: TrainingOptions(epochs: 2, batch: 8, seed: 3)).run()
      return model
    }
    #expect(models[0].weightsFingerprint == models[1].weightsFingerprint)
    #expect(models[0].history.epochs.map(\.loss) == models[1].history.epochs.map(\.loss))
    #expect(models[0].history.epochs.allSatisfy { $0.loss.isFinite })
  }

  @Test("A batch that has no room on the device is refused in words, and the device goes on")
  func tooLarge() throws {
    let device = try #require(TestGPU.make(nil)), compute = Compute(threads: 2).with(device)
    let count = device.hardware.largestBuffer / 4 + 1024
    _ = device.makeBuffer(count: count)
    let model = try model(.variational(beta: 2), compute)
    #expect(throws: DeviceProblem.self) { _ = try model.encode(images) }
    let codes = try self.model(.variational(beta: 2), compute).encode(images).mean.values
    #expect(codes.allSatisfy { $0.isFinite })
  }
}
