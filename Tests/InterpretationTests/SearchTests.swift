import BVAEInterpretation
import Testing

@Suite("What a search recommends")
struct SearchTests {
  /// A point of one model a seed: errors and scores one each, a divergence and latents in use for all, or one each.
  private func point(
    _ value: Double, errors: [Double], divergence: Double = 1, beta: Double = 4, active: [Int] = [2], latents: Int = 4,
    scores: [Double] = []
  ) -> SearchPoint {
    SearchPoint(
      value: value,
      runs: errors.enumerated().map { place, error in
        SearchRun(
          seed: UInt64(place + 1), reconstruction: error, divergence: divergence, compared: error + beta * divergence,
          active: active[min(place, active.count - 1)], latents: latents,
          disentanglement: scores.isEmpty ? nil : scores[place])
      })
  }

  @Test("With one seed, of numbers of latents within 5 % of the least loss the fewest, and it says that it is one seed")
  func fewest() throws {
    // Losses 34, 29, 25.25, 24.9, 24: 5.2 % and 3.75 % above the least.
    let points = [(2, 30.0), (3, 25), (4, 21.25), (6, 20.9), (8, 20)].map { value, error in
      point(Double(value), errors: [error], active: [min(value, 4)], latents: value)
    }
    let found = try #require(Recommendation.latents(points))
    #expect(found.index == 3)
    #expect(
      found.reason
        == "6 latents, the fewest whose loss (24.90) is within 5 % of the lowest (24.00, with 8); 4 latents have a higher "
        + "loss (25.25); 4 of 6 latents are in use. This rests on one seed; 'seeds 3' or more tests whether the "
        + "differences exceed chance")
    #expect(Recommendation.latents([]) == nil)
    #expect(Recommendation.latents([point(2, errors: [.nan])]) == nil)
  }

  @Test("With several seeds what the seeds change decides which losses are the same")
  func spread() throws {
    let close = [
      point(2, errors: [30, 30.4, 29.7], latents: 2), point(4, errors: [20.9, 21.6, 20.2]),
      point(8, errors: [20.1, 20.5, 19.8], latents: 8),
    ]
    let found = try #require(Recommendation.latents(close))
    #expect(found.index == 1)
    #expect(
      found.reason
        == "4 latents, the fewest whose loss (24.90 ± 1.74) does not differ significantly from the lowest "
        + "(24.13 ± 0.87, with 8); 2 latents have a higher loss (34.03 ± 0.87); 2 of 4 latents are in use")
    // The same means with less spread differ significantly, 3 % or not.
    let clear = [point(4, errors: [20.9, 20.95, 20.85]), point(8, errors: [20.1, 20.2, 20.1], latents: 8)]
    #expect(try #require(Recommendation.latents(clear)).index == 1)
  }

  @Test("Scores decide where several seeds tell them apart, never with one seed")
  func scores() throws {
    func points(_ scores: [[Double]]) -> [SearchPoint] {
      zip([2.0, 4, 8], scores).map {
        point($0, errors: $1.map { _ in 20 }, latents: Int($0), scores: $1)
      }
    }
    let plain = try #require(
      Recommendation.latents(points([[0.10, 0.11, 0.09], [0.30, 0.31, 0.29], [0.20, 0.21, 0.22]])))
    #expect(plain.index == 1)
    #expect(
      plain.reason.hasPrefix("4 latents, with the best mean score, 0.300 ± 0.025 against at most 0.210, and a "))
    let vague = try #require(
      Recommendation.latents(points([[0.073, 0.121, 0.039], [0.05, 0.06, 0.055], [0.08, 0.03, 0.10]])))
    #expect(vague.index == 0)
    #expect(
      vague.reason.contains("the mean scores (0.055 to 0.078) of 2, 4 and 8 latents do not differ significantly"))
    let single = try #require(Recommendation.latents(points([[0.1], [0.9], [0.2]])))
    #expect(single.index == 0 && single.reason.contains("one seed cannot tell a difference from chance"))
    // A single latent has no gap to a second one.
    #expect(point(1, errors: [1], latents: 1, scores: [0.9]).disentanglement == nil)
  }

  @Test("Seeds that disagree about the best β leave it undecided, and the knee is recommended")
  func undecided() throws {
    let betas = [
      point(1, errors: [10, 10.2, 9.9], divergence: 9, beta: 1, scores: [0.12, 0.04, 0.06]),
      point(2, errors: [11, 11.2, 10.9], divergence: 4, beta: 2, scores: [0.073, 0.121, 0.039]),
      point(4, errors: [20, 20.4, 20.1], divergence: 2.5, scores: [0.05, 0.06, 0.11]),
    ]
    let found = try #require(Recommendation.weight("β", betas))
    #expect(found.index == 1)
    #expect(
      found.reason.hasPrefix(
        "β 2, the knee of the curve: its reconstruction error of 11.03 ± 0.38 (10.03 to 20.17 over"),
      "\(found.reason)")
    #expect(found.reason.contains("the mean scores (0.073 to 0.078) of β 1, 2 and 4 do not differ significantly"))
    let same = [
      point(1, errors: [10, 12, 11], divergence: 4), point(2, errors: [11, 10, 12.5], divergence: 4),
    ]
    #expect(try #require(Recommendation.weight("β", same)).reason.contains("; at β 2 neither differs significantly"))
  }

  @Test("A β or a number with which no latent is in use is never recommended, and the reason says that it was excluded")
  func collapsed() throws {
    let points = [
      point(1, errors: [10], divergence: 9, beta: 1, active: [4]), point(2, errors: [11], divergence: 4, active: [4]),
      point(4, errors: [20], divergence: 2.5), point(12, errors: [9], divergence: 0, beta: 12, active: [0]),
    ]
    let found = try #require(Recommendation.weight("β", points))
    #expect(found.index == 1 && found.reason.contains("; excluded: β 12 (no latent in use)."), "\(found.reason)")
    let only = try #require(Recommendation.weight("β", Array(points[2...])))
    #expect(only.index == 0 && only.reason.hasPrefix("β 4, the only value with latents in use"))
    let none = try #require(
      Recommendation.weight("β", [points[3], point(8, errors: [40], divergence: 0, active: [0])]))
    #expect(none.index == nil && none.reason.contains("try lower β, a warm-up or more epochs"))
    // Latents: the least loss is that of a collapsed model.
    let latents = [
      point(2, errors: [10, 10.1], divergence: 0, active: [0, 0], latents: 2),
      point(4, errors: [20, 21], active: [1, 2]),
      point(8, errors: [15, 15.1], divergence: 0, active: [0, 1], latents: 8),
    ]
    let chosen = try #require(Recommendation.latents(latents))
    #expect(chosen.index == 1)
    #expect(chosen.reason.contains("excluded: 2 and 8 latents (no latent in use in at least half of the models)"))
    #expect(chosen.reason.contains("1 to 2 of 4 latents are in use"))
    let all = try #require(Recommendation.latents([latents[0], latents[2]]))
    #expect(
      all.index == nil
        && all.reason.contains("none, because no latent is in use with at least half of the seeds at any number")
        && all.reason.contains("try a lower β"))
  }

  @Test("Of any other option the value with the best criterion is recommended, with those that equal it")
  func criterion() throws {
    func generators(_ errors: [[Double]], active: Int = 3) -> [SearchPoint] {
      zip([0.5, 1, 2], errors).map { value, errors in
        SearchPoint(
          value: value,
          runs: errors.enumerated().map { place, error in
            SearchRun(
              seed: UInt64(place), reconstruction: .nan, divergence: .nan, compared: error, active: active, latents: 3)
          })
      }
    }
    let errors = try #require(
      Recommendation.best(
        "λ", generators([[0.5, 0.52, 0.51], [0.1, 0.14, 0.12], [0.11, 0.15, 0.16]]), by: .error(of: "Z0")))
    #expect(errors.index == 1)
    #expect(
      errors.reason
        == "λ 1, with the lowest error of Z0 (0.120 ± 0.050); at λ 2 it does not differ significantly; λ 0.5: 0.510; "
        + "3 of 3 latents are in use", "\(errors.reason)")
    let information = try #require(
      Recommendation.best("noise", generators([[1.1], [2.1], [2.2]]), by: .information("L_cat")))
    #expect(information.index == 2)
    #expect(
      information.reason.hasPrefix("noise 2, with the highest L_cat (2.200); noise 0.5 and 1: 1.100 and 2.100; 3 of 3"))
    let none = try #require(
      Recommendation.best("λ", generators([[0.9], [0.9], [0.9]], active: 0), by: .error(of: "Z0")))
    #expect(none.index == nil && none.reason.contains("so that Q gives all images the same code; try a higher λ"))
    #expect(Recommendation.best("λ", generators([[.nan], [.nan], [.nan]]), by: .error(of: "Z0")) == nil)
  }

  @Test("The interval of a mean is Student's, as SciPy computes it")
  func interval() {
    // scipy.stats.t.interval(0.95, 4, scipy.mean(x), scipy.stats.sem(x)) for the values below: 2.0 ± 1.9632431614775545.
    let sample = Sample([1, 2, 3, 4, 0])
    #expect(abs(sample.margin - 1.9632431614775545) < 1e-9 && Sample([1]).margin.isNaN)
  }
}
