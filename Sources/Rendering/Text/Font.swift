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
    for scalar in text.flatMap(Font.scalars) {
      // Line breaks and tabs inside a line are spaces, as are the spaces that the font lacks.
      let isSpace = scalar.value < 32 || face?.glyphs[scalar.value] == nil && scalar.properties.isWhitespace
      let code = isSpace ? 32 : scalar.value
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

  /// The characters of a text that the font lacks, each once, in their order: they are drawn as boxes, or not at all where
  /// they are marks on others.
  func lacking(in text: String) -> [Character] {
    var found: [Character] = []
    for character in text {
      let isLacking = Font.scalars(of: character).contains { scalar in
        face?.glyphs[scalar.value] == nil && !scalar.properties.isWhitespace && !scalar.isNeverDrawn
      }
      if isLacking && !found.contains(character) { found.append(character) }
    }
    return found
  }

  /// The code points that a character is drawn by: an accented letter that the font has by its own, however it is written.
  private static func scalars(of character: Character) -> [Unicode.Scalar] {
    let scalars = Array(character.unicodeScalars)
    guard scalars.count > 1 else { return scalars }
    let drawn = String(String.UnicodeScalarView(scalars.filter { !$0.isNeverDrawn || $0.value < 32 }))
    // Characters are equal when they are canonically equivalent.
    return drawn.count == 1 ? drawn.first.flatMap { composed[$0] }.map { [$0] } ?? scalars : scalars
  }

  private static let composed: [Character: Unicode.Scalar] = Dictionary(
    FontAtlas.embedded.faces.flatMap { $0.glyphs.keys.compactMap(Unicode.Scalar.init) }.map { (Character($0), $0) },
    uniquingKeysWith: { first, _ in first })

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
  /// Controls, joiners and selectors, which have no look of their own in any font.
  fileprivate var isNeverDrawn: Bool {
    [.format, .control].contains(properties.generalCategory) || properties.isVariationSelector
  }

  /// Joiners, selectors and accents that are not drawn alone.
  fileprivate var isInvisible: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: true
    default: false
    }
  }
}
