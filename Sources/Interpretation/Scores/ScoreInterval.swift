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
    /// The error falls with the root of the number of images.
    case root
    /// The score grows by as much with every doubling.
    case doubling

    /// How many times the difference to a half of the images lies between `share` · 15,000 images and 15,000.
    fileprivate func factor(_ share: Double) -> Double {
      switch self {
      case .none: 0
      case .root: (1 - share.squareRoot()) / (2.0.squareRoot() - 1)
      case .doubling: -log2(share)
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
    // The chance in the score is in the correction too, and half of what that adds is taken for uncertain.
    let correction = factor * (value - mean)
    let error = (variance * (1 + factor) * (1 + factor) + 0.25 * correction * correction).squareRoot()
    let middle = value + correction, half = quantile * error
    return min(1, max(0, min(value, middle - half)))...min(1, max(0, max(value, middle + half)))
  }
}
