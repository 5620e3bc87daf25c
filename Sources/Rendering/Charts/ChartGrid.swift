/// Several drawings on one page, side by side and below each other.
public struct ChartGrid: Drawable {
  /// The drawings, row after row.
  public var charts: [any Drawable]
  /// How many stand side by side, at least 1.
  public var columns: Int
  /// The heading of all of them.
  public var title: String?
  /// The line below the heading.
  public var subtitle: String?
  /// Whether charts whose axes have numbers all have the same ends, so that they can be held against one another.
  public var sharesAxes = false

  /// A page of drawings.
  public init(_ charts: [any Drawable], columns: Int = 2, title: String? = nil, subtitle: String? = nil) {
    (self.charts, self.columns, self.title, self.subtitle) = (charts, columns, title, subtitle)
  }

  /// Where everything goes.
  public func layout() throws(DrawingError) -> Page {
    let columns = max(1, min(columns, max(1, charts.count)))
    var pages: [Page] = []
    for chart in sharesAxes ? shared : charts { pages.append(try chart.layout()) }
    let cellWidth = pages.map(\.width).max() ?? 1
    var page = Page(), top = 0
    page.width = columns * cellWidth
    if title != nil || subtitle != nil {
      top = page.addHeading(
        title: title, subtitle: subtitle, x: Theme.margin, width: max(200, page.width - 2 * Theme.margin))
      top = max(0, top - Theme.gap)
    }
    for start in stride(from: 0, to: pages.count, by: columns) {
      let row = pages[start..<min(start + columns, pages.count)]
      for (place, own) in row.enumerated() { page.add(own, x: place * cellWidth, y: top) }
      top += row.map(\.height).max() ?? 0
    }
    page.height = max(1, top)
    return page
  }

  /// The charts with the same limits, each of them wide enough for all; charts that have limits of their own keep them.
  private var shared: [any Drawable] {
    let known = charts.compactMap { $0 as? any Chart }
    func all(_ ends: (any Chart) -> ClosedRange<Double>?) -> ClosedRange<Double>? {
      known.compactMap(ends).reduce(nil) { $0?.union($1) ?? $1 }
    }
    let xs = all { $0.options.xLimits ?? $0.xEnds }, ys = all { $0.options.yLimits ?? $0.yEnds }
    return charts.map { drawing in
      guard var chart = drawing as? any Chart else { return drawing }
      if chart.xEnds != nil, chart.options.xLimits == nil, let xs {
        chart.options.xLimits = widened(xs, chart.options.xLogarithmic)
      }
      if chart.yEnds != nil, chart.options.yLimits == nil, let ys {
        chart.options.yLimits = widened(ys, chart.options.logarithmic)
      }
      return chart
    }
  }

  /// With room for the marks at the ends; 0 stays an end.
  private func widened(_ ends: ClosedRange<Double>, _ logarithmic: Bool) -> ClosedRange<Double> {
    if logarithmic { return ends.lowerBound < ends.upperBound ? ends : ends.lowerBound / 2...ends.upperBound * 2 }
    let wide =
      ends.lowerBound < ends.upperBound
      ? ends.widened(0.03)
      : ends.lowerBound - max(0.5, abs(ends.lowerBound) * 0.1)...ends.upperBound + max(0.5, abs(ends.upperBound) * 0.1)
    return (ends.lowerBound == 0 ? 0 : wide.lowerBound)...(ends.upperBound == 0 ? 0 : wide.upperBound)
  }
}
