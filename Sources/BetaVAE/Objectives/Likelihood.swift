import BVAEDevice

extension Objective {
  /// How likely an image is, given what was decoded: the reconstruction term, summed over the values of an image.
  public enum Likelihood: String, CaseIterable, Sendable {
    /// Squared error (paper, "Objective").
    case gaussian
    /// Cross-entropy, in nats.
    case bernoulli
    /// Absolute error.
    case laplace
  }
}

extension Objective.Likelihood {
  /// The same, as a device computes it.
  var imageLoss: ImageLoss {
    switch self {
    case .gaussian: .squaredError
    case .bernoulli: .crossEntropy
    case .laplace: .absoluteError
    }
  }

  /// What a decoded value adds to the reconstruction error.
  package func error(of decoded: Float, for value: Float) -> Double { imageLoss.error(of: decoded, for: value) }

  /// The largest error of an image of so many values: 1 each, and for the cross-entropy −log 10⁻⁷, where decoded values are
  /// bounded.
  package func worst(values: Int) -> Double {
    switch self {
    case .gaussian, .laplace: Double(values)
    case .bernoulli: Double(values) * 16.118_095_650_958_32
    }
  }
}
