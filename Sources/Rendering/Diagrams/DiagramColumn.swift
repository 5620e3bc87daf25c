/// The stages that stand above each other (one, or a network's heads) with the arrows that lead to them.
struct DiagramColumn {
  /// One stage, measured.
  struct Node {
    let shape: DiagramShape
    let operation, detail, caption: [String]
    let hasName: Bool

    /// Below its shape.
    var captionHeight: Int { caption.count * Theme.small.lineHeight + 4 }
    /// From its middle row up and down to the end of all that belongs to it.
    var above: Int { max(shape.height / 2, operation.count * Theme.label.lineHeight + 6) }
    var below: Int { max(shape.height - shape.height / 2 + captionHeight, detail.count * Theme.small.lineHeight + 8) }
  }

  let nodes: [Node]
  /// Whether the arrows to it part from one, or come together into one.
  let splits, joins: Bool
  /// Whether nothing follows.
  var isLast = false
  private let arrowWidth: Int
  /// The width of shapes and captions.
  let cellWidth: Int

  static let arrow = Color(0x4D4D4D)
  private static let branch = 16
  private static let space = 18

  init(_ stages: [ArchitectureDiagram.Stage], _ scale: DiagramShape.Scale, isFirst: Bool, splits: Bool, joins: Bool) {
    nodes = stages.map { stage in
      let name = stage.name.map { [Theme.smallStrong.shortened($0, to: 140)] } ?? []
      return Node(
        shape: DiagramShape(stage, scale),
        operation: isFirst ? [] : Theme.label.wrapped(stage.operation, to: 104, lines: 4),
        detail: isFirst ? [] : Theme.small.wrapped(stage.detail, to: 110, lines: 4),
        caption: name + [stage.output.caption], hasName: stage.name != nil)
    }
    self.splits = splits && !isFirst
    self.joins = joins
    let texts = nodes.flatMap { node in
      node.operation.map { Theme.label.width(of: $0) } + node.detail.map { Theme.small.width(of: $0) }
    }
    let branches = (self.splits ? Self.branch : 0) + (joins ? Self.branch : 0)
    arrowWidth = isFirst ? 0 : max(40, (texts.max() ?? 0) + 20) + branches
    let captions = nodes.flatMap { node in
      node.caption.enumerated().map { index, text in node.font(index).width(of: text) }
    }
    cellWidth = max(nodes.map(\.shape.width).max() ?? 0, captions.max() ?? 0)
  }

  /// Arrow and shapes.
  var width: Int { arrowWidth + cellWidth }
  /// From the line's middle row up and down.
  var above: Int { (height + 1) / 2 }
  var below: Int { nodes.count == 1 ? nodes[0].below : (height + 1) / 2 }

  private var height: Int {
    if nodes.count == 1 { return 2 * nodes[0].above }
    return nodes.map { $0.above + $0.below }.reduce(0, +) + (nodes.count - 1) * Self.space
  }

  /// The middle rows of the nodes.
  private func middles(_ middle: Int) -> [Int] {
    if nodes.count == 1 { return [middle] }
    var y = middle - height / 2
    return nodes.map { node in
      defer { y += node.above + node.below + Self.space }
      return y + node.above
    }
  }

  /// Where arrows leave the shapes; `left` is the cell's left column.
  func exits(left: Int, middle: Int) -> [Point] {
    zip(nodes, middles(middle)).map { node, y in
      Point(left + (cellWidth - node.shape.width) / 2 + node.shape.width + 3, y)
    }
  }

  func add(to page: inout Page, left: Int, middle: Int, sources: [Point]) {
    let cell = left + arrowWidth
    let start = addJunctions(to: &page, cell: cell, middle: middle, sources: sources)
    for (node, y) in zip(nodes, middles(middle)) {
      let x = cell + (cellWidth - node.shape.width) / 2
      let top = y - node.shape.height / 2
      node.shape.add(to: &page, x: x, y: top)
      var below = top + node.shape.height + 4
      for (index, text) in node.caption.enumerated() {
        page.add(
          PlacedText(text, node.font(index), Theme.ink, x: cell + cellWidth / 2, top: below, anchor: .center))
        below += Theme.small.lineHeight
      }
      guard let start else { continue }
      addArrow(to: &page, from: start, to: x - 4, y: y)
      // Over the gap; a head's arrow reaches into its cell, and so may the text where no caption is beside it.
      let isTall = node.shape.height / 2 > node.detail.count * Theme.small.lineHeight + 8
      let center = (max(start, left + (splits || joins ? Self.branch : 0)) + (splits && isTall ? x - 4 : cell)) / 2
      let operationTop = y - 4 - node.operation.count * Theme.label.lineHeight
      page.add(node.operation, Theme.label, Theme.ink, x: center, top: operationTop, anchor: .center)
      page.add(node.detail, Theme.small, Theme.soft, x: center, top: y + 6, anchor: .center)
    }
  }

  /// Where arrows part or meet.
  /// - Returns: the column from which each node's own arrow goes on.
  private func addJunctions(to page: inout Page, cell: Int, middle: Int, sources: [Point]) -> Int? {
    guard let first = sources.first else { return nil }
    let trunk = cell - arrowWidth + Self.branch - 2
    var ends = sources.map { Int($0.y) }
    if sources.count > 1 {
      for source in sources { page.rule(x: Int(source.x), y: Int(source.y), width: trunk - Int(source.x), Self.arrow) }
    } else if splits {
      page.rule(x: Int(first.x), y: middle, width: trunk - Int(first.x), Self.arrow)
      ends += middles(middle)
    } else {
      return Int(first.x)
    }
    ends += middles(middle)
    let top = ends.min() ?? middle, bottom = ends.max() ?? middle
    page.rule(x: trunk, y: top, height: bottom - top + 1, Self.arrow)
    return trunk
  }

  private func addArrow(to page: inout Page, from start: Int, to end: Int, y: Int) {
    page.rule(x: start, y: y, width: end - start - 4, Self.arrow)
    let middle = Float(y) + 0.5, tip = Float(end)
    page.add(.polygon([Point(tip, middle), Point(tip - 8, middle - 3.8), Point(tip - 8, middle + 3.8)], Self.arrow))
  }
}

extension DiagramColumn.Node {
  /// The name is bold, the size below it is not.
  func font(_ captionLine: Int) -> Font { hasName && captionLine == 0 ? Theme.smallStrong : Theme.small }
}
