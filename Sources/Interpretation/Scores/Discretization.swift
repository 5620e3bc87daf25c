/// Continuous numbers as few whole ones.
enum Discretization {
  /// What disentanglement_lib (Locatello et al. 2019) divides codes into.
  static let bins = 20

  /// Twenty bins of equal width from the smallest to the largest value, as `numpy.histogram` and `numpy.digitize` make
  /// them: a value belongs to the last bin whose lower edge it reaches.
  static func binned(_ values: [Double]) -> [Int] {
    guard let low = values.min(), let high = values.max(), high > low else {
      return Array(repeating: 0, count: values.count)
    }
    let edges = (0..<bins).map { low + (high - low) * (Double($0) / Double(bins)) }
    return values.map { value in
      var bin = min(bins - 1, max(0, Int((value - low) / (high - low) * Double(bins))))
      while bin + 1 < bins && value >= edges[bin + 1] { bin += 1 }
      while bin > 0 && value < edges[bin] { bin -= 1 }
      return bin
    }
  }

  /// The values of a factor as 0, 1, 2, …: distinct values as they are, where it is categorical or has at most twenty; else
  /// twenty bins of equal width.
  static func levels(_ factor: KnownFactors.Factor) -> [Int] {
    let distinct = Set(factor.values).sorted()
    guard factor.isCategorical || distinct.count <= bins else { return binned(factor.values) }
    let places = Dictionary(distinct.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    return factor.values.map { places[$0] ?? 0 }
  }

  /// The images grouped by a factor's value, for drawing images that agree in it. Continuous factors are cut into twenty
  /// groups of nearly equal size; with fewer than 320 images into fewer, of about sixteen.
  static func groups(_ factor: KnownFactors.Factor) -> [[Int]] {
    let distinct = Set(factor.values).count, count = factor.values.count
    if factor.isCategorical || distinct <= bins {
      let levels = levels(factor)
      var groups = [[Int]](repeating: [], count: (levels.max() ?? 0) + 1)
      for (image, level) in levels.enumerated() { groups[level].append(image) }
      return groups.filter { !$0.isEmpty }
    }
    let order = factor.values.indices.sorted { (factor.values[$0], $0) < (factor.values[$1], $1) }
    let wanted = max(2, min(bins, count / 16))
    return (0..<wanted).map { Array(order[$0 * count / wanted..<($0 + 1) * count / wanted]) }.filter { !$0.isEmpty }
  }

  /// Which images scores are tested on, a third: those of which the fraction of `index · 0.618…` (the golden section) is 2⁄3 or
  /// more. That is spread evenly, whatever order the images are in, and easily repeated elsewhere.
  static func isTest(_ image: Int) -> Bool {
    let place = Double(image) * 0.618033988749895
    return place - place.rounded(.down) >= 2.0 / 3
  }
}
