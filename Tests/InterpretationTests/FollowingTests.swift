import BVAECPU
import BVAEDatasets
import BVAEInterpretation
import BVAEPlatform
import BetaVAE
import Testing

@Suite("What the latents of a DC-IGN follow")
struct FollowingTests {
  @Test("A latent that alone follows its factor has invariance 0 and equivariance 1, one that does not has neither")
  func known() throws {
    // Two latents: of the first the mean is the factor's square, of the second something else, or the same.
    let factor = (0..<50).map { Float($0) / 10 }, other = (0..<50).map { Float($0 * 17 % 50) }
    func following(_ second: [Float], _ secondWithin: [Float]) -> FactorFollowing {
      FactorFollowing(
        factor: "f", latent: 0, active: [0], latents: 2, means: zip(factor, second).flatMap { [$0 * $0, $1] },
        values: factor, batches: [(zip(factor, secondWithin).flatMap { [-$0, $1] }, factor)])
    }
    let good = following(other, factor.map { _ in 3 })
    #expect(good.invariance == 0 && abs(good.equivariance! - 1) < 1e-12 && abs(good.equivarianceWithin! - 1) < 1e-12)
    #expect(abs(following(other, other).invariance! - 1) < 1e-12)
    #expect(following(factor.map { _ in 1 }, other).invariance == nil)
    let shape = FactorFollowing(
      factor: "shape", latent: 0, active: [0], latents: 1, means: factor, values: [], batches: [])
    #expect(shape.invariance == nil && shape.equivariance == nil && shape.equivarianceWithin == nil)
  }

  @Test("A DC-IGN learns to let its latents follow their factors, and the others not")
  func learned() throws {
    let wish = SyntheticWish(selection: Selection(count: 400, shuffle: 3), split: .train)
    let compute = Compute(threads: 1), sprites = SyntheticData.sprites
    let data = try sprites.dataset(of: sprites.factors(wish), split: .train, side: 16, workers: compute.workers)
    func model(isClamped: Bool) throws -> VariationalAutoencoder {
      VariationalAutoencoder(
        try Architecture(image: data.images.shape, network: .mlp, hidden: 64, latents: 4),
        objective: try .inverseGraphics(factors: ["x", "y"], isClamped: isClamped, likelihood: .bernoulli), seed: 2,
        compute: compute)
    }
    func train(_ model: VariationalAutoencoder) throws -> [FactorFollowing] {
      let options = TrainingOptions(epochs: 150, batch: 20, rate: 1e-3, seed: 1)
      _ = try Trainer(
        model, images: data.images, varied: data.varied(["x", "y"], workers: compute.workers), options: options
      ).run()
      return try model.following(on: data)
    }
    let held = try model(isClamped: true), untrained = try held.following(on: data)
    #expect(untrained.map(\.factor) == ["x", "y", nil] && untrained.map(\.latent) == [0, 1, nil])
    let rows = try train(held)
    for row in rows.prefix(2) {
      #expect(row.equivariance! > 0.8 && row.equivarianceWithin! > 0.9 && row.invariance! < 0.5, "\(rows)")
    }
    #expect(try held.following(on: data) == rows)
    // The same batches without the clamp teach neither.
    let free = try train(model(isClamped: false))
    for (with, without) in zip(rows, free).prefix(2) {
      #expect(without.equivariance! < with.equivariance! - 0.2, "\(rows) \(free)")
    }
    func invariance(_ rows: [FactorFollowing]) -> Double { rows.prefix(2).reduce(0) { $0 + $1.invariance! } }
    #expect(invariance(free) > invariance(rows) + 0.2, "\(rows) \(free)")
  }
}
