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

  /// What more images do to a score.
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
  }

  /// How a score depends on the sample, as simulations show it (ScoreCoverageTests repeats them).
  package struct Behaviour: Sendable {
    /// What more images do to it.
    package let growth: Growth
    /// The variance of the score corrected by `factor` differences to halves, in variances of the halves' scores:
    /// `chance[0] + chance[1] · factor + chance[2] · factor²`. The score and its difference to halves have the chance
    /// in common that divides images into those to train and those to test on; halves are divided anew each time, so
    /// that without a correction they vary more than the score.
    package let chance: [Double]
    /// The share of the correction that is taken for uncertain.
    package let doubt: Double

    /// Votes.
    package static let votes = Behaviour(growth: .none, chance: [1, 0, 0], doubt: 0)
    /// Entropies.
    package static let entropies = Behaviour(growth: .inverse, chance: [1, 0, 0.2], doubt: 1 / 3.0)
    /// How well single latents predict.
    package static let prediction = Behaviour(growth: .none, chance: [0.65, 0, 0], doubt: 0)
    /// How much a predictor makes of each latent: classifiers, of many trees, learn more from more images for long.
    package static let importance = Behaviour(growth: .odds, chance: [1, 2, 1], doubt: 1 / 3.0)
    package static let importanceByOrder = Behaviour(growth: .odds, chance: [1, 1, 0.3], doubt: 1 / 8.0)
    /// How well all latents predict.
    package static let accuracy = Behaviour(growth: .root, chance: [1, 1, 0.6], doubt: 1 / 3.0)
    package static let accuracyByOrder = Behaviour(growth: .root, chance: [1, 1, 0], doubt: 1 / 3.0)
  }

  /// Where the score lies with 15,000 images, 95 %.
  /// - Parameters:
  ///   - value: the score.
  ///   - repeats: scores of random halves of the images; of a complete grid, of draws like the first.
  ///   - images: the number of images of the sample; nil for a complete grid, of which no image is missing.
  ///   - behaviour: how this score depends on the sample.
  package static func interval(
    _ value: Double, _ repeats: [Double], images: Int?, _ behaviour: Behaviour
  ) -> ClosedRange<Double> {
    let count = Double(max(1, repeats.count)), mean = repeats.reduce(0, +) / count
    let variance = repeats.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
    guard let images else { return interval(value, variance) { $0 } }
    let growth = behaviour.growth, chance = behaviour.chance
    let factor = growth.factor(min(1, Double(max(1, images)) / Double(ScoredCodes.mostImages)))
    let multiple = chance[0] + chance[1] * factor + chance[2] * factor * factor
    func found(_ value: Double, _ mean: Double, _ slope: Double, score: (Double) -> Double) -> ClosedRange<Double> {
      let correction = factor * (value - mean), doubt = behaviour.doubt * correction
      return interval(value, variance * slope * slope * multiple + doubt * doubt, correction: correction, score: score)
    }
    guard growth == .odds && factor > 0 else { return found(value, mean, 1) { $0 } }
    // On the scale of the logarithm of the odds, whose slope is 1 / (v (1 − v)).
    func held(_ score: Double) -> Double { min(1 - 1e-4, max(1e-4, score)) }
    func logOdds(_ score: Double) -> Double { log(held(score) / (1 - held(score))) }
    let range = found(logOdds(value), logOdds(mean), 1 / (held(value) * (1 - held(value)))) { 1 / (1 + exp(-$0)) }
    return min(value, range.lowerBound)...max(value, range.upperBound)
  }

  /// The interval on a scale that `score` turns into scores. It holds the score itself.
  private static func interval(
    _ value: Double, _ variance: Double, correction: Double = 0, score: (Double) -> Double
  ) -> ClosedRange<Double> {
    let middle = value + correction, half = quantile * variance.squareRoot()
    let low = score(min(value, middle - half)), high = score(max(value, middle + half))
    return min(1, max(0, low))...min(1, max(0, high))
  }
}
