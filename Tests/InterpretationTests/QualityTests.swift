import BVAECPU
import BVAEInterpretation
import BVAEPlatform
import BetaVAE
import Glibc
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

  @Test(
    "The total correlation of a normal is −½ log(1 − ρ²), ρ being that of the aggregate posterior",
    arguments: [0.0, 0.5, 0.9])
  func gaussianFit(rho: Double) {
    #expect(abs(code(correlation: rho, deviation: 0).gaussianTotalCorrelation + 0.5 * log(1 - rho * rho)) < 0.02)
    // A deviation of 1 halves the correlation.
    let half = rho / 2, blurred = code(correlation: rho, deviation: 1)
    #expect(abs(blurred.gaussianTotalCorrelation + 0.5 * log(1 - half * half)) < 0.02)
    // The mixture says the same of normal codes, less its bias.
    let found = blurred.totalCorrelation(workers: Workers(count: 2))
    #expect(abs(found.mixture - found.bias + 0.5 * log(1 - half * half)) < 0.03)
    #expect(found.images == 3000 && found.gaussianFit == blurred.gaussianTotalCorrelation)
  }

  @Test("The mixture sees what goes together, but not linearly; the normal distribution does not")
  func nonlinear() {
    // A ring of radius 2: uncorrelated, and each latent tells much of the other.
    let count = 2000
    let means = (0..<count).flatMap { image in
      let angle = 2 * Double.pi * Double(image) / Double(count)
      return [Float(2 * cos(angle)), Float(2 * sin(angle))]
    }
    let ring = Code(
      mean: Tensor(shape: [count, 2], values: means),
      logVariance: Tensor(shape: [count, 2], repeating: Float(2 * log(0.2))))
    let found = ring.totalCorrelation(workers: Workers(count: 2))
    #expect(abs(found.gaussianFit) < 1e-3)
    // By two hundred thousand draws from the exact densities in NumPy: 0.678 ± 0.0014.
    #expect(abs(found.mixture - found.bias - 0.678) < 0.02)
    #expect(abs(found.bias) < 0.1)
  }

  @Test("The mixture's densities are those of NumPy, and its total correlation that of two million draws there")
  func mixture() {
    func numbers(_ value: (Double, Double) -> Double, rows: Int) -> [Double] {
      (0..<rows).flatMap { i in (0..<3).map { value(Double(i), Double($0)) } }
    }
    let code = Code(
      mean: Tensor(shape: [7, 3], values: numbers({ sin(1.7 * $0 + $1) }, rows: 7).map(Float.init)),
      logVariance: Tensor(shape: [7, 3], values: numbers({ -1 + 0.5 * cos($0 + 2 * $1) }, rows: 7).map(Float.init)))
    let posterior = AggregatePosterior(code, rows: (0..<3).map { _ in Array(0..<7) })
    let points = numbers({ cos(0.9 * $0 - $1) }, rows: 5)
    for threads in [1, 2] {
      let parts = posterior.parts(at: points, workers: Workers(count: threads))
      #expect(abs(parts.totalCorrelation - 0.5131540490061623) < 1e-6)
      #expect(
        abs(parts.mutualInformation - -2.5931035982542694) < 1e-6
          && abs(parts.dimensionWise - 0.11894734976035268) < 1e-6)
    }
    #expect(abs(code.gaussianTotalCorrelation - 0.1688182080189033) < 1e-6)
    // 0.2327 by the script. Each image three hundred times is the same mixture.
    let many = Code(
      mean: Tensor(shape: [2100, 3], values: (0..<300).flatMap { _ in code.mean.values }),
      logVariance: Tensor(shape: [2100, 3], values: (0..<300).flatMap { _ in code.logVariance.values }))
    #expect(abs(many.totalCorrelation(workers: Workers(count: 2)).mixture - 0.2327) < 0.04)
  }

  @Test("Mutual information, total correlation and the latents' own divergence make the KL divergence")
  func parts() {
    // Eight places that do not overlap tell an image apart, and nothing else: log 8.
    let apart = Code(
      mean: Tensor(shape: [800, 1], values: (0..<800).map { Float($0 % 8) - 3.5 }),
      logVariance: Tensor(shape: [800, 1], repeating: Float(2 * log(0.05))))
    let found = apart.totalCorrelation(workers: Workers(count: 2))
    #expect(abs(found.mutualInformation - log(8)) < 1e-4 && abs(found.mixture) < 1e-6)
    // The KL divergence by its formula; a draw's share of it deviates by 0.7 and by the place's square.
    #expect(abs(found.mutualInformation + found.dimensionWise - apart.meanDivergence[0]) < 0.1)
    // All that says nothing.
    let prior = Code(mean: Tensor(shape: [50, 3]), logVariance: Tensor(shape: [50, 3]))
    let nothing = prior.totalCorrelation()
    #expect([nothing.mutualInformation, nothing.mixture, nothing.dimensionWise].allSatisfy { abs($0) < 1e-5 })
    // Correlated codes.
    let both = code(correlation: 0.8, deviation: 0.5), parts = both.totalCorrelation(workers: Workers(count: 2))
    let sum = parts.mutualInformation + parts.mixture + parts.dimensionWise
    #expect(abs(sum - both.meanDivergence.reduce(0, +)) < 0.05, "\(sum)")
  }

  @Test("No images have no total correlation, and a latent that is always the same has none with any")
  func edges() {
    let empty = Code(mean: Tensor(shape: [0, 2], values: []), logVariance: Tensor(shape: [0, 2], values: []))
    #expect(empty.gaussianTotalCorrelation.isNaN && empty.totalCorrelation().mixture.isNaN)
    let constant = Code(
      mean: Tensor(shape: [3, 2], values: [1, 5, 2, 5, 3, 5]),
      logVariance: Tensor(shape: [3, 2], repeating: -.infinity))
    #expect(constant.gaussianTotalCorrelation == 0)
  }

  /// A model whose decoded images depend strongly on the code.
  private func model(_ images: ByteImages, _ likelihood: Objective.Likelihood) throws -> VariationalAutoencoder {
    let model = VariationalAutoencoder(
      try Architecture(image: images.shape, channels: 4, latents: 3),
      objective: try .variational(beta: 4, likelihood: likelihood), seed: 2, compute: Compute(threads: 2))
    for index in 0..<18 { model.nudge("decoder.dense1.weight", index, by: index % 2 == 0 ? 3 : -3) }
    return model
  }

  @Test("The evidence lower bound is that of one draw of z an image, β left aside")
  func bound() throws {
    let grey = bytes((0..<40).map { Drawing(height: 10 + 0.2 * Double($0), x: Double($0 % 5) - 2) })
    let binary = ByteImages(shape: grey.shape, bytes: grey.bytes.map { $0 > 127 ? 255 : 0 })
    for likelihood in Objective.Likelihood.allCases {
      let model = try model(binary, likelihood), code = try model.encode(binary)
      // The error with many draws of another generator, by hand.
      var system = SystemRandomNumberGenerator()
      func error(_ codes: Tensor) throws -> Double {
        let decoded = try model.decode(codes).values
        return zip(decoded, binary.bytes).reduce(0) { sum, pair in
          let y = Double(pair.0), x = Double(pair.1) / 255
          switch likelihood {
          case .gaussian: return sum + (x - y) * (x - y)
          case .laplace: return sum + abs(x - y)
          case .bernoulli: return sum - (x * log(max(y, 1e-7)) + (1 - x) * log(max(1 - y, 1e-7)))
          }
        } / 40
      }
      let draws = try (0..<60).map { _ in
        try error(
          Tensor(
            shape: code.mean.shape,
            values: zip(code.mean.values, code.logVariance.values).map { mean, logVariance in
              let sum = (0..<12).reduce(0.0) { sum, _ in sum + Double.random(in: 0..<1, using: &system) } - 6
              return mean + exp(0.5 * logVariance) * Float(sum)
            }))
      }
      let mean = draws.reduce(0, +) / 60, still = try error(code.mean)
      let spread = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 59).squareRoot()
      let divergence =
        zip(code.mean.values, code.logVariance.values).reduce(0.0) {
          $0 - 0.5 * (1 + Double($1.1) - Double($1.0) * Double($1.0) - exp(Double($1.1)))
        } / 40
      // Without the noise the error would be another one, by many standard errors of the mean of sixty draws.
      #expect(abs(still - mean) > 8 * spread / 60.0.squareRoot(), "\(likelihood): \(still), \(mean) ± \(spread)")
      // Thirty seeds together tell the noise from none.
      let errors = try (UInt64(1)...30).map { seed -> Double in
        switch try model.quality(on: binary, seed: seed).evidenceLowerBound {
        case .gaussian(let withHalf, _, _): return -withHalf - 392 * log(Double.pi) - divergence
        case .laplace(let withOne, _, _): return -withOne - 784 * log(2) - divergence
        case .bernoulli(let bound): return -bound - divergence
        case .none: return .nan
        }
      }
      let average = errors.reduce(0, +) / 30
      #expect(abs(average - mean) < abs(still - mean) / 2, "\(likelihood): \(average), not \(mean) or \(still)")
      let found: Double
      switch try model.quality(on: binary).evidenceLowerBound {
      case .gaussian(let withHalf, let withBest, let best):
        found = -withHalf - 392 * log(Double.pi) - divergence
        #expect(abs(best - found / 784) < 1e-9)
        #expect(abs(withBest - (-392 * (1 + log(2 * Double.pi * best)) - divergence)) < 1e-3)
        #expect(withBest > withHalf)
      case .laplace(let withOne, let withBest, let best):
        found = -withOne - 784 * log(2) - divergence
        #expect(abs(best - found / 784) < 1e-9)
        #expect(abs(withBest - (-784 * (1 + log(2 * best)) - divergence)) < 1e-3)
        #expect(withBest > withOne)
      case .bernoulli(let bound): found = -bound - divergence
      case .none(let reason):
        Issue.record("\(reason)")
        continue
      }
      #expect(abs(found - mean) < 5 * spread, "\(likelihood): \(found), \(mean) ± \(spread)")
    }
    guard case .none(let reason) = try model(grey, .bernoulli).quality(on: grey).evidenceLowerBound else {
      Issue.record("a bound of grey images")
      return
    }
    #expect(reason.contains("between 0 and 1"))
    let plain = VariationalAutoencoder(
      try Architecture(image: grey.shape, channels: 4, latents: 3), objective: .autoencoder(), seed: 2,
      compute: Compute(threads: 2))
    guard case .none = try plain.quality(on: grey).evidenceLowerBound else {
      Issue.record("a bound of an autoencoder")
      return
    }
    #expect(try plain.quality(on: grey).totalCorrelation == nil)
  }
}
