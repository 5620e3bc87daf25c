import BVAEPlatform

/// A mark for each pair of numbers, coloured by group or by a third number; or a small picture in place of a mark.
public struct ScatterChart: Chart {
  /// Marks that look alike.
  public struct Group: Sendable {
    /// What the legend calls it; empty for nothing.
    public var name: String
    /// Places; the shorter of `xs` and `ys` counts, and pairs that are not finite are left out.
    public var xs, ys: [Double]
    /// The number behind each mark's colour, on a scale that all groups share; empty for the group's own colour.
    public var values: [Double]
    /// The pictures that stand in place of marks; empty for none.
    public var pictures: [Bitmap]

    /// A group.
    public init(name: String = "", xs: [Double], ys: [Double], values: [Double] = [], pictures: [Bitmap] = []) {
      (self.name, self.xs, self.ys, self.values, self.pictures) = (name, xs, ys, values, pictures)
    }
  }

  /// Headings, axes and size.
  public var options: ChartOptions
  /// The marks; later groups lie on earlier ones.
  public var groups: [Group]
  /// What the numbers behind the colours are.
  public var valueLabel: String?

  /// A chart.
  public init(_ options: ChartOptions = ChartOptions(height: 520), groups: [Group], valueLabel: String? = nil) {
    (self.options, self.groups, self.valueLabel) = (options, groups, valueLabel)
  }

  /// See `Chart`.
  public var xEnds: ClosedRange<Double>? { ends(\.x) }
  /// See `Chart`.
  public var yEnds: ClosedRange<Double>? { ends(\.y) }

  private func ends(_ part: KeyPath<(x: Double, y: Double), Double>) -> ClosedRange<Double>? {
    ChartFrame.ends(
      groups.lazy.flatMap { zip($0.xs, $0.ys).lazy.map { (x: $0, y: $1) } }
        .filter { options.isDrawable($0.x, $0.y) }.map { $0[keyPath: part] })
  }

  /// Where everything goes.
  public func layout() -> Page {
    var omissions = Omissions()
    let kept = groups.map { group in
      (0..<min(group.xs.count, group.ys.count)).filter { omissions.takes(group.xs[$0], group.ys[$0], options) }
    }
    let count = kept.reduce(0) { $0 + $1.count }
    let values = zip(groups, kept).flatMap { group, kept in
      group.values.isEmpty ? [] : kept.map { group.values[$0] }
    }
    let scale = ChartFrame.ends(values).map { ColorScale(.sequential, $0, label: valueLabel) }
    let xs = xEnds.map { options.xLogarithmic ? $0 : $0.widened(0.02) }
    let ys = yEnds.map { options.logarithmic ? $0 : $0.widened(0.02) }
    // How many pictures find room is known only when the plot's place is; it depends on no subtitle of one line more.
    func framed(_ remark: String?) -> ChartFrame {
      var frame = ChartFrame(options, subtitle: options.told([omissions.words, remark]))
      frame.colorScale = scale
      frame.legend = groups.indices.filter { !groups[$0].name.isEmpty && groups[$0].values.isEmpty }.map {
        ChartFrame.LegendEntry(name: groups[$0].name, key: .symbol(symbol($0), color($0)))
      }
      frame.makeY = options.yAxis(ys, snaps: false, zero: false)
      frame.x = .numbers(options.xAxis(xs))
      frame.isEmpty = count == 0
      return frame
    }
    var page = Page(), plot = framed(nil).add(to: &page)
    if groups.contains(where: { !$0.pictures.isEmpty }) {
      let shown = places(kept, plot).count
      if shown < count {
        page = Page()
        plot = framed("\(shown.grouped) of \(count.grouped) pictures, as many as do not overlap").add(to: &page)
      }
      addPictures(kept, plot, to: &page)
      return page
    }
    let clip = plot.area.inset(-5), radius = Self.radius(count), opacity = Self.opacity(count)
    for (index, group) in groups.enumerated() {
      let points = kept[index].map { plot.point(group.xs[$0], group.ys[$0]) }
      guard !group.values.isEmpty, let scale else {
        page.add(
          .symbols(points, symbol(index), radius: radius, color(index), opacity: opacity, clip: clip))
        continue
      }
      // In their order, so that none hides the others by its colour; neighbours of one colour are one mark.
      var run: [Point] = [], runColor: Color?
      for (point, place) in zip(points, kept[index]) {
        let value = place < group.values.count ? group.values[place] : .nan
        let own = Axis.isDrawable(value) ? scale.color(value) : Theme.hairline
        if own != runColor, let color = runColor {
          page.add(.symbols(run, .disc, radius: radius, color, opacity: max(0.6, opacity), clip: clip))
          run = []
        }
        runColor = own
        run.append(point)
      }
      if let color = runColor {
        page.add(.symbols(run, .disc, radius: radius, color, opacity: max(0.6, opacity), clip: clip))
      }
    }
    return page
  }

