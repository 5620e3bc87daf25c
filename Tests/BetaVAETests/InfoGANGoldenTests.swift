import BVAECPU
import BVAENetworks
import BVAEPlatform
import BetaVAE
import FoundationEssentials
import TestSupport
import Testing

/// The numbers of an InfoGAN in PyTorch (Scripts/reference/MODELS.md), for both of its networks: logits, images, every term and
/// gradient, three steps of both optimisers with the running statistics.
@Suite("Golden numbers of InfoGAN")
struct InfoGANGoldenTests {
  static let names = ["infogan-28", "infogan-32"]

  /// What the reference was told, as its files have it.
  struct Options: Decodable {
    let noise: Int, categories: [Int], continuous: Int, slope: Float
  }

  struct Case {
    let model: InfoGAN, training: InfoGANTraining, expected: [String: Tensor]

    init(_ name: String, _ kernels: Kernels, storesAll: Bool) throws {
      try self.init(name, Compute(threads: 2, kernels: kernels), storesAll: storesAll)
    }

    init(_ name: String, _ compute: Compute, storesAll: Bool) throws {
      let folder = Path.join(Path.parent(#filePath), "Golden")
      let weights = try Safetensors(bytes: Files.read(Path.join(folder, "\(name).weights.safetensors")))
      expected = try Safetensors(bytes: Files.read(Path.join(folder, "\(name).expect.safetensors"))).tensors
      let options = try JSONDecoder().decode(Options.self, from: Data(weights.metadata["options"]!.utf8))
      let shape = expected["in.x"]!.shape
      model = try InfoGAN(
        image: ImageShape(height: shape[1], width: shape[2], planes: shape[3]),
        code: GeneratorCode(noise: options.noise, categories: options.categories, continuous: options.continuous),
        slope: options.slope, channels: 2, compute: compute)
      #expect(Set(model.parameters.map(\.name)) == Set(weights.tensors.keys))
      model.setWeights(weights.tensors)
      training = InfoGANTraining(model, batch: shape[0], storesAll: storesAll)
      let size = model.image.count
      for image in 0..<shape[0] { training.show(image, expected["in.x"]!.values[image * size..<(image + 1) * size]) }
    }

    /// What images are made of in a step, for the judge (0) or the generator (1).
    func inputs(_ step: Int, _ part: Int) throws -> GeneratorInputs {
      func values(_ name: String) -> [Float] { expected["in.\(name)"]![step][part].values }
      return try GeneratorInputs(
        model.code, count: expected["in.x"]!.count, noise: values("noise"),
        categories: values("categories").map { Int($0) }, continuous: values("continuous"))
    }

    func check(
      _ judgement: Judgement, _ answer: GeneratorAnswer, _ step: Int,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      for (name, value) in [
        ("judge", judgement.loss), ("l_cat", judgement.information.categorical),
        ("l_cont", judgement.information.continuous), ("generator", answer.loss),
        ("g_l_cat", answer.information.categorical), ("g_l_cont", answer.information.continuous),
      ] {
        let wanted = Double(expected["terms.\(name)"]!.values[step])
        #expect(
          abs(value - wanted) <= 1e-5, "\(name) in step \(step): \(value), not \(wanted)",
          sourceLocation: sourceLocation)
      }
    }
  }

  @Test("Logits, images, terms and every gradient agree", arguments: names, Kernels.all)
  func gradients(name: String, kernels: Kernels) throws {
    try gradients(name, try Case(name, kernels, storesAll: true))
  }

  func gradients(_ name: String, _ golden: Case) throws {
    let expected = golden.expected
    let judgement = golden.training.runJudge(try golden.inputs(0, 0))
    func tensor(_ values: [Float], like key: String) -> Tensor { Tensor(shape: expected[key]!.shape, values: values) }
    expectClose(tensor(judgement.realLogits, like: "out.real_logit"), expected["out.real_logit"]!, "real")
    expectClose(tensor(judgement.fakeLogits, like: "out.fake_logit"), expected["out.fake_logit"]!, "fake")
    expectClose(tensor(judgement.output, like: "out.q"), expected["out.q"]!, "Q")
    let fakes = expected["out.fake"]!.values.map(golden.model.networks.scale.pixel)
    expectClose(golden.training.generated(judgement.fakeLogits.count), tensor(fakes, like: "out.fake"), "images")
    golden.training.updateJudge()
    golden.check(judgement, golden.training.runGenerator(try golden.inputs(0, 1)), 0)
    var count = 0
    for (weights, gradients) in zip(golden.model.nets, golden.training.gradients) {
      for parameter in weights.parameters where parameter.isTrained {
        let values = parameter.values(in: try #require(gradients.buffer(for: parameter)))
        // Its sum cancels almost wholly.
        let cancels = name == "infogan-28" && parameter.name == "generator.deconv2.bias"
        expectClose(
          Tensor(shape: parameter.shape, values: values), expected["grad.\(parameter.name)"]!,
          "gradient of \(parameter.name)", within: cancels ? 1e-3 : 1e-4)
        count += 1
      }
    }
    #expect(count == expected.keys.count { $0.hasPrefix("grad.") })
  }

  @Test("Three steps of both optimisers and the running statistics agree", arguments: names, Kernels.all)
  func adam(name: String, kernels: Kernels) throws { try adam(try Case(name, kernels, storesAll: false)) }

  func adam(_ golden: Case) throws {
    for step in 0..<3 {
      let judgement = golden.training.runJudge(try golden.inputs(step, 0))
      golden.training.updateJudge()
      let answer = golden.training.runGenerator(try golden.inputs(step, 1))
      golden.training.updateGenerator()
      golden.check(judgement, answer, step)
    }
    #expect(golden.training.steps == 3)
    let weights = golden.model.weights
    #expect(weights.count == golden.expected.keys.count { $0.hasPrefix("adam.") })
    for (name, found) in weights {
      let expected = golden.expected["adam.\(name)"]!
      let worst = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? .infinity
      #expect(found.shape == expected.shape && worst <= 1e-4, "\(name): off by \(worst)")
    }
  }
}
