import BVAECPU
import BVAENetworks
import BVAEPlatform
import BetaVAE
import FoundationEssentials
import TestSupport
import Testing

/// The numbers of the further objectives in PyTorch, on the paper's network, that of Burgess et al. 2018, dense layers and
/// that of DC-IGN: codes, every term and gradient, three Adam steps.
@Suite("Golden numbers of the objectives")
struct FamilyGoldenTests {
  static let names = [
    "capacity-paper", "capacity-burgess32", "tc-paper", "tc-burgess32", "dip1-burgess32", "dip2-burgess32",
    "beta-burgess32", "beta-burgess64", "beta-mlp", "tc-mlp", "factor-burgess32", "factor-paper",
    "dcign-burgess32", "dcign-paper", "dcign-own32", "dcign-own64", "dcign-own38",
  ]

  /// What the reference was told, as its files have it.
  struct Options: Decodable {
    let system: String, likelihood: String
    let beta: Float?, gamma: Float?, capacity: Float?, capacity_steps: Int?, estimator: String?
    let off_diagonal: Float?, diagonal: Float?, images: Int?

    var objective: Objective {
      let likelihood = Objective.Likelihood(rawValue: likelihood)!
      let estimators: [String: TotalCorrelationLoss.Estimator] = [
        "mss": .stratified, "mws": .weighted, "minibatch": .minibatch,
      ]
      return switch system {
      case "capacity":
        Objective(CapacityLoss(gamma: gamma!, capacity: capacity!, steps: capacity_steps!), likelihood)
      case "tc": Objective(TotalCorrelationLoss(weight: beta!, estimator: estimators[estimator!]!), likelihood)
      case "dip1", "dip2":
        Objective(
          DisentangledPriorLoss(kind: system == "dip1" ? 1 : 2, offDiagonal: off_diagonal!, diagonal: diagonal!),
          likelihood)
      case "factor": Objective(FactorLoss(weight: gamma!, width: 10), likelihood)
      // Of the four latents the last two belong to no factor.
      case "dcign": Objective(InverseGraphicsLoss(factors: ["first", "second"]), likelihood)
      default: Objective(BetaLoss(weight: beta!), likelihood)
      }
    }
  }

  struct Case {
    let model: VariationalAutoencoder, probe: StepProbe
    let expected: [String: Tensor], options: Options

    init(_ name: String, _ kernels: Kernels) throws { try self.init(name, Compute(threads: 2, kernels: kernels)) }

    init(_ name: String, _ compute: Compute) throws {
      let folder = Path.join(Path.parent(#filePath), "Golden")
      let weights = try Safetensors(bytes: Files.read(Path.join(folder, "\(name).weights.safetensors")))
      expected = try Safetensors(bytes: Files.read(Path.join(folder, "\(name).expect.safetensors"))).tensors
      options = try JSONDecoder().decode(Options.self, from: Data(weights.metadata["options"]!.utf8))
      let shape = expected["in.x"]!.shape, latents = expected["out.mean"]!.shape[1]
      let image = ImageShape(height: shape[1], width: shape[2], planes: shape[3])
      let (network, found) = try #require(NetworkKind.found(in: weights.tensors.mapValues(\.shape)))
      #expect(name.contains(network.name) && found.images.contains(image) && found.sizes.latents == latents)
      let architecture = try Architecture(image: image, network: network, sizes: found.sizes)
      model = VariationalAutoencoder(
        architecture, objective: options.objective, compute: compute)
      model.setWeights(weights.tensors)
      probe = StepProbe(model, batch: shape[0], rate: options.system == "factor" ? 1e-4 : 5e-4)
      probe.trainingImages = options.images
    }

    /// Gives a step what it has beside images and noise: a FactorVAE's second batch, a DC-IGN's active latents.
    func showSecond(_ step: Int) {
      if let active = expected["in.active"] { probe.show(active: active[step].values.map { $0 == 1 }) }
      guard let second = expected["in.x2"] else { return }
      probe.show(second: second, noise: expected["in.eps2"]![step], order: expected["in.permutation"]![step])
    }

    var images: Tensor { expected["in.x"]! }
    func noise(_ step: Int) -> Tensor { expected["in.eps"]![step] }

    /// The reference's names of the objective's own terms.
    var termNames: [String] {
      switch options.system {
      case "capacity": ["capacity"]
      case "tc": ["mi", "tc", "dw"]
      case "dip1", "dip2": ["penalty"]
      case "factor": ["tc", "critic"]
      case "dcign": ["spread"]
      default: []
      }
    }

    /// What the reference's losses and gradients are of ours: it sums a DC-IGN's over the batch.
    var sum: Float { options.system == "dcign" ? Float(images.count) : 1 }

    func check(_ result: StepProbe.Result, _ step: Int, _ sourceLocation: SourceLocation = #_sourceLocation) {
      let count = Double(images.count)
      let found =
        [
          ("total", result.loss), ("reconstruction", result.reconstruction / count),
          ("kl", result.divergence.reduce(0, +) / count),
        ] + zip(termNames, result.terms).map { ($0, $1) }
      for (name, value) in found {
        let wanted = Double(expected["terms.\(name)"]!.values[step] / sum)
        // The parts of the KL divergence are differences of far larger logarithms.
        #expect(
          abs(value - wanted) <= 1e-4 * max(abs(wanted), 0.01), "\(name) in step \(step): \(value), not \(wanted)",
          sourceLocation: sourceLocation)
      }
    }
  }

