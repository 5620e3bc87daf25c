import Glibc

/// Gradient boosted trees (Friedman 2001) with scikit-learn's defaults: 100 rounds of trees of depth 3, rate 0.1; squared
/// error for numbers, multinomial deviance for classes. Splits lie between at most 255 quantiles of each feature, where
/// scikit-learn tries every value; with no more than 255 values the trees are the same but for ties.
struct BoostedTrees {
  /// How much the splits on each feature lowered the mean squared error of the residuals, all together 1; zeros where
  /// nothing was split.
  let importance: [Double]
  /// For each output the trees of all rounds.
  private let trees: [[Tree]]
  private let initial: [Double]
  private let classes: [Int]
  private let bins: FeatureBins
  private static let rounds = 100, rate = 0.1

  /// Trees that predict a number.
  /// - Parameters:
  ///   - features: one list for each feature, a value an example.
  ///   - most: the most bins of a feature.
  init(_ features: [[Double]], numbers: [Double], bins most: Int = FeatureBins.most) {
    bins = FeatureBins(features, most: most)
    classes = []
    let mean = numbers.reduce(0, +) / Double(max(1, numbers.count))
    initial = [mean]
    let grower = TreeGrower(bins)
    var residuals = numbers.map { $0 - mean }
    var trees: [Tree] = []
    for _ in 0..<Self.rounds {
      var tree = grower.grow(residuals)
      for leaf in grower.leaves {
        var sum = 0.0
        grower.forEach(in: leaf) { sum += residuals[$0] }
        let value = sum / Double(leaf.count)
        tree.nodes[leaf.node].value = value
        grower.forEach(in: leaf) { residuals[$0] -= Self.rate * value }
      }
      trees.append(tree)
    }
    self.trees = [trees]
    importance = Self.normalized(grower.importance)
  }

  /// Trees that predict a class, one output for each class that occurs, its score the log of the odds; of two classes one
  /// output tells the second from the first.
  init(_ features: [[Double]], classes labels: [Int], bins most: Int = FeatureBins.most) {
    bins = FeatureBins(features, most: most)
    let classes = Set(labels).sorted(), count = labels.count
    self.classes = classes
    let outputs = classes.count == 2 ? 1 : classes.count
    let positive = classes.count == 2 ? [classes[1]] : classes
    let priors = positive.map { label -> Double in
      let share = Double(labels.count { $0 == label }) / Double(max(1, count))
      return outputs == 1 ? log(share / (1 - share)) : log(share)
    }
    initial = priors
    var trees = [[Tree]](repeating: [], count: outputs)
    guard classes.count > 1 else {
      self.trees = trees
      importance = features.map { _ in 0 }
      return
    }
    let grower = TreeGrower(bins)
    // One list for each output, a value an example.
    var scores = priors.map { [Double](repeating: $0, count: count) }
    var residuals = scores
    for _ in 0..<Self.rounds {
      Self.probabilities(scores, into: &residuals)
      for k in 0..<outputs {
        for row in 0..<count { residuals[k][row] = (labels[row] == positive[k] ? 1 : 0) - residuals[k][row] }
        var tree = grower.grow(residuals[k])
        for leaf in grower.leaves {
          var above = 0.0, below = 0.0
          grower.forEach(in: leaf) { row in
            let residual = residuals[k][row]
            above += residual
            below += abs(residual) * (1 - abs(residual))
          }
          if outputs > 1 { above *= Double(outputs - 1) / Double(outputs) }
          let value = below > 1e-150 ? above / below : 0
          tree.nodes[leaf.node].value = value
          grower.forEach(in: leaf) { scores[k][$0] += Self.rate * value }
        }
        trees[k].append(tree)
      }
    }
    self.trees = trees
    importance = Self.normalized(grower.importance)
  }

  /// The number for each of some examples.
  /// - Parameter features: one list for each feature, a value an example.
  func numbers(_ features: [[Double]]) -> [Double] { scores(features)[0] }

  /// The class of each of some examples.
  func predictedClasses(_ features: [[Double]]) -> [Int] {
    let count = features.first?.count ?? 0
    guard classes.count > 1 else { return Array(repeating: classes.first ?? 0, count: count) }
    let scores = scores(features)
    return (0..<count).map { row in
      if classes.count == 2 { return classes[scores[0][row] > 0 ? 1 : 0] }
      return classes[scores.indices.reduce(0) { scores[$1][row] > scores[$0][row] ? $1 : $0 }]
    }
  }

  private func scores(_ features: [[Double]]) -> [[Double]] {
    let count = features.first?.count ?? 0
    let cells = bins.cells(of: features)
    return zip(initial, trees).map { start, trees in
      var scores = [Double](repeating: start, count: count)
      for tree in trees { tree.add(to: &scores, rate: Self.rate, cells, features: bins.features) }
      return scores
    }
  }

