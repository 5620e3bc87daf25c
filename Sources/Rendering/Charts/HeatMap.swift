import BVAEPlatform

/// A matrix as coloured cells, the first row at the top, with its numbers in the cells where they fit.
public struct HeatMap: Chart {
  /// Names.
  public static let hasNamesBelow = true
  /// Names.
  public static let hasNamesBeside = true
  /// Headings and size; there are no axes of numbers.
  public var options: ChartOptions
  /// Row by row, all equally long; cells of what is not finite stay grey.
  public var values: [[Double]]
  /// What stands beside the rows and below the columns; empty for their numbers from 0.
  public var rows, columns: [String]
  /// What the numbers are, beside their scale.
  public var valueLabel: String?

  /// A map.
  public init(
    _ options: ChartOptions = ChartOptions(height: 520), values: [[Double]], rows: [String] = [],
    columns: [String] = [], valueLabel: String? = nil
  ) {
    (self.options, self.values, self.rows, self.columns) = (options, values, rows, columns)
    self.valueLabel = valueLabel
  }

  /// None: there are names.
  public var xEnds: ClosedRange<Double>? { nil }
  /// None: there are names.
  public var yEnds: ClosedRange<Double>? { nil }

  /// More cells than this become one picture.
  private static let mostCells = 2500

  /// Where everything goes.
  public func layout() -> Page {
    let height = values.count, width = values.map(\.count).max() ?? 0
    let ends = ChartFrame.ends(values.joined())
    // Where there are values on both sides of 0, white is 0.
    let isDiverging = ends.map { $0.lowerBound < 0 && $0.upperBound > 0 } ?? false
    let scale = ends.map { ends in
      let reach = max(abs(ends.lowerBound), abs(ends.upperBound))
      return ColorScale(
        isDiverging ? .diverging : .sequential, isDiverging ? -reach...reach : ends, label: valueLabel)
    }
    let missing = values.joined().count { !Axis.isDrawable($0) }
    var frame = ChartFrame(
      options, subtitle: options.told([missing > 0 ? "grey: \(missing.grouped) not finite" : nil]))
    frame.colorScale = scale
    frame.x = .slots((0..<width).map { columns.indices.contains($0) ? columns[$0] : String($0) })
    frame.ySlots = (0..<height).map { rows.indices.contains($0) ? rows[$0] : String($0) }
    frame.isEmpty = ends == nil
    var page = Page()
    let plot = frame.add(to: &page), area = plot.area
    guard let scale, width > 0 else { return page }
    func column(_ index: Int) -> Int { area.x + index * area.width / width }
    func row(_ index: Int) -> Int { area.y + index * area.height / height }
    guard width * height <= Self.mostCells, area.width >= width, area.height >= height else {
      page.add(.image(picture(area, width, scale), x: area.x, y: area.y, scale: 1))
      return page
    }
    let isWhole = values.joined().allSatisfy { !Axis.isDrawable($0) || $0 == $0.rounded() }
    let labels = values.map { $0.map { label($0, ends, isWhole: isWhole) } }
    let widest = labels.joined().map { Theme.small.width(of: $0) }.max() ?? 0
    let isWritten =
      widest + 6 <= area.width / width && Theme.small.ascent + Theme.small.descent + 2 <= area.height / height
    for (y, line) in values.enumerated() {
      for (x, value) in line.enumerated() {
        let cell = Rectangle(x: column(x), y: row(y), width: column(x + 1) - column(x), height: row(y + 1) - row(y))
        let color = Axis.isDrawable(value) ? scale.color(value) : Self.none
        page.add(.fill(cell, color))
        guard isWritten else { continue }
        var text = PlacedText(
          labels[y][x], Theme.small, color.isDark ? .white : .black, x: cell.middleX,
          top: cell.middleY - (Theme.small.ascent + Theme.small.descent) / 2, anchor: .center)
        text.isOnData = true
        page.add(text)
      }
    }
    return page
  }

  private static let none = Color(0xC8C9C8)

  /// A cell's number: as many decimals for all as suit the largest.
  private func label(_ value: Double, _ ends: ClosedRange<Double>?, isWhole: Bool) -> String {
    guard Axis.isDrawable(value), let ends else { return "–" }
    let reach = max(abs(ends.lowerBound), abs(ends.upperBound))
    if isWhole && reach < 1e6 { return typographic(value.formatted(decimals: 0)) }
    if reach >= 1e5 || reach < 0.01 { return typographic(value.formatted(digits: 2)) }
    return typographic(value.formatted(decimals: reach >= 100 ? 0 : reach >= 10 ? 1 : 2))
  }

  /// Each pixel the mean of the cells below it.
  private func picture(_ area: Rectangle, _ width: Int, _ scale: ColorScale) -> Bitmap {
    func cells(_ pixel: Int, _ pixels: Int, _ count: Int) -> Range<Int> {
      let first = min(count - 1, pixel * count / pixels)
      return first..<max(first + 1, min(count, (pixel + 1) * count / pixels))
    }
    let spans = (0..<area.width).map { cells($0, area.width, width) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(area.width * area.height * 3)
    for y in 0..<area.height {
      let lines = cells(y, area.height, values.count)
      for span in spans {
        var sum = 0.0, count = 0.0
        for line in lines {
          for x in span where x < values[line].count && Axis.isDrawable(values[line][x]) {
            sum += values[line][x]
            count += 1
          }
        }
        let color = count > 0 ? scale.color(sum / count) : Self.none
        bytes += [color.red, color.green, color.blue]
      }
    }
    return Bitmap(width: area.width, height: area.height, planes: 3, bytes: bytes)
  }
}

extension Color {
  /// Whether white is read better on it than black.
  fileprivate var isDark: Bool { 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue) < 140 }
}
