/// Finds the places of a contact sheet's frames and texts.
struct ContactSheetLayout {
  private let sheet: ContactSheet
  /// Rows of at most `columns` frames; what is wrapped continues without a label.
  private let lines: [ContactSheet.Row]
  private let columns: Int
  /// The sheet's text without the grid may not make it narrower than this.
  private static let leastTextWidth = 420
  private static let mostWidth = 1120
  private static let labelLimit = 150

  init(_ sheet: ContactSheet) {
    self.sheet = sheet
    let longest = sheet.rows.map(\.frames.count).max() ?? 0
    // What has axes is not broken.
    let wanted = sheet.axes == nil ? sheet.columns ?? ContactSheetLayout.columns(sheet, longest) : longest
    let columns = max(1, min(wanted, max(1, longest)))
    self.columns = columns
    lines = sheet.rows.flatMap { row in
      stride(from: 0, to: max(1, row.frames.count), by: columns).map { start in
        ContactSheet.Row(
          label: start == 0 ? row.label : nil, detail: start == 0 ? row.detail : nil,
          frames: Array(row.frames.dropFirst(start).prefix(columns)))
      }
    }
  }

  /// A single long row becomes about a square, the rows of a sweep break in equal parts of at most 16.
  private static func columns(_ sheet: ContactSheet, _ longest: Int) -> Int {
    if longest <= 16 { return longest }
    if sheet.rows.count == 1 && sheet.references.isEmpty {
      return Int(Double(longest).squareRoot().rounded(.up))
    }
    let parts = (longest + 15) / 16
    return (longest + parts - 1) / parts
  }

  func page() -> Page {
    let automatic = stride(from: 8, through: 1, by: -1).first { scale in
      let grid = Grid(self, scale: scale)
      return grid.width <= ContactSheetLayout.mostWidth && (scale <= 2 || grid.cell.image <= 232)
    }
    let grid = Grid(self, scale: sheet.scale.map { max(1, min($0, 64)) } ?? automatic ?? 1)
    var page = Page()
    let textWidth = max(grid.width, ContactSheetLayout.leastTextWidth)
    let top = page.addHeading(title: sheet.title, subtitle: sheet.subtitle, x: Theme.margin, width: textWidth)
    let bottom = grid.add(to: &page, top: top)
    var y = bottom
    if let note = sheet.note, !note.isEmpty {
      let lines = Theme.label.wrapped(note, to: textWidth, lines: 6)
      y = page.add(lines, Theme.label, Theme.soft, x: Theme.margin, top: y + Theme.space - 4)
    }
    let widest = page.texts.map(\.bounds.right).max() ?? 0
    page.width = max(widest, Theme.margin + grid.width) + Theme.margin
    page.height = y + Theme.margin
    return page
  }

  /// The sizes that follow from a scale.
  private struct Grid {
    let layout: ContactSheetLayout
    let scale: Int
    /// The enlarged image, the column (wider where labels ask for it) and the row with its label.
    var cell: (image: Int, imageHeight: Int, width: Int, labelHeight: Int)
    let rowLabelWidth: Int
    /// The columns that the references take, in order; all of them the same place when stacked.
    private let referenceColumns: [Int]
    /// Whether the references stand above each other.
    let isStacked: Bool
    private let gap: Int
    /// Around each image, for its border.
    private let border: Int
    private let axes: ContactSheetAxes?

    init(_ layout: ContactSheetLayout, scale: Int) {
      self.layout = layout
      self.scale = scale
      let frames = layout.lines.flatMap(\.frames), references = layout.sheet.references
      let images = (frames + references).map(\.image)
      let image = max(1, images.map(\.width).max() ?? 1) * scale
      let labels = frames.compactMap(\.label).map { Theme.smallStrong.width(of: typographic($0)) }
      let width = max(image, min(labels.max() ?? 0, max(image, 72)))
      cell = (
        image, max(1, images.map(\.height).max() ?? 1) * scale, width,
        labels.isEmpty ? 0 : Theme.small.ascent + Theme.small.descent + 2
      )
      axes = layout.sheet.axes.map(ContactSheetAxes.init)
      border = axes == nil ? 1 : 0
      gap = axes != nil ? 0 : labels.isEmpty ? max(4, min(8, image / 14)) : 6
      rowLabelWidth = layout.rowLabelWidth
      isStacked = layout.lines.count > 1
      let captions = references.map { max(image, min(Theme.small.width(of: $0.label ?? ""), max(image, 120))) }
      let widest = captions.max() ?? 0
      referenceColumns = isStacked ? captions.map { _ in widest } : captions
    }

    private var referenceWidth: Int {
      isStacked
        ? referenceColumns.max() ?? 0 : referenceColumns.reduce(0, +) + max(0, referenceColumns.count - 1) * 2 * gap
    }

    /// All of it without the page's margins.
    var width: Int {
      left - Theme.margin + layout.columns * (cell.width + 2 * border) + (layout.columns - 1) * gap
    }

