import BVAEResources

/// A letter: where its pixels lie relative to the pen and how covered each of them is.
package struct Glyph: Sendable {
  /// From the pen to the left column; from the baseline up to the top row.
  package let left, top: Int
  /// Columns and rows of pixels; none for a space.
  package let width, height: Int
  /// How far the pen goes on.
  package let advance: Int
  /// Where its coverage begins in the atlas, row after row.
  package let offset: Int
}

/// The letters of one size and weight.
package struct FontFace: Sendable {
  /// Pixels an em.
  package let size: Int
  /// Whether it is the bold weight.
  package let isBold: Bool
  /// Pixels above and below the baseline that a line needs.
  package let ascent, descent: Int
  let glyphs: [UInt32: Glyph]
  /// Changes of the advance, by the two code points.
  let kerning: [UInt64: Int]

  static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }
}

/// Pre-rendered letters, as `Scripts/make-font-atlas` writes them (which describes the format).
package struct FontAtlas: Sendable {
  /// In the order of the file.
  package let faces: [FontFace]
  /// The coverage of all letters, 0…255.
  package let coverage: [UInt8]

  /// Why an atlas cannot be used.
  package enum Damage: Error, Equatable { case notAnAtlas, cutOff, contradictory }

  /// The atlas inside the program. One that cannot be read gives no letters (boxes are drawn), but never a crash.
  package static let embedded: FontAtlas = {
    var count = 0
    guard let start = resource_bytes("dejavu.atlas", &count) else { return FontAtlas() }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    return (try? FontAtlas(bytes)) ?? FontAtlas()
  }()

  private init() {
    faces = []
    coverage = []
  }

  /// Reads an atlas.
  package init(_ bytes: [UInt8]) throws(Damage) {
    guard bytes.starts(with: "BVF1".utf8), bytes.count > 8 else { throw .notAnAtlas }
    var header = LittleEndianReader(bytes[4...])
    let length = try header.unsigned32()
    guard length > 0, length <= 1 << 24 else { throw .contradictory }
    guard let content = inflated(bytes[8...], atMost: length), content.count == length else { throw .cutOff }
    var reader = LittleEndianReader(content[...])
    var faces: [FontFace] = []
    for _ in 0..<(try reader.unsigned16()) { faces.append(try FontAtlas.face(&reader)) }
    self.faces = faces
    coverage = content
  }

  private static func face(_ reader: inout LittleEndianReader) throws(Damage) -> FontFace {
    let size = try reader.unsigned8(), bold = try reader.unsigned8()
    let ascent = try reader.unsigned8(), descent = try reader.unsigned8()
    let glyphCount = try reader.unsigned16(), pairCount = try reader.unsigned16()
    var shapes: [(code: UInt32, left: Int, top: Int, width: Int, height: Int, advance: Int)] = []
    for _ in 0..<glyphCount {
      let code = UInt32(try reader.unsigned32())
      let left = try reader.signed8(), top = try reader.signed8()
      let width = try reader.unsigned8(), height = try reader.unsigned8()
      shapes.append((code, left, top, width, height, try reader.unsigned8()))
    }
    var kerning: [UInt64: Int] = [:]
    for _ in 0..<pairCount {
      let first = try reader.unsigned16(), second = try reader.unsigned16(), change = try reader.signed8()
      guard first < shapes.count, second < shapes.count else { throw .contradictory }
      kerning[FontFace.pair(shapes[first].code, shapes[second].code)] = change
    }
    var glyphs: [UInt32: Glyph] = [:]
    for shape in shapes {
      glyphs[shape.code] = Glyph(
        left: shape.left, top: shape.top, width: shape.width, height: shape.height, advance: shape.advance,
        offset: try reader.skip(shape.width * shape.height))
    }
    return FontFace(
      size: size, isBold: bold != 0, ascent: ascent, descent: descent, glyphs: glyphs, kerning: kerning)
  }
}

/// Takes numbers from the front of bytes; refuses to go past their end.
private struct LittleEndianReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func unsigned8() throws(FontAtlas.Damage) -> Int { try number(1) }
  mutating func unsigned16() throws(FontAtlas.Damage) -> Int { try number(2) }
  mutating func unsigned32() throws(FontAtlas.Damage) -> Int { try number(4) }
  mutating func signed8() throws(FontAtlas.Damage) -> Int {
    Int(Int8(bitPattern: UInt8(truncatingIfNeeded: try number(1))))
  }

  /// Leaves `count` bytes out and says where they were.
  mutating func skip(_ count: Int) throws(FontAtlas.Damage) -> Int {
    guard count <= rest.count else { throw .cutOff }
    defer { rest = rest.dropFirst(count) }
    return rest.startIndex
  }

  private mutating func number(_ count: Int) throws(FontAtlas.Damage) -> Int {
    guard count <= rest.count else { throw .cutOff }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
