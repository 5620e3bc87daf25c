import BVAECPU
import BVAEPlatform
import BetaVAE
import Glibc
import Testing

/// What the codes of a batch cost: constants that are known, gradients by finite differences, identities.
@Suite("Losses of the codes")
struct ObjectiveTests {
  /// A batch of random posteriors, and samples of them.
  private func posterior(
    _ images: Int, _ latents: Int, seed: UInt64 = 1, spread: Float = 1, step: Int = 1, trainingImages: Int = 1000
  ) -> Posterior {
    let noise = RandomGenerator(seed: seed, stream: .noise)
    func draw(_ part: Int) -> [Float] {
      (0..<images * latents).map { Float(noise.normalPair(at: UInt64(part * images * latents + $0)).0) }
    }
    let mean = draw(0).map { spread * $0 }, logVariance = draw(1).map { 0.5 * $0 - 0.7 }
    let sample = zip(zip(mean, logVariance), draw(2)).map { $0.0 + $1 * exp(0.5 * $0.1) }
    return posterior(images, latents, mean, logVariance, sample, step: step, trainingImages: trainingImages)
  }

  private func posterior(
    _ images: Int, _ latents: Int, _ mean: [Float], _ logVariance: [Float], _ sample: [Float], step: Int = 1,
    trainingImages: Int = 1000
  ) -> Posterior {
    let divergence = zip(mean, logVariance).reduce(0.0) {
      let (mean, logVariance) = (Double($1.0), Double($1.1))
      return $0 - 0.5 * (1 + logVariance - mean * mean - exp(logVariance))
    }
    return Posterior(
      images: images, latents: latents, mean: mean, logVariance: logVariance, sample: sample,
      divergence: divergence / Double(images), step: step, trainingImages: trainingImages)
  }

  private func value(_ loss: any LatentLoss, _ posterior: Posterior) -> Double {
    var gradient = PosteriorGradient(posterior)
    let terms = loss.evaluate(posterior, &gradient)
    return loss.loss(divergence: posterior.divergence, terms: terms)
  }

  static let losses: [any LatentLoss] = [
    BetaLoss(weight: 4), CapacityLoss(gamma: 30, capacity: 2, steps: 10),
    CapacityLoss(gamma: 30, capacity: 90, steps: 1),
    TotalCorrelationLoss(weight: 6), TotalCorrelationLoss(weight: 3, estimator: .weighted),
    TotalCorrelationLoss(weight: 0, estimator: .minibatch),
    DisentangledPriorLoss(kind: 1, offDiagonal: 10, diagonal: 50),
    DisentangledPriorLoss(kind: 2, offDiagonal: 10, diagonal: 10), InverseGraphicsLoss(factors: ["x"]),
    InverseGraphicsLoss(factors: ["x", "y"], isClamped: false),
  ]

