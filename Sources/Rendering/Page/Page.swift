/// A line of text at its place.
package struct PlacedText: Sendable, Hashable {
  package var text: String
  package var font: Font
  package var color: Color
  package var direction: TextDirection = .horizontal
  /// What the line takes up: its width, and its height from ascent to descent.
  package var bounds: Rectangle

  /// Where a text's given coordinate is.
  package enum Anchor: Sendable { case left, center, right }

  /// A horizontal line whose top is at `top`.
  package init(
    _ text: String, _ font: Font = Theme.label, _ color: Color = Theme.ink, x: Int, top: Int, anchor: Anchor = .left
  ) {
    let width = font.width(of: text)
    self.text = text
    self.font = font
    self.color = color
    bounds = Rectangle(
      x: PlacedText.start(x, width, anchor), y: top, width: width, height: font.ascent + font.descent)
  }

  /// A line from bottom to top, centred on the row `middle`, with its ascent beginning at the column `left`.
  package init(upward text: String, _ font: Font, _ color: Color, left: Int, middle: Int) {
    let width = font.width(of: text)
    self.text = text
    self.font = font
    self.color = color
    direction = .upward
    bounds = Rectangle(x: left, y: middle - width / 2, width: font.ascent + font.descent, height: width)
  }

  private static func start(_ x: Int, _ width: Int, _ anchor: Anchor) -> Int {
    switch anchor {
    case .left: x
    case .center: x - width / 2
    case .right: x - width
    }
  }
}

/// What a figure's layout decides: a size and things to draw, in order. Drawing it decides nothing any more.
package struct Page: Sendable {
  /// One thing to draw.
  package enum Mark: Sendable {
    case text(PlacedText)
    case fill(Rectangle, Color)
    case frame(Rectangle, Color, thickness: Int)
    case line([Point], Stroke, clip: Rectangle?)
    case disc(Point, radius: Float, Color, clip: Rectangle?)
    case polygon([Point], Color)
    case image(Bitmap, x: Int, y: Int, scale: Int)
  }

  /// Columns and rows; the layout sets them when it knows them.
  package var width = 1, height = 1
  package private(set) var marks: [Mark] = []

  package init() {}

  package mutating func add(_ mark: Mark) { marks.append(mark) }
  package mutating func add(_ text: PlacedText) { if !text.text.isEmpty { marks.append(.text(text)) } }

  /// A horizontal or vertical rule one pixel thick.
  mutating func rule(x: Int, y: Int, width: Int = 1, height: Int = 1, _ color: Color = Theme.rule) {
    add(.fill(Rectangle(x: x, y: y, width: width, height: height), color))
  }

  /// All texts, for checks of the layout.
  package var texts: [PlacedText] {
    marks.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// The characters of all texts that the font lacks, each once.
  var lackingCharacters: [Character] {
    texts.reduce(into: []) { found, text in
      found += text.font.lacking(in: text.text).filter { !found.contains($0) }
    }
  }

  /// Lines of text below each other.
  /// - Returns: the row below the last one.
  @discardableResult
  mutating func add(
    _ lines: [String], _ font: Font, _ color: Color, x: Int, top: Int, anchor: PlacedText.Anchor = .left
  ) -> Int {
    for (i, line) in lines.enumerated() {
      add(PlacedText(line, font, color, x: x, top: top + i * font.lineHeight, anchor: anchor))
    }
    return top + lines.count * font.lineHeight
  }

  /// Title and subtitle at the top of a page, wrapped to `width`.
  /// - Returns: the row where the figure itself may begin.
  mutating func addHeading(title: String?, subtitle: String?, x: Int, width: Int) -> Int {
    var y = Theme.margin
    if let title, !title.isEmpty {
      y = add(Theme.title.wrapped(title, to: width, lines: 3), Theme.title, Theme.ink, x: x, top: y) + 2
    }
    if let subtitle, !subtitle.isEmpty {
      y = add(Theme.subtitle.wrapped(subtitle, to: width, lines: 4), Theme.subtitle, Theme.soft, x: x, top: y)
    }
    return y == Theme.margin ? y : y + 10
  }

  /// The pixels.
  /// - Throws: `DrawingError` when there would be too many.
  package func render() throws(DrawingError) -> Bitmap {
    let (count, overflows) = width.multipliedReportingOverflow(by: height)
    guard !overflows, count <= Theme.mostPixels else {
      throw .tooLarge(width: width, height: height, limit: Theme.mostPixels)
    }
    var canvas = Canvas(width: width, height: height, color: Theme.paper)
    for mark in marks {
      switch mark {
      case .text(let text): canvas.draw(text)
      case .fill(let area, let color): canvas.fill(area, color)
      case .frame(let area, let color, let thickness): canvas.frame(area, color, thickness: thickness)
      case .line(let points, let stroke, let clip): canvas.stroke(points, stroke, clip: clip)
      case .disc(let center, let radius, let color, let clip):
        canvas.disc(center, radius: radius, color, clip: clip)
      case .polygon(let points, let color): canvas.fill(points, color)
      case .image(let image, let x, let y, let scale): canvas.draw(image, x: x, y: y, scale: scale)
      }
    }
    return canvas.bitmap
  }
}

extension Canvas {
  fileprivate mutating func draw(_ text: PlacedText) {
    switch text.direction {
    case .horizontal:
      draw(text.text, text.font, text.color, x: text.bounds.x, y: text.bounds.y + text.font.ascent)
    case .upward:
      draw(
        text.text, text.font, text.color, x: text.bounds.x + text.font.ascent, y: text.bounds.bottom,
        direction: .upward)
    }
  }
}
