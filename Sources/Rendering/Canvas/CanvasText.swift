/// Which way a line of text runs.
public enum TextDirection: Sendable, Hashable {
  /// From left to right.
  case horizontal
  /// From bottom to top, as beside an axis.
  case upward
}

extension Canvas {
  /// Draws a line of text.
  /// - Parameters:
  ///   - x: where the pen starts; for upward text, the column of the baseline.
  ///   - y: the row of the baseline; for upward text, where the pen starts.
  public mutating func draw(
    _ text: String, _ font: Font, _ color: Color, x: Int, y: Int, direction: TextDirection = .horizontal
  ) {
    let coverage = FontAtlas.embedded.coverage
    for letter in font.placed(text) {
      guard let glyph = letter.glyph else {
        let height = font.size * 7 / 10
        let box = Rectangle(x: letter.pen + 1, y: -height, width: letter.end - letter.pen - 2, height: height)
        frame(direction.place(box, x: x, y: y), color)
        continue
      }
      for row in 0..<glyph.height {
        for column in 0..<glyph.width {
          let cover = coverage[glyph.offset + row * glyph.width + column]
          guard cover > 0 else { continue }
          let dx = letter.pen + glyph.left + column, dy = row - glyph.top
          let (px, py) = direction == .horizontal ? (x + dx, y + dy) : (x + dy, y - dx - 1)
          blend(px, py, color, strengthened(Float(cover) / 255))
        }
      }
    }
  }
}

extension TextDirection {
  /// Turns a rectangle given relative to the pen's start.
  fileprivate func place(_ box: Rectangle, x: Int, y: Int) -> Rectangle {
    self == .horizontal
      ? Rectangle(x: x + box.x, y: y + box.y, width: box.width, height: box.height)
      : Rectangle(x: x + box.y, y: y - box.right, width: box.height, height: box.width)
  }
}

/// Dark letters mixed in light look thinner than drawn; a little more cover gives them back their weight.
private func strengthened(_ share: Float) -> Float { share * (1.6 - 0.6 * share) }