  @Test("Gradients are those of the loss, by finite differences", arguments: losses.indices, [(6, 4), (2, 3), (1, 2)])
  func gradients(loss: Int, size: (Int, Int)) {
    let loss = Self.losses[loss], (images, latents) = size
    let start = posterior(images, latents)
    var gradient = PosteriorGradient(start)
    _ = loss.evaluate(start, &gradient)
    let none = [Float](repeating: 0, count: images * latents)
    let lists = [start.mean, start.logVariance, start.sample]
    let gradients = [gradient.mean, gradient.logVariance, gradient.sample.isEmpty ? none : gradient.sample]
    let largest = Double(gradients.joined().map(abs).max() ?? 0)
    for list in 0..<3 {
      for place in 0..<images * latents {
        func moved(_ by: Float) -> Double {
          var all = lists
          all[list][place] += by
          return value(loss, posterior(images, latents, all[0], all[1], all[2]))
        }
        let step: Float = 1e-2
        // Richardson's: the errors of two steps cancel.
        let coarse = (moved(2 * step) - moved(-2 * step)) / Double(4 * step)
        let slope = (4 * (moved(step) - moved(-step)) / Double(2 * step) - coarse) / 3
        #expect(
          abs(slope - Double(gradients[list][place])) < 2e-4 * max(1, largest),
          "\(loss.name), list \(list), place \(place): \(gradients[list][place]), not \(slope)")
      }
    }
  }

  @Test("MI + TC + DW is the mean of ln q(z|x) − ln p(z), by each estimate")
  func parts() {
    let posterior = posterior(20, 5)
    var expected = 0.0
    for i in posterior.mean.indices {
      let (mean, logVariance) = (Double(posterior.mean[i]), Double(posterior.logVariance[i]))
      let z = Double(posterior.sample[i])
      expected += -0.5 * (logVariance + (z - mean) * (z - mean) * exp(-logVariance)) + 0.5 * z * z
    }
    for estimator in TotalCorrelationLoss.Estimator.allCases {
      var gradient = PosteriorGradient(posterior)
      let terms = TotalCorrelationLoss(weight: 6, estimator: estimator).evaluate(posterior, &gradient)
      #expect(abs(terms.reduce(0, +) - expected / 20) < 1e-9)
    }
  }

  @Test(
    "Of latents that are not in use the total correlation is 0 when stratified, and off by known constants otherwise")
  func collapsed() {
    let latents = 10, batch = 50, none = [Float](repeating: 0, count: batch * latents)
    let posterior = posterior(batch, latents, none, none, none, trainingImages: 2000)
    for (estimator, expected) in [
      (TotalCorrelationLoss.Estimator.stratified, 0), (.weighted, 9 * log(2000.0)), (.minibatch, -9 * log(50.0)),
    ] {
      var gradient = PosteriorGradient(posterior)
      let terms = TotalCorrelationLoss(weight: 6, estimator: estimator).evaluate(posterior, &gradient)
      #expect(abs(terms[1] - expected) < 1e-9, "\(estimator): \(terms)")
    }
    // The weights of an image sum to 1.
    let loss = TotalCorrelationLoss(weight: 6)
    for (batch, images) in [(2, 2), (2, 100), (64, 64), (64, 1000), (7, 100_000)] {
      for i in 0..<batch {
        let sum = (0..<batch).reduce(0) { $0 + exp(loss.logWeight(i, $1, batch: batch, images: images)) }
        #expect(abs(sum - 1) < 1e-12)
      }
    }
  }

  @Test("Two latents of correlation ρ have the total correlation −½ ln (1 − ρ²)", arguments: [0, 0.5, 0.8])
  func correlated(rho: Double) {
    let batch = 2000, variance = 0.15, noise = RandomGenerator(seed: 5, stream: .noise)
    var mean: [Float] = [], sample: [Float] = []
    for i in 0..<batch {
      // Means whose posteriors, of variance 0.15 each, make N(0, 1) with correlation ρ together.
      let (a, b) = noise.normalPair(at: UInt64(2 * i)), (c, d) = noise.normalPair(at: UInt64(2 * i + 1))
      let side = (1 - variance).squareRoot(), along = rho / side
      let pair = [side * a, along * a + (1 - variance - along * along).squareRoot() * b]
      mean += pair.map(Float.init)
      sample += zip(pair, [c, d]).map { Float($0 + variance.squareRoot() * $1) }
    }
    let posterior = posterior(batch, 2, mean, mean.map { _ in Float(log(variance)) }, sample, trainingImages: batch)
    var gradient = PosteriorGradient(posterior)
    let terms = TotalCorrelationLoss(weight: 6, estimator: .minibatch).evaluate(posterior, &gradient)
    let found = terms[1] + log(Double(batch)), expected = -0.5 * log(1 - rho * rho)
    #expect(abs(found - expected) < 0.05, "\(found), not \(expected)")
  }

  @Test("The covariance of ones, of nothing, the identity and its double cost 90, 10, 0 and 10")
  func covariance() {
    // Rows of a Hadamard matrix of order 16: columns with mean 0 and variance 1, each at right angles to the others.
    func hadamard(_ i: Int, _ j: Int) -> Float { (i & j).nonzeroBitCount % 2 == 0 ? 1 : -1 }
    let designs: [(Double, (Int, Int) -> Float)] = [
      (90, { i, _ in i % 2 == 0 ? 1 : -1 }), (10, { _, _ in 3 }), (0, { hadamard($0, $1 + 1) }),
      (10, { Float(2).squareRoot() * hadamard($0, $1 + 1) }),
    ]
    for (expected, element) in designs {
      let mean = (0..<16).flatMap { i in (0..<10).map { element(i, $0) } }
      for (kind, logVariance) in [(1, Float(0.3)), (2, -80)] {
        let posterior = posterior(16, 10, mean, mean.map { _ in logVariance }, mean)
        var gradient = PosteriorGradient(posterior)
        let terms = DisentangledPriorLoss(kind: kind, offDiagonal: 1, diagonal: 1).evaluate(posterior, &gradient)
        #expect(abs(terms[0] - expected) < 1e-5, "kind \(kind): \(terms[0]), not \(expected)")
      }
    }
  }

  @Test("The capacity rises to its end and stays; the KL divergence has its known values")
  func capacity() {
    let loss = CapacityLoss(gamma: 1, capacity: 100, steps: 100)
    #expect([0, 10, 100, 101, .max].map(loss.capacity) == [0, 10, 100, 100, 100])
    let ones = [Float](repeating: 1, count: 10), none = [Float](repeating: 0, count: 10)
    #expect(abs(value(BetaLoss(weight: 1), posterior(1, 10, ones, none, ones)) - 5) < 1e-12)
    #expect(abs(value(BetaLoss(weight: 1), posterior(1, 10, ones, ones, ones)) - 8.591_409) < 1e-6)
    for (capacity, distance) in [(3, 2), (5, 0), (9, 4)] as [(Float, Double)] {
      let loss = CapacityLoss(gamma: 7, capacity: capacity, steps: 1)
      #expect(abs(value(loss, posterior(1, 10, ones, none, ones)) - 7 * distance) < 1e-9)
    }
  }

  @Test("Settings go into files and keys and back; files that lack one, or have it out of range, are refused")
  func settings() throws {
    let architecture = try Architecture(image: ImageShape(height: 8, width: 8, planes: 1), channels: 1, latents: 3)
    let path = Path.join(temporaryFolder(), "objective-\(getpid()).safetensors")
    defer { try? Files.remove(path) }
    let objectives = [
      try Objective.capacity(gamma: 3, capacity: 1.5, steps: 7), try .capacity(gamma: 3, capacity: 1.5, steps: 8),
      try .totalCorrelation(beta: 2), try .totalCorrelation(beta: 2, isStratified: false),
      try .disentangledPrior(kind: 1), try .disentangledPrior(kind: 2, offDiagonal: 10, diagonal: 100),
      try .factor(gamma: 3, critic: 4), try .factor(gamma: 3, critic: 5), try .factor(gamma: 2, critic: 4),
      try .variational(beta: 2), try .variational(beta: 2, likelihood: .laplace), .autoencoder(),
    ]
    var keys: Set<String> = []
    for objective in objectives {
      let model = VariationalAutoencoder(architecture, objective: objective, seed: 4)
      try model.save(to: path)
      let opened = try VariationalAutoencoder.open(path)
      #expect(opened.objective == objective && opened.unknown.isEmpty && opened.openingNotes.isEmpty)
      keys.insert(ModelStore.key(of: model, data: "d", validation: nil, options: TrainingOptions()))
      guard let (name, _) = try Safetensors(bytes: Files.read(path)).metadata.first(where: { $0.key == "objective" })
      else { continue }
      var file = try Safetensors(bytes: Files.read(path))
      for setting in objective.loss.settings {
        for value in [nil, "-1", "strange"] {
          file.metadata[setting.name] = value
          try Files.write(try file.encoded(), to: path)
          #expect(
            "\(#expect(throws: FileProblem.self) { try VariationalAutoencoder.open(path) }!)".contains(setting.name))
        }
        file.metadata[setting.name] = setting.text
      }
      file.metadata[name] = "nonsense"
      try Files.write(try file.encoded(), to: path)
      #expect(throws: FileProblem.self) { try VariationalAutoencoder.open(path) }
    }
    #expect(keys.count == objectives.count && Set(objectives).count == objectives.count)
  }
}
