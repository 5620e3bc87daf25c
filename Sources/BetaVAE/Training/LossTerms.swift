import Glibc

/// The KL divergence of N(μ, σ²) from N(0, 1) in nats, `−½ (1 + log σ² − μ² − σ²)` (Kingma and Welling 2014,
/// appendix B; paper, "Objective").
func divergence(mean: Double, logVariance: Double) -> Double {
  -0.5 * (1 + logVariance - mean * mean - exp(logVariance))
}

extension Objective.Likelihood {
  /// What a decoded value adds to the reconstruction error: its squared difference, or its cross-entropy in nats.
  package func error(of decoded: Float, for value: Float) -> Double {
    switch self {
    case .gaussian:
      let difference = Double(decoded) - Double(value)
      return difference * difference
    case .bernoulli:
      // A NaN stays one, so that a diverging training is noticed.
      let bounded = decoded.isNaN ? .nan : Double(min(max(decoded, 1e-7), 1 - 1e-7))
      return -(Double(value) * log(bounded) + Double(1 - value) * log(1 - bounded))
    }
  }
}
