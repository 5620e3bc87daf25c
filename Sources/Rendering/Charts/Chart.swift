import BVAEPlatform

/// A drawing of numbers between axes.
public protocol Chart: Drawable {
  /// Headings, axes and size.
  var options: ChartOptions { get set }
  /// The values along the horizontal axis, nil where there are none or it holds names: what charts on one page may share.
  var xEnds: ClosedRange<Double>? { get }
  /// The same of the vertical axis.
  var yEnds: ClosedRange<Double>? { get }
  /// Whether names stand below it, beside it, rather than numbers.
  static var hasNamesBelow: Bool { get }
  static var hasNamesBeside: Bool { get }
}

extension Chart {
  /// Numbers.
  public static var hasNamesBelow: Bool { false }
  /// Numbers.
  public static var hasNamesBeside: Bool { false }
}

/// What charts of all kinds have.
public struct ChartOptions: Sendable {
  /// The heading.
  public var title: String?
  /// The line below the heading.
  public var subtitle: String?
  /// What the horizontal axis shows, with its unit.
  public var xLabel: String?
  /// What the vertical axis shows, with its unit.
  public var yLabel: String?
  /// From where to where the horizontal axis goes; nil for as far as the values do. What lies outside is not drawn.
  public var xLimits: ClosedRange<Double>?
  /// The same of the vertical axis.
  public var yLimits: ClosedRange<Double>?
  /// Whether the horizontal axis is logarithmic; what is not positive is then left out.
  public var xLogarithmic = false
  /// Whether the vertical axis is logarithmic; what is not positive is then left out.
  public var logarithmic = false
  /// Pixels across, at least 320 and at most 4000.
  public var width: Int
  /// Pixels down, at least 240 and at most 4000; more where legend and heading need it.
  public var height: Int

  /// Headings, and axes that go as far as the values.
  public init(
    title: String? = nil, subtitle: String? = nil, xLabel: String? = nil, yLabel: String? = nil, width: Int = 760,
    height: Int = 460
  ) {
    (self.title, self.subtitle, self.xLabel, self.yLabel) = (title, subtitle, xLabel, yLabel)
    (self.width, self.height) = (width, height)
  }

  /// The subtitle, and what else is to be said of the values.
  func told(_ remarks: [String?]) -> String? {
    let parts = ([subtitle] + remarks).compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// The horizontal axis for so many ticks, made of where the values lie.
  package func xAxis(
    _ ends: ClosedRange<Double>?, snaps: Bool = false, zero: Bool? = false, whole: Bool = false
  ) -> (Int) -> Axis {
    Self.axis(xLimits, xLogarithmic, ends, snaps, zero, whole)
  }

  /// The vertical axis.
  package func yAxis(
    _ ends: ClosedRange<Double>?, snaps: Bool = true, zero: Bool? = nil, whole: Bool = false
  ) -> (Int) -> Axis {
    Self.axis(yLimits, logarithmic, ends, snaps, zero, whole)
  }

  private static func axis(
    _ limits: ClosedRange<Double>?, _ logarithmic: Bool, _ ends: ClosedRange<Double>?, _ snaps: Bool, _ zero: Bool?,
    _ whole: Bool
  ) -> (Int) -> Axis {
    // Of limits that a logarithmic axis has no place for, none hold.
    let fixed = limits.flatMap { limits in
      [limits.lowerBound, limits.upperBound].allSatisfy { Axis.isDrawable($0, logarithmic: logarithmic) } ? limits : nil
    }
    // Bars and counts begin at 0, which a logarithmic axis lacks: it then begins below the least that there is.
    let positive =
      ends.flatMap { $0.lowerBound >= Axis.smallest ? $0 : nil }
      ?? ends.flatMap { $0.upperBound >= Axis.smallest ? $0.upperBound / 1000...$0.upperBound : nil }
    return { count in
      logarithmic
        ? .logarithmic(fixed ?? positive, count: count, fixed: fixed != nil)
        : .linear(
          fixed ?? ends, count: count, snaps: snaps && fixed == nil, zero: fixed == nil ? zero : false,
          whole: whole && fixed == nil,
          fixed: fixed != nil)
    }
  }

  /// The part of the plot that marks are drawn in: beyond limits none, otherwise as far as a mark's half over the edge.
  func clip(_ area: Rectangle) -> Rectangle { area.inset(xLimits == nil && yLimits == nil ? -5 : 0) }

  /// Whether limits leave a pair of values out.
  func isOutside(_ x: Double, _ y: Double) -> Bool {
    !(xLimits?.contains(x) ?? true) || !(yLimits?.contains(y) ?? true)
  }

  /// Whether a pair of values can be drawn at all.
  func isDrawable(_ x: Double, _ y: Double) -> Bool {
    Axis.isDrawable(x, logarithmic: xLogarithmic) && Axis.isDrawable(y, logarithmic: logarithmic)
  }
}

extension Chart {
  /// The heading.
  public var title: String? {
    get { options.title }
    set { options.title = newValue }
  }
  /// The line below the heading.
  public var subtitle: String? {
    get { options.subtitle }
    set { options.subtitle = newValue }
  }
  /// Whether the vertical axis is logarithmic; what is not positive is then left out.
  public var logarithmic: Bool {
    get { options.logarithmic }
    set { options.logarithmic = newValue }
  }
}

/// The values that a chart does not draw, to be told.
struct Omissions {
  var notFinite = 0, notPositive = 0, outside = 0

  /// Whether a pair of values is drawn; counts it where it is not.
  mutating func takes(_ x: Double, _ y: Double, _ options: ChartOptions) -> Bool {
    if !Axis.isDrawable(x) || !Axis.isDrawable(y) {
      notFinite += 1
    } else if !options.isDrawable(x, y) {
      notPositive += 1
    } else if options.isOutside(x, y) {
      outside += 1
    } else {
      return true
    }
    return false
  }

  /// `without 3 values that are not finite`, and so on; nil where all are drawn.
  var words: String? {
    let parts = [
      (notFinite, "not finite"), (notPositive, "0 or less"), (outside, "outside the limits"),
    ].filter { $0.0 > 0 }.map { count, what in "\(count.grouped) \(what)" }
    return parts.isEmpty ? nil : "left out: " + parts.joined(separator: ", ")
  }
}

extension ClosedRange<Double> {
  /// From the lower of the lower ends to the upper of the upper ones.
  func union(_ other: ClosedRange<Double>) -> ClosedRange<Double> {
    Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }

  /// Wider by a share of its length at both ends.
  func widened(_ share: Double) -> ClosedRange<Double> {
    let more = (upperBound - lowerBound) * share
    return (lowerBound - more)...(upperBound + more)
  }
}
