import Glibc

/// The KL divergence of N(μ, σ²) from N(0, 1) in nats, `−½ (1 + log σ² − μ² − σ²)` (Kingma and Welling 2014,
/// appendix B; paper, "Objective").
func divergence(mean: Double, logVariance: Double) -> Double {
  -0.5 * (1 + logVariance - mean * mean - exp(logVariance))
}

/// β · KL (Higgins et al. 2017, equation 4; paper, "Objective"); β = 1 is the VAE's (Kingma and Welling 2014).
package struct BetaLoss: LatentLoss {
  package static let name = "vae"
  private let weight: Float

  package init(weight: Float) { self.weight = weight }

  package init(_ settings: SavedSettings) throws { weight = try settings.number("beta") }

  package var kind: String { weight == 1 ? "VAE" : "β-VAE" }
  package var settings: [LossSetting] { [LossSetting("beta", weight == 1 ? "" : "β", weight)] }
  package var beta: Float? { weight }

  package func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double] {
    gradient.addDivergence(weight * posterior.warmup, posterior)
    return []
  }

  package func loss(divergence: Double, terms: [Double]) -> Double { Double(weight) * divergence }
}

/// Nothing: a plain autoencoder, whose code is the mean.
package struct NoLatentLoss: LatentLoss {
  package static let name = "autoencoder"

  package init() {}
  package init(_ settings: SavedSettings) {}

  package let kind = "autoencoder"
  package let code = Objective.CodeKind.deterministic
  package let settings: [LossSetting] = []
  package let takesWarmup = false

  package func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double] { [] }

  package func loss(divergence: Double, terms: [Double]) -> Double { 0 }
}

extension Objective {
  /// A β-VAE's objective; β = 1 is the VAE.
  /// - Throws: `ModelError.unsupported` where β is negative or no finite number.
  public static func variational(beta: Float = 4, likelihood: Likelihood = .gaussian) throws -> Objective {
    Objective(BetaLoss(weight: try checked(beta, "beta")), likelihood)
  }

  /// An autoencoder's objective.
  public static func autoencoder(likelihood: Likelihood = .gaussian) -> Objective {
    Objective(NoLatentLoss(), likelihood)
  }

  /// A setting that is a finite number of 0 or more.
  static func checked(_ value: Float, _ name: String) throws -> Float {
    guard value.isFinite, value >= 0 else {
      throw ModelError.unsupported("\(name) must be a number of 0 or more, not \(value)")
    }
    return value
  }
}
