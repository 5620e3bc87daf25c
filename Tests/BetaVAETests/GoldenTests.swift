import BVAECPU
import BVAEPlatform
import BetaVAE
import TestSupport
import Testing

/// The numbers of the network in PyTorch, for two small networks: outputs, losses, gradients and three Adam steps.
@Suite("Golden numbers of the reference network")
struct GoldenTests {
  static let networks = ["mnist-small", "svhn-small"]
  static let kernels = Kernels.all.map(\.name)

  struct Case {
    let model: VariationalAutoencoder
    let expected: [String: Tensor]

    init(_ name: String, _ kernels: String) throws {
      try self.init(name, Compute(threads: 2, kernels: Kernels.all.first { $0.name == kernels }!), kernels)
    }

    init(_ name: String, _ compute: Compute, _ kernels: String) throws {
      let folder = Path.join(Path.parent(#filePath), "Golden")
      let file = Path.join(folder, "\(name).weights.safetensors")
      expected = try Safetensors(bytes: Files.read(Path.join(folder, "\(name).expect.safetensors"))).tensors
      // The reference's weights carry no metadata: β and the images' size come with the expected numbers.
      var weights = try Safetensors(bytes: Files.read(file))
      weights.metadata["beta"] = String(expected["in.beta"]!.values[0])
      weights.metadata["image"] = expected["in.x"]!.shape.dropFirst().map(String.init).joined(separator: "x")
      let path = Path.join(temporaryFolder(), "\(name)-\(kernels).safetensors")
      try Files.write(try weights.encoded(), to: path)
      model = try VariationalAutoencoder.open(path, compute: compute)
    }

    var images: Tensor { expected["in.x"]! }
    func noise(_ step: Int) -> Tensor { expected["in.eps"]![step] }
  }

  @Test("Codes, decoded images and losses agree", arguments: networks, kernels)
  func forward(network: String, kernels: String) throws { try forward(try Case(network, kernels)) }

  func forward(_ golden: Case) throws {
    let code = try golden.model.encode(golden.images)
    expectClose(code.mean, golden.expected["out.mean"]!, "mean")
    expectClose(code.logVariance, golden.expected["out.log_variance"]!, "log variance")
    expectClose(try golden.model.decode(golden.expected["out.z"]!), golden.expected["out.y"]!, "decoded")
    let result = StepProbe(golden.model, batch: golden.images.count).run(images: golden.images, noise: golden.noise(0))
    let total = Double(golden.expected["loss.total"]!.values[0])
    #expect(abs(result.loss - total) < 1e-4 * total)
    let reconstruction = golden.expected["out.reconstruction"]!.values.reduce(0) { $0 + Double($1) }
    #expect(abs(result.reconstruction - reconstruction) < 1e-4 * reconstruction)
    let divergence = golden.expected["out.kl_per_latent"]!
    for latent in result.divergence.indices {
      let sum = (0..<divergence.count).reduce(0.0) { $0 + Double(divergence[$1].values[latent]) }
      #expect(abs(result.divergence[latent] - sum) < 1e-4 * max(sum, 0.01), "KL of Z\(latent)")
    }
  }

  @Test("Every gradient agrees", arguments: networks, kernels)
  func gradients(network: String, kernels: String) throws { try gradients(try Case(network, kernels)) }

  func gradients(_ golden: Case) throws {
    let probe = StepProbe(golden.model, batch: golden.images.count)
    _ = probe.run(images: golden.images, noise: golden.noise(0))
    let names = golden.expected.keys.filter { $0.hasPrefix("grad.") }
    #expect(names.count == 22)
    for name in names.sorted() {
      expectClose(probe.gradients[String(name.dropFirst(5))]!, golden.expected[name]!, name)
    }
  }

  @Test("Three Adam steps agree", arguments: networks, kernels)
  func adam(network: String, kernels: String) throws { try adam(try Case(network, kernels)) }

  func adam(_ golden: Case) throws {
    let probe = StepProbe(golden.model, batch: golden.images.count)
    for step in 0..<3 {
      let loss = probe.train(images: golden.images, noise: golden.noise(step)).loss
      let expected = Double(golden.expected["adam.losses"]!.values[step])
      #expect(abs(loss - expected) < 1e-4 * expected)
    }
    let weights = golden.model.weights
    for name in golden.expected.keys.sorted() where name.hasPrefix("adam.") && name != "adam.losses" {
      expectClose(weights[String(name.dropFirst(5))]!, golden.expected[name]!, name)
    }
  }
}

/// Compares with reference values, relative to the largest of them; the reference may hold only the first rows.
func expectClose(
  _ found: Tensor, _ expected: Tensor, _ what: String, within tolerance: Double = 1e-4,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let rows = min(found.count, expected.count), size = found.values.count / max(1, found.count)
  let first = Tensor(shape: [rows] + found.shape.dropFirst(), values: Array(found.values.prefix(rows * size)))
  let off = difference(first, from: expected)
  #expect(off <= tolerance, "\(what): off by \(off) of the largest value", sourceLocation: sourceLocation)
}

/// A folder of this test run's own.
func temporaryFolder() -> String { Machine.environment("TMPDIR") ?? "/tmp" }