  /// The probability of each class by scores, one list for each.
  private static func probabilities(_ scores: [[Double]], into result: inout [[Double]]) {
    let count = scores[0].count
    if scores.count == 1 {
      for row in 0..<count { result[0][row] = 1 / (1 + exp(-scores[0][row])) }
      return
    }
    var highest = scores[0], sum = [Double](repeating: 0, count: count)
    for score in scores.dropFirst() { for row in 0..<count { highest[row] = max(highest[row], score[row]) } }
    for k in scores.indices {
      for row in 0..<count {
        let power = exp(scores[k][row] - highest[row])
        result[k][row] = power
        sum[row] += power
      }
    }
    for k in scores.indices { for row in 0..<count { result[k][row] /= sum[row] } }
  }

  private static func normalized(_ importance: [Double]) -> [Double] {
    let sum = importance.reduce(0, +)
    return sum > 0 ? importance.map { $0 / sum } : importance
  }
}

/// Features cut at their quantiles.
package struct FeatureBins {
  /// For each feature the upper edge of every bin but the last.
  let edges: [[Double]]
  /// The bins of the examples, [examples, features].
  let cells: [UInt8]
  /// The number of examples.
  let count: Int
  /// The number of features.
  var features: Int { edges.count }
  /// The most bins of a feature.
  package static let most = 255
  /// Values no further apart than this are not told apart, as in scikit-learn.
  private static let threshold = 1e-7

  /// - Parameters:
  ///   - features: one list for each feature, a value an example.
  ///   - most: the most bins of a feature, 2…255.
  init(_ features: [[Double]], most: Int) {
    count = features.first?.count ?? 0
    edges = features.map { feature -> [Double] in
      let sorted = Set(feature).sorted()
      guard sorted.count > 1 else { return [] }
      let cuts = min(most - 1, sorted.count - 1)
      return (1...cuts).compactMap { cut in
        let place = cut * sorted.count / (cuts + 1)
        let (below, above) = (sorted[place - 1], sorted[place])
        return above - below > Self.threshold ? 0.5 * (below + above) : nil
      }
    }
    cells = Self.cells(features, edges)
  }

  /// The bins of further examples, [examples, features].
  func cells(of features: [[Double]]) -> [UInt8] { Self.cells(features, edges) }

  private static func cells(_ features: [[Double]], _ edges: [[Double]]) -> [UInt8] {
    let width = features.count
    var cells = [UInt8](repeating: 0, count: width * (features.first?.count ?? 0))
    for (k, feature) in features.enumerated() {
      let edges = edges[k]
      for (row, value) in feature.enumerated() {
        var low = 0, high = edges.count
        while low < high {
          let middle = (low + high) / 2
          if value > edges[middle] { low = middle + 1 } else { high = middle }
        }
        cells[row * width + k] = UInt8(low)
      }
    }
    return cells
  }
}

/// A tree of depth 3: fifteen nodes, of which the children of node i are 2i + 1 and 2i + 2.
struct Tree {
  struct Node {
    /// The feature that it asks for; −1 in leaves.
    var feature = -1
    /// The last bin of it that goes left.
    var bin: UInt8 = 0
    /// What a leaf predicts.
    var value = 0.0
  }

  var nodes = [Node](repeating: Node(), count: 15)

  /// Adds what it predicts, times a rate, to the scores of examples.
  /// - Parameter cells: the bins of the examples, [examples, features].
  func add(to scores: inout [Double], rate: Double, _ cells: [UInt8], features: Int) {
    nodes.withUnsafeBufferPointer { nodes in
      cells.withUnsafeBufferPointer { cells in
        for row in scores.indices {
          var node = 0
          while nodes[node].feature >= 0 {
            node = 2 * node + (cells[row * features + nodes[node].feature] <= nodes[node].bin ? 1 : 2)
          }
          scores[row] += rate * nodes[node].value
        }
      }
    }
  }
}

/// Grows trees on the same examples, each split chosen to lower the squared error most.
///
/// Works on raw memory of its own: a score grows tens of thousands of trees.
final class TreeGrower {
  /// How much the splits on each feature lowered the mean squared error in all trees.
  private(set) var importance: [Double]
  /// The leaves of the tree that was grown last.
  private(set) var leaves: [Leaf] = []
  /// A leaf, and where its examples stand.
  struct Leaf {
    let node: Int
    let first: Int, count: Int
  }

  private let count: Int, features: Int
  /// The bins of the examples, [examples, features], and the number of bins of each feature.
  private let cells: UnsafeMutableBufferPointer<UInt8>
  private let binCounts: [Int]
  /// The examples, those of a node next to each other, and room to order them.
  private let order: UnsafeMutableBufferPointer<Int32>, rest: UnsafeMutableBufferPointer<Int32>
  /// For a node at each depth the sum of the targets and the number of examples in each bin of each feature.
  private let histograms: [UnsafeMutableBufferPointer<SIMD2<Double>>]
  private static let depth = 3, width = FeatureBins.most + 1

  init(_ bins: FeatureBins) {
    count = bins.count
    features = bins.features
    cells = .allocate(capacity: bins.cells.count)
    _ = cells.initialize(from: bins.cells)
    binCounts = bins.edges.map { $0.count + 1 }
    order = .allocate(capacity: count)
    _ = order.initialize(from: 0..<Int32(count))
    rest = .allocate(capacity: count)
    rest.initialize(repeating: 0)
    let size = features * Self.width
    histograms = (0..<Self.depth).map { _ in .allocate(capacity: size) }
    for histogram in histograms { histogram.initialize(repeating: .zero) }
    importance = [Double](repeating: 0, count: features)
  }

