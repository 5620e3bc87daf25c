import BVAECPU
import BVAEPlatform
import BetaVAE
import Glibc
import TestSupport
import Testing

/// Training on sets that are kept as bits or in a file.
@Suite("Training on large sets")
struct LargeSetTests {
  private func storage(_ folder: String) -> ImageStorage {
    var storage = ImageStorage()
    (storage.largestPlain, storage.largestInMemory, storage.folder) = (0, 0, Path.join(temporaryFolder(), folder))
    return storage
  }

  private func model(_ objective: Objective = .paper) throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 4, latents: 3), objective: objective, seed: 3,
      compute: Compute(threads: 2))
  }

  @Test("The weights, the history, codes and measures are the same to the bit, whatever the keeping")
  func sameBits() throws {
    let binary = TrainingTests.bars(90)
    let grey = ByteImages(shape: .mnist, bytes: binary.bytes.enumerated().map { $1 / 2 + UInt8($0 % 97) })
    for (images, keeping) in [(binary, ByteImages.Keeping.bits), (grey, .file)] {
      let kept = try images.kept(in: storage("same-bits"))
      #expect(images.keeping == .bytes && kept.keeping == keeping)
      let first = try model(), second = try model()
      let options = TrainingOptions(epochs: 2, batch: 32, seed: 5)
      let history = try Trainer(first, images: images, validation: images, options: options).run()
      let other = try Trainer(second, images: kept, validation: kept, options: options).run()
      #expect(first.weightsFingerprint == second.weightsFingerprint && first.lineage == second.lineage)
      #expect(history.epochs.map(\.loss) == other.epochs.map(\.loss))
      #expect(history.epochs.map(\.validationLoss) == other.epochs.map(\.validationLoss))
      #expect(first.latentStatistics == second.latentStatistics)
      #expect(try first.encode(images) == second.encode(kept))
      #expect(try first.evaluate(on: images) == second.evaluate(on: kept))
    }
  }

  @Test(
    "Where the disk does not give images back, training and encoding end, with the weights of the epoch's beginning")
  func unreadable() throws {
    let images = ByteImages(shape: .mnist, bytes: (0..<60 * 784).map { UInt8($0 % 251) })
    let storage = storage("unreadable"), kept = try images.kept(in: storage)
    let model = try model(), before = model.weightsFingerprint, lineage = model.lineage
    #expect(try cutOffFiles(in: storage.folder, to: 30 * 784))
    #expect(throws: FileProblem.self) {
      try Trainer(model, images: kept, options: TrainingOptions(epochs: 1, batch: 8)).run()
    }
    #expect(model.weightsFingerprint == before && model.lineage == lineage && model.history.epochs.isEmpty)
    #expect(throws: FileProblem.self) { try model.encode(kept) }
    #expect(throws: FileProblem.self) { try model.evaluate(on: kept) }
  }
}
