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
  /// See `Chart`.
  public var yEnds: ClosedRange<Double>? { ChartFrame.ends(groups.flatMap(\.heights)).map { $0.union(0...0) } }

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
    for (index, group) in groups.enumerated().reversed() where edges.count > 1 {
      var outline = [plot.point(edges[0], 0)]
      for (bin, height) in group.heights.prefix(edges.count - 1).enumerated() where height.isFinite {
        outline += [plot.point(edges[bin], height), plot.point(edges[bin + 1], height)]
      }
      outline.append(plot.point(edges[edges.count - 1], 0))
      page.add(.polygon(outline, color(index), opacity: isSingle ? 0.75 : 0.18, clip: clip))
      let dashes = Theme.dashes[index / Theme.groups.count % Theme.dashes.count]
      page.add(.line(outline, Stroke(color(index), width: isSingle ? 1 : 2, dashes: dashes), clip: clip))
    }
    return page
  }

  private func color(_ group: Int) -> Color { Theme.groups[group % Theme.groups.count] }
}
