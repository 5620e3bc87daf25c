import BVAECPU
import BetaVAE
import Testing

@Suite("Divergence and collapse")
struct DivergenceTests {
  @Test("A loss explodes when it stays a hundred times above the worst reconstruction and the first step's loss")
  func watch() {
    let worst = Objective.Likelihood.gaussian.worst(values: 784)
    #expect(worst == 784)
    func steps(_ losses: [Double]) -> Int? {
      var watch = LossWatch()
      return losses.firstIndex { watch.explodes($0, worst: worst) }
    }
    let high = [Double](repeating: 78_401, count: 30)
    #expect(steps([200] + high) == LossWatch.patience)
    // One step below begins the count anew; a high start raises the limit.
    #expect(steps([200] + high.prefix(19) + [100] + high.prefix(19)) == nil)
    #expect(steps([200] + [Double](repeating: 78_400, count: 100)) == nil)
    #expect(steps([1000] + high) == nil)
    #expect(abs(Objective.Likelihood.bernoulli.worst(values: 1) - 16.118) < 1e-3)
  }

  @Test("A training whose KL divergence leaves all bounds stops with the step, the cause and the weights before")
  func explodes() throws {
    let model = VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 4, latents: 2), objective: try .variational(beta: 4))
    let trainer = try Trainer(
      model, images: TrainingTests.bars(64), options: TrainingOptions(epochs: 200, batch: 8, rate: 30))
    var found: Divergence?
    do { _ = try trainer.run() } catch ModelError.diverged(let divergence) { found = divergence }
    let divergence = try #require(found)
    #expect(model.history.epochs.count == divergence.keptEpochs && !model.history.wasInterrupted)
    #expect(divergence.step > 0 && "\(divergence)".contains("at epoch \(divergence.epoch), step \(divergence.step)"))
    #expect("\(divergence)".contains("times the usual 0.0005"))
    #expect(try model.reconstruct(TrainingTests.bars(3)).values.allSatisfy(\.isFinite))
  }

  @Test("β rises linearly over the epochs of a warm-up, and is whole without one")
  func warmup() {
    let options = TrainingOptions(epochs: 9, warmup: 4)
    #expect(options.shareOfBeta(epoch: 0, place: 0) == 0)
    #expect(options.shareOfBeta(epoch: 1, place: 0.5) == 0.375)
    #expect(options.shareOfBeta(epoch: 4, place: 0) == 1 && options.shareOfBeta(epoch: 8, place: 0.9) == 1)
    #expect(TrainingOptions().shareOfBeta(epoch: 0, place: 0) == 1)
  }

  @Test("During a warm-up the code costs less and says more; a warm-up of no use is refused")
  func warmupTraining() throws {
    let divergences = try [0, 3].map { warmup in
      let model = VariationalAutoencoder(try Architecture(image: .mnist, channels: 8, latents: 3), seed: 3)
      let history = try Trainer(
        model, images: TrainingTests.bars(100), options: TrainingOptions(epochs: 3, batch: 10, warmup: warmup)
      ).run()
      for record in history.epochs {
        #expect(abs(record.loss - (record.reconstruction ?? 0) - 4 * record.totalDivergence) < 1e-6 * record.loss)
      }
      return history.epochs[0].totalDivergence
    }
    #expect(divergences[1] > 2 * divergences[0])
    for (objective, warmup) in [(Objective.autoencoder(), 1), (.paper, 4), (.paper, -1)] {
      let model = VariationalAutoencoder(
        try Architecture(image: .mnist, channels: 4, latents: 2), objective: objective)
      #expect(throws: ModelError.self) {
        try Trainer(
          model, images: TrainingTests.bars(4), options: TrainingOptions(epochs: 3, warmup: warmup))
      }
    }
  }

  @Test("A model that ends with no latent in use is told so with what to try")
  func collapse() throws {
    let model = VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 4, latents: 6), objective: try .variational(beta: 400))
    #expect(model.collapseAdvice == nil)
    _ = try Trainer(model, images: TrainingTests.bars(40), options: TrainingOptions(epochs: 4, batch: 8)).run()
    #expect(
      model.collapseAdvice
        == "no latent is in use: every image decodes to the same mean image; try a lower beta than 400 (beta 1) or "
        + "more epochs (8)")
    // A warm-up is advised where there is room for one.
    _ = try Trainer(model, images: TrainingTests.bars(8), options: TrainingOptions(epochs: 16, batch: 8)).run()
    #expect(
      model.collapseAdvice?.hasSuffix("try a lower beta than 400 (beta 1), a warm-up (warmup 5) or more epochs (40)")
        == true)
  }

  @Test("Where a training was far too short that is said first, where the number of its images is known")
  func fewSteps() throws {
    let model = VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 4, latents: 6), objective: try .variational(beta: 400))
    let options = TrainingOptions(epochs: 20, batch: 8)
    _ = try Trainer(model, images: TrainingTests.bars(20), options: options).run()
    func advice(images: Int?) -> String? {
      model.trainingRecord = TrainingRecord(
        program: "", data: "", subject: "", dataFingerprint: "", synthetic: [], images: images, options: options)
      return model.collapseAdvice
    }
    let state = "no latent is in use: every image decodes to the same mean image"
    // Three steps an epoch.
    #expect(
      advice(images: 20)
        == "after only 60 steps \(state); try more epochs (334) or a lower beta than 400 (beta 1)"
    )
    let usual = "\(state); try a lower beta than 400 (beta 1), a warm-up (warmup 5) or more epochs (40)"
    // 25 steps an epoch are 500, and more do not overflow.
    for images in [nil, 200, Int.max] as [Int?] { #expect(advice(images: images) == usual) }
    #expect(advice(images: 192)?.hasPrefix("after only 480 steps \(state); try more epochs (42)") == true)
  }

  @Test("A KL divergence that is made of variances alone is told")
  func variancesAlone() throws {
    let model = VariationalAutoencoder(
      try Architecture(image: .mnist, channels: 4, latents: 6),
      objective: try .capacity(gamma: 10, capacity: 9, steps: 1))
    var weights = model.weights
    for (name, value) in [("mean.weight", 0), ("log_variance.weight", 0), ("log_variance.bias", -4)]
      as [(String, Float)]
    {
      let shape = try #require(weights["encoder.\(name)"]).shape
      weights["encoder.\(name)"] = Tensor(shape: shape, repeating: value)
    }
    model.setWeights(weights)
    try Trainer(model, images: TrainingTests.bars(8), options: TrainingOptions(epochs: 1, rate: 1e-30)).run()
    // Six times ½ (e⁻⁴ + 4 − 1).
    #expect(
      model.collapseAdvice
        == "no latent is in use: the KL divergence of 9.1 nats comes from the variances alone, and the means are "
        + "the same for every image; try another seed or more epochs (2)")
  }
}
