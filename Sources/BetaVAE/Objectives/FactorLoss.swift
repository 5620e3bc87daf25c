import BVAEDevice
import BVAENetworks

/// KL + γ · TC: the FactorVAE's loss (Kim and Mnih 2018, equation 2 and algorithm 2). A critic D tells codes from codes
/// whose latents were permuted across a batch; the log ratio of its two answers is that of the densities, so that
///
///     TC ≈ mean [d₀(z) − d₁(z)]
///
/// over the batch's codes. The critic learns beside it, on `½ [CE(D(z), 0) + CE(D(z̄), 1)]`; see `Critic`.
package struct FactorLoss: LatentLoss {
  package static let name = "factorvae"
  private let weight: Float, width: Int

  package init(weight: Float, width: Int = 1000) { (self.weight, self.width) = (weight, width) }

  package init(_ settings: SavedSettings) throws {
    weight = try settings.number("gamma")
    width = try settings.count("critic")
  }

  package let kind = "FactorVAE"
  package var settings: [LossSetting] { [LossSetting("gamma", "γ", weight), LossSetting("critic", "", width)] }
  package let terms = ["TC", "critic loss"]
  package var estimate: String? { "critic" }

  /// Six dense layers with a leaky ReLU, and two logits (Kim and Mnih 2018, appendix A).
  package func critic(latents: Int) -> Net? {
    try? Net(.row(latents)) {
      for layer in 1...6 {
        Dense("critic.fc\(layer)", width)
        Rectifier(slope: 0.2)
      }
      Dense("critic.output", 2)
    }
  }

  package func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double] {
    let share = posterior.warmup
    gradient.addDivergence(share, posterior)
    guard let critic = posterior.critic else { return [0, 0] }
    let judgement = critic.judge(posterior.sample, images: posterior.images, weight: weight * share)
    gradient.sample = judgement.gradient
    return [judgement.correlation, judgement.loss]
  }

  package func loss(divergence: Double, terms: [Double]) -> Double { divergence + Double(weight) * terms[0] }

  package func training(_ model: VariationalAutoencoder, batch: Int, options: TrainingOptions) -> any Trainable {
    FactorTraining(model, batch: batch, options: options)
  }
}

extension Objective {
  /// The limits of the width of a FactorVAE's critic.
  public static let criticRange = 1...4096

  /// The objective of the FactorVAE (Kim and Mnih 2018).
  /// - Parameters:
  ///   - gamma: the weight of the total correlation; 10 to 40 for dSprites in the paper, 6.4 in much code.
  ///   - critic: numbers of each of the critic's hidden layers.
  /// - Throws: `ModelError.unsupported` where one is out of range.
  public static func factor(gamma: Float = 10, critic: Int = 1000, likelihood: Likelihood = .gaussian) throws
    -> Objective
  {
    guard criticRange.contains(critic) else {
      throw ModelError.unsupported(
        "the width of the critic must be from \(criticRange.lowerBound) to \(criticRange.upperBound), not \(critic)")
    }
    return Objective(FactorLoss(weight: try checked(gamma, "gamma"), width: critic), likelihood)
  }
}
