/// γ · |KL − C(t)| (Burgess et al. 2018, equation 8): the mean KL divergence of a batch is held at a capacity that rises,
/// C(t) = C · min(1, t / T) at step t = 1, 2, …, so that latents come into use one after another.
package struct CapacityLoss: LatentLoss {
  package static let name = "capacityvae"
  private let gamma: Float, capacity: Float, steps: Int

  package init(gamma: Float, capacity: Float, steps: Int) {
    (self.gamma, self.capacity, self.steps) = (gamma, capacity, steps)
  }

  package init(_ settings: SavedSettings) throws {
    gamma = try settings.number("gamma")
    capacity = try settings.number("capacity")
    steps = try settings.count("capacity_steps")
  }

  package let kind = "capacity-annealed VAE"
  package var settings: [LossSetting] {
    [
      LossSetting("gamma", "γ", gamma), LossSetting("capacity", "C", capacity),
      LossSetting("capacity_steps", "T", steps),
    ]
  }
  package let takesWarmup = false
  package let terms = ["capacity", "distance"]

  /// C(t), in nats.
  package func capacity(at step: Int) -> Double {
    Double(capacity) * min(1, Double(step) / Double(steps))
  }

  package func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double] {
    let capacity = capacity(at: posterior.step), distance = posterior.divergence - capacity
    gradient.addDivergence(distance > 0 ? gamma : distance < 0 ? -gamma : 0, posterior)
    return [capacity, abs(distance)]
  }

  package func loss(divergence: Double, terms: [Double]) -> Double { Double(gamma) * terms[1] }
}

extension Objective {
  /// The objective of the capacity-annealed VAE (Burgess et al. 2018).
  /// - Parameters:
  ///   - gamma: γ, how dear it is to be off the capacity: 1000 in the paper, 100 in most code.
  ///   - capacity: C, in nats.
  ///   - steps: T, the steps over which the capacity rises from 0.
  /// - Throws: `ModelError.unsupported` where one is out of range.
  public static func capacity(
    gamma: Float = 1000, capacity: Float = 25, steps: Int = 100_000, likelihood: Likelihood = .gaussian
  ) throws -> Objective {
    guard steps >= 1 else { throw ModelError.unsupported("the capacity must rise over at least 1 step, not \(steps)") }
    return Objective(
      CapacityLoss(gamma: try checked(gamma, "gamma"), capacity: try checked(capacity, "capacity"), steps: steps),
      likelihood)
  }
}