  @Test("Codes, terms and every gradient agree", arguments: names, Kernels.all)
  func gradients(name: String, kernels: Kernels) throws { try gradients(try Case(name, kernels)) }

  func gradients(_ golden: Case) throws {
    let code = try golden.model.encode(golden.images)
    expectClose(code.mean, golden.expected["out.mean"]!, "mean")
    expectClose(code.logVariance, golden.expected["out.log_variance"]!, "log variance")
    expectClose(try golden.model.decode(golden.expected["out.z"]!), golden.expected["out.y"]!, "decoded")
    golden.showSecond(0)
    if let permuted = golden.expected["out.permuted"] {
      expectClose(Tensor(shape: permuted.shape, values: golden.probe.permuted), permuted, "permuted codes")
    }
    golden.check(golden.probe.run(images: golden.images, noise: golden.noise(0)), 0)
    let names = golden.expected.keys.filter { $0.hasPrefix("grad.") }
    #expect(names.count == golden.model.weights.count)
    for name in names.sorted() {
      var found = golden.probe.gradients[String(name.dropFirst(5))]!
      found.values = found.values.map { $0 * golden.sum }
      expectClose(found, golden.expected[name]!, name)
    }
  }

  @Test(
    "A DC-IGN's inactive latents are held at their means, and what goes back to them draws them together",
    arguments: names.filter { $0.hasPrefix("dcign") }, Kernels.all)
  func clamped(name: String, kernels: Kernels) throws { try clamped(try Case(name, kernels)) }

  func clamped(_ golden: Case) throws {
    let count = golden.images.count
    for step in 0..<3 {
      golden.showSecond(step)
      let silence = Tensor(shape: golden.noise(0).shape, values: golden.noise(0).values.map { _ in 0 })
      _ = golden.probe.run(images: golden.images, noise: silence)
      let codes = golden.probe.codes(count), active = golden.expected["in.active"]![step].values
      for latent in active.indices {
        let values = Set(stride(from: latent, to: codes.count, by: active.count).map { codes[$0] })
        #expect((values.count == 1) == (active[latent] == 0), "step \(step), latent \(latent)")
      }
    }
    golden.showSecond(0)
    _ = golden.probe.run(images: golden.images, noise: golden.noise(0))
    let heads = golden.probe.heads(count), gradients = golden.probe.headGradients(count)
    for (key, found) in [
      ("clamped_mean", heads.mean), ("clamped_log_variance", heads.logVariance), ("z", golden.probe.codes(count)),
      ("grad_mean", gradients.mean.map { $0 * golden.sum }),
      ("grad_log_variance", gradients.logVariance.map { $0 * golden.sum }),
    ] {
      let wanted = golden.expected["out.\(key)"]!
      expectClose(Tensor(shape: wanted.shape, values: found), wanted, key, within: 1e-5)
    }
  }

  @Test("Three Adam steps agree", arguments: names, Kernels.all)
  func adam(name: String, kernels: Kernels) throws { try adam(try Case(name, kernels)) }

  func adam(_ golden: Case) throws {
    for step in 0..<3 {
      golden.showSecond(step)
      golden.check(golden.probe.train(images: golden.images, noise: golden.noise(step)), step)
    }
    let weights = golden.model.weights
    for name in golden.expected.keys.sorted() where name.hasPrefix("adam.") {
      let found = weights[String(name.dropFirst(5))]!, wanted = golden.expected[name]!
      guard golden.options.system == "dcign" else {
        expectClose(found, wanted, name)
        continue
      }
      // The gradient of an inactive latent's bias is 0 but for rounding, of which Adam makes up to a whole step.
      let off = zip(found.values, wanted.values).map { abs($0 - $1) }
      let isBias = ["adam.encoder.mean.bias", "adam.encoder.log_variance.bias"].contains(name)
      #expect(off.allSatisfy { $0 <= 3 * 5e-4 }, "\(name): \(off.max() ?? 0)")
      #expect(isBias || off.count { $0 > 2e-5 } * 100 <= off.count, "\(name): \(off.max() ?? 0)")
    }
  }

  @Test("All three estimates of the total correlation agree", arguments: ["tc-paper", "tc-burgess32", "tc-mlp"])
  func estimators(name: String) throws {
    let golden = try Case(name, Kernels.best)
    let mean = golden.expected["out.mean"]!
    let posterior = Posterior(
      images: mean.shape[0], latents: mean.shape[1], mean: mean.values,
      logVariance: golden.expected["out.log_variance"]!.values, sample: golden.expected["out.z"]!.values,
      divergence: 0, step: 1, trainingImages: golden.options.images!)
    for (estimator, key) in [
      (TotalCorrelationLoss.Estimator.stratified, "mss"), (.weighted, "mws"), (.minibatch, "minibatch"),
    ] {
      var gradient = PosteriorGradient(posterior)
      let found = TotalCorrelationLoss(weight: 6, estimator: estimator).evaluate(posterior, &gradient)
      for (value, wanted) in zip(found, golden.expected["out.\(key)"]!.values) {
        #expect(abs(value - Double(wanted)) < 1e-5 * max(1, abs(value)), "\(key): \(found)")
      }
    }
  }
}
