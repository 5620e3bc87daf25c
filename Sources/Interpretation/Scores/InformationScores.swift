import Glibc

/// Disentanglement, completeness and informativeness (Eastwood and Williams 2018, section 2). The importance R of each
/// latent for each factor is that of boosted trees that predict the factor from the codes, as in disentanglement_lib
/// (Locatello et al. 2019). With `P = R / Σ R` along factors or latents,
///
/// - disentanglement is `Σᵢ ρᵢ (1 − H_K(Pᵢ))`, over the latents, weighted by their share ρᵢ of all importance;
/// - completeness is `Σⱼ ρⱼ (1 − H_Z(P_j))`, over the factors;
/// - informativeness is the mean over the factors of how well test images are predicted.
package enum InformationScores {
  /// The three by disentanglement_lib's definition: trees take each level of a factor for a class, and the accuracy counts.
  package static func byClass(
    _ training: ScoreSample, _ testing: ScoreSample, bins: Int = FeatureBins.most
  ) -> [Double] {
    scores(training, testing, bins) { _ in false }
  }

  /// The three by the paper's: trees predict the number of a factor with an order, and R² counts, held at 0 or above; only
  /// factors without an order are taken for classes.
  package static func byOrder(
    _ training: ScoreSample, _ testing: ScoreSample, bins: Int = FeatureBins.most
  ) -> [Double] {
    scores(training, testing, bins, isNumber: \.isOrdered)
  }

  private static func scores(
    _ training: ScoreSample, _ testing: ScoreSample, _ bins: Int, isNumber: (ScoreSample.Column) -> Bool
  ) -> [Double] {
    let inputs = training.columns, others = testing.columns
    var importance: [[Double]] = [], informativeness = 0.0
    for (factor, truth) in zip(training.factors, testing.factors) {
      if isNumber(factor) {
        let trees = BoostedTrees(inputs, numbers: factor.values, bins: bins)
        importance.append(trees.importance)
        informativeness += max(0, determination(trees.numbers(others), truth.values))
      } else {
        let trees = BoostedTrees(inputs, classes: factor.levels, bins: bins)
        importance.append(trees.importance)
        let right = zip(trees.predictedClasses(others), truth.levels).count { $0 == $1 }
        informativeness += Double(right) / Double(max(1, testing.count))
      }
    }
    let byLatent = inputs.indices.map { k in importance.map { $0[k] } }
    return [concentration(byLatent), concentration(importance), informativeness / Double(importance.count)]
  }

  /// R², at most 1.
  private static func determination(_ predicted: [Double], _ truth: [Double]) -> Double {
    let mean = truth.reduce(0, +) / Double(max(1, truth.count))
    let error = zip(predicted, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let variance = truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return variance > 0 ? 1 - error / variance : 0
  }

  /// One less the entropy of each row in units of its largest possible, weighted by the rows' shares of the whole.
  private static func concentration(_ rows: [[Double]]) -> Double {
    let whole = rows.reduce(0) { $0 + $1.reduce(0, +) }
    var score = 0.0
    for row in rows {
      let lifted = row.map { $0 + 1e-11 }, sum = lifted.reduce(0, +)
      let entropy = lifted.reduce(0) { $0 - $1 / sum * log($1 / sum) } / log(Double(max(2, row.count)))
      score += (1 - entropy) * (whole > 0 ? row.reduce(0, +) / whole : 1 / Double(rows.count))
    }
    return score
  }
}
