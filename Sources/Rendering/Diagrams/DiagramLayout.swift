/// Finds the places of a diagram's shapes, arrows and texts.
struct DiagramLayout {
  private let diagram: ArchitectureDiagram
  private let columns: [DiagramColumn]
  /// Between lines of the drawing, where the arrow runs back to the left.
  private static let lane = 44
  /// To the right of a line that is continued.
  private static let turn = 18

  init(_ diagram: ArchitectureDiagram) {
    self.diagram = diagram
    let all = diagram.stages + diagram.heads + diagram.merged
    let scale = DiagramShape.Scale(all.map(\.output))
    let groups =
      diagram.stages.map { [$0] } + (diagram.heads.isEmpty ? [] : [diagram.heads]) + diagram.merged.map { [$0] }
    var columns: [DiagramColumn] = []
    for group in groups {
      columns.append(
        DiagramColumn(
          group, scale, isFirst: columns.isEmpty, splits: group.count > 1,
          joins: columns.last.map { $0.nodes.count > 1 } ?? false))
    }
    self.columns = columns
  }

  func page() -> Page {
    let lines = self.lines()
    let content = lines.map(width).max() ?? 0
    let textWidth = max(420, content)
    var page = Page()
    var y = page.addHeading(title: diagram.title, subtitle: diagram.subtitle, x: Theme.margin, width: textWidth) + 4
    if lines.isEmpty {
      page.add(PlacedText("no layers to draw", Theme.label, Theme.rule, x: Theme.margin, top: y))
      y += Theme.label.lineHeight
    }
    var previous: (right: Int, middle: Int, bottom: Int)?
    for line in lines {
      let middle = y + (line.map(\.above).max() ?? 0)
      let bottom = middle + (line.map(\.below).max() ?? 0)
      var x = Theme.margin
      for (index, column) in line.enumerated() {
        var sources: [Point] = []
        if index > 0 {
          sources = line[index - 1].exits(left: x - line[index - 1].cellWidth, middle: middle)
        } else if let previous {
          sources = [turn(from: previous, to: middle, y: y, page: &page)]
        }
        column.add(to: &page, left: x, middle: middle, sources: sources)
        x += column.width
      }
      if let last = line.last, let exit = last.exits(left: x - last.cellWidth, middle: middle).first {
        previous = (Int(exit.x), middle, bottom)
      }
      y = bottom + Self.lane
    }
    y -= lines.isEmpty ? 0 : Self.lane
    let widest = page.texts.map(\.bounds.right).max() ?? 0
    page.width = max(widest, Theme.margin + content) + Theme.margin
    page.height = y + Theme.margin
    return page
  }

  /// The way back to the left from the end of a line.
  /// - Returns: where the next line's first arrow begins.
  private func turn(
    from previous: (right: Int, middle: Int, bottom: Int), to middle: Int, y: Int, page: inout Page
  ) -> Point {
    let lane = y - Self.lane / 2
    let right = previous.right + Self.turn, left = Theme.margin
    let color = DiagramColumn.arrow
    page.rule(x: previous.right, y: previous.middle, width: right - previous.right + 1, color)
    page.rule(x: right, y: previous.middle, height: lane - previous.middle + 1, color)
    page.rule(x: left, y: lane, width: right - left, color)
    page.rule(x: left, y: lane, height: middle - lane, color)
    return Point(left, middle)
  }

  private func width(_ line: [DiagramColumn]) -> Int {
    line.map(\.width).reduce(0, +) + (line.last?.isLast == false ? Self.turn : 0)
  }

  /// Columns in as few lines as fit, those about equally wide. Heads stay with what is before and after them.
  private func lines() -> [[DiagramColumn]] {
    var columns = columns
    if !columns.isEmpty { columns[columns.count - 1].isLast = true }
    var blocks: [[DiagramColumn]] = []
    for column in columns {
      if column.splits || column.joins, !blocks.isEmpty {
        blocks[blocks.count - 1].append(column)
      } else {
        blocks.append([column])
      }
    }
    func broken(_ limit: Int) -> [[DiagramColumn]] {
      var lines: [[DiagramColumn]] = []
      for block in blocks {
        if let last = lines.last, width(last + block) <= limit {
          lines[lines.count - 1] += block
        } else {
          lines.append(block)
        }
      }
      return lines
    }
    var limit = max(200, min(diagram.width, 1 << 16) - 2 * Theme.margin)
    var best = broken(limit)
    let count = best.count
    while limit > 200 {
      limit -= 10
      let narrower = broken(limit)
      if narrower.count > count { break }
      best = narrower
    }
    return best
  }
}
