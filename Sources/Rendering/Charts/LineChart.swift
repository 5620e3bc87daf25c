/// Lines over a numeric axis: loss by epoch, and the like.
public struct LineChart: Chart {
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

  /// Headings, axes and size.
  public var options: ChartOptions
  /// The lines.
  public var series: [Series]
  /// Whether intervals are shaded bands rather than bars.
  public var bands = false

  /// A chart.
  public init(
    title: String? = nil, subtitle: String? = nil, xLabel: String? = nil, yLabel: String? = nil, series: [Series],
    logarithmic: Bool = false, width: Int = 760, height: Int = 460
  ) {
    options = ChartOptions(
      title: title, subtitle: subtitle, xLabel: xLabel, yLabel: yLabel, width: width, height: height)
    options.logarithmic = logarithmic
    self.series = series
  }

  /// See `Chart`.
  public var xEnds: ClosedRange<Double>? { ChartFrame.ends(series.map(runs).joined().joined().lazy.map(\.x)) }

  /// See `Chart`.
  public var yEnds: ClosedRange<Double>? {
    let bars = series.map(bars).joined().flatMap { [$0.low, $0.high] }
    return ChartFrame.ends(series.map(runs).joined().joined().map(\.y) + bars)
  }

  /// Where everything goes.
  public func layout() -> Page {
    let runs = series.map(runs)
    let all = runs.joined().joined()
    var frame = ChartFrame(options, subtitle: told)
    frame.legend = series.indices.filter { !series[$0].name.isEmpty }.map {
      ChartFrame.LegendEntry(name: series[$0].name, stroke: style($0))
    }
    let bars = series.map(bars), reached = bars.joined().flatMap { [$0.low, $0.high] }
    let xs = ChartFrame.ends(all.lazy.map(\.x)), ys = ChartFrame.ends(all.map(\.y) + reached)
    let areWhole = (x: all.allSatisfy { $0.x == $0.x.rounded() }, y: all.allSatisfy { $0.y == $0.y.rounded() })
    frame.makeY = options.yAxis(ys, whole: areWhole.y)
    frame.x = .numbers(options.xAxis(xs, whole: areWhole.x))
    frame.isEmpty = all.isEmpty
    var page = Page()
    let plot = frame.add(to: &page)
    if bands {
      for index in series.indices.reversed() { addBand(index, plot, to: &page) }
    }
    // The first series is the most important one and lies on top.
    for (index, runs) in runs.enumerated().reversed() {
      for bar in bands ? loneBars(index) : bars[index] { add(bar, style(index).color, plot, to: &page) }
      add(runs, style(index), plot, to: &page)
    }
    return page
  }

  /// The subtitle, and what limits and a logarithmic axis have no place for.
  private var told: String? {
    let isShort =
      logarithmic && series.contains { $0.ys.contains { $0.isFinite && $0 <= 0 } }
      || options.xLogarithmic && series.contains { $0.xs.contains { $0.isFinite && $0 <= 0 } }
    let outside =
      options.xLimits == nil && options.yLimits == nil
      ? 0
      : series.reduce(0) { sum, series in
        sum + zip(series.xs, series.ys).count { options.isDrawable($0, $1) && options.isOutside($0, $1) }
      }
    return options.told([
      isShort ? "without values of 0 and less" : nil,
      outside > 0 ? "\(outside.grouped) of the values outside the limits" : nil,
    ])
  }

  /// The intervals of a series that can be drawn.
  private func bars(_ series: Series) -> [(x: Double, low: Double, high: Double)] {
    zip(zip(series.xs, series.ys), series.margins).compactMap { point, margin in
      let low = point.1 - margin, high = point.1 + margin
      guard margin > 0 || bands && margin == 0, options.isDrawable(point.0, low), options.isDrawable(point.0, high)
      else { return nil }
      return (point.0, low, high)
    }
  }

  /// The intervals that have no neighbour to make a band with.
  private func loneBars(_ index: Int) -> [(x: Double, low: Double, high: Double)] {
    let own = series[index], count = min(own.xs.count, own.ys.count, own.margins.count)
    let all = (0..<count).map { bars(Series(name: "", xs: [own.xs[$0]], ys: [own.ys[$0]], margins: [own.margins[$0]])) }
    return all.indices.flatMap { place in
      let hasNeighbour = [place - 1, place + 1].contains { all.indices.contains($0) && !all[$0].isEmpty }
      return hasNeighbour ? [] : all[place]
    }
  }

  /// An interval: a thin line with ends.
  private func add(
    _ bar: (x: Double, low: Double, high: Double), _ color: Color, _ plot: ChartFrame.Plot, to page: inout Page
  ) {
    let clip = options.clip(plot.area), stroke = Stroke(color, width: 1)
    let low = plot.point(bar.x, bar.low), high = plot.point(bar.x, bar.high)
    page.add(.line([low, high], stroke, clip: clip))
    for end in [low, high] {
      page.add(.line([Point(end.x - 4, end.y), Point(end.x + 4, end.y)], stroke, clip: clip))
    }
  }

  /// The intervals of a series as one shaded area between the points that have some.
  private func addBand(_ index: Int, _ plot: ChartFrame.Plot, to page: inout Page) {
    var upper: [Point] = [], lower: [Point] = []
    func finish() {
      if upper.count > 1 {
        page.add(
          .polygon(
            upper + lower.reversed(), style(index).color, opacity: 0.22, clip: options.clip(plot.area)))
      }
      (upper, lower) = ([], [])
    }
    let own = series[index]
    for place in 0..<min(own.xs.count, own.ys.count) {
      let margin = own.margins.indices.contains(place) ? own.margins[place] : .nan
      let x = own.xs[place], low = own.ys[place] - margin, high = own.ys[place] + margin
      guard margin >= 0, options.isDrawable(x, low), options.isDrawable(x, high) else {
        finish()
        continue
      }
      upper.append(plot.point(x, high))
      lower.append(plot.point(x, low))
    }
    finish()
  }

  /// The stretches of a series without a gap.
  private func runs(_ series: Series) -> [[(x: Double, y: Double)]] {
    var runs: [[(x: Double, y: Double)]] = [[]]
    for (x, y) in zip(series.xs, series.ys) {
      if options.isDrawable(x, y) {
        runs[runs.count - 1].append((x, y))
      } else if runs.last?.isEmpty == false {
        runs.append([])
      }
    }
    return runs.filter { !$0.isEmpty }
  }

  /// Few points are marked by discs, as are those that stand alone.
  private func add(_ runs: [[(x: Double, y: Double)]], _ stroke: Stroke, _ plot: ChartFrame.Plot, to page: inout Page) {
    let clip = options.clip(plot.area)
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
