import Glibc

extension ScoredCodes {
  /// The mutual information gap (Chen, Li, Grosse, Duvenaud 2018, equation 6): for each factor v the difference of the two
  /// largest mutual informations I(z; v) of a latent with it, over its entropy H(v); the mean over the factors. Latents
  /// and continuous factors are cut into 20 bins of equal width, as disentanglement_lib does.
  public func mutualInformationGap() -> Score {
    let latents = codes.map(Discretization.binned), levels = factors.factors.map(Discretization.levels)
    func gap(_ weights: [Int]?) -> Double {
      var sum = 0.0
      for level in levels {
        let entropy = Self.entropy(level, weights)
        let shared = latents.map { Self.mutualInformation($0, level, weights) }.sorted(by: >)
        sum += entropy > 0 ? (shared[0] - (shared.count > 1 ? shared[1] : 0)) / entropy : 0
      }
      return sum / Double(levels.count)
    }
    return Bootstrap.score("MIG", count, generator(2), gap)
  }

  /// H in nats of whole numbers ≥ 0, each counted as often as its weight says.
  private static func entropy(_ values: [Int], _ weights: [Int]?) -> Double {
    var counts = [Int](repeating: 0, count: (values.max() ?? 0) + 1)
    for (index, value) in values.enumerated() { counts[value] += weights?[index] ?? 1 }
    return entropy(counts: counts)
  }

  private static func entropy(counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return counts.reduce(0) { sum, count in
      count > 0 ? sum - Double(count) / total * log(Double(count) / total) : sum
    }
  }

  /// I(a; b) = H(a) + H(b) − H(a, b) in nats.
  static func mutualInformation(_ a: [Int], _ b: [Int], _ weights: [Int]? = nil) -> Double {
    let rows = (a.max() ?? 0) + 1, columns = (b.max() ?? 0) + 1
    var joint = [Int](repeating: 0, count: rows * columns)
    for index in a.indices { joint[a[index] * columns + b[index]] += weights?[index] ?? 1 }
    var ofA = [Int](repeating: 0, count: rows), ofB = [Int](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        ofA[row] += joint[row * columns + column]
        ofB[column] += joint[row * columns + column]
      }
    }
    return entropy(counts: ofA) + entropy(counts: ofB) - entropy(counts: joint)
  }
}
