import Interpretation
import Testing

@Suite("What a search recommends")
struct SearchTests {
  private func point(
    _ value: Double, error: Double, divergence: Double, beta: Double = 4, active: Int = 2, latents: Int = 4,
    score: Double? = nil, within: Double = 0
  ) -> SearchPoint {
    SearchPoint(
      value: value, reconstruction: error, divergence: divergence, loss: error + beta * divergence, active: active,
      latents: latents, disentanglement: score, disentanglementError: within)
  }

  @Test("Of numbers of latents with nearly the same loss the smallest is recommended, with what fewer come to")
  func fewest() throws {
    let points = [(2, 30.0), (3, 25), (4, 20.1), (6, 20), (8, 20.2)].map { value, error in
      point(Double(value), error: error, divergence: 1, active: min(value, 4), latents: value)
    }
    let found = try #require(Recommendation.latents(points))
    #expect(found.index == 2)
    #expect(
      found.reason
        == "4 latents have a loss of 24.10, within 2 % of the least (24.00 with 6); 3 have to mix more and reach 29.00; "
        + "4 of 4 latents are in use")
    #expect(Recommendation.latents([]) == nil)
    #expect(Recommendation.latents([point(2, error: .nan, divergence: 1)]) == nil)
  }

  @Test("Known factors decide where the scores tell more than their errors, else the fewest latents or the knee do")
  func scores() throws {
    func points(_ scores: [Double], within: Double) -> [SearchPoint] {
      zip([2.0, 4, 8], scores).map {
        point($0, error: 20, divergence: 1, latents: Int($0), score: $1, within: within)
      }
    }
    let plain = try #require(Recommendation.latents(points([0.1, 0.3, 0.2], within: 0.01)))
    #expect(plain.index == 1 && plain.reason.contains("tells the factors apart best, 0.300"))
    let vague = try #require(Recommendation.latents(points([0.1, 0.3, 0.2], within: 0.2)))
    #expect(vague.index == 0 && vague.reason.contains("cannot be told apart (0.100 to 0.300"))
    let betas = [(1.0, 10.0, 8.0, 0.30), (4, 12, 2, 0.28), (8, 30, 1, 0.1)].map {
      point($0, error: $1, divergence: $2, beta: $0, score: $3, within: 0.03)
    }
    let knee = try #require(Recommendation.beta(betas))
    #expect(knee.index == 1 && knee.reason.hasPrefix("β 4 is the knee of those whose scores cannot be told apart"))
    // A single latent has no gap to a second one.
    #expect(point(1, error: 1, divergence: 1, latents: 1, score: 0.9).disentanglement == nil)
  }

  @Test("Of β the knee is recommended, never one that uses no latent")
  func knee() throws {
    let points = [
      point(1, error: 10, divergence: 9, beta: 1, active: 4), point(2, error: 11, divergence: 4, beta: 2, active: 4),
      point(4, error: 20, divergence: 2.5, active: 2), point(12, error: 40, divergence: 0, beta: 12, active: 0),
    ]
    let found = try #require(Recommendation.beta(points))
    #expect(found.index == 1)
    #expect(found.reason.hasPrefix("β 2 is the knee: error 11.00 of 10.00 to 20.00 and KL 4.00 of 2.50 to 9.00 nats"))
    let only = try #require(Recommendation.beta(Array(points[2...])))
    #expect(only.index == 0 && only.reason.hasPrefix("β 4 is the only one of which a latent is in use"))
    let none = try #require(Recommendation.beta([points[3], point(8, error: 40, divergence: 0, beta: 8, active: 0)]))
    #expect(none.index == 1 && none.reason.contains("no latent is in use with any of them; try lower ones"))
  }
}
