/// What charts share: heading, legend, axes, grid and the area that is left for the data.
struct ChartFrame {
  /// A line of the legend.
  struct LegendEntry {
    let name: String
    let key: Key

    /// What stands before the name.
    enum Key {
      case line(Stroke)
      case symbol(Symbol, Color)
      case area(Color, opacity: Float)
    }

    init(name: String, stroke: Stroke) { self.init(name: name, key: .line(stroke)) }

    init(name: String, key: Key) { (self.name, self.key) = (name, key) }

    var keyWidth: Int { if case .line = key { 28 } else { 14 } }
  }

  /// The horizontal axis: numbers (made for about so many ticks), or one label for each of equal slots.
  enum Horizontal {
    case numbers((_ count: Int) -> Axis)
    case slots([String])
  }

  /// The area for the data and its scales.
  struct Plot {
    let area: Rectangle
    let x: Axis?
    let y: Axis

    /// Where a pair of values is drawn; not a number for what cannot be.
    func point(_ x: Double, _ y: Double) -> Point { Point(column(self.x?.position(x) ?? .nan), row(y)) }

    /// The middle of the pixel for a share 0…1 of the width.
    func column(_ share: Double) -> Float { Float(Double(area.x) + 0.5 + share * Double(area.width - 1)) }

    /// The pixel row for a value, within the area.
    func pixelRow(_ value: Double) -> Int {
      let row = row(value)
      return row.isFinite ? Int(max(Float(area.y), min(Float(area.bottom), row))) : area.bottom
    }

    /// The middle of the pixel row for a value.
    func row(_ value: Double) -> Float {
      Float(Double(area.bottom) - 0.5 - y.position(value) * Double(area.height - 1))
    }
  }

  let title, subtitle, xLabel, yLabel: String?
  let width, height: Int
  /// Names of equal slots from the top, in place of the vertical axis's numbers.
  var ySlots: [String]?
  var colorScale: ColorScale?
  var legend: [LegendEntry] = []
  var makeY: (_ count: Int) -> Axis = { .linear(nil, count: $0, snaps: true) }
  var x: Horizontal = .slots([])
  /// Whether to say that there is nothing to see.
  var isEmpty = false

