/// What is told of numbers by their order.
extension [Double] {
  /// The ranks of finite numbers from 1; equal numbers share the mean of their ranks.
  package var ranks: [Double] {
    let order = indices.sorted { (self[$0], $0) < (self[$1], $1) }
    var ranks = [Double](repeating: 0, count: count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count && self[order[last + 1]] == self[order[first]] { last += 1 }
      for place in first...last { ranks[order[place]] = 0.5 * Double(first + last) + 1 }
      first = last + 1
    }
    return ranks
  }

  /// The number in the middle, the mean of the two there; nil without any.
  package var median: Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted(), middle = count / 2
    return count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
  }
}
