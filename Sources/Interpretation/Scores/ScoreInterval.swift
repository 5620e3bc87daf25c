/// Intervals of scores. A score of a sample of images varies with the images, the votes that are drawn from them, and what is
/// trained and tested on which of them; and with few images it is off, because codes that are binned share information
/// with any factor by chance, and classifiers learn less. Half of the images tell of both: by how much scores of random
/// halves differ among each other (the variance of such a score, the sample given, is that of the whole sample's:
/// Politis and Romano 1994), and by how much they differ from the whole sample's.
package enum ScoreInterval {
  /// How often a score is computed anew.
  package static let repeats = 10
  /// Student's t for 95 % with one degree of freedom less.
  private static let quantile = 2.262

  /// - Parameters:
  ///   - value: the score.
  ///   - repeats: scores of random halves of the images; of a complete grid, of draws like the first.
  ///   - images: the number of images of the sample; nil for a complete grid, of which no image is missing.
  /// - Returns: where the score lies with 15,000 images, 95 %.
  package static func interval(_ value: Double, _ repeats: [Double], images: Int?) -> ClosedRange<Double> {
    let count = Double(max(1, repeats.count)), mean = repeats.reduce(0, +) / count
    let variance = repeats.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
    // An error that falls with the root of the number of images is √2 times as large with half of them.
    let share = Double(min(images ?? ScoredCodes.mostImages, ScoredCodes.mostImages)) / Double(ScoredCodes.mostImages)
    let factor = (1 - share.squareRoot()) / (2.0.squareRoot() - 1)
    let correction = factor * (value - mean)
    // The law of the root is not that of every score; half of what it adds is taken for uncertain.
    let error = (variance * (1 + factor * factor / count) + 0.25 * correction * correction).squareRoot()
    let middle = value + correction, half = quantile * error
    return min(1, max(0, middle - half))...min(1, max(0, middle + half))
  }
}
