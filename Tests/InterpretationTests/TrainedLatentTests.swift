import BVAECPU
import BVAEDatasets
import BVAEInterpretation
import BVAEPlatform
import BetaVAE
import Testing

/// Models trained on drawn data of which a few factors vary: the latents must be named after these.
@Suite("Latents of trained models")
struct TrainedLatentTests {
  /// What one training comes to.
  private struct Outcome {
    let factors: FactorTable
    let codes: Code
    let latents: [LatentInterpretation]

    /// Whether a latent's mean is larger for the images with larger values of a factor: the mean over the upper half of
    /// them less that over the lower half.
    func rises(_ latent: Int, _ factor: String) -> Bool {
      let values = factors.column(factor) ?? [], middle = values.sorted()[values.count / 2]
      func mean(_ isUpper: Bool) -> Float {
        let means = (0..<codes.count).filter { (values[$0] >= middle) == isUpper }
          .map { codes.mean.values[$0 * codes.latents + latent] }
        return means.reduce(0, +) / Float(max(1, means.count))
      }
      return mean(true) > mean(false)
    }
  }

  /// Images of which only the factors named vary; the others have the values given. Of the positions of sprites
  /// only the middle fifth is taken: small shapes that are far apart take long to be told apart.
  private func factors(
    _ data: SyntheticData, digits: [Int]?, count: Int, varying: Set<String>, others: [String: Float]
  ) throws -> FactorTable {
    let wish = SyntheticWish(selection: Selection(digits: digits, count: count, shuffle: 9), split: .train)
    let table = try data.factors(wish, side: 16)
    let values = (0..<table.count).flatMap { image in
      zip(table.factors, table[image]).map { factor, value in
        guard varying.contains(factor.name) else { return others[factor.name] ?? value }
        return data == .sprites && factor.name != "scale" ? 0.4 + 0.2 * value : value
      }
    }
    return FactorTable(factors: table.factors, count: table.count, values: values, seeds: table.seeds)
  }

  private func outcome(
    _ data: SyntheticData, _ table: FactorTable, latents: Int, epochs: Int, objective: Objective, side: Int,
    rate: Float
  ) throws -> Outcome {
    let workers = Workers(count: 2)
    let images = try data.dataset(of: table, side: side, planes: 1, workers: workers).images
    let model = VariationalAutoencoder(
      try Architecture(image: images.shape, channels: 8, latents: latents), objective: objective, seed: 3,
      compute: Compute(threads: 2))
    let options = TrainingOptions(epochs: epochs, batch: 32, rate: rate, seed: 3)
    _ = try Trainer(model, images: images, options: options).run()
    let found = try model.interpret(
      on: images, factors: KnownFactors(table), options: InterpretationOptions(images: 24, steps: 9))
    return Outcome(factors: table, codes: try model.encode(images), latents: found)
  }

  /// Every factor has a latent named after it; every active latent that goes with a factor is named after that; a pure
  /// one follows its measure closely and in the direction of its factor.
  private func expectNamed(_ outcome: Outcome, _ factors: [String]) {
    let words = outcome.latents.map { latent in
      "\(latent.sentence(subject: "shape")); \(latent.factor.map { "\($0.name) \($0.strength)" } ?? "")"
    }.joined(separator: "\n")
    let plain = outcome.latents.filter { $0.isActive && $0.factor?.strength ?? 0 > 0.6 }
    for latent in plain { #expect(latent.agreesWithFactor == true, "Z\(latent.latent)\n\(words)") }
    for factor in factors {
      #expect(plain.contains { $0.factor?.name == factor }, "no latent is named after \(factor)\n\(words)")
    }
    for latent in plain where latent.isPure {
      guard let named = latent.named, let factor = latent.factor else { continue }
      #expect(abs(named.pearson) >= 0.9)
      #expect(
        (named.pearson > 0) == outcome.rises(latent.latent, factor.name),
        "Z\(latent.latent) goes the other way\n\(words)")
    }
    #expect(plain.contains { $0.isPure }, "none is pure\n\(words)")
  }

  @Test("Of street numbers that turn and move, the latents are named so")
  func streets() throws {
    let table = try factors(
      .streets, digits: [1], count: 600, varying: ["rotation", "x"],
      others: [
        "typeface": 0, "size": 0.75, "width": 1, "y": 0, "slant": 0, "thickness": 0.2, "brightness": 0.5,
        "contrast": 0.8, "polarity": 1, "digit hue": 0.1, "digit saturation": 0.1, "ground hue": 0.6,
        "ground saturation": 0.1, "light direction": 90, "light strength": 0, "shadow": 0, "left": 0, "right": 0,
        "spacing": 0.16, "plate": 0, "texture": 0, "blur": 0.6, "noise": 0.002,
      ])
    expectNamed(
      try outcome(.streets, table, latents: 4, epochs: 40, objective: try .variational(beta: 1), side: 24, rate: 1e-3),
      ["rotation", "x"])
  }

  @Test("Of sprites that move and grow, the latents are named so")
  func sprites() throws {
    let table = try factors(
      .sprites, digits: [1], count: 600, varying: ["x", "y", "scale"], others: ["orientation": 0])
    expectNamed(
      try outcome(
        .sprites, table, latents: 4, epochs: 60, objective: try .variational(beta: 1, likelihood: .bernoulli), side: 16,
        rate: 2e-3), ["x", "y", "scale"])
  }
}
