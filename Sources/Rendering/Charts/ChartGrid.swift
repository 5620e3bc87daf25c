/// Several charts on one page, side by side and below each other.
public struct ChartGrid: Figure {
  /// The charts, row after row.
  public var charts: [LineChart]
  /// How many stand side by side, at least 1.
  public var columns: Int

  /// A page of charts.
  public init(_ charts: [LineChart], columns: Int = 2) {
    self.charts = charts
    self.columns = columns
  }

  /// The page's pixels.
  public func render() throws(FigureError) -> Bitmap { try layout().render() }

  /// See `Figure`.
  public var lackingCharacters: [Character] {
    charts.reduce(into: []) { found, chart in found += chart.lackingCharacters.filter { !found.contains($0) } }
  }

  /// Where everything goes.
  package func layout() throws(FigureError) -> Page {
    let columns = max(1, min(columns, max(1, charts.count)))
    var bitmaps: [Bitmap] = []
    for chart in charts { bitmaps.append(try chart.render()) }
    let cellWidth = bitmaps.map(\.width).max() ?? 1
    var page = Page(), top = 0
    for start in stride(from: 0, to: bitmaps.count, by: columns) {
      let row = bitmaps[start..<min(start + columns, bitmaps.count)]
      for (place, bitmap) in row.enumerated() { page.add(.image(bitmap, x: place * cellWidth, y: top, scale: 1)) }
      top += row.map(\.height).max() ?? 0
    }
    page.width = columns * cellWidth
    page.height = max(1, top)
    return page
  }
}
