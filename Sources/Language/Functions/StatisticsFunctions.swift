import BVAEPlatform
import Glibc

/// What is computed of samples of numbers.
extension FunctionDeclaration {
  static let statistics: [FunctionDeclaration] =
    [
      along(
        "sum", "the sum", example: "print sum([1, 2, 3]), sum([[1, 2], [3, 4]], 0)", least: 0,
        ofRange: { (($0.lower + $0.upper) / 2) * Double($0.count) }
      ) {
        try finite(Samples.sum($0), of: $0)
      },
      along(
        "mean", "the mean", example: "print mean([1, 2, 4]), mean([[1, 2], [3, 4]], 0)",
        ofRange: { ($0.lower + $0.upper) / 2 }
      ) {
        try finite(Samples.mean($0), of: $0)
      },
      along(
        "variance", "Σ (x − mean)² / (n − 1), the variance", example: "print variance([1, 2, 4])", least: 2,
        Samples.variance),
      along("std", "the root of the variance, the standard deviation", example: "print std([1, 2, 4])", least: 2) {
        Samples.variance($0).squareRoot()
      },
      along("median", "the number in the middle, the mean of two", example: "print median([3, 1, 2])") {
        Samples.quantile($0, 0.5)
      },
      FunctionDeclaration(
        name: "quantile", syntax: "quantile(x, q)",
        summary: "the number below which the share q of a list lies, between two neighbours by linear interpolation; "
          + "several for a list of shares", example: "print quantile(0..100, 0.9), quantile(0..10, [0.25, 0.75])",
        arity: 2...2, parameters: [listed, numeric], result: { $0.last == .number ? .number : .any },
        apply: { arguments in
          let values = try array(arguments[0]).values
          guard !values.isEmpty else { throw ScriptFailure("an empty list has no quantiles") }
          return try arguments[1].mappingNumbers { share in
            guard (0...1).contains(share) else {
              throw ScriptFailure("a share lies from 0 to 1, not \(share.scriptText)")
            }
            return Samples.quantile(values, share)
          }
        }),
      pair(
        "correlation", "Pearson's correlation of two lists, or of each column of a list of lists with each other one",
        example: "print correlation([1, 2, 3], [2, 4, 7])", Samples.correlation),
      pair(
        "spearman", "Spearman's correlation, Pearson's of the ranks, of two lists or of columns with each other",
        example: "print spearman([1, 2, 3], [1, 4, 9])"
      ) { Samples.correlation(Samples.ranks($0), Samples.ranks($1)) },
      pair(
        "covariance", "Σ (x − mean)(y − mean) / (n − 1) of two lists, or of columns with each other",
        example: "print covariance([1, 2, 3], [2, 4, 7])", Samples.covariance),
      FunctionDeclaration(
        name: "histogram", syntax: "histogram(x, bins)",
        summary: "how many numbers of a list lie in each of so many bins (10) of equal width from the smallest to the "
          + "largest", example: "print histogram([1, 1, 2, 5], 4)",
        arity: 1...2, parameters: [listed, [.number]], result: { _ in .list },
        apply: { arguments in
          let values = try array(arguments[0]).values
          return try .numbers(Samples.histogram(values, try bins(arguments)).map(Double.init))
        }),
      FunctionDeclaration(
        name: "edges", syntax: "edges(x, bins)",
        summary: "the edges of the bins that 'histogram' counts in, one more than bins",
        example: "print edges([1, 1, 2, 5], 4)", arity: 1...2, parameters: [listed, [.number]], result: { _ in .list },
        apply: { arguments in try .numbers(Samples.edges(try array(arguments[0]).values, try bins(arguments))) }),
      ofVector(
        "ranks", "the rank of each number from 1, equal ones sharing the mean of theirs",
        example: "print ranks([3, 1, 3])"
      ) { Samples.ranks($0) },
    ]

  private static func bins(_ arguments: [Value]) throws -> Int {
    arguments.count > 1 ? try count(arguments[1], "the number of bins") : 10
  }

  /// A number of two lists, or a matrix of the columns of one.
  private static func pair(
    _ name: String, _ summary: String, example: String, _ body: @escaping @Sendable ([Double], [Double]) -> Double
  ) -> FunctionDeclaration {
    FunctionDeclaration(
      name: name, syntax: "\(name)(x, y)", summary: summary, example: example, arity: 1...2,
      parameters: [listed, listed], result: { $0.count == 2 ? .number : .list },
      apply: { arguments in
        if arguments.count == 2 {
          let x = try vector(arguments[0]), y = try vector(arguments[1])
          guard x.count == y.count, x.count > 1 else {
            throw ScriptFailure(
              "'\(name)' needs two lists of as many numbers, two or more; these have \(x.count) and \(y.count)")
          }
          return .number(body(x, y))
        }
        let (rows, columns, values) = try matrix(arguments[0])
        guard rows > 1 else { throw ScriptFailure("'\(name)' needs two rows or more") }
        try checkColumns(columns)
        let lines = (0..<columns).map { k in (0..<rows).map { values[$0 * columns + k] } }
        let found = lines.map { a in lines.map { body(a, $0) } }
        return try .numbers(found.flatMap { $0 }, shape: [columns, columns])
      })
  }

