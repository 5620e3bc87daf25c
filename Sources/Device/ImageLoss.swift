import Glibc

/// How far decoded images, which come out of a sigmoid, are from what they should be: summed over an image's values.
package enum ImageLoss: Int, Sendable {
  /// (y − x)².
  case squaredError
  /// −x log y − (1 − x) log (1 − y), y bounded to 10⁻⁷…1 − 10⁻⁷.
  case crossEntropy
  /// |y − x|.
  case absoluteError

  /// What a value adds to the error.
  package func error(of decoded: Float, for value: Float) -> Double {
    switch self {
    case .squaredError:
      let difference = Double(decoded) - Double(value)
      return difference * difference
    case .crossEntropy:
      // A NaN stays one, so that a diverging training is noticed.
      let bounded = decoded.isNaN ? .nan : Double(min(max(decoded, 1e-7), 1 - 1e-7))
      return -(Double(value) * log(bounded) + Double(1 - value) * log(1 - bounded))
    case .absoluteError: return abs(Double(decoded) - Double(value))
    }
  }

  /// The derivative of `error` by what goes into the sigmoid that gives the decoded value.
  @inline(__always)
  package func gradient(of decoded: Float, for value: Float) -> Float {
    switch self {
    case .squaredError: 2 * (decoded - value) * decoded * (1 - decoded)
    // The sigmoid's derivative and the cross-entropy's denominator cancel.
    case .crossEntropy: decoded - value
    case .absoluteError: (decoded > value ? 1 : decoded < value ? -1 : 0) * decoded * (1 - decoded)
    }
  }
}