  init(title: String?, subtitle: String?, xLabel: String?, yLabel: String?, width: Int, height: Int) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.width = max(320, min(width, 4000))
    self.height = max(240, min(height, 4000))
  }

  init(_ options: ChartOptions, subtitle: String?) {
    self.init(
      title: options.title, subtitle: subtitle, xLabel: options.xLabel, yLabel: options.yLabel, width: options.width,
      height: options.height)
  }

  /// The range of the values that can be drawn.
  static func ends(_ values: some Sequence<Double>) -> ClosedRange<Double>? {
    var range: ClosedRange<Double>?
    for value in values where Axis.isDrawable(value) {
      range = range.map { min($0.lowerBound, value)...max($0.upperBound, value) } ?? value...value
    }
    return range
  }

  private static let tickLength = 4
  private static let leastPlotHeight = 140

  /// Lays everything but the data out.
  func add(to page: inout Page) -> Plot {
    let textWidth = width - 2 * Theme.margin
    var top = page.addHeading(title: title, subtitle: subtitle, x: Theme.margin, width: textWidth)
    let legendTop = top
    top += legendHeight(textWidth)
    // Half of the topmost tick's label stands above the plot.
    top += Theme.small.ascent / 2 + 2

    let below = Self.tickLength + 3 + Theme.small.lineHeight
    let title = xTitle(nil) == nil ? 0 : Theme.label.lineHeight + 4
    let tentative = max(Self.leastPlotHeight, height - Theme.margin - title - below - top)
    let y = makeY(max(3, tentative / 48))
    let yNames = ySlots?.map { Theme.small.shortened($0, to: max(40, min(180, width / 4))) }
    let tickWidth = (yNames ?? y.ticks.map(\.label)).map { Theme.small.width(of: $0) }.max() ?? 0
    let yTitle = Self.titled(yLabel, exponent: yNames == nil ? y.exponent : 0)
    let titleWidth = yTitle == nil ? 0 : Theme.label.lineHeight + 6
    let left = Theme.margin + titleWidth + tickWidth + 3 + Self.tickLength
    let right = width - Theme.margin - (colorScale?.width ?? 8)
    var area = Rectangle(x: left, y: top, width: max(60, right - left), height: tentative)

    var horizontal: Axis?
    var labels: [PlacedText] = []
    switch x {
    case .numbers(let make):
      let axis = make(max(2, area.width / 75))
      horizontal = axis
      labels = numberLabels(axis, area)
    case .slots(let names):
      labels = slotLabels(names, area)
    }
    // Labels of several lines, or upright, take from the plot's height.
    let deepest = labels.map(\.bounds.bottom).max() ?? 0
    let extra = max(0, deepest - Theme.small.lineHeight)
    area.height = max(Self.leastPlotHeight, area.height - extra)
    let labelTop = area.bottom + Self.tickLength + 3
    for var label in labels {
      label.bounds.y += labelTop
      page.add(label)
    }

    addGrid(to: &page, Plot(area: area, x: horizontal, y: y))
    if let yNames { addSlots(yNames, to: &page, area) }
    colorScale?.add(to: &page, beside: area)
    addLegend(to: &page, top: legendTop, width: textWidth)
    if let yTitle {
      let text = Theme.label.shortened(yTitle, to: area.height + 8)
      page.add(PlacedText(upward: text, Theme.label, Theme.soft, left: Theme.margin, middle: area.middleY))
    }
    var bottom = labelTop + Theme.small.lineHeight + extra
    if let xTitle = xTitle(horizontal) {
      let text = Theme.label.shortened(xTitle, to: area.width)
      page.add(PlacedText(text, Theme.label, Theme.soft, x: area.middleX, top: bottom + 4, anchor: .center))
      bottom += Theme.label.lineHeight + 4
    }
    if isEmpty {
      page.add(
        PlacedText(
          "no values to draw", Theme.label, Theme.rule, x: area.middleX, top: area.middleY - 8, anchor: .center))
    }
    page.width = width
    page.height = max(height, bottom + Theme.margin)
    return Plot(area: area, x: horizontal, y: y)
  }

  /// What an axis shows, with the power of ten that its ticks are in units of.
  static func titled(_ label: String?, exponent: Int) -> String? {
    let label = label.flatMap { $0.isEmpty ? nil : $0 }
    if exponent == 0 { return label }
    let power = "×10" + Axis.superscript(exponent)
    return label.map { "\($0) (\(power))" } ?? power
  }

  private func xTitle(_ axis: Axis?) -> String? {
    Self.titled(xLabel, exponent: axis?.exponent ?? 0)
  }

  private func numberLabels(_ axis: Axis, _ area: Rectangle) -> [PlacedText] {
    var labels: [PlacedText] = []
    for tick in axis.ticks {
      let middle = Int(Double(area.x) + axis.position(tick.value) * Double(area.width - 1))
      var text = PlacedText(tick.label, Theme.small, Theme.ink, x: middle, top: 0, anchor: .center)
      text.bounds.x = min(text.bounds.x, width - 2 - text.bounds.width)
      if let last = labels.last, text.bounds.x < last.bounds.right + 8 { continue }
      labels.append(text)
    }
    return labels
  }

  /// Labels of slots: side by side where they fit, else in lines, else upright, and only some of them where even
  /// that is too tight. Their rows count from the top of the labels.
  private func slotLabels(_ names: [String], _ area: Rectangle) -> [PlacedText] {
    guard !names.isEmpty else { return [] }
    let slot = Double(area.width) / Double(names.count)
    let middle = { (index: Int) in Int(Double(area.x) + (Double(index) + 0.5) * slot) }
    if names.allSatisfy({ Double(Theme.small.width(of: $0)) <= slot - 6 }) {
      return names.enumerated().map {
        PlacedText($1, Theme.small, Theme.ink, x: middle($0), top: 0, anchor: .center)
      }
    }
    let wrapped = names.map { Theme.small.wrapped($0, to: Int(slot) - 8, lines: 4) }
    let keepsWords = names.allSatisfy {
      $0.split(separator: " ").allSatisfy { Double(Theme.small.width(of: String($0))) <= slot - 8 }
    }
    if keepsWords, wrapped.allSatisfy({ $0.count <= 3 }) {
      return wrapped.enumerated().flatMap { index, lines in
        lines.enumerated().map {
          PlacedText(
            $1, Theme.small, Theme.ink, x: middle(index), top: $0 * Theme.small.lineHeight, anchor: .center)
        }
      }
    }
    let thickness = Theme.small.ascent + Theme.small.descent
    let every = max(1, Int((Double(thickness + 2) / slot).rounded(.up)))
    return stride(from: 0, to: names.count, by: every).map { index in
      let text = Theme.small.shortened(names[index], to: 130)
      var label = PlacedText(upward: text, Theme.small, Theme.ink, left: middle(index) - thickness / 2, middle: 0)
      label.bounds.y = 0
      return label
    }
  }

  /// Names beside equal slots; only some of them where they are too tight.
  private func addSlots(_ names: [String], to page: inout Page, _ area: Rectangle) {
    let slot = Double(area.height) / Double(max(1, names.count)), height = Theme.small.ascent + Theme.small.descent
    for index in stride(from: 0, to: names.count, by: max(1, Int((Double(height + 1) / slot).rounded(.up)))) {
      let middle = area.y + Int((Double(index) + 0.5) * slot)
      page.add(
        PlacedText(
          names[index], Theme.small, Theme.ink, x: area.x - Self.tickLength - 3, top: middle - height / 2,
          anchor: .right))
    }
  }

  private func addGrid(to page: inout Page, _ plot: Plot) {
    let area = plot.area
    let faint = Theme.grid.mixed(with: .white, share: 0.5)
    for value in ySlots == nil ? plot.y.minor : [] {
      page.rule(x: area.x, y: Int(plot.row(value)), width: area.width, faint)
    }
    for value in plot.x?.minor ?? [] {
      page.rule(x: Int(plot.column(plot.x?.position(value) ?? 0)), y: area.y, height: area.height, faint)
    }
    for tick in ySlots == nil ? plot.y.ticks : [] {
      let row = Int(plot.row(tick.value))
      page.rule(x: area.x, y: row, width: area.width, Theme.grid)
      page.rule(x: area.x - Self.tickLength, y: row, width: Self.tickLength)
      page.add(
        PlacedText(
          tick.label, Theme.small, Theme.ink, x: area.x - Self.tickLength - 3,
          top: row - (Theme.small.ascent + Theme.small.descent) / 2, anchor: .right))
    }
    for tick in plot.x?.ticks ?? [] {
      let column = Int(plot.column(plot.x?.position(tick.value) ?? 0))
      page.rule(x: column, y: area.y, height: area.height, Theme.grid)
      page.rule(x: column, y: area.bottom, height: Self.tickLength)
    }
    page.rule(x: area.x, y: area.y, height: area.height)
    page.rule(x: area.x, y: area.bottom - 1, width: area.width)
  }

  // MARK: Legend

  private static let mostLegendLines = 5

  /// The legend's entries in lines; those that find no room are counted at the end.
  private func legendLines(_ textWidth: Int) -> (lines: [[(x: Int, entry: LegendEntry, name: String)]], left: Int) {
    var lines: [[(x: Int, entry: LegendEntry, name: String)]] = []
    var x = textWidth + 1
    for (index, entry) in legend.enumerated() {
      let name = Theme.label.shortened(entry.name, to: min(280, textWidth - entry.keyWidth - 6))
      let size = entry.keyWidth + 6 + Theme.label.width(of: name)
      if x + size > textWidth {
        if lines.count == Self.mostLegendLines { return (lines, legend.count - index) }
        lines.append([])
        x = 0
      }
      lines[lines.count - 1].append((x, entry, name))
      x += size + Theme.space + 4
    }
    return (lines, 0)
  }

  private func legendHeight(_ textWidth: Int) -> Int {
    let (lines, left) = legendLines(textWidth)
    return lines.isEmpty ? 0 : (lines.count + (left > 0 ? 1 : 0)) * (Theme.label.lineHeight + 2) + 4
  }

  private func addLegend(to page: inout Page, top: Int, width: Int) {
    let (lines, left) = legendLines(width)
    var y = top
    for line in lines {
      for (x, entry, name) in line {
        let start = Theme.margin + x, middle = Float(y + (Theme.label.ascent + Theme.label.descent) / 2) + 0.5
        switch entry.key {
        case .line(let stroke):
          let key = [Point(Float(start) + 1, middle), Point(Float(start + entry.keyWidth) - 1, middle)]
          page.add(.line(key, stroke, clip: nil))
        case .symbol(let symbol, let color):
          let place = Point(Float(start) + 7, middle)
          page.add(.symbols([place], symbol, radius: 4, color, opacity: 1, clip: nil))
        case .area(let color, let opacity):
          let (left, right, top, bottom) = (Float(start) + 1, Float(start) + 13, middle - 5, middle + 5)
          let corners = [Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)]
          page.add(.polygon(corners, color, opacity: opacity, clip: nil))
          if opacity < 1 { page.add(.line(corners + [corners[0]], Stroke(color, width: 1.5), clip: nil)) }
        }
        page.add(PlacedText(name, Theme.label, Theme.ink, x: start + entry.keyWidth + 6, top: y))
      }
      y += Theme.label.lineHeight + 2
    }
    if left > 0 { page.add(PlacedText("and \(left) more", Theme.label, Theme.soft, x: Theme.margin, top: y)) }
  }
}
