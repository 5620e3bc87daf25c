import BetaVAE
import Glibc
import Interpretation
import Numerics
import Testing

@Suite("Bounds and total correlation")
struct QualityTests {
  /// Codes of two latents that are normal and go together as wanted, their own deviations being `deviation`.
  private func code(correlation: Double, deviation: Double, count: Int = 20_000) -> Code {
    let generator = RandomGenerator(seed: 8, stream: .scores)
    var means: [Float] = []
    for image in 0..<count {
      let (a, b) = generator.normalPair(at: UInt64(image))
      means += [Float(a), Float(correlation * Double(a) + (1 - correlation * correlation).squareRoot() * Double(b))]
    }
    return Code(
      mean: Tensor(shape: [count, 2], values: means),
      logVariance: Tensor(
        shape: [count, 2], values: [Float](repeating: Float(2 * log(max(deviation, 1e-9))), count: 2 * count)))
  }

  @Test("The total correlation is −½ log(1 − ρ²), ρ being that of the aggregate posterior", arguments: [0.0, 0.5, 0.9])
  func totalCorrelation(rho: Double) {
    #expect(abs(code(correlation: rho, deviation: 0).gaussianTotalCorrelation + 0.5 * log(1 - rho * rho)) < 0.02)
    // A deviation of 1 halves the correlation.
    let half = rho / 2
    #expect(abs(code(correlation: rho, deviation: 1).gaussianTotalCorrelation + 0.5 * log(1 - half * half)) < 0.02)
  }

  @Test("The evidence lower bound is that of error and divergence, for both likelihoods; an autoencoder has none")
  func bound() throws {
    let images = bytes((0..<40).map { Drawing(height: 10 + 0.2 * Double($0), x: Double($0 % 5) - 2) })
    for likelihood in [Objective.Likelihood.gaussian, .bernoulli] {
      let model = VariationalAutoencoder(
        try Architecture(image: images.shape, channels: 4, latents: 3),
        objective: .variational(beta: 4, likelihood: likelihood), seed: 2, compute: Compute(threads: 2))
      let evaluation = try model.evaluate(on: images)
      let bound = try #require(try model.quality(on: images).evidenceLowerBound)
      let constant = likelihood == .gaussian ? 0.5 * 784 * log(Double.pi) : 0
      // An untrained decoder hardly heeds the noise of one draw. β has no part in it.
      let expected = -evaluation.reconstruction - evaluation.totalDivergence - constant
      #expect(abs(bound - expected) < 0.02 * evaluation.reconstruction, "\(likelihood)")
    }
    let plain = VariationalAutoencoder(
      try Architecture(image: images.shape, channels: 4, latents: 3), objective: .autoencoder(), seed: 2,
      compute: Compute(threads: 2))
    let quality = try plain.quality(on: images)
    #expect(quality.evidenceLowerBound == nil && quality.totalCorrelation == nil)
  }
}
