import BVAECPU
import BetaVAE
import Testing

/// Single formulas by hand values.
@Suite("Formulas of the model and its training")
struct FormulaTests {
  @Test("Fresh weights are uniform within Glorot's limit √(6 / (inputs + outputs)), biases zero")
  func glorot() throws {
    let model = VariationalAutoencoder(try Architecture(image: .svhn, channels: 20, latents: 5), seed: 4)
    let weights = model.weights
    // Fan in and fan out of each array: channels, times the sixteen positions of a kernel.
    let limits: [(name: String, inputs: Int, outputs: Int)] = [
      ("encoder.conv1", 3 * 16, 20 * 16), ("encoder.conv2", 20 * 16, 20 * 16), ("encoder.conv3", 20 * 16, 20 * 16),
      ("encoder.mean", 20 * 8 * 8, 5), ("encoder.log_variance", 20 * 8 * 8, 5), ("decoder.deconv1", 16, 20 * 16),
      ("decoder.deconv2", 20 * 16, 20 * 16), ("decoder.deconv3", 20 * 16, 20 * 16),
      ("decoder.output", 20 * 14 * 14, 32 * 32 * 3),
    ]
    for (name, inputs, outputs) in limits {
      let values = try #require(weights[name + ".weight"]).values.map(Double.init)
      let limit = (6 / Double(inputs + outputs)).squareRoot(), largest = values.map(abs).max() ?? 0
      #expect(largest <= limit * 1.0001 && largest > limit * 0.97, "\(name): \(largest) of \(limit)")
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      // Five standard deviations of the mean and of the variance of as many uniform numbers.
      #expect(abs(mean) < 5 * limit / (3 * Double(values.count)).squareRoot(), "\(name)")
      #expect(abs(variance * 3 / (limit * limit) - 1) < 4.5 / Double(values.count).squareRoot(), "\(name)")
      #expect(try #require(weights[name + ".bias"]).values.allSatisfy { $0 == 0 })
    }
    #expect(weights["encoder.conv2.weight"]?.values != weights["encoder.conv3.weight"]?.values)
    #expect(weights["encoder.mean.weight"]?.values != weights["encoder.log_variance.weight"]?.values)
  }

