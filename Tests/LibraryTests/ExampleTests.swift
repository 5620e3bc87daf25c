import BVAEDatasets
import BVAEInterpretation
import BVAEPlatform
import BetaVAE
import TestSupport
import Testing

/// The lines of the README's section on the library; a test below holds them against it.
private func example(in folder: String) throws {
  let ones = try DataLibrary(folder: nil).load(.mnist, selection: Selection(digits: [1], count: 200))
  let architecture = try Architecture(image: ones.images.shape, latents: 6)
  let model = VariationalAutoencoder(architecture, objective: try .variational(beta: 4), seed: 1)
  let history = try Trainer(model, images: ones.images, options: TrainingOptions(epochs: 3)).run()
  let code = try model.encode(ones.images)
  print(history.epochs.map(\.loss), code.meanDivergence)
  let images = try model.decode(code.mean)
  print(images.shape, try images.row(0).values.max() ?? 0)
  try model.save(to: "\(folder)/ones.safetensors")
}

@Suite("The package as a library")
struct ExampleTests {
  @Test("The README's example is the code that is compiled here, and it trains")
  func readme() throws {
    let root = Path.parent(Path.parent(Path.parent(#filePath)))
    let readme = try Files.readText(Path.join(root, "README.md"))
    let block = try #require(readme.split(separator: "```swift\n").dropFirst().first?.split(separator: "\n```").first)
    let shown = block.split(separator: "\n").map { $0.drop { $0 == " " } }
    let source = try Files.readText(#filePath).split(separator: "\n").map { $0.drop { $0 == " " } }
    for line in shown { #expect(source.contains(line), "'\(line)' is not compiled") }
    #expect(shown.count == 11)
    let folder = Path.join(Machine.environment("TMPDIR") ?? "/tmp", "library-\(UInt64.random(in: 0 ... .max))")
    try Files.makeDirectory(folder)
    defer { for name in (try? Files.list(folder)) ?? [] { try? Files.remove(Path.join(folder, name)) } }
    try example(in: folder)
    let opened = try VariationalAutoencoder.open(Path.join(folder, "ones.safetensors"))
    #expect(opened.history.epochs.count == 3 && opened.architecture.latents == 6)
  }

  @Test("Anything that a caller can get wrong throws an error that says what is wrong")
  func mistakes() throws {
    func words(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing"
      } catch { return "\(error)" }
    }
    #expect(words { _ = try Tensor([1, 2], shape: [3]) } == "2 values do not fill the shape [3]")
    for shape in [[-1, -1], [.max, 2], [-1]] as [[Int]] {
      #expect(words { _ = try Tensor([1], shape: shape) } == "no tensor has the shape \(shape)")
    }
    let tensor = try Tensor([1, 2, 3, 4], shape: [2, 2])
    #expect(try tensor.row(1).values == [3, 4])
    for row in [-1, 2] { #expect(words { _ = try tensor.row(row) }.hasPrefix("there is no row \(row) in a tensor")) }
    #expect(words { _ = try Tensor([], shape: [0, 3]).row(0) }.hasPrefix("there is no row 0"))
    let images = try ByteImages(rows: 8, columns: 8, bytes: [UInt8](repeating: 9, count: 192))
    #expect(try images.images(at: [2, 0]).count == 2)
    for place in [-1, 3, .max] {
      #expect(
        words { _ = try images.images(at: [0, place]) }
          == "there is no image \(place): there are 3, the first is image 0")
    }
    #expect(words { _ = try ByteImages(rows: 0, columns: 8, bytes: []) }.contains("images of 0 rows"))
    #expect(words { _ = try ByteImages(rows: 8, columns: 8, bytes: [1]) }.contains("1 bytes are not a whole number"))
    let factors = [2, 3].map {
      KnownFactors.Factor(name: "f", isCategorical: true, values: [Double](repeating: 0, count: $0))
    }
    #expect(words { _ = try KnownFactors(of: factors) } == "the factors have different numbers of values: 2 and 3")
    #expect(words { _ = try Objective.variational(beta: -1) } != "nothing")
    #expect(words { _ = try Architecture(image: images.shape, latents: 0) }.contains("latents must be from 1 to 256"))
    let model = VariationalAutoencoder(try Architecture(image: images.shape, channels: 2, latents: 2))
    #expect(try model.sample(count: -1, seed: 1).count == 0)
    #expect(words { _ = try model.encode(tensor) }.contains("images have four dimensions"))
    #expect(
      words { _ = try model.decode(Tensor([1, 2, 3], shape: [1, 3])) }.contains("has 2 latents, but the code has 3"))
    #expect(words { _ = try model.sweep(from: .code([0, 0]), latents: [2]) }.contains("there is no latent Z2"))
    #expect(words { _ = try Trainer(model, images: images, options: TrainingOptions(epochs: 0)) } != "nothing")
  }

  @Test("Two models on one team of threads, in two tasks at once, end with the bits of one after the other")
  func sharedCompute() async throws {
    let compute = Compute(threads: 2)
    let images = try ByteImages(rows: 8, columns: 8, bytes: (0..<1280).map { UInt8($0 % 251) })
    @Sendable func trained(_ seed: UInt64) throws -> String {
      let model = VariationalAutoencoder(
        try Architecture(image: images.shape, channels: 4, latents: 2), seed: seed, compute: compute)
      _ = try Trainer(model, images: images, options: TrainingOptions(epochs: 3, batch: 5)).run()
      return model.weightsFingerprint.description
    }
    let alone = try [1, 2, 3].map { try trained($0) }
    let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for seed in 1...3 { group.addTask { (seed, try trained(UInt64(seed))) } }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect((1...3).map { together[$0] } == alone)
  }
}
