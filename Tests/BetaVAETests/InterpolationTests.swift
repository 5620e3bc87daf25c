import BVAECPU
import BetaVAE
import Testing

@Suite("Interpolations, grids and copies")
struct InterpolationTests {
  private func model(_ latents: Int = 3) throws -> VariationalAutoencoder {
    VariationalAutoencoder(try Architecture(image: .mnist, channels: 4, latents: latents), seed: 5)
  }

  private let a: [Float] = [0.5, -1.25, 2], b: [Float] = [-1.5, 0.75, 0.25]

  @Test("The arc goes through the codes that NumPy computes, and each is decoded")
  func spherical() throws {
    let model = try model()
    let way = try model.interpolate(from: .code(a), to: .code(b), path: .spherical, steps: 5)
    #expect(way.shares == [0, 0.25, 0.5, 0.75, 1])
    // NumPy: sin((1 - t) * w) / sin(w) * a + sin(t * w) / sin(w) * b with w = arccos(a @ b / |a| / |b|).
    let expected: [Float] = [
      0.5, -1.25, 2.0, -0.19003127927801267, -0.9346931821007921, 2.1768985918375825, -0.8394718859352983,
      -0.41973594296764927, 1.8888117433544214, -1.3096013358937273, 0.1848768745149223, 1.1972747922988323, -1.5, 0.75,
      0.25,
    ]
    #expect(zip(way.codes.values, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(try model.decode(way.codes) == way.frames)
  }

  @Test("Both ways begin and end at the very codes, also those of images; the line is straight")
  func ends() throws {
    let model = try model()
    let images = ByteImages(shape: .mnist, bytes: (0..<2 * 784).map { UInt8(truncatingIfNeeded: $0 * $0) })
    let code = try model.encode(images)
    func image(_ place: Int) -> SweepStart {
      .image(Tensor(shape: [28, 28, 1], values: images[place].map { Float($0) / 255 }))
    }
    for path in Interpolation.Path.allCases {
      let way = try model.interpolate(from: image(0), to: image(1), path: path, steps: 7)
      #expect(way.codes[0].values == code.mean[0].values && way.codes[6].values == code.mean[1].values)
    }
    let way = try model.interpolate(from: .code(a), to: .code(b), steps: 3)
    #expect(way.codes[1].values == [-0.5, -0.25, 1.125])
    let shortest = try model.interpolate(from: .code(a), to: .code(b), path: .spherical, steps: 2)
    #expect(shortest.codes.values == a + b)
  }

  @Test(
    "Where there is no arc, the way is the straight line",
    arguments: [[1, -2.5, 4], [-1, 2.5, -4], [0, 0, 0]] as [[Float]])
  func parallel(end: [Float]) throws {
    let model = try model()
    let arc = try model.interpolate(from: .code(a), to: .code(end), path: .spherical, steps: 6)
    let line = try model.interpolate(from: .code(a), to: .code(end), steps: 6)
    #expect(arc.codes == line.codes)
    #expect(arc.codes.values.allSatisfy { $0.isFinite })
  }

  @Test("A category changes in the middle; the other codes go their way")
  func categories() throws {
    let model = try InfoGAN(
      image: .mnist, code: GeneratorCode(noise: 3, categories: [4], continuous: 2), channels: 2, seed: 3)
    let way = try model.interpolate(from: .code([3, -1, 0]), to: .code([1, 1, 0]), steps: 5)
    #expect(way.codes.values == [3, -1, 0, 3, -0.5, 0, 1, 0, 0, 1, 0.5, 0, 1, 1, 0])
    let arc = try model.interpolate(from: .code([0, 1, 0]), to: .code([1, 0, 1]), path: .spherical, steps: 3)
    #expect(arc.codes[1].values[0] == 1 && abs(arc.codes[1].values[1] - Float(0.5).squareRoot()) < 1e-6)
    #expect(throws: ModelError.self) { try model.interpolate(from: .code([0.5, 0, 0]), to: .code([1, 0, 0])) }
  }

