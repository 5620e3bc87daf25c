import BVAEPixels
import Testing

@Suite("Every kind of PNG")
struct PNGKindTests {
  /// Each kind of pixels with the depths that it may have.
  static let kinds: [(kind: Int, depth: Int)] = [
    (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8),
    (6, 16),
  ]

  /// A background of a colour, and what a grey picture shows of it: 0.299 · 250 + 0.587 · 20 + 0.114 · 90, rounded.
  private let background = Color(red: 250, green: 20, blue: 90), grey: UInt8 = 97

  private func check(_ picture: MakePNG) throws {
    let planes = [0, 4].contains(picture.kind) ? 1 : 3
    let found = try PNG.decode(picture.bytes, background: background)
    let under = planes == 1 ? [grey] : [250, 20, 90]
    #expect(found.bitmap.planes == planes && found.bitmap.bytes == picture.expected(under), "\(picture)")
    #expect(!found.isHidden)
  }

  @Test("Values are read as stored, interlaced or not, at every depth", arguments: kinds)
  func depths(kind: Int, depth: Int) throws {
    for isInterlaced in [false, true] { try check(MakePNG(kind: kind, depth: depth, isInterlaced: isInterlaced)) }
  }

  @Test("A transparent colour is looked for among the stored values", arguments: kinds.filter { $0.kind < 4 })
  func transparency(kind: Int, depth: Int) throws {
    for isInterlaced in [false, true] {
      var picture = MakePNG(kind: kind, depth: depth, isInterlaced: isInterlaced)
      if kind == 3 {
        picture.transparent = Array([0, 128, 77].prefix(1 << depth))
      } else {
        picture.transparent = (0..<picture.samples).map { picture.sample(3, 2, $0) }
      }
      try check(picture)
    }
    // Alike in their upper bytes only.
    guard depth == 16 else { return }
    var picture = MakePNG(kind: kind, depth: 16)
    picture.transparent = (0..<picture.samples).map { picture.sample(3, 2, $0) ^ 1 }
    #expect((0..<MakePNG.width).allSatisfy { picture.pixel($0, 2).alpha == 255 })
    try check(picture)
  }

  @Test("What a file says of gamma and colour spaces changes no value", arguments: kinds)
  func gamma(kind: Int, depth: Int) throws {
    let whole = 100_000
    let notes: [[(String, [UInt8])]] = [
      [("gAMA", MakePNG.four(whole))], [("gAMA", MakePNG.four(45_455))], [("gAMA", MakePNG.four(1))],
      [("sRGB", [0])], [("sRGB", [3]), ("gAMA", MakePNG.four(45_455))],
      [("cHRM", [31_270, 32_900, 70_800, 29_200, 17_000, 79_700, 13_100, 4600].flatMap(MakePNG.four))],
      [("iCCP", Array("profile\0\0".utf8) + MakePNG.packed([UInt8](repeating: 7, count: 200)))],
      [("sBIT", [UInt8](repeating: 1, count: kind == 3 ? 3 : MakePNG(kind: kind, depth: depth).samples))],
      [("bKGD", [0, 1, 0, 1, 0, 1])],
    ]
    for more in notes { try check(MakePNG(kind: kind, depth: depth, isInterlaced: true, more: more)) }
  }

  @Test("Alpha mixes stored values with the background")
  func mixing() throws {
    // Black at alpha 128 over white: (0 · 128 + 255 · 127) / 255.
    let half = TransparentSample.file(kind: 4, [[0, 128, 0, 128]])
    #expect(try PNG.decode(half).bitmap.bytes == [127, 127])
    #expect(try PNG.decode(half, background: .black).bitmap.bytes == [0, 0])
    // It was alike all over before, so nothing was lost.
    #expect(try !PNG.decode(half).isHidden)
  }

  @Test("A picture of which nothing is left over the background says so")
  func hidden() throws {
    let ink = TransparentSample.file(kind: 4, [[255, 0, 255, 255], [255, 90, 255, 0]])
    #expect(try PNG.decode(ink).isHidden && !PNG.decode(ink, background: .black).isHidden)
    let nothing = TransparentSample.file(kind: 6, [[1, 2, 3, 0, 200, 100, 50, 0]])
    #expect(try PNG.decode(nothing).isHidden && PNG.decode(nothing, background: .black).isHidden)
    let opaque = TransparentSample.file(kind: 4, [[255, 255, 255, 255]])
    #expect(try !PNG.decode(opaque).isHidden)
  }
}

/// Files of pixels with alpha, eight bits a value.
private enum TransparentSample {
  static func file(kind: Int, _ rows: [[UInt8]]) -> [UInt8] {
    let width = rows[0].count / (kind == 4 ? 2 : 4)
    let form: [UInt8] = [8, UInt8(kind), 0, 0, 0]
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += MakePNG.chunk("IHDR", MakePNG.four(width) + MakePNG.four(rows.count) + form)
    file += MakePNG.chunk("IDAT", MakePNG.packed(rows.flatMap { [0] + $0 }))
    return file + MakePNG.chunk("IEND", [])
  }
}