  deinit {
    cells.deallocate()
    order.deallocate()
    rest.deallocate()
    for histogram in histograms { histogram.deallocate() }
  }

  /// Calls a function with each example of a leaf.
  func forEach(in leaf: Leaf, _ body: (Int) -> Void) {
    for place in leaf.first..<leaf.first + leaf.count { body(Int(order[place])) }
  }

  /// A tree for targets, one an example; its leaves have no values yet.
  func grow(_ targets: [Double]) -> Tree {
    var tree = Tree()
    leaves.removeAll(keepingCapacity: true)
    guard count > 0 else { return tree }
    targets.withUnsafeBufferPointer { targets in
      fill(histograms[0], 0..<count, targets)
      split(node: 0, depth: 0, histogram: 0, 0..<count, targets, &tree)
    }
    return tree
  }

  /// Splits a node whose histogram is filled, and what comes below it.
  private func split(
    node: Int, depth: Int, histogram: Int, _ rows: Range<Int>, _ targets: UnsafeBufferPointer<Double>,
    _ tree: inout Tree
  ) {
    guard depth < Self.depth, rows.count > 1, let best = bestSplit(histograms[histogram], rows, targets) else {
      leaves.append(Leaf(node: node, first: rows.lowerBound, count: rows.count))
      return
    }
    tree.nodes[node].feature = best.feature
    tree.nodes[node].bin = UInt8(best.bin)
    importance[best.feature] += best.gain / Double(count)
    let middle = partition(rows, best.feature, UInt8(best.bin))
    let left = rows.lowerBound..<middle, right = middle..<rows.upperBound
    var ofLeft = histogram, ofRight = histogram
    if depth + 1 < Self.depth {
      // The smaller child is counted; what remains of the parent's histogram is the larger one's.
      let counted = histograms[depth + 1], remaining = histograms[histogram]
      fill(counted, left.count <= right.count ? left : right, targets)
      for feature in 0..<features {
        for place in feature * Self.width..<feature * Self.width + binCounts[feature] {
          remaining[place] -= counted[place]
        }
      }
      if left.count <= right.count { ofLeft = depth + 1 } else { ofRight = depth + 1 }
    }
    split(node: 2 * node + 1, depth: depth + 1, histogram: ofLeft, left, targets, &tree)
    split(node: 2 * node + 2, depth: depth + 1, histogram: ofRight, right, targets, &tree)
  }

  private func fill(
    _ histogram: UnsafeMutableBufferPointer<SIMD2<Double>>, _ rows: Range<Int>, _ targets: UnsafeBufferPointer<Double>
  ) {
    for feature in 0..<features {
      for place in feature * Self.width..<feature * Self.width + binCounts[feature] { histogram[place] = .zero }
    }
    for place in rows {
      let row = Int(order[place])
      let target = SIMD2(targets[row], 1)
      var start = 0
      for cell in row * features..<(row + 1) * features {
        histogram[start + Int(cells[cell])] += target
        start += Self.width
      }
    }
  }

  /// Orders a node's examples, those that go left first; gives where the others begin.
  private func partition(_ rows: Range<Int>, _ feature: Int, _ bin: UInt8) -> Int {
    var middle = rows.lowerBound, others = 0
    for place in rows {
      let row = order[place]
      if cells[Int(row) * features + feature] <= bin {
        order[middle] = row
        middle += 1
      } else {
        rest[others] = row
        others += 1
      }
    }
    for place in 0..<others { order[middle + place] = rest[place] }
    return middle
  }

  /// The split that lowers the squared error most; nil where the targets do not differ or no feature does.
  private func bestSplit(
    _ histogram: UnsafeMutableBufferPointer<SIMD2<Double>>, _ rows: Range<Int>, _ targets: UnsafeBufferPointer<Double>
  ) -> (feature: Int, bin: Int, gain: Double)? {
    var total = 0.0, squares = 0.0
    let all = Double(rows.count)
    for place in rows {
      let target = targets[Int(order[place])]
      total += target
      squares += target * target
    }
    guard squares / all - total / all * (total / all) > .ulpOfOne else { return nil }
    // The gain is `above / (below · all)`; fractions are compared without dividing.
    var feature = -1, bin = 0, above = -1.0, below = 1.0
    for k in 0..<features {
      let start = k * Self.width
      var left = 0.0, leftCount = 0.0
      for cell in 0..<binCounts[k] - 1 {
        let here = histogram[start + cell]
        left += here.x
        leftCount += here.y
        if leftCount >= all { break }
        let difference = left * all - total * leftCount
        let square = difference * difference, product = leftCount * (all - leftCount)
        if square * below > above * product && product > 0 {
          (feature, bin, above, below) = (k, cell, square, product)
        }
      }
    }
    return feature < 0 ? nil : (feature, bin, above / (below * all))
  }
}
