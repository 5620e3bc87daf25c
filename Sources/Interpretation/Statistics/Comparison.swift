import Glibc

/// Values of one quantity over several seeds.
public struct Sample: Sendable, Equatable {
  /// The values.
  public let values: [Double]

  /// Values of one quantity.
  public init(_ values: [Double]) { self.values = values }

  /// Their mean; NaN without any.
  public var mean: Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }

  /// Their standard deviation, `√(Σ (x − mean)² / (n − 1))`; NaN for fewer than two.
  public var deviation: Double {
    guard values.count > 1 else { return .nan }
    let mean = mean
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// Half the width of the 95 % interval of their mean, `t s / √n` with Student's two-sided 95 % quantile for n − 1 degrees
  /// of freedom; NaN for fewer than two.
  public var margin: Double {
    guard values.count > 1 else { return .nan }
    let count = Double(values.count)
    return Student.quantile(0.975, freedom: count - 1) * deviation / count.squareRoot()
  }

  /// Whether its mean and another's differ by more than chance explains, by Welch's test (1947) at 5 %: the difference
  /// exceeds `t` of its standard errors `√(s₁²/n₁ + s₂²/n₂)`, t being Student's two-sided 95 % quantile for Welch and
  /// Satterthwaite's degrees of freedom. Means of fewer than two values are never told apart.
  public func differs(from other: Sample) -> Bool {
    guard values.count > 1, other.values.count > 1 else { return false }
    let own = deviation * deviation / Double(values.count)
    let their = other.deviation * other.deviation / Double(other.values.count)
    let difference = abs(mean - other.mean)
    guard own + their > 0 else { return difference > 0 }
    let freedom =
      (own + their) * (own + their)
      / (own * own / Double(values.count - 1) + their * their / Double(other.values.count - 1))
    return difference > Student.quantile(0.975, freedom: freedom) * (own + their).squareRoot()
  }
}

/// Student's t distribution (1908).
public enum Student {
  /// The number that t stays below with a probability of ½ up to 1.
  /// - Parameter freedom: degrees of freedom, above 0, whole or not.
  public static func quantile(_ probability: Double, freedom: Double) -> Double {
    var low = 0.0, high = 1.0
    while cumulative(high, freedom) < probability && high < 1e12 { high *= 2 }
    for _ in 0..<100 {
      let middle = 0.5 * (low + high)
      if cumulative(middle, freedom) < probability { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  /// The probability that t is at most a number of 0 or more: `1 − ½ I(ν / (ν + t²); ν/2, ½)`.
  static func cumulative(_ t: Double, _ freedom: Double) -> Double {
    1 - 0.5 * incompleteBeta(freedom / (freedom + t * t), 0.5 * freedom, 0.5)
  }

  /// The regularised incomplete beta function I(x; a, b), by its continued fraction (Abramowitz and Stegun, 26.5.8)
  /// evaluated as Lentz (1976) does.
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges quickly where x lies below the mean.
    guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(a * log(x) + b * log(1 - x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    let tiny = 1e-300
    var c = 1.0, d = 1 / max(tiny, 1 - (a + b) * x / (a + 1)), result = d
    for m in 1...500 {
      let m = Double(m)
      for numerator in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 / (abs(1 + numerator * d) < tiny ? tiny : 1 + numerator * d)
        c = abs(1 + numerator / c) < tiny ? tiny : 1 + numerator / c
        result *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return front * result
  }
}
