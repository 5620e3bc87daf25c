/// What the judge's step finds.
package struct Judgement {
  /// The logits of real and of generated images.
  package let realLogits: [Float], fakeLogits: [Float]
  /// What Q tells of the generated ones, [images × outputs].
  package let output: [Float]
  /// What Q tells of the real ones, with the running statistics of its batch norm.
  package let codeOnReal: Code
  /// How real and generated images are told.
  package let real: AdversarialLoss, fake: AdversarialLoss
  /// What Q tells of the codes.
  package let information: CodeInformation
  /// The judge's loss, in nats.
  package let loss: Double

  init(
    realLogits: [Float], fakeLogits: [Float], output: [Float], outputOnReal: [Float], inputs: GeneratorInputs,
    weight: Float
  ) {
    (self.realLogits, self.fakeLogits, self.output) = (realLogits, fakeLogits, output)
    real = AdversarialLoss(realLogits, shouldBeReal: true)
    fake = AdversarialLoss(fakeLogits, shouldBeReal: false)
    information = CodeInformation(output, of: inputs, weight: weight)
    codeOnReal = Code(outputOnReal, of: inputs.code)
    loss = real.value + fake.value - Double(weight) * information.total
  }
}

/// What the generator's step finds.
package struct GeneratorAnswer {
  /// How the judge takes its images for real.
  package let fake: AdversarialLoss
  /// What Q tells of the codes.
  package let information: CodeInformation
  /// The generator's loss, in nats.
  package let loss: Double

  init(logits: [Float], output: [Float], inputs: GeneratorInputs, weight: Float) {
    fake = AdversarialLoss(logits, shouldBeReal: true)
    information = CodeInformation(output, of: inputs, weight: weight)
    loss = fake.value - Double(weight) * information.total
  }
}

/// What a step came to, means over its batch, in nats.
package struct InfoGANTerms: Sendable, Equatable {
  package let judge: Double, generator: Double
  /// L_cat and L_cont of the judge's step.
  package let categorical: Double, continuous: Double
  /// The entropy of the categories that real images are given, of all categorical codes together; 0 where there are none.
  package let entropy: Double

  /// What the terms are called, in the order of `values`.
  package static let names = ["judge loss", "generator loss", "L_cat", "L_cont", "category entropy"]

  init(_ judgement: Judgement, _ answer: GeneratorAnswer) {
    (judge, generator) = (judgement.loss, answer.loss)
    (categorical, continuous) = (judgement.information.categorical, judgement.information.continuous)
    entropy = CategoryUse(ofLikeliest: judgement.codeOnReal).totalEntropy
  }

  package var values: [Double] { [judge, generator, categorical, continuous, entropy] }

  /// Whether all of them are finite numbers.
  package var areFinite: Bool { values.allSatisfy(\.isFinite) }
}
