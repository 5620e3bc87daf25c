import Glibc

/// Intervals of scores. A score of a sample of images varies with the images, the votes drawn from them, and which of them
/// are trained and tested on; and with few images it is off, because classifiers learn less from them. Random halves of the
/// images tell of both: by how much their scores differ among each other (given the sample, such a score has the variance
/// of the whole sample's: Politis and Romano 1994), and by how much they differ from the whole sample's.
package enum ScoreInterval {
  /// How often a score is computed anew.
  package static let repeats = 10
  /// Student's t for 95 % with one degree of freedom less.
  private static let quantile = 2.262

  /// What more images do to a score, as simulations show it (ScoreCoverageTests repeats them).
  package enum Growth: Sendable {
    /// Next to nothing.
    case none
    /// The error falls with the number of images, as that of entropies does (Miller 1955).
    case inverse
    /// The error falls with the root of the number of images.
    case root
    /// The odds, score : 1 − score, are multiplied by as much with every doubling.
    case odds

    /// How many times the difference to a half of the images lies between `share` · 15,000 images and 15,000.
    fileprivate func factor(_ share: Double) -> Double {
      switch self {
      case .none: 0
      case .inverse: 1 - share
      case .root: (1 - share.squareRoot()) / (2.0.squareRoot() - 1)
      case .odds: -log2(share)
      }
    }

    /// How many times the variance of the score that of the corrected one is, as simulations show it. The score and its
    /// difference to halves have the chance in common that divides images into those to train and those to test on;
    /// without such a division the difference is little more than the chance in the mean of ten halves.
    fileprivate func multiple(_ factor: Double) -> Double {
      switch self {
      case .none: 1
      case .inverse: 1 + 0.2 * factor * factor
      case .root: 1 + factor + 0.6 * factor * factor
      case .odds: (1 + factor) * (1 + factor)
      }
    }
  }

  /// Where the score lies with 15,000 images, 95 %.
  /// - Parameters:
  ///   - value: the score.
  ///   - repeats: scores of random halves of the images; of a complete grid, of draws like the first.
  ///   - images: the number of images of the sample; nil for a complete grid, of which no image is missing.
  ///   - growth: what more images do to this score.
  package static func interval(
    _ value: Double, _ repeats: [Double], images: Int?, growth: Growth = .none
  ) -> ClosedRange<Double> {
    let count = Double(max(1, repeats.count)), mean = repeats.reduce(0, +) / count
    let variance = repeats.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
    let most = Double(ScoredCodes.mostImages)
    let factor = growth.factor(images.map { min(1, Double(max(1, $0)) / most) } ?? 1)
    guard growth == .odds && factor > 0 else {
      return interval(value, mean, variance * growth.multiple(factor), factor) { $0 }
    }
    // On the scale of the logarithm of the odds, whose slope is 1 / (v (1 − v)).
    func held(_ score: Double) -> Double { min(1 - 1e-4, max(1e-4, score)) }
    func logOdds(_ score: Double) -> Double { log(held(score) / (1 - held(score))) }
    let slope = 1 / (held(value) * (1 - held(value)))
    let found = interval(logOdds(value), logOdds(mean), variance * slope * slope * growth.multiple(factor), factor) {
      1 / (1 + exp(-$0))
    }
    return min(value, found.lowerBound)...max(value, found.upperBound)
  }

  /// The interval on a scale that `score` turns into scores. It holds the score itself.
  private static func interval(
    _ value: Double, _ mean: Double, _ variance: Double, _ factor: Double, score: (Double) -> Double
  ) -> ClosedRange<Double> {
    // A third of the correction is taken for uncertain.
    let correction = factor * (value - mean)
    let error = (variance + correction * correction / 9).squareRoot()
    let middle = value + correction, half = quantile * error
    let low = score(min(value, middle - half)), high = score(max(value, middle + half))
    return min(1, max(0, low))...min(1, max(0, high))
  }
}
