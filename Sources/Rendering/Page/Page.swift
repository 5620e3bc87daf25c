/// A line of text at its place.
package struct PlacedText: Sendable, Hashable {
  package var text: String
  package var font: Font
  package var color: Color
  package var direction: TextDirection = .horizontal
  /// Whether it is written on coloured data, by which its colour is chosen, so that no theme changes it.
  package var isOnData = false
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

  /// Where the pen starts, on the baseline, and how far the line goes from there.
  var pen: (x: Int, y: Int, length: Int) {
    switch direction {
    case .horizontal: (bounds.x, bounds.y + font.ascent, bounds.width)
    case .upward: (bounds.x + font.ascent, bounds.bottom, bounds.height)
    }
  }

  private static func start(_ x: Int, _ width: Int, _ anchor: Anchor) -> Int {
    switch anchor {
    case .left: x
    case .center: x - width / 2
    case .right: x - width
    }
  }
}

/// What a figure's layout decides: a size and things to draw, in order. Drawing it, as pixels or as one of
/// `FigureFormat.all`, decides nothing any more.
public struct Page: Sendable {
  /// One thing to draw.
  package enum Mark: Sendable {
    case text(PlacedText)
    case fill(Rectangle, Color)
    case frame(Rectangle, Color, thickness: Int)
    case line([Point], Stroke, clip: Rectangle?)
    case disc(Point, radius: Float, Color, clip: Rectangle?)
    /// An area whose edges do not cross; what lies below shows through by 1 − opacity.
    case polygon([Point], Color, opacity: Float, clip: Rectangle?)
    /// The same small shape at many places, one over the other.
    case symbols([Point], Symbol, radius: Float, Color, opacity: Float, clip: Rectangle?)
    case image(Bitmap, x: Int, y: Int, scale: Int)

    /// An opaque area on the whole page.
    package static func polygon(_ points: [Point], _ color: Color) -> Mark {
      .polygon(points, color, opacity: 1, clip: nil)
    }
  }

  /// Columns and rows; the layout sets them when it knows them.
  public package(set) var width = 1, height = 1
  /// What shows where nothing is drawn.
  package var paper = Theme.paper
  package internal(set) var marks: [Mark] = []

  package init() {}

  /// A page that shows a picture and nothing else.
  public init(_ picture: Bitmap) {
    (width, height) = (picture.width, picture.height)
    marks = [.image(picture, x: 0, y: 0, scale: 1)]
  }

  /// Puts another page onto this one, its top left corner at (x, y).
  mutating func add(_ page: Page, x: Int, y: Int) { marks += page.marks.map { $0.moved(x, y) } }

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

  /// The characters of all texts that the font of the pixels lacks, each once: they are drawn as boxes, or not at all
  /// where they are marks on others.
  public var lackingCharacters: [Character] {
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
  public func render() throws(DrawingError) -> Bitmap {
    let (count, overflows) = width.multipliedReportingOverflow(by: height)
    guard !overflows, count <= Theme.mostPixels else {
      throw .tooLarge(width: width, height: height, limit: Theme.mostPixels)
    }
    var canvas = Canvas(width: width, height: height, color: paper)
    for mark in marks {
      switch mark {
      case .text(let text): canvas.draw(text)
      case .fill(let area, let color): canvas.fill(area, color)
      case .frame(let area, let color, let thickness): canvas.frame(area, color, thickness: thickness)
      case .line(let points, let stroke, let clip): canvas.stroke(points, stroke, clip: clip)
      case .disc(let center, let radius, let color, let clip):
        canvas.disc(center, radius: radius, color, clip: clip)
      case .polygon(let points, let color, let opacity, let clip):
        canvas.fill(points, color, opacity: opacity, clip: clip)
      case .symbols(let places, let symbol, let radius, let color, let opacity, let clip):
        canvas.draw(symbol, at: places, radius: radius, color, opacity: opacity, clip: clip)
      case .image(let image, let x, let y, let scale): canvas.draw(image, x: x, y: y, scale: scale)
      }
    }
    return canvas.bitmap
  }
}

extension Page.Mark {
  /// The same further right and down.
  fileprivate func moved(_ x: Int, _ y: Int) -> Page.Mark {
    func moved(_ points: [Point]) -> [Point] { points.map { Point($0.x + Float(x), $0.y + Float(y)) } }
    func moved(_ area: Rectangle) -> Rectangle {
      Rectangle(x: area.x + x, y: area.y + y, width: area.width, height: area.height)
    }
    switch self {
    case .text(var text):
      text.bounds = moved(text.bounds)
      return .text(text)
    case .fill(let area, let color): return .fill(moved(area), color)
    case .frame(let area, let color, let thickness): return .frame(moved(area), color, thickness: thickness)
    case .line(let points, let stroke, let clip): return .line(moved(points), stroke, clip: clip.map(moved))
    case .disc(let center, let radius, let color, let clip):
      return .disc(moved([center])[0], radius: radius, color, clip: clip.map(moved))
    case .polygon(let points, let color, let opacity, let clip):
      return .polygon(moved(points), color, opacity: opacity, clip: clip.map(moved))
    case .symbols(let places, let symbol, let radius, let color, let opacity, let clip):
      return .symbols(moved(places), symbol, radius: radius, color, opacity: opacity, clip: clip.map(moved))
    case .image(let image, let left, let top, let scale):
      return .image(image, x: left + x, y: top + y, scale: scale)
    }
  }
}

extension Canvas {
  fileprivate mutating func draw(_ text: PlacedText) {
    let pen = text.pen
    draw(text.text, text.font, text.color, x: pen.x, y: pen.y, direction: text.direction)
  }
}
