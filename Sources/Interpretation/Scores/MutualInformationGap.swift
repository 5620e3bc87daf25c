import Glibc

/// The mutual information gap (Chen, Li, Grosse, Duvenaud 2018, equation 6): for each factor v the difference of the two
/// largest mutual informations I(z; v) of a latent with it, over the factor's entropy H(v); the mean over the factors.
/// Latents are cut into 20 bins of equal width and the factors' levels kept as they are, as in disentanglement_lib.
package enum MutualInformationGap {
  package static func gap(_ sample: ScoreSample) -> Double {
    let latents = sample.columns.map(Discretization.binned)
    let gaps = sample.factors.map { factor -> Double in
      let shared = latents.map { mutualInformation($0, factor.levels) }.sorted(by: >)
      let entropy = mutualInformation(factor.levels, factor.levels)
      return entropy > 0 ? (shared[0] - shared[1]) / entropy : 0
    }
    return gaps.reduce(0, +) / Double(gaps.count)
  }

  /// I(a; b) = H(a) + H(b) − H(a, b) in nats, of whole numbers ≥ 0.
  static func mutualInformation(_ a: [Int], _ b: [Int]) -> Double {
    let rows = (a.max() ?? 0) + 1, columns = (b.max() ?? 0) + 1
    var joint = [Int](repeating: 0, count: rows * columns)
    for index in a.indices { joint[a[index] * columns + b[index]] += 1 }
    var ofA = [Int](repeating: 0, count: rows), ofB = [Int](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        ofA[row] += joint[row * columns + column]
        ofB[column] += joint[row * columns + column]
      }
    }
    return entropy(ofA) + entropy(ofB) - entropy(joint)
  }

  private static func entropy(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return counts.reduce(0) { sum, count in
      count > 0 ? sum - Double(count) / total * log(Double(count) / total) : sum
    }
  }
}