  @Test("What does not fit is refused")
  func mistakes() throws {
    let model = try model()
    #expect(throws: ModelError.codeLength(found: 2, expected: 3)) {
      try model.interpolate(from: .code([0, 0]), to: .code(b))
    }
    #expect(throws: ModelError.self) { try model.interpolate(from: .code(a), to: .code(b), steps: 1) }
    #expect(throws: ModelError.self) { try model.grid(of: (0, 3), range: .prior) }
    #expect(throws: ModelError.self) { try model.grid(of: (1, 1), range: .prior) }
    #expect(throws: ModelError.self) { try model.grid(of: (0, 1)) }
    #expect(throws: ModelError.self) { try model.grid(of: (0, 1), range: .prior, steps: 65) }
  }

  @Test("A grid decodes each pair of values, the first latent along the columns, from the origin or a code")
  func grid() throws {
    let model = try model()
    let grid = try model.grid(of: (2, 0), range: .fixed(-1, 1), steps: 3)
    #expect(grid.columnValues == [-1, 0, 1] && grid.rowValues == [-1, 0, 1])
    #expect(grid.frames.shape == [3, 3, 28, 28, 1] && grid.code == [0, 0, 0])
    let corner = try model.decode(Tensor(shape: [1, 3], values: [-1, 0, 1]))
    #expect(grid.frames[0][2] == corner[0])
    let moved = try model.grid(of: (2, 0), from: .code(a), range: .fixed(-1, 1), steps: 3)
    #expect(try moved.frames[2][1] == model.decode(Tensor(shape: [1, 3], values: [1, -1.25, 0]))[0])
  }

  @Test("The categories of a grid are all there, the others the first")
  func gridOfCategories() throws {
    let model = try InfoGAN(
      image: .mnist, code: GeneratorCode(noise: 3, categories: [4, 3], continuous: 1), channels: 2, seed: 3)
    let grid = try model.grid(of: (0, 2), steps: 5)
    #expect(grid.columnValues == [0, 1, 2, 3] && grid.rowValues == [-1, -0.5, 0, 0.5, 1])
    #expect(try grid.frames[4][3] == model.decode(Tensor(shape: [1, 3], values: [3, 0, 1]))[0])
    let many = try InfoGAN(
      image: .mnist, code: GeneratorCode(noise: 0, categories: [100, 100], continuous: 0), channels: 1, seed: 3)
    #expect(throws: ModelError.unsupported("a grid of 100 × 100 images has more than 4096")) {
      try many.grid(of: (0, 1))
    }
  }

  private static let images = ByteImages(
    shape: .mnist, bytes: (0..<24 * 784).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 784 * 31) })

  private func check(_ model: Model) throws {
    let options = TrainingOptions(epochs: 1, batch: 8, seed: 3)
    _ = try Trainer(model, images: Self.images, options: options).run()
    let weights = model.weightsFingerprint, lineage = model.lineage, copy = try model.copy()
    #expect(copy !== model && copy.weightsFingerprint == weights && copy.lineage == lineage)
    #expect(copy.history == model.history && copy.latentStatistics == model.latentStatistics)
    #expect(copy.objective == model.objective && copy.unknown == model.unknown)
    _ = try Trainer(copy, images: Self.images, options: options).run()
    #expect(model.weightsFingerprint == weights && model.lineage == lineage)
    #expect(copy.weightsFingerprint != weights && copy.history.epochs.count == 2)
    // The same training makes the same of both.
    _ = try Trainer(model, images: Self.images, options: options).run()
    #expect(model.weightsFingerprint == copy.weightsFingerprint && model.lineage == copy.lineage)
  }

  @Test("Training a copy leaves the original's weights bit for bit, and the same training makes the same of both")
  func copies() throws {
    try check(try model())
    try check(
      VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 4, latents: 3), objective: .factor(gamma: 10, critic: 20), seed: 2))
    try check(
      try InfoGAN(image: .mnist, code: GeneratorCode(noise: 3, categories: [4], continuous: 1), channels: 2, seed: 3))
  }
}
