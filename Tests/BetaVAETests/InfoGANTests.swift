import BVAECPU
import BVAENetworks
import BVAEPlatform
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
    let use = CategoryUse(judgement.codeOnReal)
    #expect(use.entropies.allSatisfy { $0 > 0.9 * most })
    #expect(use.warning == nil)
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
      try InfoGAN(image: .mnist, channels: 32, seed: seed).weights
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
      let model = try InfoGAN(image: image, code: code(), channels: 16, seed: 2, compute: Compute(threads: threads))
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
    let fresh = try InfoGAN(image: image, code: code(), channels: 16, seed: 2).weights
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
      let model = try InfoGAN(image: .mnist, code: code(), channels: 32, seed: 2, compute: Compute(threads: 2))
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
    let model = try InfoGAN(image: image, code: code(), channels: 4, seed: 4, compute: Compute(threads: 1)), images = 12
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
      let model = try InfoGAN(image: .mnist, code: code(), channels: 4, seed: 4)
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
    let model = try InfoGAN(image: Self.street, code: code(), channels: 8, seed: 3)
    let training = training(model, images: 20)
    for _ in 0..<3 { _ = training.step(images: 20, seed: 1) }
    let bars = TrainingTests.bars(200, shape: Self.street), all = try model.encode(bars)
    #expect(all.probabilities.map(\.shape) == [[200, 5]] && all.mean.shape == [200, 3])
    let sums = (0..<200).map { all.probabilities[0][$0].values.reduce(0, +) }
    #expect(
      sums.allSatisfy { abs($0 - 1) < 1e-5 } && (0..<200).allSatisfy { (0..<5).contains(all.mean.values[3 * $0]) })
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
    #expect(try model.encode(bars.selecting(0..<0)).count == 0)
  }

  @Test("Collapsed categories are told, even ones are not")
  func collapse() throws {
    let code = try GeneratorCode(noise: 0, categories: [10, 4], continuous: 0)
    func use(_ first: Int, _ second: Int) -> CategoryUse {
      func logits(_ count: Int, _ chosen: Int) -> [Float] { (0..<count).map { $0 == chosen ? 30 : 0 } }
      let outputs = (0..<400).flatMap { logits(10, $0 % first) + logits(4, $0 % second) }
      return CategoryUse(Code(outputs, of: code))
    }
    let even = use(10, 4)
    #expect(even.warning == nil && abs(even.entropies[0] - log(10)) < 1e-6 && abs(even.entropies[1] - log(4)) < 1e-6)
    // Seven of ten categories used evenly are below 2 nats, eight are not.
    #expect(use(8, 4).warning == nil)
    let words = try #require(use(7, 4).warning)
    #expect(
      words.hasPrefix(
        "the categories have collapsed: Z0 has an entropy of 1.95 nats over real images, where 10 categories "
          + "used evenly have 2.3; most images"))
    #expect(try #require(use(10, 1).warning).contains("Z1 has an entropy of"))
    #expect(abs(use(10, 2).totalEntropy - log(20)) < 1e-6)
    let continuous = try GeneratorCode(noise: 0, categories: [], continuous: 1)
    // A Q that knows nothing tells of every image the same, however even its probabilities are.
    let ignorant = Code(Array(repeating: 0, count: 14 * 9), of: code)
    #expect(CategoryUse(ignorant).warning == nil && CategoryUse(ofLikeliest: ignorant).entropies == [0, 0])
    #expect(CategoryUse(ofLikeliest: ignorant).warning != nil)
    let none = CategoryUse(Code([1, 2], of: continuous))
    #expect(none.totalEntropy == 0 && none.warning == nil)
  }

  // MARK: As a model

  private func small(seed: UInt64 = 3, channels: Int = 4) throws -> InfoGAN {
    try InfoGAN(image: .mnist, code: code(), channels: channels, seed: seed, compute: Compute(threads: 2))
  }

  private static let options = TrainingOptions(epochs: 3, batch: 16, seed: 2)

  private func emptyFolder(_ name: String) throws -> String {
    let folder = Path.join(temporaryFolder(), "infogan-\(name)-\(getpid())")
    try Files.makeDirectory(folder)
    for file in try Files.list(folder) { try Files.remove(Path.join(folder, file)) }
    return folder
  }

  @Test("The trainer takes the steps that were tested, and tells their terms")
  func trainer() throws {
    let model = try small(), bars = TrainingTests.bars(40, shape: .mnist)
    let history = try Trainer(model, images: bars, options: TrainingOptions(epochs: 1, batch: 40, seed: 5)).run()
    let other = try small(), training = InfoGANTraining(other, batch: 40, options: InfoGANOptions(rate: 5e-4))
    var shuffle = RandomGenerator(seed: 5, stream: .order, index: 0)
    for (row, image) in shuffle.permutation(40).enumerated() { training.show(row, bars[image]) }
    let terms = training.step(images: 40, seed: 5)
    #expect(other.weights == model.weights)
    let usual = InfoGANOptions(rate: 5e-4), published = InfoGANOptions()
    #expect(abs(usual.judgeRate / published.judgeRate - 1) < 1e-6 && usual.generatorRate == published.generatorRate)
    let record = history.epochs[0]
    #expect(record.terms.map(\.name) == InfoGANTerms.names)
    for (term, value) in zip(record.terms, terms.values) { #expect(abs(term.value - value) < 1e-6, "\(term.name)") }
    #expect(record.reconstruction == nil)
    #expect(abs(record.loss - terms.judge - terms.generator) < 1e-6)
    #expect(record.named.map(\.name) == ["loss"] + InfoGANTerms.names)
    let statistics = try #require(model.latentStatistics)
    #expect(statistics.lower == [0, -1, -1])
    #expect(statistics.upper == [4, 1, 1])
    let shares = try #require(statistics.categoryShares)
    #expect(shares.count == 1 && shares[0].count == 5 && abs(shares[0].reduce(0, +) - 1) < 1e-6)
  }

  @Test("A last batch of one image is no batch of one for the batch norms")
  func lastImage() throws {
    let model = try small()
    let history = try Trainer(
      model, images: TrainingTests.bars(17, shape: .mnist), options: TrainingOptions(epochs: 2, batch: 16)
    ).run()
    #expect(history.epochs.count == 2 && model.nets.allSatisfy(\.areFinite))
  }

  @Test("Stopped at any step and gone on with from the checkpoint, a training gives the same bits")
  func resumes() throws {
    let bars = TrainingTests.bars(40, shape: .mnist), whole = try small()
    try Trainer(whole, images: bars, options: Self.options).run()
    for stop in [1, 3, 7] {
      let folder = try emptyFolder("stop-\(stop)")
      let store = ModelStore(folder: folder), half = try small()
      let trainer = try Trainer(half, images: bars, options: Self.options)
      var steps = 0
      try trainer.run(checkpoints: Checkpoints(store, key: "k")) { _ in
        steps += 1
        return steps < stop
      }
      let model = try small(), other = try Trainer(model, images: bars, options: Self.options)
      #expect(Checkpoints(store, key: "k").resume(other) != nil)
      try other.run()
      #expect(model.weightsFingerprint == whole.weightsFingerprint)
      #expect(model.history.withoutTimes == whole.history.withoutTimes)
    }
  }

  @Test("A saved InfoGAN opens with the same bits and knows its codes; keys and lineages tell networks apart")
  func files() throws {
    let folder = try emptyFolder("files")
    let bars = TrainingTests.bars(40, shape: .mnist), model = try small(), path = Path.join(folder, "g.safetensors")
    try Trainer(model, images: bars, options: Self.options).run()
    try model.save(to: path)
    let opened = try #require(try Model.open(path) as? InfoGAN)
    #expect(opened.weightsFingerprint == model.weightsFingerprint && opened.code == model.code)
    #expect(opened.objective == model.objective && opened.seed == 3 && opened.unknown.isEmpty)
    #expect(opened.latentStatistics == model.latentStatistics && opened.channels == 4)
    #expect(opened.history == model.history.withoutTimes)
    #expect(try opened.sample(count: 3, seed: 4) == model.sample(count: 3, seed: 4))
    #expect(try opened.encode(bars) == model.encode(bars))
    let again = Path.join(folder, "again.safetensors")
    try opened.save(to: again)
    #expect(try Files.read(path) == Files.read(again))

    let store = ModelStore(folder: folder)
    func key(_ model: Model) -> String { ModelStore.key(of: model, data: "d", validation: nil, options: Self.options) }
    let fresh = try small(), same = try small(), others = try [small(seed: 4), small(channels: 5)]
    #expect(key(fresh) == key(same) && others.allSatisfy { key($0) != key(fresh) })
    let heavy = try InfoGAN(image: .mnist, code: code(), lambda: 2, channels: 4, seed: 3)
    #expect(key(fresh) != key(heavy))
    try store.store(model, "k")
    #expect(try store.restore("k", into: fresh) && fresh.weightsFingerprint == model.weightsFingerprint)
    #expect(throws: FileProblem.self) { try store.restore("k", into: try small(channels: 5)) }
    #expect(throws: FileProblem.self) { try store.restore("k", into: heavy) }
  }

  @Test("Files of other programs: PyTorch's counters are passed over, and the codes have to be said")
  func foreignFiles() throws {
    let folder = try emptyFolder("foreign")
    let model = try small(), path = Path.join(folder, "g.safetensors")
    func write(_ change: (inout [String: Tensor]) -> Void) throws {
      var tensors = model.weights
      change(&tensors)
      let file = Safetensors(tensors: tensors, metadata: [:])
      try Files.write(try file.encoded(), to: path)
    }
    try write { tensors in
      tensors["judge.qbn.num_batches_tracked"] = Tensor(shape: [1], values: [12])
      tensors = Dictionary(uniqueKeysWithValues: tensors.map { ("module.\($0.key)", $0.value) })
    }
    func problem(_ given: GivenFacts) -> String {
      do {
        _ = try Model.open(path, given: given)
        return "opened"
      } catch { return "\(error)" }
    }
    #expect(problem(GivenFacts()).contains("it does not state its codes: Q gives 7 numbers"))
    #expect(problem(GivenFacts(categories: [4], continuous: 2)).contains("are 6"))
    let opened = try #require(try Model.open(path, given: GivenFacts(categories: [5], continuous: 2)) as? InfoGAN)
    #expect(opened.weightsFingerprint == model.weightsFingerprint && opened.code == model.code)
    #expect(
      opened.openingNotes.contains { $0.contains("prefixes") } && opened.openingNotes.contains { $0.contains("slope") }
        && opened.unknown == UnknownFacts.seed)
    try write { $0["judge.q1.weight"] = Tensor(shape: [3, 3]) }
    #expect(problem(GivenFacts(categories: [5], continuous: 2)).contains("'judge.q1.weight' has the shape [3, 3]"))
    try write { $0["judge.qbn.running_var"] = Tensor(shape: $0["judge.qbn.running_var"]!.shape, repeating: -1) }
    #expect(problem(GivenFacts(categories: [5], continuous: 2)).contains("variances below 0"))
    try write { $0["judge.head.bias"] = nil }
    #expect(problem(GivenFacts(categories: [5], continuous: 2)).contains("'judge.head.bias' of shape [1] is missing"))
  }

  @Test("The counts of batches that PyTorch keeps as int64 do not keep a file from being opened")
  func counts() throws {
    let model = try small(), path = Path.join(try emptyFolder("counts"), "g.safetensors")
    let bytes = try Safetensors(tensors: model.weights, metadata: [:]).encoded()
    let length = bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let values = bytes.count - 8 - length
    let header = String(decoding: bytes[8..<8 + length], as: UTF8.self).reversed().drop { $0 == " " }.dropFirst()
    let entry =
      ",\"judge.qbn.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[\(values),\(values + 8)]}}"
    let text = Array((String(header.reversed()) + entry).utf8)
    let size = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    try Files.write(size + text + bytes[(8 + length)...] + [12, 0, 0, 0, 0, 0, 0, 0], to: path)
    let opened = try Model.open(path, given: GivenFacts(categories: [5], continuous: 2))
    #expect(opened.weightsFingerprint == model.weightsFingerprint)
  }

  @Test("Images of the same code differ by the draw alone, and a sweep changes nothing but its latent")
  func draws() throws {
    let model = try small()
    let code = Tensor(shape: [2, 3], values: [1, 0.5, -0.5, 1, 0.5, -0.5])
    let same = try model.decode(code), other = try model.decode(code) { Draw(number: $0) }
    #expect(same[0] == same[1] && other[0] == same[0] && other[1] != other[0])
    let samples = try model.sample(count: 5, seed: 9)
    let codes = (0..<5).flatMap { model.code(of: Draw(seed: 9, number: $0)) }
    #expect(try model.decode(Tensor(shape: [5, 3], values: codes)) { Draw(seed: 9, number: $0) } == samples)
    #expect(try model.sample(count: 2, seed: 9).values == Array(samples.values.prefix(2 * 784)))

    let sweep = try model.sweep(from: .draw(Draw(seed: 9, number: 3)), steps: 4)
    let continuous: [Float] = [-1, -1.0 / 3, 1.0 / 3, 1]
    #expect(sweep.rows.map(\.values) == [[0, 1, 2, 3, 4], continuous, continuous])
    #expect(sweep.rows.map(\.categories) == [5, nil, nil] && sweep.image == nil)
    #expect(difference(sweep.reconstruction.values, from: samples[3].values) < 1e-5)
    let category = Int(sweep.code[0])
    #expect(difference(sweep.rows[0].frames[category].values, from: samples[3].values) < 1e-5)
  }

  @Test("What an InfoGAN's training does not take is refused")
  func refusals() throws {
    let model = try small(), bars = TrainingTests.bars(8, shape: .mnist)
    func problem(_ options: TrainingOptions, validation: ByteImages? = nil) -> String {
      do {
        _ = try Trainer(model, images: bars, validation: validation, options: options)
        return "taken"
      } catch { return "\(error)" }
    }
    var clipped = Self.options
    clipped.clip = 1
    #expect(problem(clipped).contains("takes no 'clip'"))
    #expect(problem(Self.options, validation: bars).contains("takes no 'validate'"))
    var warm = Self.options
    warm.warmup = 1
    #expect(problem(warm).contains("no weight for a warm-up"))
    #expect(problem(Self.options) == "taken")
  }
}
