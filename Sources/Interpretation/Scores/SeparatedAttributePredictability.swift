/// The SAP score (Kumar, Sattigeri, Balakrishnan 2018, section 3): for each factor the difference of the scores of the
/// two latents that predict it best on their own; the mean over the factors.
package enum SeparatedAttributePredictability {
  /// The score by two definitions, which differ in how a latent's score for a factor with an order is had:
  ///
  /// - as disentanglement_lib's study has it (`continuous_factors=False`): as for every factor by the accuracy on test
  ///   images of a linear support vector machine (C = 0.01, balanced classes) that takes each level for a class;
  /// - as the paper has it: by the squared correlation; only factors without an order take the machine.
  ///
  /// - Parameter studied: how many images C is meant for. The losses of all images are summed, so fewer images weigh as
  ///   much less against the penalty, and a machine predicts worse than one of as many as disentanglement_lib's study
  ///   trains on; each weighs more instead. nil: C as it is.
  package static func gaps(_ training: ScoreSample, _ testing: ScoreSample, studied: Int? = nil) -> [Double] {
    let columns = Array(zip(training.columns, testing.columns))
    let cost = 0.01 * (studied.map { Double($0) / Double(max(1, training.count)) } ?? 1)
    var byClass = 0.0, byOrder = 0.0
    for (factor, truth) in zip(training.factors, testing.factors) {
      let accuracies = columns.map { column in
        let machine = LinearSupportVectors(column.0, factor.levels, cost: cost)
        let right = zip(column.1, truth.levels).count { machine.predict($0) == $1 }
        return Double(right) / Double(max(1, testing.count))
      }
      byClass += gap(accuracies)
      byOrder +=
        factor.isOrdered ? gap(columns.map { squaredCorrelation($0.0, factor.values) }) : gap(accuracies)
    }
    return [byClass, byOrder].map { $0 / Double(training.factors.count) }
  }

  private static func gap(_ scores: [Double]) -> Double {
    let sorted = scores.sorted(by: >)
    return sorted[0] - sorted[1]
  }

  private static func squaredCorrelation(_ x: [Double], _ y: [Double]) -> Double {
    let count = Double(x.count)
    let meanX = x.reduce(0, +) / count, meanY = y.reduce(0, +) / count
    var xx = 0.0, xy = 0.0, yy = 0.0
    for i in x.indices {
      xx += (x[i] - meanX) * (x[i] - meanX)
      xy += (x[i] - meanX) * (y[i] - meanY)
      yy += (y[i] - meanY) * (y[i] - meanY)
    }
    // Below that variance disentanglement_lib takes a latent for constant.
    return xx / max(1, count - 1) > 1e-12 && yy > 0 ? xy * xy / (xx * yy) : 0
  }
}
