import BVAEPlatform

/// Bars of several series beside each other at each of a few names, with the intervals of their values.
public struct GroupedBarChart: Chart {
  /// The bars of one colour.
  public struct Series: Sendable {
    /// What the legend calls it; empty for nothing.
    public var name: String
    /// The length of each bar; none is drawn for what is not finite.
    public var values: [Double]
    /// How far the interval of each value reaches above and below it; nothing where it has none.
    public var margins: [Double]

    /// A series.
    public init(name: String = "", values: [Double], margins: [Double] = []) {
      (self.name, self.values, self.margins) = (name, values, margins)
    }
  }

  /// Names.
  public static let hasNamesBelow = true
  /// Headings, axes and size.
  public var options: ChartOptions
  /// What stands below the bars.
  public var names: [String]
  /// The bars at each name, from left to right.
  public var series: [Series]

  /// A chart.
  public init(_ options: ChartOptions = ChartOptions(height: 420), names: [String], series: [Series]) {
    (self.options, self.names, self.series) = (options, names, series)
  }

  /// None: there are names.
  public var xEnds: ClosedRange<Double>? { nil }

  /// From 0 to the longest bars with their intervals.
  public var yEnds: ClosedRange<Double>? {
    let reached = series.flatMap { series in
      series.values + zip(series.values, series.margins).flatMap { [$0 - $1, $0 + $1] }
    }
    return ChartFrame.ends(reached).map { $0.union(0...0) }
  }

  /// Where everything goes.
  public func layout() -> Page {
    let ends = yEnds
    var frame = ChartFrame(options, subtitle: options.subtitle)
    frame.makeY = { [options] count in BarChart.axis(ends, bars: options, count: count) }
    frame.x = .slots(names)
    frame.isEmpty = ends == nil
    frame.legend = series.indices.filter { !series[$0].name.isEmpty }.map {
      ChartFrame.LegendEntry(name: series[$0].name, key: .area(color($0), opacity: 1))
    }
    var page = Page()
    let plot = frame.add(to: &page)
    guard !names.isEmpty, ends != nil else { return page }
    let slot = Double(plot.area.width) / Double(names.count)
    let thickness = max(1, min(48, slot * 0.76 / Double(max(1, series.count))))
    let base = min(plot.area.bottom - 1, plot.pixelRow(0))
    for (index, own) in series.enumerated() {
      for (place, value) in own.values.prefix(names.count).enumerated() where Axis.isDrawable(value) {
        let left =
          Double(plot.area.x) + (Double(place) + 0.5) * slot + (Double(index) - Double(series.count) / 2) * thickness
        let area = Rectangle(
          x: Int(left.rounded()), y: min(base, plot.pixelRow(value)),
          width: max(1, Int((left + thickness).rounded()) - Int(left.rounded()) - (series.count > 1 ? 1 : 0)),
          height: abs(plot.pixelRow(value) - base))
        page.add(.fill(area, color(index)))
        let margin = own.margins.indices.contains(place) ? own.margins[place] : .nan
        guard margin > 0, Axis.isDrawable(value - margin), Axis.isDrawable(value + margin) else { continue }
        let middle = Float(area.x) + Float(area.width) / 2, cap = Float(min(5, max(1, thickness / 4)))
        let low = plot.row(value - margin), high = plot.row(value + margin), stroke = Stroke(Theme.ink, width: 1.2)
        page.add(.line([Point(middle, low), Point(middle, high)], stroke, clip: plot.area))
        for end in [low, high] {
          page.add(.line([Point(middle - cap, end), Point(middle + cap, end)], stroke, clip: plot.area))
        }
      }
    }
    page.rule(x: plot.area.x, y: base, width: plot.area.width)
    return page
  }

  private func color(_ index: Int) -> Color { Theme.group(index) }
}