  // MARK: - Marks

  private func color(_ group: Int) -> Color { Theme.group(group) }

  /// Up to seven groups are told apart by colours, more by shapes as well.
  private func symbol(_ group: Int) -> Symbol { GroupMarks.symbol(group, of: groups.count) }

  /// The more marks, the smaller and the more transparent they are.
  private static func radius(_ count: Int) -> Float {
    switch count {
    case ...100: 4
    case ...1000: 3.2
    case ...10_000: 2.4
    default: 1.6
    }
  }

  private static func opacity(_ count: Int) -> Float {
    switch count {
    case ...100: 1
    case ...1000: 0.8
    case ...10_000: 0.6
    default: 0.4
    }
  }

  // MARK: - Pictures

  /// Which points' pictures find room, in their order, and where.
  private func places(_ kept: [[Int]], _ plot: ChartFrame.Plot) -> [(group: Int, place: Int, area: Rectangle)] {
    var found: [(group: Int, place: Int, area: Rectangle)] = []
    /// The pictures so far by squares of the page, so that a million points are held against their neighbours only.
    let side = 64
    var near: [Int: [Rectangle]] = [:]
    func key(_ x: Int, _ y: Int) -> Int { (y + 1024) * 100_000 + x + 1024 }
    // The first of each group, then the second of each, so that none takes all the room.
    for turn in 0..<(kept.map(\.count).max() ?? 0) {
      for (index, group) in groups.enumerated() where turn < kept[index].count {
        let place = kept[index][turn]
        guard place < group.pictures.count else { continue }
        let picture = group.pictures[place], scale = Self.scale(picture)
        let middle = plot.point(group.xs[place], group.ys[place])
        let width = picture.width * scale, height = picture.height * scale
        let area = Rectangle(
          x: Int(middle.x) - width / 2, y: Int(middle.y) - height / 2, width: width, height: height)
        let columns = (area.x - 2) / side...(area.right + 2) / side,
          rows = (area.y - 2) / side...(area.bottom + 2) / side
        let isFree = rows.allSatisfy { y in
          columns.allSatisfy { x in !(near[key(x, y)] ?? []).contains { $0.overlaps(area.inset(-2)) } }
        }
        guard isFree else { continue }
        for y in rows { for x in columns { near[key(x, y), default: []].append(area) } }
        found.append((index, place, area))
      }
    }
    return found
  }

  private func addPictures(_ kept: [[Int]], _ plot: ChartFrame.Plot, to page: inout Page) {
    for (group, place, area) in places(kept, plot) {
      let picture = groups[group].pictures[place], scale = Self.scale(picture)
      let visible = area.intersection(plot.area)
      if visible == area {
        page.add(.image(picture, x: area.x, y: area.y, scale: scale))
      } else if visible.width > 0, visible.height > 0 {
        page.add(.image(picture.part(of: area, visible, scale: scale), x: visible.x, y: visible.y, scale: 1))
      }
      if groups.count > 1 || !groups[group].name.isEmpty, visible.width > 0, visible.height > 0 {
        page.add(.frame(visible.inset(-1), color(group), thickness: 2))
      }
    }
  }

  /// Small pictures are drawn larger, so that what they show is seen.
  private static func scale(_ picture: Bitmap) -> Int { max(1, 28 / max(picture.width, picture.height)) }
}

/// How groups are told apart.
package enum GroupMarks {
  /// Up to seven by colours alone, more by shapes as well.
  package static func symbol(_ group: Int, of count: Int) -> Symbol {
    guard count > Theme.series.count else { return .disc }
    // Those whose colours are hardest to tell apart differ in shape.
    let shapes = Symbol.allCases
    return shapes[(group < shapes.count ? group : group + 2) % shapes.count]
  }
}

extension Bitmap {
  /// The pixels that a part of the area shows over which the picture is drawn.
  fileprivate func part(of area: Rectangle, _ visible: Rectangle, scale: Int) -> Bitmap {
    let bytes = (visible.y..<visible.bottom).flatMap { y in
      (visible.x..<visible.right).flatMap { x in
        let color = self[(x - area.x) / scale, (y - area.y) / scale]
        return [color.red, color.green, color.blue]
      }
    }
    return Bitmap(width: visible.width, height: visible.height, planes: 3, bytes: bytes)
  }
}
