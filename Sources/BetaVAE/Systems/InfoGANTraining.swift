import BVAEArrays
import BVAECPU
import BVAEDevice
import BVAENetworks

/// How fast an InfoGAN's networks are trained, and how much the information counts in the loss of each.
package struct InfoGANOptions: Sendable, Equatable {
  /// Adam's step sizes, for the judge and the generator (Chen et al. 2016, appendix C).
  package var judgeRate: Float = 2e-4, generatorRate: Float = 1e-3
  /// λ in the judge's loss and in the generator's; nil for the objective's.
  package var judgeWeight: Float?, generatorWeight: Float?

  /// The paper's.
  package init() {}

  /// Step sizes in the paper's proportion: 5e-4, the usual rate of a training, gives the paper's own.
  package init(rate: Float) {
    judgeRate = Float(0.4 * Double(rate))
    generatorRate = 2 * rate
  }

  /// The optimiser of a network: β₁ = 0.5, β₂ = 0.999.
  func adam(_ rate: Float, _ share: Double) -> Adam { Adam(rate: Float(Double(rate) * share), beta1: 0.5) }
}

/// How an InfoGAN is trained (Chen et al. 2016): one step of the judge, which is trunk, head and Q, on real images and on
/// generated ones; then one of the generator on images made of fresh draws, as the judge sees them after its step. With the
/// information L_I = L_cat + L_cont of Q about the codes the losses are
///
///     judge:       mean softplus(−d(x)) + mean softplus(d(G)) − λ L_I
///     generator:   mean softplus(−d(G)) − λ L_I
///
/// The information is in both: its gradient reaches trunk and Q by the judge's step and the generator by its own. Real and
/// generated images pass the judge in batches of their own, each with a batch norm's statistics of its own; the running ones
/// are moved on by the real, the generated and, in the generator's step, the generated ones again.
///
/// What is drawn is a function of the seed and the number of the step: with the weights, what the optimisers remember and
/// that number a training goes on with the same bits.
package final class InfoGANTraining: Trainable {
  private let model: InfoGAN, options: InfoGANOptions
  /// λ in the losses of the judge and of the generator.
  private let weights: (judge: Float, generator: Float)
  /// What the schedule left of the step sizes in the step that has begun.
  private var rateShare = 1.0
  private let generator: Pass, generatorGradients: NetGradients
  private let real: (trunk: Pass, head: Pass), fake: (trunk: Pass, head: Pass, recognition: Pass)
  /// What Q tells of real images; it learns nothing from them.
  private let onReal: Pass
  /// What the judge sees of each value of a byte.
  private let levels: ByteLevels
  private let trunkGradients: NetGradients, headGradients: NetGradients, recognitionGradients: NetGradients
  /// Steps that were taken, each one of the judge and one of the generator.
  package var steps = 0

  /// - Parameters:
  ///   - batch: the most images at a time.
  ///   - storesAll: whether all gradients are kept to be looked at.
  package init(_ model: InfoGAN, batch: Int, options: InfoGANOptions = InfoGANOptions(), storesAll: Bool = false) {
    (self.model, self.options) = (model, options)
    let weight = (model.objective.loss as? InfoGANLoss)?.weight ?? 1
    weights = (options.judgeWeight ?? weight, options.generatorWeight ?? weight)
    levels = ByteLevels(model.networks.scale.number)
    func pass(_ weights: NetWeights, givesGradient: Bool = true) -> Pass {
      Pass(weights, batch: max(2, batch), use: .training, wantsInputGradient: givesGradient)
    }
    generator = pass(model.generator, givesGradient: false)
    real = (pass(model.trunk, givesGradient: false), pass(model.head))
    fake = (pass(model.trunk), pass(model.head), pass(model.recognition))
    onReal = Pass(model.recognition, batch: max(2, batch), use: .inference)
    generatorGradients = NetGradients(model.generator, storesAll: storesAll)
    // Two passes go through these in a step.
    trunkGradients = NetGradients(model.trunk, storesAll: true)
    headGradients = NetGradients(model.head, storesAll: true)
    recognitionGradients = NetGradients(model.recognition, storesAll: storesAll)
  }

  /// Of each of the model's networks, in their order, the gradients and what the optimiser remembers.
  package var gradients: [NetGradients] { [generatorGradients] + judgeGradients }

  private var judgeGradients: [NetGradients] { [trunkGradients, headGradients, recognitionGradients] }

  /// Gives the judge a real image of bytes.
  package func show(_ row: Int, _ bytes: ArraySlice<UInt8>) {
    real.trunk.input.set(row, to: bytes.map { levels.values[Int($0)] }[...])
  }

  /// Gives the judge a real image of numbers in 0…1.
  package func show(_ row: Int, _ pixels: ArraySlice<Float>) {
    real.trunk.input.set(row, to: pixels.map(model.networks.scale.number)[...])
  }

  /// A whole step on the real images that were shown.
  package func step(images: Int, seed: UInt64) -> InfoGANTerms {
    let (judgement, answer) = run(images, seed: seed)
    updateGenerator()
    return InfoGANTerms(judgement, answer)
  }

  /// The judge's whole step, and the generator's up to its update.
  private func run(_ images: Int, seed: UInt64) -> (Judgement, GeneratorAnswer) {
    func draw(_ stream: RandomStream) -> GeneratorInputs {
      var random = RandomGenerator(seed: seed, stream: stream, index: steps + 1)
      return model.code.draw(images, from: &random)
    }
    let judgement = runJudge(draw(.judgedCode), rateShare: rateShare)
    updateJudge(rateShare: rateShare)
    return (judgement, runGenerator(draw(.generatedCode), rateShare: rateShare))
  }

  package func run(_ batch: Batch) -> LossSums {
    var shown = Array(batch.order[batch.range])
    // The statistics of a batch norm are those of two images at least.
    if shown.count == 1 { shown.append(batch.order[0]) }
    batch.images.load(shown, into: real.trunk.input, levels: levels)
    rateShare = batch.rateShare
    let (judgement, answer) = run(shown.count, seed: batch.seed)
    var sums = LossSums(latents: model.latents, terms: InfoGANTerms.names.count)
    sums.images = batch.count
    sums.terms = InfoGANTerms(judgement, answer).values.map { $0 * Double(batch.count) }
    let codes = judgement.codeOnReal.mean.values
    for i in 0..<batch.count * model.latents {
      sums.mean[i % model.latents] += Double(codes[i])
      sums.squaredMean[i % model.latents] += Double(codes[i]) * Double(codes[i])
    }
    return sums
  }

  package func update() { updateGenerator(rateShare: rateShare) }

  /// The judge's loss and its gradients, on as many real images as others are made.
  package func runJudge(_ inputs: GeneratorInputs, rateShare: Double = 1) -> Judgement {
    let count = inputs.count
    generate(inputs)
    real.trunk.forward(count: count)
    real.head.input.set(count, toSumOf: [real.trunk.output])
    real.head.forward(count: count)
    onReal.input.set(count, toSumOf: [real.trunk.output])
    onReal.forward(count: count)
    judgeGenerated(count)

    let judgement = Judgement(
      realLogits: real.head.output.list(count), fakeLogits: fake.head.output.list(count),
      output: fake.recognition.output.list(count), outputOnReal: onReal.output.list(count), inputs: inputs,
      weight: weights.judge)
    for gradients in judgeGradients { gradients.begin(judgeStep(rateShare)) }
    setGradient(real.head, judgement.real.gradient)
    real.head.backward(count: count, into: headGradients)
    pass(count, back: real.head, to: real.trunk)
    real.trunk.backward(count: count, into: trunkGradients)
    setGradient(fake.head, judgement.fake.gradient)
    fake.head.backward(count: count, into: headGradients, isFurther: true)
    setGradient(fake.recognition, judgement.information.gradient)
    fake.recognition.backward(count: count, into: recognitionGradients)
    pass(count, back: fake.head, fake.recognition, to: fake.trunk)
    fake.trunk.backward(count: count, into: trunkGradients, isFurther: true, wantsInputGradient: false)
    return judgement
  }

  /// The judge's step, behind `runJudge`.
  package func updateJudge(rateShare: Double = 1) {
    for gradients in judgeGradients { gradients.finish(judgeStep(rateShare)) }
  }

  /// The generator's loss and its gradients, with the judge as it is then.
  package func runGenerator(_ inputs: GeneratorInputs, rateShare: Double = 1) -> GeneratorAnswer {
    let count = inputs.count
    generate(inputs)
    judgeGenerated(count)
    let answer = GeneratorAnswer(
      logits: fake.head.output.list(count), output: fake.recognition.output.list(count), inputs: inputs,
      weight: weights.generator)
    setGradient(fake.head, answer.fake.gradient)
    fake.head.backwardToInput(count: count)
    setGradient(fake.recognition, answer.information.gradient)
    fake.recognition.backwardToInput(count: count)
    pass(count, back: fake.head, fake.recognition, to: fake.trunk)
    fake.trunk.backwardToInput(count: count)
    if let gradient = fake.trunk.inputGradient { generator.outputGradient?.set(count, toSumOf: [gradient]) }
    generatorGradients.begin(generatorStep(rateShare))
    generator.backward(count: count, into: generatorGradients)
    return answer
  }

  /// The generator's step, behind `runGenerator`; with it the whole step is taken.
  package func updateGenerator(rateShare: Double = 1) {
    generatorGradients.finish(generatorStep(rateShare))
    steps += 1
  }

  /// The images that were made last, in 0…1.
  package func generated(_ count: Int) -> Tensor {
    Tensor(
      shape: [count, model.image.height, model.image.width, model.image.planes],
      values: generator.output.list(count).map(model.networks.scale.pixel))
  }

  private func judgeStep(_ share: Double) -> AdamUpdate { options.adam(options.judgeRate, share).update(steps + 1) }

  private func generatorStep(_ share: Double) -> AdamUpdate {
    options.adam(options.generatorRate, share).update(steps + 1)
  }

  private func generate(_ inputs: GeneratorInputs) {
    generator.input.set(to: (0..<inputs.count).flatMap { inputs.row($0) }[...])
    generator.forward(count: inputs.count)
  }

  private func judgeGenerated(_ count: Int) {
    fake.trunk.input.set(count, toSumOf: [generator.output])
    fake.trunk.forward(count: count)
    fake.head.input.set(count, toSumOf: [fake.trunk.output])
    fake.head.forward(count: count)
    fake.recognition.input.set(count, toSumOf: [fake.trunk.output])
    fake.recognition.forward(count: count)
  }

  /// Sets the gradient of a head's output, [images × outputs].
  private func setGradient(_ pass: Pass, _ values: [Float]) {
    pass.outputGradient?.set(to: values[...])
  }

  /// From the heads' inputs to the trunk's output.
  private func pass(_ count: Int, back heads: Pass..., to trunk: Pass) {
    let gradients = heads.compactMap(\.inputGradient)
    trunk.outputGradient?.set(count, toSumOf: gradients)
  }
}