  @Test("In a warm-up β rises step by step from 0, and is whole from the epoch after it on")
  func shares() {
    let options = TrainingOptions(epochs: 9, warmup: 4)
    for (epoch, place, share) in [
      (0, 0, 0), (0, 0.5, 0.125), (1, 0, 0.25), (2, 0.25, 0.5625), (3, 0.5, 0.875), (4, 0, 1), (8, 0.9, 1),
    ] as [(Int, Double, Float)] { #expect(options.shareOfBeta(epoch: epoch, place: place) == share) }
    #expect(TrainingOptions(epochs: 9).shareOfBeta(epoch: 0, place: 0) == 1)
  }

  @Test("The step size rises along a line and falls along a line or half a cosine")
  func rates() {
    func rates(_ decay: TrainingOptions.Decay, rateWarmup: Int) -> [Double] {
      let options = TrainingOptions(epochs: 4, decay: decay, rateWarmup: rateWarmup)
      return (1...8).map { 8 * options.rateShare(step: $0, stepsPerEpoch: 2) }
    }
    #expect(rates(.none, rateWarmup: 0) == Array(repeating: 8, count: 8))
    #expect(rates(.none, rateWarmup: 2) == [2, 4, 6, 8, 8, 8, 8, 8])
    #expect(rates(.linear, rateWarmup: 0) == [8, 7, 6, 5, 4, 3, 2, 1])
    #expect(rates(.linear, rateWarmup: 2) == [2, 4, 6, 8, 8, 6, 4, 2])
    // 4 + 4 cos(π p) with p = 0, 1/4, 1/2, 3/4.
    for (found, expected) in zip(rates(.cosine, rateWarmup: 2).suffix(4), [8, 6.828427, 4, 1.171573]) {
      #expect(abs(found - expected) < 1e-5)
    }
  }

  @Test("Each step takes the size that its place in the training has")
  func rateOfEachStep() throws {
    let images = TrainingTests.bars(12)
    func trained(_ options: TrainingOptions) throws -> [Float] {
      let model = VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 5, latents: 3), objective: try .variational(beta: 2), seed: 2)
      try Trainer(model, images: images, options: options).run()
      return try #require(model.weights["encoder.mean.bias"]).values
    }
    // Adam's first step is the step size, whatever the gradient; a bias begins at 0.
    let first = try trained(TrainingOptions(epochs: 1, batch: 12, rate: 1e-3)).map(abs)
    #expect(first.allSatisfy { abs($0 - 1e-3) < 1e-5 })
    // Two steps whose gradients point the same way: the first at half the rate, the second at all or half of it.
    let rising = try trained(TrainingOptions(epochs: 2, batch: 12, rate: 1e-4, rateWarmup: 2)).map(abs)
    #expect(rising.allSatisfy { abs($0 - 1.5e-4) < 1e-5 }, "\(rising)")
    let falling = try trained(TrainingOptions(epochs: 2, batch: 12, rate: 1e-4, decay: .linear)).map(abs)
    #expect(falling.allSatisfy { abs($0 - 1.5e-4) < 1e-5 }, "\(falling)")
  }

  @Test("A gradient that is clipped trains otherwise, one that is short enough does not")
  func clipping() throws {
    let images = TrainingTests.bars(24)
    func trained(_ clip: Float?) throws -> [Float] {
      let model = VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 5, latents: 3), objective: try .variational(beta: 2), seed: 2)
      try Trainer(model, images: images, options: TrainingOptions(epochs: 2, batch: 8, clip: clip)).run()
      return model.weights.sorted { $0.key < $1.key }.flatMap(\.value.values)
    }
    func worst(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? .infinity }
    let usual = try trained(nil)
    #expect(worst(try trained(1e6), usual) < 1e-5)
    #expect(worst(try trained(1e-5), usual) > 1e-4)
    for clip in [0, -1, Float.nan, .infinity] { #expect(throws: ModelError.self) { try trained(clip) } }
  }

  @Test("The first step of a warm-up is one without β, the loss on record counts β in full")
  func firstStep() throws {
    let images = TrainingTests.bars(12)
    func trained(beta: Float, warmup: Int) throws -> VariationalAutoencoder {
      let model = VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 5, latents: 3), objective: try .variational(beta: beta), seed: 2)
      // One step an epoch.
      try Trainer(model, images: images, options: TrainingOptions(epochs: 1, batch: 12, warmup: warmup)).run()
      return model
    }
    let warm = try trained(beta: 50, warmup: 1), cold = try trained(beta: 50, warmup: 0)
    let without = try trained(beta: 0, warmup: 0)
    #expect(warm.weightsFingerprint == without.weightsFingerprint)
    #expect(warm.weightsFingerprint != cold.weightsFingerprint)
    let record = try #require(warm.history.epochs.first)
    #expect(record.totalDivergence > 0)
    #expect(abs(record.loss - (record.reconstruction ?? 0) - 50 * record.totalDivergence) < 1e-9 * record.loss)
    #expect(warm.history.epochs.map(\.loss) == cold.history.epochs.map(\.loss))
  }

  @Test("The variance of a latent's mean is taken about its own mean")
  func variances() {
    let code = Code(
      mean: Tensor(shape: [4, 2], values: [1, 5, 3, 5, 1, 5, 3, 5]), logVariance: Tensor(shape: [4, 2], repeating: 0))
    #expect(code.meanVariance == [1, 0])
  }

  @Test("A model is measured on all images, however many there are")
  func evaluation() throws {
    let shape = ImageShape(height: 8, width: 8, planes: 1)
    var generator = RandomGenerator(seed: 3, stream: .sample)
    let images = ByteImages(shape: shape, bytes: (0..<700 * 64).map { _ in UInt8(generator.index(below: 256)) })
    let model = VariationalAutoencoder(try Architecture(image: shape, channels: 2, latents: 3))
    let whole = try model.evaluate(on: images)
    let parts = try [0..<512, 512..<700].map { try model.evaluate(on: images.selecting($0)) }
    func mean(_ number: (Evaluation) -> Double) -> Double { (512 * number(parts[0]) + 188 * number(parts[1])) / 700 }
    #expect(whole.images == 700 && abs(whole.reconstruction - mean(\.reconstruction)) < 1e-6)
    #expect(abs(whole.totalDivergence - mean(\.totalDivergence)) < 1e-9 && abs(whole.loss - mean(\.loss)) < 1e-6)
  }

  @Test("A latent is in use where its mean's variance is above 0.01")
  func activity() {
    #expect(!LatentStatistics.isActive(variance: 0.01) && LatentStatistics.isActive(variance: 0.010_001))
    #expect(!LatentStatistics.isActive(variance: 0.0099) && LatentStatistics.isActive(variance: 1))
  }

  @Test("The cross-entropy is that of the logarithms, with decoded values bounded at 10⁻⁷")
  func crossEntropy() {
    func error(_ decoded: Float, _ value: Float) -> Double {
      Objective.Likelihood.bernoulli.error(of: decoded, for: value)
    }
    // −ln 0.2, −ln 0.8, −ln 10⁻⁵, −ln 10⁻⁷; and ¼ · −ln 0.2 + ¾ · −ln 0.8.
    for (decoded, value, expected) in [
      (0.2, 1, 1.609_437_912), (0.2, 0, 0.223_143_551), (1e-5, 1, 11.512_925_465), (1e-9, 1, 16.118_095_651),
      (0, 1, 16.118_095_651), (0.2, 0.25, 0.569_717_142), (0, 0, 1e-7),
    ] as [(Float, Float, Double)] { #expect(abs(error(decoded, value) - expected) < 2e-6 * max(expected, 0.01)) }
    // As near to 1 as a Float comes below it: 1 − 10⁻⁷ is 1 − 2⁻²³ there.
    #expect(abs(error(1, 0) - 15.942_385) < 1e-4)
    #expect(Objective.Likelihood.gaussian.error(of: 0.25, for: 1) == 0.5625)
  }

  @Test("A sweep from an image starts from its code, and its frames are that code with one latent changed")
  func sweep() throws {
    let model = VariationalAutoencoder(try Architecture(image: .mnist, channels: 4, latents: 3), seed: 5)
    let images = TrainingTests.bars(3)
    let image = Tensor(shape: [28, 28, 1], values: images[2].map { Float($0) / 255 })
    let code = try model.encode(images.selecting([2])).mean.values
    let sweep = try model.sweep(from: .image(image), latents: [1], range: .prior, steps: 4)
    #expect(sweep.code == code && sweep.image == image)
    #expect(sweep.reconstruction == (try model.decode(Tensor(shape: [1, 3], values: code)))[0])
    #expect(sweep.reconstruction != image)
    #expect(sweep.rows[0].values == [-3, -1, 1, 3])
    for (step, value) in [-3, -1, 1, 3].enumerated() {
      let expected = try model.decode(Tensor(shape: [1, 3], values: [code[0], Float(value), code[2]]))
      #expect(sweep.rows[0].frames[step] == expected[0])
    }
    #expect(try model.sweep(from: .code(code), latents: [0], range: .fixed(1, 4), steps: 1).rows[0].values == [2.5])
  }
}
