import BVAEPlatform
import Glibc

/// A scale with its ticks: where values lie and what is written beside them.
package struct Axis: Sendable {
  /// A labelled place.
  package struct Tick: Sendable, Hashable {
    package let value: Double
    package let label: String
  }

  /// The ends, on the scale as drawn (the logarithm's where it is logarithmic).
  private let lower, upper: Double
  private let isLogarithmic: Bool
  /// By rising value.
  package let ticks: [Tick]
  /// Grid lines between the ticks of a logarithmic axis.
  package let minor: [Double]
  /// Ticks are written in units of this power of ten.
  package let exponent: Int

  /// What is too large for differences of it to stay finite is not drawn; nor what is too small to divide by.
  static let largest = 1e300, smallest = 1e-300

  /// Whether a value can be drawn on such an axis.
  static func isDrawable(_ value: Double, logarithmic: Bool = false) -> Bool {
    abs(value) <= largest && (!logarithmic || value >= smallest)
  }

  /// Where a value lies: 0 at the lower end, 1 at the upper one; not a number for one that cannot be drawn.
  package func position(_ value: Double) -> Double {
    guard value.isFinite, value > 0 || !isLogarithmic else { return .nan }
    return ((isLogarithmic ? log10(value) : value) - lower) / (upper - lower)
  }

  /// A linear axis for values between two ends.
  /// - Parameters:
  ///   - count: about how many ticks.
  ///   - snaps: whether the axis ends at ticks; otherwise it does so only where one is near.
  ///   - zero: whether zero belongs to it; nothing for where that wastes little.
  ///   - whole: whether only whole numbers occur, so that there are no ticks between them.
  ///   - fixed: whether it goes from one end to the other and no further.
  package static func linear(
    _ ends: ClosedRange<Double>?, count: Int, snaps: Bool, zero: Bool? = nil, whole: Bool = false, fixed: Bool = false
  ) -> Axis {
    var (low, high) = ends.map { ($0.lowerBound, $0.upperBound) } ?? (0, 1)
    if zero == true || (zero == nil && low > 0 && low <= high * 0.35) { low = min(low, 0) }
    if zero == true || (zero == nil && high < 0 && high >= low * 0.35) { high = max(high, 0) }
    let size = max(abs(low), abs(high))
    if size < smallest {
      (low, high) = (0, 1)
    } else if high - low <= size * 1e-9 {
      let widening = whole ? max(1, size * 0.1) : size * 0.1
      (low, high) = (low - widening, high + widening)
    }
    let step = max(niceStep((high - low) / Double(max(1, count))), whole ? 1 : 0)
    let first = (low / step).rounded(.down) * step, last = (high / step - 1e-9).rounded(.up) * step
    let near = fixed ? 0 : (high - low) * 0.06
    if snaps || low - first < near { low = min(low, first) }
    if snaps || last - high < near { high = max(high, last) }
    let values = stride(from: 0.0, through: 200, by: 1).map { first + $0 * step }
      .filter { $0 >= low - step * 1e-6 && $0 <= high + step * 1e-6 }
      .map { abs($0) < step * 1e-6 ? 0 : $0 }
    let exponent = sharedExponent(max(abs(low), abs(high)))
    let unit = pow(10, Double(exponent))
    let decimals = max(0, -Int(log10(step / unit * 1.0001).rounded(.down)))
    return Axis(
      lower: low, upper: high, isLogarithmic: false,
      ticks: values.map { Tick(value: $0, label: plain($0 / unit, decimals: decimals)) }, minor: [],
      exponent: exponent)
  }

  /// A logarithmic axis for positive values between two ends.
  /// - Parameter fixed: whether it goes from one end to the other and no further.
  package static func logarithmic(_ ends: ClosedRange<Double>?, count: Int, fixed: Bool = false) -> Axis {
    let (low, high) = ends.map { ($0.lowerBound, $0.upperBound) } ?? (1, 10)
    let candidates = { (digits: [Double]) -> [Double] in
      (Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up)) + 1).flatMap { decade in
        digits.map { $0 * pow(10, Double(decade)) }
      }
    }
    // End at the next 1, 2 or 5 outside.
    let round = candidates([1, 2, 5])
    let first = fixed ? low : round.last { $0 <= low * 1.0001 } ?? low
    var last = fixed ? high : round.first { $0 >= high * 0.9999 } ?? high
    if last <= first { last = round.first { $0 > first * 1.5 } ?? first * 10 }
    let inside = { (values: [Double]) in values.filter { $0 >= first * 0.9999 && $0 <= last * 1.0001 } }
    let decades = inside(candidates([1]))
    var ticks = decades.count > 2 ? decades : inside(round)
    if ticks.count < 2 { ticks = Array(Set([first, last] + ticks)).sorted() }
    let every = max(1, (ticks.count + count) / (count + 1))
    return Axis(
      lower: log10(first), upper: log10(last), isLogarithmic: true,
      ticks: ticks.enumerated().filter { $0.offset % every == 0 }.map { _, value in
        let isRound = round.contains { abs($0 / value - 1) < 1e-6 }
        return Tick(value: value, label: isRound ? power(value) : typographic(value.formatted(digits: 3)))
      },
      minor: decades.count <= max(2, count) ? inside(candidates([2, 3, 4, 5, 6, 7, 8, 9])) : [], exponent: 0)
  }

  /// 1, 2 or 5 times a power of ten, about `step` or above it.
  package static func niceStep(_ step: Double) -> Double {
    let base = pow(10, log10(step).rounded(.down))
    for factor in [1.0, 2, 5] where factor * base >= step * 0.85 { return factor * base }
    return 10 * base
  }

  /// Large and small numbers are written as multiples of one power of ten, which the axis title tells.
  private static func sharedExponent(_ size: Double) -> Int {
    size >= 999_999 || size < 0.001 ? Int(log10(size * 1.000_001).rounded(.down)) : 0
  }

  private static func plain(_ value: Double, decimals: Int) -> String {
    let text = value.formatted(decimals: min(decimals, 12))
    if decimals == 0, abs(value) >= 9999.5, let whole = Int(text) { return typographic(whole.grouped) }
    return typographic(text)
  }

  private static func power(_ value: Double) -> String {
    if value >= 0.000_999 && value < 99_999 {
      return plain(value, decimals: max(0, -Int(log10(value * 1.0001).rounded(.down))))
    }
    let exponent = Int(log10(value * 1.0001).rounded(.down))
    let digit = Int((value / pow(10, Double(exponent))).rounded())
    return (digit == 1 ? "" : "\(digit)×") + "10" + superscript(exponent)
  }

  /// An exponent's small raised digits.
  static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (number < 0 ? "⁻" : "") + String(String(number.magnitude).compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}
