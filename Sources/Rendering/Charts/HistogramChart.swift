/// How many numbers lie in each of some bins, of one group or of several drawn over each other.
public struct HistogramChart: Chart {
  /// The numbers of one group.
  public struct Group: Sendable {
    /// What the legend calls it; empty for nothing.
    public var name: String
    /// For each bin how many of its numbers lie in it, or their density.
    public var heights: [Double]

    /// A group.
    public init(name: String = "", heights: [Double]) { (self.name, self.heights) = (name, heights) }
  }

  /// Headings, axes and size.
  public var options: ChartOptions
  /// The bins' edges by rising value, one more than bins.
  public var edges: [Double]
  /// The groups; the first one lies on top.
  public var groups: [Group]

  /// A chart.
  public init(_ options: ChartOptions = ChartOptions(), edges: [Double], groups: [Group]) {
    (self.options, self.edges, self.groups) = (options, edges, groups)
  }

  /// See `Chart`.
  public var xEnds: ClosedRange<Double>? { ChartFrame.ends(edges) }
  /// From 0, on a logarithmic axis from below the lowest bar that there is, to the highest.
  public var yEnds: ClosedRange<Double>? {
    let heights = groups.flatMap(\.heights)
    guard options.logarithmic else { return ChartFrame.ends(heights).map { $0.union(0...0) } }
    return ChartFrame.ends(heights.filter { $0 > 0 }).map { $0.lowerBound / 2...$0.upperBound }
  }

  /// Where everything goes.
  public func layout() -> Page {
    var frame = ChartFrame(options, subtitle: options.subtitle)
    frame.makeY = options.yAxis(yEnds ?? 0...1, zero: true)
    frame.x = .numbers(options.xAxis(xEnds))
    frame.isEmpty = groups.isEmpty || edges.count < 2
    let isSingle = groups.count == 1
    frame.legend = groups.indices.filter { !groups[$0].name.isEmpty }.map {
      ChartFrame.LegendEntry(name: groups[$0].name, key: .area(color($0), opacity: isSingle ? 0.75 : 0.18))
    }
    var page = Page()
    let plot = frame.add(to: &page), clip = options.clip(plot.area)
    let floor = Float(plot.area.bottom) - 0.5
    // What a logarithmic axis has no place for stands at its beginning.
    func corner(_ x: Double, _ y: Double) -> Point {
      let point = plot.point(x, y)
      return Point(point.x.isFinite ? point.x : Float(plot.area.x), point.y.isFinite ? point.y : floor)
    }
    for (index, group) in groups.enumerated().reversed() where edges.count > 1 {
      var outline = [corner(edges[0], 0)]
      for (bin, height) in group.heights.prefix(edges.count - 1).enumerated() where height.isFinite {
        outline += [corner(edges[bin], height), corner(edges[bin + 1], height)]
      }
      outline.append(corner(edges[edges.count - 1], 0))
      page.add(.polygon(outline, color(index), opacity: isSingle ? 0.75 : 0.18, clip: clip))
      let dashes = Theme.dashes[index / Theme.groups.count % Theme.dashes.count]
      page.add(.line(outline, Stroke(color(index), width: isSingle ? 1 : 2, dashes: dashes), clip: clip))
    }
    return page
  }

  private func color(_ group: Int) -> Color { Theme.group(group) }
}