  /// A result of numbers, which may be infinite only where one of them is.
  static func finite(_ number: Double, of values: [Double]) throws -> Double {
    number.isInfinite && values.allSatisfy(\.isFinite) ? try finite(number) : number
  }

  static func finite(_ number: Double) throws -> Double {
    guard !number.isInfinite else { throw ScriptFailure("the result is too large for a number") }
    return number
  }
}

/// The formulas.
package enum Samples {
  /// Whether one number stands before another in rising order; what is not a number stands last, as in NumPy.
  static func precedes(_ a: Double, _ b: Double) -> Bool { a < b || b.isNaN && !a.isNaN }

  /// Each number once, rising, with how often it is there.
  static func distinct(_ values: [Double]) -> [(value: Double, count: Double)] {
    var counts: [Double: Double] = [:], missing = 0.0
    for value in values { if value.isNaN { missing += 1 } else { counts[value, default: 0] += 1 } }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + (missing > 0 ? [(.nan, missing)] : [])
  }

  /// The rank of each number, none where one of them is not a number.
  static func ranks(_ values: [Double]) -> [Double] {
    values.contains(where: \.isNaN) ? values.map { _ in .nan } : values.ranks
  }

  /// By halves, so that rounding grows with the logarithm of their number only.
  package static func sum(_ values: [Double]) -> Double { values.withUnsafeBufferPointer { sum($0[...]) } }

  private static func sum(_ values: Slice<UnsafeBufferPointer<Double>>) -> Double {
    guard values.count > 128 else { return values.reduce(0, +) }
    let middle = values.startIndex + values.count / 2
    return sum(values[..<middle]) + sum(values[middle...])
  }

  /// The mean; not a number for none.
  package static func mean(_ values: [Double]) -> Double { sum(values) / Double(values.count) }

  /// Σ (x − mean)(y − mean) / (n − 1)
  package static func covariance(_ x: [Double], _ y: [Double]) -> Double {
    let a = mean(x), b = mean(y)
    return sum(zip(x, y).map { ($0 - a) * ($1 - b) }) / Double(x.count - 1)
  }

  /// Σ (x − mean)² / (n − 1)
  package static func variance(_ values: [Double]) -> Double { covariance(values, values) }

  /// Pearson's correlation.
  package static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    covariance(x, y) / (variance(x) * variance(y)).squareRoot()
  }

  /// The number below which a share lies, between two neighbours by linear interpolation (NumPy's default).
  package static func quantile(_ values: [Double], _ share: Double) -> Double {
    if values.contains(where: \.isNaN) { return .nan }
    let sorted = values.sorted(), place = share * Double(values.count - 1)
    let low = Int(place), high = min(values.count - 1, low + 1)
    let share = place - Double(low)
    return share == 0 ? sorted[low] : sorted[low] + (sorted[high] - sorted[low]) * share
  }

  /// From the smallest to the largest; of numbers that are all equal half a unit to either side, as NumPy does.
  /// - Throws: `ScriptFailure` where there are no numbers, some are not finite, or lie too far apart.
  package static func edges(_ values: [Double], _ bins: Int) throws -> [Double] {
    guard var low = values.min(), var high = values.max(), values.allSatisfy(\.isFinite) else {
      throw ScriptFailure("only numbers that are finite, one at least, fall into bins")
    }
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    guard high > low, (high - low).isFinite else {
      throw ScriptFailure("there is no room for bins from \(low.scriptText) to \(high.scriptText)")
    }
    return (0...bins).map { $0 == bins ? high : low + (high - low) * Double($0) / Double(bins) }
  }

  /// How many numbers lie in each bin; the last bin holds its upper edge.
  package static func histogram(_ values: [Double], _ bins: Int) throws -> [Int] {
    try counts(values, edges(values, bins))
  }

  /// How many of some finite numbers lie in each of some bins of equal width, which hold all of them.
  package static func counts(_ values: [Double], _ edges: [Double]) -> [Int] {
    let bins = edges.count - 1
    var counts = [Int](repeating: 0, count: bins)
    for value in values {
      var bin = min(bins - 1, max(0, Int((value - edges[0]) / (edges[bins] - edges[0]) * Double(bins))))
      if value < edges[bin] { bin -= 1 } else if bin + 1 < bins, value >= edges[bin + 1] { bin += 1 }
      counts[max(0, bin)] += 1
    }
    return counts
  }
}
