import Glibc

/// Gradient boosted trees (Friedman 2001) with scikit-learn's defaults: 100 rounds of trees of depth 3, rate 0.1; squared
/// error for numbers, multinomial deviance for classes. Splits lie between at most 255 quantiles of each feature.
struct BoostedTrees {
  /// How much the splits on each feature lowered the error, all together 1; zeros where nothing was split.
  let importance: [Double]
  private let stages: [[Tree]]
  private let initial: [Double]
  private let binner: FeatureBins
  private static let rounds = 100, rate = 0.1

  /// Trees that predict a number.
  /// - Parameters:
  ///   - features: one list of values for each.
  ///   - weights: how often each example counts.
  init(_ features: [[Double]], numbers: [Double], weights: [Int]? = nil) {
    let rows = Rows(weights, numbers.count)
    let bins = FeatureBins(features, rows.indices)
    let mean = rows.indices.reduce(0) { $0 + numbers[$1] * rows.weight[$1] } / rows.total
    var fitted = [Double](repeating: mean, count: numbers.count)
    var importance = [Double](repeating: 0, count: features.count)
    var stages: [[Tree]] = []
    for _ in 0..<Self.rounds {
      let residuals = zip(numbers, fitted).map { $0 - $1 }
      let tree = Tree(bins, rows, residuals, &importance) { members in
        members.reduce(0) { $0 + residuals[$1] * rows.weight[$1] } / members.reduce(0) { $0 + rows.weight[$1] }
      }
      for row in rows.indices { fitted[row] += Self.rate * tree.value(bins, row) }
      stages.append([tree])
    }
    self.stages = stages
    self.importance = Self.normalized(importance)
    initial = [mean]
    binner = bins
  }

  /// Trees that predict one of `0..<classes`; the score of each class is the log of its odds.
  init(_ features: [[Double]], classes labels: [Int], count classes: Int, weights: [Int]? = nil) {
    let rows = Rows(weights, labels.count)
    let bins = FeatureBins(features, rows.indices)
    // Two classes need one score, that of the second against the first.
    let scores = classes == 2 ? 1 : classes
    func isOwn(_ row: Int, _ score: Int) -> Double { labels[row] == (classes == 2 ? 1 : score) ? 1 : 0 }
    let priors = (0..<scores).map { score -> Double in
      let share = rows.indices.reduce(0) { $0 + isOwn($1, score) * rows.weight[$1] } / rows.total
      let bounded = min(max(share, 1e-7), 1 - 1e-7)
      return classes == 2 ? log(bounded / (1 - bounded)) : log(bounded)
    }
    var fitted = priors.map { [Double](repeating: $0, count: labels.count) }
    var importance = [Double](repeating: 0, count: features.count)
    var stages: [[Tree]] = []
    for _ in 0..<Self.rounds {
      var residuals = fitted
      for row in rows.indices {
        if classes == 2 {
          residuals[0][row] = isOwn(row, 0) - 1 / (1 + exp(-fitted[0][row]))
        } else {
          let highest = fitted.reduce(-Double.infinity) { max($0, $1[row]) }
          let sum = fitted.reduce(0) { $0 + exp($1[row] - highest) }
          for k in 0..<scores { residuals[k][row] = isOwn(row, k) - exp(fitted[k][row] - highest) / sum }
        }
      }
      let factor = classes == 2 ? 1 : Double(classes - 1) / Double(classes)
      let trees = (0..<scores).map { k in
        let residual = residuals[k]
        return Tree(bins, rows, residual, &importance) { members in
          var above = 0.0, below = 0.0
          for row in members {
            above += residual[row] * rows.weight[row]
            below += abs(residual[row]) * (1 - abs(residual[row])) * rows.weight[row]
          }
          return below > 1e-150 ? factor * above / below : 0
        }
      }
      for k in 0..<scores { for row in rows.indices { fitted[k][row] += Self.rate * trees[k].value(bins, row) } }
      stages.append(trees)
    }
    self.stages = stages
    self.importance = Self.normalized(importance)
    initial = priors
    binner = bins
  }

  /// The number, or the scores of the classes, of an example of one value a feature.
  func scores(_ example: [Double]) -> [Double] {
    let bins = binner.bins(of: example)
    var scores = initial
    for stage in stages { for k in stage.indices { scores[k] += Self.rate * stage[k].value(bins) } }
    return scores
  }

  /// The class of an example.
  func predictedClass(_ example: [Double]) -> Int {
    let scores = scores(example)
    if scores.count == 1 { return scores[0] > 0 ? 1 : 0 }
    return scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
  }

  private static func normalized(_ importance: [Double]) -> [Double] {
    let sum = importance.reduce(0, +)
    return sum > 0 ? importance.map { $0 / sum } : importance
  }
}

/// The examples that count, and how much.
struct Rows {
  let indices: [Int]
  let weight: [Double]
  let total: Double

