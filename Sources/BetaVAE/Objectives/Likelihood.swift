import Glibc

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
  /// What a decoded value adds to the reconstruction error.
  package func error(of decoded: Float, for value: Float) -> Double {
    switch self {
    case .gaussian:
      let difference = Double(decoded) - Double(value)
      return difference * difference
    case .bernoulli:
      // A NaN stays one, so that a diverging training is noticed.
      let bounded = decoded.isNaN ? .nan : Double(min(max(decoded, 1e-7), 1 - 1e-7))
      return -(Double(value) * log(bounded) + Double(1 - value) * log(1 - bounded))
    case .laplace: return abs(Double(decoded) - Double(value))
    }
  }

  /// The derivative of `error` by what goes into the sigmoid that gives the decoded value.
  @inline(__always)
  func gradient(of decoded: Float, for value: Float) -> Float {
    switch self {
    case .gaussian: 2 * (decoded - value) * decoded * (1 - decoded)
    // The sigmoid's derivative and the cross-entropy's denominator cancel.
    case .bernoulli: decoded - value
    case .laplace: (decoded > value ? 1 : decoded < value ? -1 : 0) * decoded * (1 - decoded)
    }
  }

  /// The largest error of an image of so many values: 1 each, and for the cross-entropy −log 10⁻⁷, where decoded values are
  /// bounded.
  package func worst(values: Int) -> Double {
    switch self {
    case .gaussian, .laplace: Double(values)
    case .bernoulli: Double(values) * 16.118_095_650_958_32
    }
  }
}
