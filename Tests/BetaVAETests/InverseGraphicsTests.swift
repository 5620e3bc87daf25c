import BVAECPU
import BVAENetworks
import BVAEPlatform
import BetaVAE
import Glibc
import Testing

/// Images whose rows, whose columns or whose lightness vary.
struct ShiftedImages: VariedImages {
  static let names = ["row", "column"]
  var factors = Self.names
  var hasOthers = true
  let base: ByteImages

  init(_ base: ByteImages) { self.base = base }

  var count: Int { base.count }
  var shape: ImageShape { base.shape }

  func images(
    varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
  ) -> ByteImages {
    let original = Array(base[image]), (height, width) = (shape.height, shape.width)
    var bytes: [UInt8] = []
    for _ in 0..<count {
      let amount = generator.index(below: 9)
      for row in 0..<height {
        for column in 0..<width {
          let byte =
            switch factor {
            case 0: original[(row + amount) % height * width + column]
            case 1: original[row * width + (column + amount) % width]
            default: original[row * width + column] / UInt8(1 + amount)
            }
          bytes.append(byte)
        }
      }
    }
    return ByteImages(shape: shape, bytes: bytes)
  }
}

@Suite("DC-IGN")
struct InverseGraphicsTests {
  private let images = TrainingTests.bars(50)

  private func model(
    _ factors: [String] = ShiftedImages.names, latents: Int = 4, threads: Int = 2
  ) throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 6, latents: latents),
      objective: try .inverseGraphics(factors: factors), seed: 3, compute: Compute(threads: threads))
  }

  @Test("A training gives the same bits on 1, 2, 3 and 4 threads, and tells how far inactive latents spread")
  func sameBits() throws {
    func trained(_ threads: Int) throws -> VariationalAutoencoder {
      let model = try model(threads: threads)
      let options = TrainingOptions(epochs: 3, batch: 16, seed: 5)
      _ = try Trainer(model, images: images, varied: ShiftedImages(images), options: options).run()
      return model
    }
    let reference = try trained(1)
    for threads in 2...4 { #expect(try trained(threads).weightsFingerprint == reference.weightsFingerprint) }
    let last = try #require(reference.history.epochs.last)
    #expect(last.terms.map(\.name) == ["spread"] && last.terms[0].value > 0)
    // It is no part of the loss, and there is none where nothing is trained.
    #expect(abs(last.loss - (last.reconstruction ?? 0) - last.totalDivergence) < 1e-9)
    let evaluation = try reference.evaluate(on: images)
    #expect(evaluation.terms.isEmpty)
    #expect(abs(evaluation.loss - evaluation.reconstruction - evaluation.totalDivergence) < 1e-9)
  }

  /// Remembers what it is asked for.
  private final class Watched: VariedImages {
    let factors = ShiftedImages.names, hasOthers: Bool, inner: ShiftedImages
    var asked: [(factor: Int?, image: Int, count: Int)] = []

    init(_ images: ByteImages, hasOthers: Bool) { (inner, self.hasOthers) = (ShiftedImages(images), hasOthers) }

    var count: Int { inner.count }
    var shape: ImageShape { inner.shape }

    func images(
      varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
    ) -> ByteImages {
      asked.append((factor, image, count))
      return inner.images(varying: factor, like: image, count: count, using: &generator)
    }
  }

  @Test("All else varies ten times as often as a factor, where there is something else and a latent for it")
  func ratio() throws {
    for (hasOthers, latents) in [(true, 3), (false, 3), (true, 2)] {
      let watched = Watched(images, hasOthers: hasOthers)
      let options = TrainingOptions(epochs: 60, batch: 8, seed: 2)
      _ = try Trainer(model(latents: latents), images: images, varied: watched, options: options).run()
      // As many steps as over the images themselves, of which the last one is short.
      #expect(watched.asked.count == 60 * 7 && watched.asked.reduce(0) { $0 + $1.count } == 60 * 50)
      #expect(Set(watched.asked.map(\.image)).count == 50)
      let counts = [nil, 0, 1].map { factor in watched.asked.count { $0.factor == factor } }
      if hasOthers && latents > 2 {
        #expect((320...380).contains(counts[0]) && counts[1...].allSatisfy((20...52).contains), "\(counts)")
      } else {
        #expect(counts[0] == 0 && counts[1...].allSatisfy((170...250).contains), "\(counts)")
      }
    }
  }

  @Test("What cannot be trained is refused in words")
  func refused() throws {
    func message(_ model: VariationalAutoencoder, _ varied: (any VariedImages)?) throws -> String {
      let error = try #require(throws: ModelError.self) {
        try Trainer(model, images: images, varied: varied, options: TrainingOptions())
      }
      return "\(error)"
    }
    #expect(try message(model(), nil).contains("the factors of the images must be known"))
    #expect(try message(model(["column", "row"]), ShiftedImages(images)).contains("this model needs column, row"))
    let few = try images.images(at: 0..<7)
    #expect(try message(model(), ShiftedImages(few)).contains("of 7 images"))
    #expect(try message(model(latents: 1), ShiftedImages(images)).contains("2 factors need as many latents"))
    for (factors, part) in [
      ([], "at least one factor"), (["a,b"], "without a comma"), (["a", ""], "without a comma"),
      (["a", "b", "a"], "not all different"),
    ] as [([String], String)] {
      let error = try #require(throws: ModelError.self) { try Objective.inverseGraphics(factors: factors) }
      #expect("\(error)".contains(part))
    }
  }

  @Test("The factors go into files and keys and back in their order; damaged ones are refused")
  func settings() throws {
    let path = Path.join(temporaryFolder(), "dcign-\(getpid()).safetensors")
    defer { try? Files.remove(path) }
    var keys: Set<String> = []
    for factors in [["x", "light of day"], ["light of day", "x"], ["x"], ["x\"\\\n{é}"]] {
      let model = try model(factors)
      try model.save(to: path)
      let opened = try VariationalAutoencoder.open(path)
      #expect(opened.objective == model.objective && opened.objective.variedFactors == factors)
      #expect(opened.unknown.isEmpty && opened.openingNotes.isEmpty)
      keys.insert(ModelStore.key(of: model, data: "d", validation: nil, options: TrainingOptions()))
    }
    #expect(keys.count == 4)
    #expect(try model().objective.description == "DC-IGN, factors = row, column")
    var file = try Safetensors(bytes: Files.read(path))
    for (value, part) in [
      (nil, "factors"), ("", "factors"), ("a,", "each once"), (",a", "each once"), ("a,b,a", "each once"),
      ("a,b,c,d,e", "5 factors need as many latents"),
    ] as [(String?, String)] {
      file.metadata["factors"] = value
      try Files.write(try file.encoded(), to: path)
      let error = try #require(throws: FileProblem.self) { try VariationalAutoencoder.open(path) }
      #expect("\(error)".contains(part), "\(error)")
    }
  }
}
