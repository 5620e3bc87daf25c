/// Modularity and explicitness (Ridgeway and Mozer 2018, section 3) as disentanglement_lib (Locatello et al. 2019) defines
/// them.
package enum ModularityExplicitness {
  /// How far each latent tells of one factor only: with its mutual informations m with the factors, the largest being θ,
  /// `1 − Σ m² / (θ² (K − 1))` over the other K − 1 factors, 0 for a latent that tells of none; the mean over the latents.
  package static func modularity(_ sample: ScoreSample) -> Double {
    let scores = sample.columns.map { column -> Double in
      let bins = Discretization.binned(column)
      let squares = sample.factors.map { factor -> Double in
        let shared = MutualInformationGap.mutualInformation(bins, factor.levels)
        return shared * shared
      }
      let largest = squares.max() ?? 0
      guard largest > 0 else { return 0 }
      return 1 - (squares.reduce(0, +) - largest) / (largest * Double(squares.count - 1))
    }
    return scores.reduce(0, +) / Double(scores.count)
  }

  /// How well the latents together tell the levels of the factors: of a logistic regression on standardised codes the
  /// area under the ROC curve of each level on the test images, ½ by chance; the mean over the levels, then over the
  /// factors.
  package static func explicitness(_ training: ScoreSample, _ testing: ScoreSample) -> Double {
    let columns = training.columns
    let means = columns.map { $0.reduce(0, +) / Double(max(1, $0.count)) }
    let deviations = zip(columns, means).map { column, mean in
      (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, column.count))).squareRoot()
    }
    func rows(_ sample: ScoreSample) -> [[Double]] {
      (0..<sample.count).map { row in
        (0..<sample.latents).map { k in
          let away = sample.codes[row * sample.latents + k] - means[k]
          return deviations[k] > 0 ? away / deviations[k] : away
        }
      }
    }
    let known = rows(training), unseen = rows(testing)
    let scores = zip(training.factors, testing.factors).map { factor, truth -> Double in
      // Levels that no training image has cannot be told.
      let levels = Set(factor.levels).sorted()
      let classes = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($0.element, $0.offset) })
      let model = LogisticRegression(known, factor.levels.map { classes[$0] ?? 0 }, classes: levels.count)
      let chances = unseen.map(model.probabilities)
      let areas = levels.enumerated().compactMap { place, level in
        area(chances.map { $0[place] }, truth.levels.map { $0 == level })
      }
      return areas.reduce(0, +) / Double(max(1, areas.count))
    }
    return scores.reduce(0, +) / Double(scores.count)
  }

  /// The area under the ROC curve: how often one that belongs has a higher value than one that does not, equal values
  /// counting half; nil where either is missing.
  private static func area(_ values: [Double], _ belongs: [Bool]) -> Double? {
    let inside = belongs.count(where: { $0 }), outside = belongs.count - inside
    guard inside > 0, outside > 0 else { return nil }
    let ranks = Association.ranks(values)
    let sum = zip(ranks, belongs).reduce(0) { $1.1 ? $0 + $1.0 : $0 }
    return (sum - Double(inside) * Double(inside + 1) / 2) / (Double(inside) * Double(outside))
  }
}
