import BVAECPU
import BVAENetworks
import BetaVAE
import Glibc
import Testing

/// What a FactorVAE's critic says of codes whose total correlation is known.
@Suite("The critic of a FactorVAE")
struct CriticTests {
  private func model(critic: Int, latents: Int, threads: Int = 2, channels: Int = 1) throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(image: .mnist, channels: channels, latents: latents),
      objective: try .factor(gamma: 5, critic: critic), seed: 3, compute: Compute(threads: threads))
  }

  @Test("A permutation keeps each latent's values and gives each latent an order of its own")
  func permutation() {
    let images = 40, latents = 3, codes = (0..<images * latents).map(Float.init)
    var generator = RandomGenerator(seed: 1, stream: .permutation)
    var orders: [[Int]] = []
    let permuted = Critic.permuted(codes, latents: latents) { _ in
      orders.append(generator.permutation(images))
      return orders.last!
    }
    for latent in 0..<latents {
      let values = (0..<images).map { permuted[$0 * latents + latent] }
      #expect(Set(values) == Set((0..<images).map { codes[$0 * latents + latent] }))
      #expect(values == orders[latent].map { codes[$0 * latents + latent] })
    }
    #expect(Set(orders).count == latents)
  }

  @Test(
    "Trained on Gaussian codes of correlation ρ it says −½ ln (1 − ρ²), and ln 2 is its loss where there is none",
    arguments: [(0.0, 300), (0.8, 1200)])
  func correlation(rho: Double, steps: Int) throws {
    let model = try model(critic: 32, latents: 2), weights = try #require(model.critic), batch = 512
    let gradients = NetGradients(weights), noise = RandomGenerator(seed: 7, stream: .noise)
    let critic = try #require(Critic(of: model, batch: batch, gradients: gradients))
    func codes(_ part: Int) -> [Float] {
      (0..<batch).flatMap { image -> [Float] in
        let (a, b) = noise.normalPair(at: UInt64(part * batch + image))
        return [Float(a), Float(rho * a + (1 - rho * rho).squareRoot() * b)]
      }
    }
    /// The second latent of the next image stands for one that is drawn independently.
    func shown(_ part: Int) -> Critic.Judgement {
      critic.permuted = Critic.permuted(codes(2 * part + 1), latents: 2) { latent in
        (0..<batch).map { ($0 + latent) % batch }
      }
      return critic.judge(codes(2 * part), images: batch, weight: 1)
    }
    var adam = Adam(rate: 1e-3, beta1: 0.5, beta2: 0.9)
    for step in 1...steps {
      adam.rate = 1e-3 * (1 - Float(step - 1) / Float(steps))
      gradients.begin(adam.update(step))
      _ = shown(step)
      gradients.finish(adam.update(step))
    }
    let found = (1...40).map { shown(steps + $0) }
    let correlation = found.reduce(0) { $0 + $1.correlation } / 40, loss = found.reduce(0) { $0 + $1.loss } / 40
    let expected = -0.5 * log(1 - rho * rho)
    #expect(abs(correlation - expected) < 0.06, "\(correlation), not \(expected)")
    if rho == 0 { #expect(abs(loss - log(2)) < 0.01, "\(loss)") } else { #expect(loss < log(2) - 0.1, "\(loss)") }
  }

  @Test("The gradient that goes to the codes is that of the weighted total correlation, by finite differences")
  func gradient() throws {
    let model = try model(critic: 9, latents: 3), images = 5, noise = RandomGenerator(seed: 2, stream: .noise)
    let gradients = NetGradients(try #require(model.critic), storesAll: true, hasMoments: false)
    let critic = try #require(Critic(of: model, batch: images, gradients: gradients))
    func draw(_ part: Int) -> [Float] {
      (0..<images * 3).map { Float(noise.normalPair(at: UInt64(100 * part + $0)).0) }
    }
    let codes = draw(0)
    critic.permuted = draw(1)
    let found = critic.judge(codes, images: images, weight: 7).gradient
    for place in codes.indices {
      func moved(_ by: Float) -> Double {
        var codes = codes
        codes[place] += by
        return 7 * critic.judge(codes, images: images, weight: 7).correlation
      }
      let slope = (moved(1e-3) - moved(-1e-3)) / 2e-3
      #expect(abs(slope - Double(found[place])) < 2e-3, "\(place): \(found[place]), not \(slope)")
    }
  }

  @Test("A FactorVAE's training gives the same bits on 1, 2, 3 and 4 threads, and its critic learns")
  func sameBits() throws {
    func trained(_ threads: Int) throws -> VariationalAutoencoder {
      let model = try model(critic: 260, latents: 4, threads: threads, channels: 6)
      _ = try Trainer(
        model, images: TrainingTests.bars(50), options: TrainingOptions(epochs: 3, batch: 16, seed: 5)
      ).run()
      return model
    }
    let reference = try trained(1), untrained = try model(critic: 260, latents: 4, channels: 6)
    for threads in 2...4 { #expect(try trained(threads).weightsFingerprint == reference.weightsFingerprint) }
    for (name, before) in untrained.weights { #expect(reference.weights[name] != before, "\(name) did not move") }
    let terms = try #require(reference.history.epochs.last?.terms)
    #expect(terms.map(\.name) == ["TC", "critic loss"] && terms.allSatisfy { $0.value.isFinite })
    let evaluation = try reference.evaluate(on: TrainingTests.bars(50))
    #expect(
      abs(evaluation.loss - evaluation.reconstruction - evaluation.totalDivergence - 5 * evaluation.terms[0].value)
        < 1e-9)
    #expect(abs(evaluation.terms[1].value - log(2)) < 0.2)
  }
}
