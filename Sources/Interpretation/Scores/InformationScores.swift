import Glibc
import Numerics

extension ScoredCodes {
  /// Disentanglement, completeness and informativeness (Eastwood and Williams 2018, section 2). The importance R of each
  /// latent for each factor is that of boosted trees that predict the factor from the codes, as in disentanglement_lib
  /// (Locatello et al. 2019); trees for continuous factors predict the number itself, as the original paper's
  /// regressors do, rather than one of its values. With `P = R / Σ R` along factors or latents,
  ///
  /// - disentanglement is `Σᵢ ρᵢ (1 − H_K(Pᵢ))`, over the latents, weighted by their share ρᵢ of all importance;
  /// - completeness is `Σⱼ ρⱼ (1 − H_Z(P_j))`, over the factors;
  /// - informativeness is the mean over the factors of the accuracy, or of R² held at 0 or above, on a test third.
  ///
  /// The intervals are ±1.96 deviations of sixteen refits to images drawn anew from the training ones.
  func informationScores(workers: Workers) -> [Score] {
    let refits = 16
    let training = (0..<count).filter { !Discretization.isTest($0) }
    // A float each: the buffer is there to be written by several threads.
    let results = FloatBuffer(count: 3 * (refits + 1))
    workers.run(units: refits + 1) { unit in
      var weights: [Int]?
      if unit > 0 {
        var generator = RandomGenerator(seed: seed, stream: .scores, index: 100 + unit)
        let draws = Bootstrap.draws(training.count, &generator)
        weights = draws
      }
      for (place, value) in information(training, weights).enumerated() { results[3 * unit + place] = Float(value) }
    }
    return ["DCI disentanglement", "DCI completeness", "DCI informativeness"].enumerated().map { place, name in
      Bootstrap.interval(
        name, Double(results[place]), (1...refits).map { Double(results[3 * $0 + place]) })
    }
  }

  private func information(_ training: [Int], _ weights: [Int]?) -> [Double] {
    let features = codes.map { code in training.map { code[$0] } }
    let testing = (0..<count).filter(Discretization.isTest)
    var importance: [[Double]] = [], informativeness = 0.0
    for factor in factors.factors {
      if factor.isCategorical {
        let levels = Discretization.levels(factor)
        let trees = BoostedTrees(
          features, classes: training.map { levels[$0] }, count: (levels.max() ?? 0) + 1, weights: weights)
        importance.append(trees.importance)
        let right = testing.count { image in trees.predictedClass(codes.map { $0[image] }) == levels[image] }
        informativeness += Double(right) / Double(max(1, testing.count))
      } else {
        let trees = BoostedTrees(features, numbers: training.map { factor.values[$0] }, weights: weights)
        importance.append(trees.importance)
        let mean = testing.reduce(0) { $0 + factor.values[$1] } / Double(max(1, testing.count))
        var error = 0.0, variance = 0.0
        for image in testing {
          let difference = trees.scores(codes.map { $0[image] })[0] - factor.values[image]
          error += difference * difference
          variance += (factor.values[image] - mean) * (factor.values[image] - mean)
        }
        informativeness += variance > 0 ? max(0, 1 - error / variance) : 0
      }
    }
    let byLatent = codes.indices.map { k in importance.map { $0[k] } }
    return [
      Self.concentration(byLatent), Self.concentration(importance),
      informativeness / Double(factors.factors.count),
    ]
  }

  /// One less the entropy of each row in units of its largest possible, weighted by the rows' shares of the whole.
  static func concentration(_ rows: [[Double]]) -> Double {
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
