import BVAECPU
import BetaVAE
import Testing

@Suite("Sweeps")
struct SweepTests {
  @Test("A sweep changes one latent, over the range that was asked for")
  func ranges() throws {
    let model = VariationalAutoencoder(try Architecture(image: .mnist, channels: 4, latents: 3), seed: 5)
    let sweep = try model.sweep(from: .code([0.5, -1, 2]), latents: [2, 0], range: .fixed(-2, 2), steps: 5)
    #expect(sweep.rows.map(\.latent) == [2, 0])
    #expect(sweep.rows[0].values == [-2, -1, 0, 1, 2])
    let expected = try model.decode(Tensor(shape: [1, 3], values: [0.5, -1, 1]))
    #expect(sweep.rows[0].frames[3].values == expected[0].values)
    #expect(sweep.rows[0].isActive == nil)
    #expect(throws: ModelError.self) { try model.sweep(from: .code([0, 0, 0])) }
    #expect(throws: ModelError.self) { try model.sweep(from: .code([0, 0, 0]), latents: [3], range: .prior) }
    #expect(throws: ModelError.codeLength(found: 2, expected: 3)) {
      try model.sweep(from: .code([0, 0]), range: .prior)
    }
  }

  @Test("An automatic range covers the latent's aggregate posterior; an inactive latent falls back to the prior")
  func automatic() throws {
    // One latent spread between −3 and 3 with σ = 0.1, one that always says the prior.
    let count = 601
    var mean: [Float] = [], logVariance: [Float] = []
    for image in 0..<count {
      mean += [Float(image) / 100 - 3, 0.001]
      logVariance += [-4.6052, 0]
    }
    let statistics = LatentStatistics(
      Code(
        mean: Tensor(shape: [count, 2], values: mean), logVariance: Tensor(shape: [count, 2], values: logVariance)),
      kind: .gaussian)
    #expect(statistics.activeLatents == [0])
    // The 0.5 % quantile of a uniform distribution on ±3.005 blurred by σ: φ(u) + u Φ(u) = 0.3 at u = −0.216.
    #expect(abs(statistics.lower[0] + 3.0266) < 0.004 && abs(statistics.upper[0] - 3.0266) < 0.004)
    #expect(statistics.lower[1] == -3 && statistics.upper[1] == 3)
    #expect(abs(statistics.divergence[1]) < 1e-5)
    #expect(abs(statistics.meanVariance[0] - 3.01) < 0.02)
  }

  @Test("A range does not depend on the order of the images, also where they are in the order of a grid")
  func order() {
    // 30,000 codes of a factorial grid whose last factor, of five levels, is the second latent's mean.
    func code(_ image: Int) -> [Float] {
      let first = Float(image / 5 % 60), second = Float(image % 5)
      return [first / 20 - 1.5, second - 2]
    }
    var generator = RandomGenerator(seed: 4, stream: .sample)
    let orders: [[Int]] = [
      Array(0..<30_000), generator.permutation(30_000), Array((0..<30_000).reversed()),
    ]
    let ranges = orders.map { order in
      let mean = Tensor(shape: [30_000, 2], values: order.flatMap(code))
      return LatentStatistics(
        Code(mean: mean, logVariance: Tensor(shape: [30_000, 2], repeating: -4)), kind: .gaussian)
    }
    for statistics in ranges {
      // 1 % of a mixture of five normals of σ = e⁻² at −2…2: 2.5 % of the lowest one lies below −2 − 1.96 σ.
      #expect(abs(statistics.lower[1] - (-2 - 1.96 * 0.1353)) < 0.04 && abs(statistics.upper[1] - 2.265) < 0.04)
      #expect(abs(statistics.lower[0] - ranges[0].lower[0]) < 0.04)
    }
  }

  @Test("Up to 4000 images all are used: the range is the one of any order to the last digit but rounding")
  func all() {
    let codes = (0..<4000).map { Float($0 * $0 % 977) / 300 }
    let ranges = [codes, codes.reversed()].map { (codes: [Float]) in
      LatentStatistics(
        Code(
          mean: Tensor(shape: [codes.count, 1], values: codes),
          logVariance: Tensor(shape: [codes.count, 1], repeating: -3)), kind: .gaussian)
    }
    #expect(abs(ranges[0].lower[0] - ranges[1].lower[0]) < 1e-9 && abs(ranges[0].upper[0] - ranges[1].upper[0]) < 1e-9)
  }
}
