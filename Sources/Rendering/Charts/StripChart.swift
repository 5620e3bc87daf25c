import BVAEPlatform

/// Every number of some groups as a mark over the group's name, spread sideways so that they are told apart, and the median
/// as a line.
public struct StripChart: Chart {
  /// The numbers over one name.
  public struct Group: Sendable {
    /// Written under it.
    public var name: String
    /// The numbers; those that are not finite are left out.
    public var values: [Double]
    /// Where the line is drawn; not a number for none.
    public var median: Double

    /// A group.
    public init(name: String, values: [Double], median: Double) {
      (self.name, self.values, self.median) = (name, values, median)
    }
  }

  /// Names.
  public static let hasNamesBelow = true
  /// Headings, axes and size.
  public var options: ChartOptions
  /// From left to right.
  public var groups: [Group]

  /// A chart.
  public init(_ options: ChartOptions = ChartOptions(), groups: [Group]) {
    (self.options, self.groups) = (options, groups)
  }

  /// None: there are names.
  public var xEnds: ClosedRange<Double>? { nil }
  /// From the lowest to the highest number.
  public var yEnds: ClosedRange<Double>? {
    ChartFrame.ends(
      groups.flatMap(\.values).filter { Axis.isDrawable($0, logarithmic: options.logarithmic) })
  }

  /// Where everything goes.
  public func layout() -> Page {
    var omissions = Omissions()
    let kept = groups.map { group in group.values.filter { omissions.takes(1, $0, vertical) } }
    var frame = ChartFrame(options, subtitle: options.told([omissions.words]))
    frame.makeY = options.yAxis(yEnds)
    frame.x = .slots(groups.map(\.name))
    frame.isEmpty = kept.allSatisfy(\.isEmpty)
    var page = Page()
    let plot = frame.add(to: &page), clip = plot.area.inset(-5)
    let slot = Float(plot.area.width) / Float(max(1, groups.count)), half = min(60, slot * 0.36)
    let largest = kept.map(\.count).max() ?? 0
    let radius: Float = largest <= 200 ? 2.6 : largest <= 5000 ? 1.8 : 1.2
    let opacity: Float = largest <= 50 ? 0.9 : largest <= 1000 ? 0.6 : largest <= 10_000 ? 0.35 : 0.2
    for (index, values) in kept.enumerated() {
      let middle = Float(plot.area.x) + (Float(index) + 0.5) * slot
      let points = values.enumerated().map { place, value in
        // Multiples of the golden ratio fill the width evenly, however many there are.
        let share = values.count == 1 ? 0.5 : (Double(place) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
        return Point(middle + half * Float(2 * share - 1), plot.row(value))
      }
      let color = Theme.group(index)
      page.add(.symbols(points, .disc, radius: radius, color, opacity: opacity, clip: clip))
      let row = plot.row(groups[index].median)
      if row.isFinite, options.yLimits?.contains(groups[index].median) ?? true {
        page.add(
          .line([Point(middle - half, row), Point(middle + half, row)], Stroke(Theme.ink, width: 2), clip: clip))
      }
    }
    return page
  }

  /// What the values are held against: the vertical axis alone.
  private var vertical: ChartOptions {
    var vertical = options
    (vertical.xLimits, vertical.xLogarithmic) = (nil, false)
    return vertical
  }
}
