import BVAECPU
import BVAENetworks
import BVAEPlatform
import BetaVAE
import Testing

/// What is kept of a model, under which key, and what is said of it.
@Suite("Models that are kept")
struct StoredModelTests {
  private func model(
    _ objective: Objective? = nil, channels: Int = 4, latents: Int = 3, seed: UInt64 = 3
  ) throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: channels, latents: latents),
      objective: try objective ?? .variational(beta: 2), seed: seed)
  }

  @Test("The key of a training depends on everything that decides its outcome")
  func keys() throws {
    let model = try model(), options = TrainingOptions(epochs: 3, batch: 8, rate: 1e-3, seed: 5)
    func key(_ model: VariationalAutoencoder, data: String = "d", validation: String? = nil, _ options: TrainingOptions)
      -> String
    {
      ModelStore.key(of: model, data: data, validation: validation, options: options)
    }
    var keys = [
      key(model, options), key(model, data: "e", options), key(model, validation: "v", options),
      key(model, validation: "w", options), key(try self.model(.variational(beta: 3)), options),
      key(try self.model(.variational(beta: 2, likelihood: .bernoulli)), options),
      key(try self.model(.autoencoder()), options), key(try self.model(channels: 5), options),
      key(try self.model(latents: 4), options), key(try self.model(seed: 4), options),
    ]
    keys.append(key(model, TrainingOptions(epochs: 4, batch: 8, rate: 1e-3, seed: 5)))
    keys.append(key(model, TrainingOptions(epochs: 3, batch: 9, rate: 1e-3, seed: 5)))
    keys.append(key(model, TrainingOptions(epochs: 3, batch: 8, rate: 2e-3, seed: 5)))
    keys.append(key(model, TrainingOptions(epochs: 3, batch: 8, rate: 1e-3, seed: 6)))
    keys.append(key(model, TrainingOptions(epochs: 3, batch: 8, rate: 1e-3, seed: 5, warmup: 1)))
    keys.append(key(model, TrainingOptions(epochs: 3, batch: 8, rate: 1e-3, seed: 5, warmup: 2)))
    for (network, hidden) in [
      (NetworkKind.paper, nil as Int?), (.burgess, 8), (.burgess, 9), (.mlp, 8), (.mlp, 9), (.ign, nil),
    ] {
      let architecture = try Architecture(
        image: ImageShape(height: 32, width: 32, planes: 1), network: network,
        channels: network.channels.map { _ in 4 }, hidden: hidden, latents: 3)
      keys.append(key(VariationalAutoencoder(architecture, seed: 3), options))
    }
    #expect(Set(keys).count == keys.count)
    #expect(key(try self.model(), options) == keys[0])
  }

  @Test("A model comes back from its file with its objective and its seed")
  func objective() throws {
    for objective in [
      try Objective.variational(beta: 0.7, likelihood: .bernoulli), try .variational(beta: 12), .autoencoder(),
    ] {
      let path = Path.join(temporaryFolder(), "objective.safetensors"), saved = try model(objective, seed: 77)
      try saved.save(to: path)
      let opened = try VariationalAutoencoder.open(path)
      #expect(opened.objective == objective && opened.seed == 77)
      #expect(opened.weightsFingerprint == saved.weightsFingerprint)
    }
  }

  @Test("Where a third of the latents is in use nothing is advised; where fewer are, that is said")
  func advice() throws {
    let trained = try model(), path = Path.join(temporaryFolder(), "advice.safetensors")
    try Trainer(trained, images: TrainingTests.bars(4), options: TrainingOptions(epochs: 1, batch: 4)).run()
    try trained.save(to: path)
    func advice(_ variances: String) throws -> String? {
      var file = try Safetensors(bytes: Files.read(path))
      file.metadata["latent_statistics"] =
        "{\"divergence\":[0,0,0],\"meanVariance\":[\(variances)],\"lower\":[-3,-3,-3],\"upper\":[3,3,3]}"
      try Files.write(try file.encoded(), to: path)
      return try VariationalAutoencoder.open(path).collapseAdvice
    }
    #expect(try advice("0.5,0.001,0") == nil)
    #expect(try advice("0.5,0.2,1") == nil)
    #expect(try advice("0.009,0.001,0")?.hasPrefix("no latent is in use") == true)
  }

  @Test("Progress counts the images of the epochs so far")
  func progress() throws {
    var fractions: [Double] = [], epochs: [Int] = []
    try Trainer(try model(), images: TrainingTests.bars(10), options: TrainingOptions(epochs: 2, batch: 5)).run {
      fractions.append($0.fraction)
      epochs.append($0.epoch)
      return true
    }
    #expect(fractions == [0.25, 0.5, 0.75, 1] && epochs == [1, 1, 2, 2])
  }

  @Test("An evaluation of many images is the mean of its parts'; codes have the moments of their numbers")
  func evaluation() throws {
    let model = try model(), images = TrainingTests.bars(530)
    let whole = try model.evaluate(on: images)
    let parts = try [images.selecting(0..<265), images.selecting(265..<530)].map { try model.evaluate(on: $0) }
    let loss = (parts[0].loss + parts[1].loss) / 2
    #expect(whole.images == 530 && abs(whole.loss - loss) < 1e-5 * loss)
    #expect(abs(whole.reconstruction - (parts[0].reconstruction + parts[1].reconstruction) / 2) < 1e-5 * loss)
    // Means 1 and 3 have the variance 1 about theirs; log 4 is the log variance of a deviation of 2.
    let code = Code(
      mean: Tensor(shape: [2, 1], values: [1, 3]), logVariance: Tensor(shape: [2, 1], values: [1.386_294_4, 0]))
    #expect(abs(code.meanVariance[0] - 1) < 1e-9)
    #expect(abs(code.deviation.values[0] - 2) < 1e-6 && code.deviation.values[1] == 1)
    // −½ (1 + log 4 − 1 − 4) and −½ (1 + 0 − 9 − 1), halved.
    #expect(abs(code.meanDivergence[0] - (2 - 0.693_147_2 + 4.5) / 2) < 1e-6)
  }
}
