import BVAEPlatform

/// One bar for each of a few names: the KL divergence of every latent, and the like.
public struct BarChart: Chart {
  /// One bar.
  public struct Bar: Sendable {
    /// Written under it.
    public var name: String
    /// Its length; no bar is drawn for what is not finite, only a dash.
    public var value: Double
    /// Drawn in grey: an inactive latent.
    public var muted: Bool

    /// A bar.
    public init(name: String, value: Double, muted: Bool = false) {
      self.name = name
      self.value = value
      self.muted = muted
    }
  }

  /// Names.
  public static let hasNamesBelow = true
  /// Headings, axes and size.
  public var options: ChartOptions
  /// From left to right.
  public var bars: [Bar]

  /// A chart.
  public init(
    title: String? = nil, subtitle: String? = nil, xLabel: String? = nil, yLabel: String? = nil, bars: [Bar],
    width: Int = 760, height: Int = 420
  ) {
    options = ChartOptions(
      title: title, subtitle: subtitle, xLabel: xLabel, yLabel: yLabel, width: width, height: height)
    self.bars = bars
  }

  /// None: there are names.
  public var xEnds: ClosedRange<Double>? { nil }

  /// From 0 to the longest bars.
  public var yEnds: ClosedRange<Double>? { ChartFrame.ends(bars.map(\.value)).map { $0.union(0...0) } }

  /// Where everything goes.
  public func layout() -> Page {
    let ends = ChartFrame.ends(bars.map(\.value))
    var frame = ChartFrame(options, subtitle: options.subtitle)
    frame.makeY = { [options] count in Self.axis(ends, bars: options, count: count) }
    frame.x = .slots(bars.map(\.name))
    frame.isEmpty = ends == nil
    var page = Page()
    let plot = frame.add(to: &page)
    guard !bars.isEmpty, ends != nil else { return page }

    let slot = Double(plot.area.width) / Double(bars.count)
    let base = min(plot.area.bottom - 1, plot.pixelRow(0))
    let values = bars.map { Axis.isDrawable($0.value) ? typographic($0.value.formatted(digits: 3)) : "–" }
    let showsValues = values.allSatisfy { Double(Theme.small.width(of: $0)) <= slot - 4 }
    for (index, bar) in bars.enumerated() {
      let middle = Int(Double(plot.area.x) + (Double(index) + 0.5) * slot)
      let thickness = max(1, min(64, Int(slot * 0.68)))
      let end = Axis.isDrawable(bar.value) ? plot.pixelRow(bar.value) : base
      let area = Rectangle(
        x: middle - thickness / 2, y: min(base, end), width: thickness, height: abs(end - base))
      page.add(.fill(area, bar.muted ? Theme.hairline : Theme.series[0]))
      if showsValues {
        let top = bar.value < 0 ? area.bottom + 2 : area.y - Theme.small.ascent - Theme.small.descent - 1
        page.add(PlacedText(values[index], Theme.small, Theme.soft, x: middle, top: top, anchor: .center))
      }
    }
    page.rule(x: plot.area.x, y: base, width: plot.area.width)
    return page
  }

  /// An axis from 0, with room beyond the longest bars for their values.
  static func axis(_ ends: ClosedRange<Double>?, bars options: ChartOptions, count: Int) -> Axis {
    let low = ends?.lowerBound ?? 0, high = ends?.upperBound ?? 1
    let room = (max(high, 0) - min(low, 0)) * min(0.2, 0.45 / Double(count))
    return options.yAxis((low < 0 ? low - room : low)...(high > 0 ? high + room : high), zero: true)(count)
  }
}
