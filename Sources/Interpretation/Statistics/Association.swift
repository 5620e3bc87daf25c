import BVAEPlatform
import Glibc

/// How two series of numbers go together.
public enum Association {
  /// Pearson's product-moment correlation, −1…1, over the pairs of which both are finite; NaN where either series does
  /// not vary or there are fewer than three pairs.
  public static func pearson(_ x: [Double], _ y: [Double]) -> Double {
    let pairs = zip(x, y).filter { $0.isFinite && $1.isFinite }
    guard pairs.count > 2 else { return .nan }
    let count = Double(pairs.count)
    let meanX = pairs.reduce(0) { $0 + $1.0 } / count, meanY = pairs.reduce(0) { $0 + $1.1 } / count
    var xx = 0.0, xy = 0.0, yy = 0.0
    for (a, b) in pairs {
      xx += (a - meanX) * (a - meanX)
      xy += (a - meanX) * (b - meanY)
      yy += (b - meanY) * (b - meanY)
    }
    // What is left of a constant by rounding is no variation.
    guard xx > 1e-20 * count * max(1e-20, meanX * meanX), yy > 1e-20 * count * max(1e-20, meanY * meanY) else {
      return .nan
    }
    return min(max(xy / (xx * yy).squareRoot(), -1), 1)
  }

  /// Spearman's rank correlation: Pearson's of the ranks, ties sharing the mean of theirs.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double {
    let pairs = zip(x, y).filter { $0.isFinite && $1.isFinite }
    return pearson(ranks(pairs.map(\.0)), ranks(pairs.map(\.1)))
  }

  /// The ranks of finite numbers from 1; equal numbers share the mean of their ranks.
  public static func ranks(_ values: [Double]) -> [Double] { values.ranks }
}

/// Angles and other numbers that begin again after a period.
package enum Periodic {
  /// The difference nearest to 0 that the period allows.
  package static func wrapped(_ difference: Double, _ period: Double?) -> Double {
    guard let period, difference.isFinite else { return difference }
    return difference - period * (difference / period).rounded()
  }

  /// Values in order, each moved by whole periods next to the one before it.
  package static func unwrapped(_ values: [Double], _ period: Double?) -> [Double] {
    guard period != nil else { return values }
    var result = values
    for index in result.indices.dropFirst() {
      result[index] = result[index - 1] + wrapped(result[index] - result[index - 1], period)
    }
    return result
  }

  /// The mean of finite numbers; for periodic ones the direction of the sum of their vectors (Mardia 1972).
  package static func mean(_ values: [Double], _ period: Double?) -> Double {
    guard !values.isEmpty else { return .nan }
    guard let period else { return values.reduce(0, +) / Double(values.count) }
    let angles = values.map { $0 * 2 * .pi / period }
    return atan2(angles.reduce(0) { $0 + sin($1) }, angles.reduce(0) { $0 + cos($1) }) * period / (2 * .pi)
  }
}