  init(_ weights: [Int]?, _ count: Int) {
    weight = weights?.map(Double.init) ?? [Double](repeating: 1, count: count)
    indices = (0..<count).filter { weights?[$0] ?? 1 > 0 }
    total = weight.reduce(0, +)
  }
}

/// Features cut at their quantiles.
struct FeatureBins {
  /// For each feature the upper edge of every bin but the last.
  let edges: [[Double]]
  /// For each feature the bin of each example.
  let bins: [[UInt8]]
  static let most = 255

  init(_ features: [[Double]], _ rows: [Int]) {
    let edges = features.map { feature -> [Double] in
      let sorted = Set(rows.map { feature[$0] }).sorted()
      guard sorted.count > 1 else { return [] }
      let cuts = min(Self.most - 1, sorted.count - 1)
      return (1...cuts).map { cut in
        let place = cut * sorted.count / (cuts + 1)
        return 0.5 * (sorted[place - 1] + sorted[place])
      }
    }
    self.edges = edges
    bins = features.indices.map { k in features[k].map { Self.bin($0, edges[k]) } }
  }

  func bins(of example: [Double]) -> [UInt8] { example.indices.map { Self.bin(example[$0], edges[$0]) } }

  private static func bin(_ value: Double, _ edges: [Double]) -> UInt8 {
    var low = 0, high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if value > edges[middle] { low = middle + 1 } else { high = middle }
    }
    return UInt8(low)
  }
}

/// A regression tree of depth 3, its splits chosen to lower the squared error most.
struct Tree {
  /// The feature and last bin that go left; a leaf has no feature. The children of node i are 2i + 1 and 2i + 2.
  private var feature = [Int](repeating: -1, count: 15)
  private var bin = [UInt8](repeating: 0, count: 15)
  private var leaf = [Double](repeating: 0, count: 15)
  private static let inner = 7

  /// Grows a tree.
  /// - Parameters:
  ///   - importance: to which each split adds how much it lowers the mean squared error.
  ///   - value: the value of a leaf by its examples.
  init(
    _ bins: FeatureBins, _ rows: Rows, _ targets: [Double], _ importance: inout [Double], value: ([Int]) -> Double
  ) {
    var members = [[Int]](repeating: [], count: 15)
    members[0] = rows.indices
    for node in 0..<15 where !members[node].isEmpty {
      guard node < Self.inner, let split = Self.bestSplit(bins, rows, targets, members[node]) else {
        leaf[node] = value(members[node])
        continue
      }
      importance[split.feature] += split.gain / rows.total
      feature[node] = split.feature
      bin[node] = split.bin
      let column = bins.bins[split.feature]
      for row in members[node] {
        members[column[row] <= split.bin ? 2 * node + 1 : 2 * node + 2].append(row)
      }
    }
  }

  /// The value for one of the examples.
  func value(_ bins: FeatureBins, _ row: Int) -> Double {
    var node = 0
    while feature[node] >= 0 { node = bins.bins[feature[node]][row] <= bin[node] ? 2 * node + 1 : 2 * node + 2 }
    return leaf[node]
  }

  /// The value for an example by its bins.
  func value(_ example: [UInt8]) -> Double {
    var node = 0
    while feature[node] >= 0 { node = example[feature[node]] <= bin[node] ? 2 * node + 1 : 2 * node + 2 }
    return leaf[node]
  }

  private static func bestSplit(_ bins: FeatureBins, _ rows: Rows, _ targets: [Double], _ members: [Int])
    -> (feature: Int, bin: UInt8, gain: Double)?
  {
    var total = 0.0, weight = 0.0
    for row in members {
      total += targets[row] * rows.weight[row]
      weight += rows.weight[row]
    }
    var best: (feature: Int, bin: UInt8, gain: Double)?
    var sums = [Double](repeating: 0, count: FeatureBins.most + 1)
    var weights = sums
    for (feature, edges) in bins.edges.enumerated() where !edges.isEmpty {
      for cell in 0...edges.count {
        sums[cell] = 0
        weights[cell] = 0
      }
      bins.bins[feature].withUnsafeBufferPointer { column in
        for row in members {
          let cell = Int(column[row])
          sums[cell] += targets[row] * rows.weight[row]
          weights[cell] += rows.weight[row]
        }
      }
      var left = 0.0, leftWeight = 0.0
      for cell in edges.indices {
        left += sums[cell]
        leftWeight += weights[cell]
        guard weights[cell] > 0, leftWeight < weight else { continue }
        let difference = left / leftWeight - (total - left) / (weight - leftWeight)
        let gain = leftWeight * (weight - leftWeight) / weight * difference * difference
        if gain > (best?.gain ?? 1e-12 * weight) { best = (feature, UInt8(cell), gain) }
      }
    }
    return best
  }
}
