/// Names and values beside the images of a sheet that goes over two things.
struct ContactSheetAxes {
  private let axes: ContactSheet.Axes
  /// Columns that the names and values to the left of the images take up.
  let width: Int

  init(_ axes: ContactSheet.Axes) {
    self.axes = axes
    width = Theme.strong.lineHeight + Theme.gap + Self.widest(axes.rows.labels) + Theme.gap
  }

  private static func widest(_ labels: [String]) -> Int {
    labels.map { Theme.small.width(of: typographic($0)) }.max() ?? 0
  }

  /// Writes names and values, of which only every other one, or fewer, is written where there is no room for all, and
  /// frames the images.
  /// - Returns: the row below.
  func add(to page: inout Page, around area: Rectangle, columnWidth: Int, rowHeight: Int) -> Int {
    page.add(.frame(area.inset(-1), Theme.hairline, thickness: 1))
    let columns = axes.columns.labels, rows = axes.rows.labels
    let columnStep = Self.step(Self.widest(columns) + 8, columnWidth, columns.count)
    let rowStep = Self.step(Theme.small.lineHeight, rowHeight, rows.count)
    for place in stride(from: 0, to: columns.count, by: columnStep) {
      page.add(
        PlacedText(
          typographic(columns[place]), Theme.small, Theme.ink, x: area.x + place * columnWidth + columnWidth / 2,
          top: area.bottom + 4, anchor: .center))
    }
    let height = Theme.small.ascent + Theme.small.descent
    for place in stride(from: 0, to: rows.count, by: rowStep) {
      page.add(
        PlacedText(
          typographic(rows[place]), Theme.small, Theme.ink, x: area.x - Theme.gap,
          top: area.y + place * rowHeight + (rowHeight - height) / 2, anchor: .right))
    }
    let top = area.bottom + 4 + Theme.small.lineHeight + 2
    page.add(
      PlacedText(axes.columns.name, Theme.strong, Theme.ink, x: area.middleX, top: top, anchor: .center))
    page.add(
      PlacedText(upward: axes.rows.name, Theme.strong, Theme.ink, left: area.x - width, middle: area.middleY))
    return top + Theme.strong.lineHeight
  }

  /// Every which value has room, of values that lie `distance` apart and take up `size`; the last is among them if that is
  /// so for a step that is little longer.
  private static func step(_ size: Int, _ distance: Int, _ count: Int) -> Int {
    let least = max(1, (size + distance - 1) / max(1, distance))
    return (least...max(least, least * 3 / 2)).first { (count - 1) % $0 == 0 } ?? least
  }
}
