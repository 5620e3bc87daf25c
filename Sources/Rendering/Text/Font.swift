/// A size and weight of DejaVu Sans. The sizes that exist are 11, 13, 15, 18 and 24 pixels; others take the nearest.
public struct Font: Hashable, Sendable {
  /// Pixels an em.
  public let size: Int
  /// Whether it is the bold weight.
  public let isBold: Bool

  /// A font.
  public init(size: Int, bold: Bool = false) {
    self.size = size
    isBold = bold
  }

  /// Pixels above the baseline that a line needs.
  public var ascent: Int { face?.ascent ?? size }
  /// Pixels below the baseline that a line needs.
  public var descent: Int { face?.descent ?? size / 4 }
  /// From one line's baseline to the next.
  public var lineHeight: Int { ascent + descent + max(1, size / 8) }

  /// The width of a line of text in pixels.
  public func width(of text: String) -> Int { placed(text).last?.end ?? 0 }

  /// A letter of a line: its look (nothing for one that the font lacks), the pen before it and after it.
  struct PlacedGlyph {
    let glyph: Glyph?
    let pen, end: Int
  }

  /// Sets a line of text, the pen starting at 0.
  func placed(_ text: String) -> [PlacedGlyph] {
    let face = face
    var letters: [PlacedGlyph] = []
    var pen = 0
    var previous: UInt32 = 0
    for scalar in text.unicodeScalars {
      // Line breaks and tabs inside a line are spaces.
      let code = scalar.value < 32 ? 32 : scalar.value
      pen += face?.kerning[FontFace.pair(previous, code)] ?? 0
      previous = code
      if let glyph = face?.glyphs[code] {
        // Combining accents advance nothing.
        let end = (0x300...0x36F).contains(code) ? pen : pen + glyph.advance
        letters.append(PlacedGlyph(glyph: glyph, pen: pen, end: end))
        pen = end
      } else if !scalar.isInvisible {
        letters.append(PlacedGlyph(glyph: nil, pen: pen, end: pen + missingWidth))
        pen += missingWidth
      }
    }
    return letters
  }

  /// The width that the box for an unknown letter takes.
  var missingWidth: Int { size * 3 / 5 + 1 }

  private static let table: [Font: FontFace] = Dictionary(
    FontAtlas.embedded.faces.map { (Font(size: $0.size, bold: $0.isBold), $0) }, uniquingKeysWith: { first, _ in first }
  )

  private var face: FontFace? {
    if let face = Font.table[self] { return face }
    return FontAtlas.embedded.faces.filter { $0.isBold == isBold }.min {
      abs($0.size - size) < abs($1.size - size)
    }
  }
}

extension Unicode.Scalar {
  /// Joiners, selectors and accents that are not drawn alone.
  fileprivate var isInvisible: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: true
    default: false
    }
  }
}
