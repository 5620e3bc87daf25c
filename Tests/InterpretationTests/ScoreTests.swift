import Interpretation
import Numerics
import Testing

@Suite("Scores of disentanglement")
struct ScoreTests {
  /// Factors drawn anew for each image, and codes made of them.
  private func scored(_ count: Int = 600, _ code: ([Double], inout RandomGenerator) -> [Double]) -> ScoredCodes {
    var generator = RandomGenerator(seed: 3, stream: .scores)
    var factors: [[Double]] = [[], [], []], codes: [Float] = []
    for _ in 0..<count {
      let values = [generator.uniform(), generator.uniform(), Double(Int(generator.uniform() * 4))]
      for k in 0..<3 { factors[k].append(values[k]) }
      codes += code(values, &generator).map(Float.init)
    }
    return ScoredCodes(
      codes: Tensor(shape: [count, codes.count / count], values: codes),
      factors: KnownFactors([
        KnownFactors.Factor(name: "x", isCategorical: false, values: factors[0]),
        KnownFactors.Factor(name: "y", isCategorical: false, values: factors[1]),
        KnownFactors.Factor(name: "shape", isCategorical: true, values: factors[2]),
        KnownFactors.Factor(name: "constant", isCategorical: false, values: factors[0].map { _ in 1 }),
      ]))
  }

  @Test("Codes that are the factors score near 1, and their intervals hold the score")
  func perfect() {
    let scores = scored { factors, _ in [factors[1], factors[0], factors[2]] }.scores()
    #expect(
      scores.map(\.name) == [
        "β-VAE score", "FactorVAE score", "MIG", "SAP", "DCI disentanglement", "DCI completeness",
        "DCI informativeness",
      ])
    for score in scores where score.name != "SAP" { #expect(score.value > 0.88, "\(score)") }
    // One plane a class cannot single out a class between two others, so SAP is lower for categories.
    let sap = scores[3].value
    #expect(sap > 0.6 && sap < 0.95)
    for score in scores { #expect(score.lower <= score.value + 0.02 && score.upper >= score.value - 0.02, "\(score)") }
  }

  @Test("Codes that mix all factors score low, and noise scores nothing")
  func mixed() {
    let mixing = scored { f, generator in
      let s = f[2] / 4
      return [f[0] + f[1] + s, f[0] - f[1] + s, f[0] + f[1] - s].map { $0 + 0.01 * generator.uniform() }
    }.scores()
    let perfect = scored { factors, _ in [factors[1], factors[0], factors[2]] }.scores()
    for (bad, good) in zip(mixing, perfect).dropFirst().prefix(5) {
      #expect(bad.value < good.value - 0.25, "\(bad) \(good)")
    }
    let noise = scored { _, generator in [generator.uniform(), generator.uniform()] }.scores()
    #expect(noise[2].value < 0.05 && noise[3].value < 0.05 && noise[6].value < 0.15)
    #expect(noise[1].value < 0.6)
  }

  @Test("The same seed gives the same scores on any number of threads, another seed nearly the same")
  func determinism() {
    let codes = scored(300) { f, generator in [f[0] + 0.3 * generator.uniform(), f[1] * f[0], f[2]] }
    let first = codes.scores()
    #expect(first == codes.scores(workers: Workers(count: 2)))
  }

  @Test("The gap of mutual information is the one that can be counted by hand")
  func gapByHand() {
    // Two balanced binary factors; one latent is the first, one is both at once, one is nothing.
    let a: [Double] = (0..<80).map { Double($0 % 2) }, b: [Double] = (0..<80).map { Double($0 / 2 % 2) }
    var codes: [Float] = []
    for i in 0..<80 { codes += [Float(a[i]), Float(a[i] + 2 * b[i]), 0] }
    let gap = ScoredCodes(
      codes: Tensor(shape: [80, 3], values: codes),
      factors: KnownFactors([
        KnownFactors.Factor(name: "a", isCategorical: true, values: a),
        KnownFactors.Factor(name: "b", isCategorical: true, values: b),
      ])
    ).mutualInformationGap()
    // a: both latents know it, gap 0; b: only the second, gap 1.
    #expect(abs(gap.value - 0.5) < 1e-12)
  }

  @Test("Data that cannot be scored give no scores, and a single latent does")
  func edges() {
    let one = scored(60) { f, _ in [f[0]] }.scores()
    #expect(one.count == 7 && one.allSatisfy { $0.value.isFinite })
    #expect(scored(20) { f, _ in f }.scores().isEmpty)
    #expect(scored(60) { _, _ in [.nan] }.scores().isEmpty)
    let constant = scored(60) { _, _ in [1, 2] }.scores()
    #expect(constant.count == 7 && constant.allSatisfy { $0.value.isFinite })
  }
}
