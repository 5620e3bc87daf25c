/// Lines over a numeric axis: loss by epoch, and the like.
public struct LineChart: Drawable {
  /// One line.
  public struct Series: Sendable {
    /// What the legend calls it.
    public var name: String
    /// Places; numbers that are not finite leave gaps. The shorter of `xs` and `ys` counts.
    public var xs, ys: [Double]
    /// How far the interval of each point reaches above and below it; nothing where it has none.
    public var margins: [Double]
    /// Whether the line is dashed, as for validation beside training.
    public var dashed: Bool
    /// The series whose colour it shares, by index; nothing for a colour of its own.
    public var colorIndex: Int?

    /// A line through points.
    public init(
      name: String, xs: [Double], ys: [Double], margins: [Double] = [], dashed: Bool = false, colorIndex: Int? = nil
    ) {
      self.name = name
      self.xs = xs
      self.ys = ys
      self.margins = margins
      self.dashed = dashed
      self.colorIndex = colorIndex
    }
  }

  /// The heading.
  public var title: String?
  /// The line below the heading.
  public var subtitle: String?
  /// What the horizontal axis shows, with its unit.
  public var xLabel: String?
  /// What the vertical axis shows, with its unit.
  public var yLabel: String?
  /// The lines.
  public var series: [Series]
  /// Whether the vertical axis is logarithmic; what is not positive is then left out.
  public var logarithmic: Bool
  /// Pixels across, at least 320 and at most 4000.
  public var width: Int
  /// Pixels down, at least 240 and at most 4000; more where legend and heading need it.
  public var height: Int

  /// A chart.
  public init(
    title: String? = nil, subtitle: String? = nil, xLabel: String? = nil, yLabel: String? = nil, series: [Series],
    logarithmic: Bool = false, width: Int = 760, height: Int = 460
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.logarithmic = logarithmic
    self.width = width
    self.height = height
  }

  /// The chart's pixels.
  public func render() throws(DrawingError) -> Bitmap { try layout().render() }

  /// See `Drawable`.
  public var lackingCharacters: [Character] { layout().lackingCharacters }

  /// Where everything goes.
  package func layout() -> Page {
    let runs = series.map(runs)
    let all = runs.joined().joined()
    var frame = ChartFrame(
      title: title, subtitle: told, xLabel: xLabel, yLabel: yLabel, width: width, height: height)
    frame.legend = series.indices.filter { !series[$0].name.isEmpty }.map {
      ChartFrame.LegendEntry(name: series[$0].name, stroke: style($0))
    }
    let bars = series.map(bars), reached = bars.joined().flatMap { [$0.low, $0.high] }
    let xs = ChartFrame.ends(all.lazy.map(\.x)), ys = ChartFrame.ends(all.map(\.y) + reached)
    let areWhole = (x: all.allSatisfy { $0.x == $0.x.rounded() }, y: all.allSatisfy { $0.y == $0.y.rounded() })
    frame.makeY = { [logarithmic] count in
      logarithmic ? .logarithmic(ys, count: count) : .linear(ys, count: count, snaps: true, whole: areWhole.y)
    }
    frame.x = .numbers { .linear(xs, count: $0, snaps: false, zero: false, whole: areWhole.x) }
    frame.isEmpty = all.isEmpty
    var page = Page()
    let plot = frame.add(to: &page)
    // The first series is the most important one and lies on top.
    for (index, runs) in runs.enumerated().reversed() {
      for bar in bars[index] { add(bar, style(index).color, plot, to: &page) }
      add(runs, style(index), plot, to: &page)
    }
    return page
  }

  /// The subtitle, and that values were left out which a logarithmic axis has no place for.
  private var told: String? {
    let isShort = logarithmic && series.contains { $0.ys.contains { $0.isFinite && $0 <= 0 } }
    let parts = [subtitle, isShort ? "without values of 0 and less" : nil].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// The intervals of a series that can be drawn.
  private func bars(_ series: Series) -> [(x: Double, low: Double, high: Double)] {
    zip(zip(series.xs, series.ys), series.margins).compactMap { point, margin in
      let low = point.1 - margin, high = point.1 + margin
      guard Axis.isDrawable(point.0), margin > 0,
        [low, high].allSatisfy({ Axis.isDrawable($0, logarithmic: logarithmic) })
      else { return nil }
      return (point.0, low, high)
    }
  }

  /// An interval: a thin line with ends.
  private func add(
    _ bar: (x: Double, low: Double, high: Double), _ color: Color, _ plot: ChartFrame.Plot, to page: inout Page
  ) {
    let clip = plot.area.inset(-5), stroke = Stroke(color, width: 1)
    let low = plot.point(bar.x, bar.low), high = plot.point(bar.x, bar.high)
    page.add(.line([low, high], stroke, clip: clip))
    for end in [low, high] {
      page.add(.line([Point(end.x - 4, end.y), Point(end.x + 4, end.y)], stroke, clip: clip))
    }
  }

  /// The stretches of a series without a gap.
  private func runs(_ series: Series) -> [[(x: Double, y: Double)]] {
    var runs: [[(x: Double, y: Double)]] = [[]]
    for (x, y) in zip(series.xs, series.ys) {
      if Axis.isDrawable(x) && Axis.isDrawable(y, logarithmic: logarithmic) {
        runs[runs.count - 1].append((x, y))
      } else if runs.last?.isEmpty == false {
        runs.append([])
      }
    }
    return runs.filter { !$0.isEmpty }
  }

  /// Few points are marked by discs, as are those that stand alone.
  private func add(_ runs: [[(x: Double, y: Double)]], _ stroke: Stroke, _ plot: ChartFrame.Plot, to page: inout Page) {
    let clip = plot.area.inset(-5)
    let isSparse = runs.reduce(0) { $0 + $1.count } <= Self.mostMarkedPoints
    for run in runs {
      let points = run.map { plot.point($0.x, $0.y) }
      page.add(.line(points, stroke, clip: clip))
      if isSparse || points.count == 1 {
        for point in points { page.add(.disc(point, radius: 3.2, stroke.color, clip: clip)) }
      }
    }
  }

  private static let mostMarkedPoints = 25

  private func style(_ index: Int) -> Stroke {
    let color = max(0, series[index].colorIndex ?? index)
    let round = color / Theme.series.count
    let dashes = Theme.dashes[(round + (series[index].dashed ? 1 : 0)) % Theme.dashes.count]
    return Stroke(Theme.series[color % Theme.series.count], width: 2, dashes: dashes)
  }
}
