import BVAECPU
import BVAENetworks
import BetaVAE
import Glibc
import TestSupport
import Testing

@Suite("InfoGAN")
struct InfoGANTests {
  private static let street = ImageShape(height: 32, width: 32, planes: 3)

  private func code() throws -> GeneratorCode { try GeneratorCode(noise: 6, categories: [5], continuous: 2) }

  /// A training on bars, which have shown their first images.
  private func training(
    _ model: InfoGAN, images: Int, options: InfoGANOptions = InfoGANOptions(), storesAll: Bool = false
  ) -> InfoGANTraining {
    let training = InfoGANTraining(model, batch: images, options: options, storesAll: storesAll)
    let bars = TrainingTests.bars(images, shape: model.image)
    for image in 0..<images { training.show(image, bars[image]) }
    return training
  }

  private func inputs(_ model: InfoGAN, _ count: Int, _ index: Int = 1) -> GeneratorInputs {
    var random = RandomGenerator(seed: 8, stream: .judgedCode, index: index)
    return model.code.draw(count, from: &random)
  }

  @Test("At the start the judge is undecided and Q knows nothing", arguments: [ImageShape.mnist, street])
  func beginning(image: ImageShape) throws {
    let model = try InfoGAN(image: image), training = training(model, images: 24)
    let judgement = training.runJudge(inputs(model, 24))
    // The head of the 32×32 network reads four times as many numbers.
    #expect(abs(judgement.real.value + judgement.fake.value - 2 * log(2)) < (image == .mnist ? 0.15 : 0.3))
    #expect(abs(judgement.information.categorical) < 0.2 && abs(judgement.information.continuous) < 0.1)
    let most = log(10.0)
    #expect(try #require(judgement.use.leastEntropy) > 0.9 * most)
    #expect(judgement.use.warning == nil)
    if image == .mnist {
      let counts = model.nets.map(\.net.parameterCount)
      #expect(
        counts == [
          1024 * 76 + 6272 * 1026 + 16 * 128 * 64 + 128 + 16 * 64 + 1, 16 * 64 + 64 + 16 * 64 * 128 + 256 + 1024 * 6274,
          1025, 128 * 1026 + 12 * 129,
        ])
    }
  }

  @Test("Initial weights are N(0, 0.02), scales N(1, 0.02), biases 0, and follow from the seed")
  func initialWeights() throws {
    func weights(_ seed: UInt64) throws -> [String: Tensor] {
      try InfoGAN(image: .mnist, divisor: 2, seed: seed).weights
    }
    let first = try weights(1), again = try weights(1), other = try weights(2)
    #expect(first == again && first != other)
    for (name, tensor) in first {
      let count = Double(tensor.values.count), mean = tensor.values.reduce(0) { $0 + Double($1) } / count
      let deviation = (tensor.values.reduce(0) { $0 + pow(Double($1) - mean, 2) } / count).squareRoot()
      if name.hasSuffix(".weight") {
        let isScale = name.contains("bn")
        #expect(abs(mean - (isScale ? 1 : 0)) < 0.08 / count.squareRoot(), "\(name): \(mean)")
        #expect(abs(deviation - 0.02) < 0.06 / count.squareRoot(), "\(name): \(deviation)")
      } else {
        #expect(tensor.values.allSatisfy { $0 == (name.hasSuffix("running_var") ? 1 : 0) }, "\(name)")
      }
    }
  }

  @Test("The same bits on 1, 2, 3 and 4 threads, and when a training goes on", arguments: [ImageShape.mnist, street])
  func sameBits(image: ImageShape) throws {
    func trained(_ threads: Int, stopsAfter stop: Int? = nil) throws -> (weights: [String: Tensor], terms: InfoGANTerms)
    {
      let model = try InfoGAN(image: image, code: code(), divisor: 4, seed: 2, compute: Compute(threads: threads))
      var training = training(model, images: 20), terms: InfoGANTerms?
      for step in 0..<3 {
        if step == stop {
          let other = self.training(model, images: 20)
          for (new, old) in zip(other.gradients, training.gradients) {
            for case (let new?, let old?) in zip(new.moments, old.moments) {
              for (target, source) in [
                (new.weights.first, old.weights.first), (new.weights.second, old.weights.second),
                (new.bias.first, old.bias.first), (new.bias.second, old.bias.second),
              ] { target.withValues { target in source.withValues { _ = target.update(fromContentsOf: $0) } } }
            }
          }
          other.steps = training.steps
          training = other
        }
        terms = training.step(images: 20, seed: 5)
      }
      return (model.weights, try #require(terms))
    }
    let reference = try trained(1)
    #expect(reference.terms.areFinite && InfoGANTerms.names.count == reference.terms.values.count)
    let fresh = try InfoGAN(image: image, code: code(), divisor: 4, seed: 2).weights
    for (name, before) in fresh { #expect(reference.weights[name] != before, "\(name) did not move") }
    for threads in 2...4 {
      let other = try trained(threads)
      #expect(other.weights == reference.weights && other.terms == reference.terms)
    }
    #expect(try trained(2, stopsAfter: 2).weights == reference.weights)
  }

  @Test("Steps that are taken at once are those of stored gradients")
  func fused() throws {
    let models = try [true, false].map { storesAll in
      let model = try InfoGAN(image: .mnist, code: code(), divisor: 2, seed: 2, compute: Compute(threads: 2))
      _ = training(model, images: 12, storesAll: storesAll).step(images: 12, seed: 5)
      return model.weights
    }
    for (name, weights) in models[0] {
      #expect(difference(weights, from: models[1][name]!) < 1e-3, "\(name)")
    }
  }

  @Test(
    "The gradients of the generator's and the judge's loss, by finite differences",
    arguments: [ImageShape.mnist, street])
  func finiteDifferences(image: ImageShape) throws {
    let model = try InfoGAN(image: image, code: code(), divisor: 16, seed: 4, compute: Compute(threads: 1)), images = 12
    // Weights of a size at which the losses depend on them, and biases that keep rectifiers off their bend.
    for parameter in model.parameters {
      let values = parameter.values(in: parameter.buffer)
      if parameter.kind == .weight { parameter.set(values.map { 8 * $0 }) }
      if parameter.kind == .bias { parameter.set(values.indices.map { $0 % 2 == 0 ? 0.3 : -0.2 }) }
    }
    let training = training(model, images: images, storesAll: true)
    // Noise, as places of one grey would all bend at once.
    var random = RandomGenerator(seed: 3, stream: .sample)
    for image in 0..<images { training.show(image, (0..<model.image.count).map { _ in Float(random.uniform()) }[...]) }
    let shown = inputs(model, images), made = inputs(model, images, 2)
    func judged() -> Double { training.runJudge(shown).loss }
    func answered() -> Double { training.runGenerator(made).loss }
    for (net, loss) in [(0, answered), (1, judged), (2, judged), (3, judged)] {
      for parameter in model.nets[net].parameters where parameter.isTrained {
        _ = loss()
        let buffer = try #require(training.gradients[net].buffer(for: parameter))
        let gradient = parameter.values(in: buffer), values = parameter.values(in: parameter.buffer)
        // Along the gradient itself, so that the slope stands out from the rounding.
        let length = sqrt(gradient.reduce(0) { $0 + Double($1) * Double($1) })
        guard length > 1e-2 else { continue }
        var errors: [Double] = []
        for width in [1e-3, 3e-3, 1e-2] {
          func moved(_ by: Double) -> Double {
            parameter.set(zip(values, gradient).map { Float(Double($0) + by * Double($1) / length) })
            defer { parameter.set(values) }
            return loss()
          }
          errors.append(abs((moved(width) - moved(-width)) / (2 * width) - length) / length)
        }
        // Rectifiers bend: of three widths the best.
        #expect(errors.min()! < 0.05, "\(parameter.name): \(errors) of \(length)")
      }
    }
  }

  @Test("Without its weight the information does not reach the network")
  func withoutInformation() throws {
    /// The gradients of the generator and the trunk, with another last layer of Q than the model began with.
    func gradients(_ weight: Float, changesQ: Bool) throws -> [[Float]] {
      var options = InfoGANOptions()
      (options.judgeWeight, options.generatorWeight) = (weight, weight)
      let model = try InfoGAN(image: .mnist, code: code(), divisor: 16, seed: 4)
      if changesQ {
        let parameter = try #require(model.parameters.first { $0.name == "judge.q2.weight" })
        parameter.set(parameter.values(in: parameter.buffer).map { 1 - 3 * $0 })
      }
      let training = training(model, images: 8, options: options, storesAll: true)
      _ = training.runJudge(inputs(model, 8))
      _ = training.runGenerator(inputs(model, 8, 2))
      return try [(0, "generator.fc1.weight"), (1, "judge.conv1.weight"), (3, "judge.q1.weight")].map { net, name in
        let parameter = try #require(model.parameters.first { $0.name == name })
        return parameter.values(in: try #require(training.gradients[net].buffer(for: parameter)))
      }
    }
    let without = try [false, true].map { try gradients(0, changesQ: $0) }
    #expect(without[0] == without[1])
    #expect(without[0][2].allSatisfy { $0 == 0 } && without[0][0].contains { $0 != 0 })
    let with = try [false, true].map { try gradients(1, changesQ: $0) }
    for part in 0..<3 { #expect(with[0][part] != with[1][part] && with[0][part] != without[0][part]) }
  }

  @Test("After steps with running statistics images are encoded and made one by one as in a batch")
  func inference() throws {
    let model = try InfoGAN(image: Self.street, code: code(), divisor: 8, seed: 3)
    let training = training(model, images: 20)
    for _ in 0..<3 { _ = training.step(images: 20, seed: 1) }
    let bars = TrainingTests.bars(200, shape: Self.street), all = try model.encode(bars)
    #expect(all.probabilities.map(\.shape) == [[200, 5]] && all.means.shape == [200, 2])
    let sums = (0..<200).map { all.probabilities[0][$0].values.reduce(0, +) }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 } && all.categories(0).allSatisfy { 0 <= $0 && $0 < 5 })
    let one = try model.encode(bars.selecting(195..<196))
    #expect(
      difference(one.probabilities[0], from: Tensor(shape: [1, 5], values: all.probabilities[0][195].values)) < 1e-4)
    let tensor = Tensor(shape: [1, 32, 32, 3], values: bars[195].map { Float($0) / 255 })
    #expect(try model.encode(tensor) == one)

    let drawn = inputs(model, 200), images = try model.decode(drawn)
    #expect(images.shape == [200, 32, 32, 3] && images.values.allSatisfy { 0 <= $0 && $0 <= 1 })
    let last = try GeneratorInputs(
      model.code, count: 1, noise: Array(drawn.noise.suffix(6)), categories: Array(drawn.categories.suffix(1)),
      continuous: Array(drawn.continuous.suffix(2)))
    #expect(difference(try model.decode(last).values, from: images[199].values) < 1e-4)
    #expect(try model.encode(bars.selecting(0..<0)).means.count == 0)
  }

  @Test("Collapsed categories are told, even ones are not")
  func collapse() throws {
    let code = try GeneratorCode(noise: 0, categories: [10, 4], continuous: 0)
    func use(_ first: Int, _ second: Int) -> CategoryUse {
      CategoryUse(
        (0..<400).flatMap { image in
          (0..<10).map { $0 == image % first ? Float(30) : 0 } + (0..<4).map { $0 == image % second ? Float(30) : 0 }
        }, of: code)
    }
    let even = use(10, 4)
    #expect(even.warning == nil && abs(even.entropies[0] - log(10)) < 1e-6 && abs(even.entropies[1] - log(4)) < 1e-6)
    // Seven of ten categories used evenly are below 2 nats, eight are not.
    #expect(use(8, 4).warning == nil)
    let words = try #require(use(7, 4).warning)
    #expect(
      words.hasPrefix(
        "the categories have collapsed: categorical code 1 has an entropy of 1.95 nats over real images, where 10 categories "
          + "used evenly have 2.3; most images"))
    #expect(try #require(use(10, 1).warning).contains("categorical code 2 has an entropy of"))
    #expect(abs(try #require(use(10, 2).leastEntropy) - log(2)) < 1e-6)
    let continuous = try GeneratorCode(noise: 0, categories: [], continuous: 1)
    #expect(
      CategoryUse([1, 2], of: continuous).leastEntropy == nil && CategoryUse([1, 2], of: continuous).warning == nil)
  }
}