    /// Where the frames begin.
    private var left: Int {
      Theme.margin + (referenceWidth > 0 ? referenceWidth + 2 * border + 2 * Theme.space + 1 : 0)
        + (rowLabelWidth > 0 ? rowLabelWidth + 10 : 0) + (axes?.width ?? 0)
    }

    /// - Returns: the row below the grid.
    func add(to page: inout Page, top: Int) -> Int {
      var y = top
      for (index, line) in layout.lines.enumerated() {
        if index > 0 { y += gap + (line.label != nil && cell.labelHeight > 0 ? 4 : 0) }
        addLabel(line, to: &page, top: y)
        for (column, frame) in line.frames.enumerated() {
          let x = left + column * (cell.width + 2 * border + gap)
          add(frame, to: &page, x: x, top: y, width: cell.width, height: cell.imageHeight, limit: cell.width + gap - 2)
        }
        y += cell.imageHeight + 2 * border + labelHeight(line)
      }
      if let axes {
        let area = Rectangle(x: left, y: top, width: layout.columns * cell.width, height: y - top)
        y = axes.add(to: &page, around: area, columnWidth: cell.width, rowHeight: cell.imageHeight)
      }
      return addReferences(to: &page, top: top, bottom: y)
    }

    /// What is left for texts under the images of a line.
    private func labelHeight(_ line: ContactSheet.Row) -> Int {
      line.frames.contains { $0.label != nil } ? cell.labelHeight : 0
    }

    private func addLabel(_ line: ContactSheet.Row, to page: inout Page, top: Int) {
      guard rowLabelWidth > 0 else { return }
      let right = left - 10
      let height = cell.imageHeight + 2 * border, labelHeight = labelHeight(line)
      let limit = ContactSheetLayout.labelLimit
      let detail = line.detail.map { Theme.small.wrapped($0, to: limit, lines: 2) } ?? []
      let room = max(1, (height + labelHeight - detail.count * Theme.small.lineHeight) / Theme.strong.lineHeight)
      let label = line.label.map { Theme.strong.wrapped($0, to: limit, lines: min(3, room)) } ?? []
      let total = label.count * Theme.strong.lineHeight + detail.count * Theme.small.lineHeight
      let start = max(top, top + (height - total) / 2)
      let next = page.add(label, Theme.strong, Theme.ink, x: right, top: start, anchor: .right)
      if next + detail.count * Theme.small.lineHeight <= top + height + labelHeight + gap {
        page.add(detail, Theme.small, Theme.soft, x: right, top: next, anchor: .right)
      }
    }

    private func addReferences(to page: inout Page, top: Int, bottom: Int) -> Int {
      let references = layout.sheet.references
      guard !references.isEmpty else { return bottom }
      let caption = Theme.small.ascent + Theme.small.descent + 2
      var x = Theme.margin, y = top
      for (frame, column) in zip(references, referenceColumns) {
        add(frame, to: &page, x: x, top: y, width: column, height: cell.imageHeight, limit: column)
        if isStacked { y += cell.imageHeight + 2 * border + caption + Theme.gap } else { x += column + 2 * gap }
      }
      let end = isStacked ? y - Theme.gap : top + cell.imageHeight + 2 * border + caption
      let rule = Theme.margin + referenceWidth + 2 * border + Theme.space
      page.rule(x: rule, y: top, height: max(bottom, end) - top, Theme.hairline)
      return max(bottom, end)
    }

    /// An image, centred in its column, with its border and label.
    private func add(
      _ frame: ContactSheet.Frame, to page: inout Page, x: Int, top: Int, width: Int, height: Int, limit: Int
    ) {
      let area = Rectangle(
        x: x + border + (width - frame.image.width * scale) / 2,
        y: top + border + (height - frame.image.height * scale) / 2,
        width: frame.image.width * scale, height: frame.image.height * scale)
      if border == 0 {
        // The images touch.
      } else if frame.highlighted {
        page.add(.frame(area.inset(-3), Theme.accent, thickness: 3))
      } else {
        page.add(.frame(area.inset(-border), Theme.hairline, thickness: border))
      }
      page.add(.image(frame.image, x: area.x, y: area.y, scale: scale))
      guard let label = frame.label else { return }
      let font = frame.highlighted ? Theme.smallStrong : Theme.small
      let text = font.shortened(typographic(label), to: limit)
      page.add(
        PlacedText(
          text, font, frame.highlighted ? Theme.accent : Theme.ink, x: area.middleX,
          top: top + height + 2 * border + 2, anchor: .center))
    }
  }

  private var rowLabelWidth: Int {
    let limit = ContactSheetLayout.labelLimit
    let labels = lines.compactMap(\.label).flatMap { Theme.strong.wrapped($0, to: limit, lines: 3) }
    let details = lines.compactMap(\.detail).flatMap { Theme.small.wrapped($0, to: limit, lines: 2) }
    return max(
      labels.map { Theme.strong.width(of: $0) }.max() ?? 0, details.map { Theme.small.width(of: $0) }.max() ?? 0)
  }
}
