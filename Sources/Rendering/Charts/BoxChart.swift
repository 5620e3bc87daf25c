import BVAEPlatform

/// How the numbers of some groups lie: a box from the lower to the upper quartile with the median in it, whiskers as far as
/// numbers go that are not more than 1.5 times the box's length away from it, and marks for those beyond.
public struct BoxChart: Chart {
  /// One box.
  public struct Box: Sendable {
    /// Written under it.
    public var name: String
    /// The quartiles and the median.
    public var lower, median, upper: Double
    /// Where the whiskers end.
    public var whiskers: ClosedRange<Double>
    /// The numbers beyond.
    public var outliers: [Double]

    /// A box.
    public init(
      name: String, lower: Double, median: Double, upper: Double, whiskers: ClosedRange<Double>, outliers: [Double]
    ) {
      (self.name, self.lower, self.median, self.upper) = (name, lower, median, upper)
      (self.whiskers, self.outliers) = (whiskers, outliers)
    }

    /// The box of some finite numbers, at least one, whose quartiles are known.
    public init(name: String, values: [Double], lower: Double, median: Double, upper: Double) {
      let reach = 1.5 * (upper - lower), inside = values.filter { $0 >= lower - reach && $0 <= upper + reach }
      self.init(
        name: name, lower: lower, median: median, upper: upper,
        whiskers: min(lower, inside.min() ?? lower)...max(upper, inside.max() ?? upper),
        outliers: values.filter { $0 < lower - reach || $0 > upper + reach })
    }
  }

  /// Names.
  public static let hasNamesBelow = true
  /// Headings, axes and size.
  public var options: ChartOptions
  /// From left to right.
  public var boxes: [Box]

  /// A chart.
  public init(_ options: ChartOptions = ChartOptions(), boxes: [Box]) {
    (self.options, self.boxes) = (options, boxes)
  }

  /// None: there are names.
  public var xEnds: ClosedRange<Double>? { nil }
  /// From the lowest to the highest number.
  public var yEnds: ClosedRange<Double>? {
    ChartFrame.ends(boxes.flatMap { [$0.whiskers.lowerBound, $0.whiskers.upperBound] + $0.outliers })
  }

  /// Where everything goes.
  public func layout() -> Page {
    var frame = ChartFrame(options, subtitle: options.subtitle)
    frame.makeY = options.yAxis(yEnds)
    frame.x = .slots(boxes.map(\.name))
    frame.isEmpty = boxes.isEmpty
    var page = Page()
    let plot = frame.add(to: &page), clip = options.clip(plot.area)
    let slot = Float(plot.area.width) / Float(max(1, boxes.count)), half = max(2, min(30, slot * 0.3))
    for (index, box) in boxes.enumerated() {
      let middle = Float(plot.area.x) + (Float(index) + 0.5) * slot, color = Theme.group(index)
      let stroke = Stroke(color, width: 1.5)
      func line(_ x0: Float, _ y0: Double, _ x1: Float, _ y1: Double, _ stroke: Stroke) {
        page.add(.line([Point(x0, plot.row(y0)), Point(x1, plot.row(y1))], stroke, clip: clip))
      }
      let corners = [
        Point(middle - half, plot.row(box.upper)), Point(middle + half, plot.row(box.upper)),
        Point(middle + half, plot.row(box.lower)), Point(middle - half, plot.row(box.lower)),
      ]
      page.add(.polygon(corners, color, opacity: 0.3, clip: clip))
      page.add(.line(corners + [corners[0]], stroke, clip: clip))
      line(middle, box.lower, middle, box.whiskers.lowerBound, stroke)
      line(middle, box.upper, middle, box.whiskers.upperBound, stroke)
      for end in [box.whiskers.lowerBound, box.whiskers.upperBound] {
        line(middle - half / 2, end, middle + half / 2, end, stroke)
      }
      line(middle - half, box.median, middle + half, box.median, Stroke(Theme.ink, width: 2))
      let points = box.outliers.map { Point(middle, plot.row($0)) }
      if !points.isEmpty {
        page.add(.symbols(points, .disc, radius: 2.2, color, opacity: points.count > 50 ? 0.4 : 0.8, clip: clip))
      }
    }
    return page
  }
}
