import BVAERendering
import BVAEResources
import Testing

@Suite("Letters")
struct FontTests {
  private static let bytes: [UInt8] = {
    var count = 0
    guard let start = resource_bytes("dejavu.atlas", &count) else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }()

  @Test("The program's own atlas has both weights in five sizes")
  func embedded() {
    let faces = FontAtlas.embedded.faces
    #expect(faces.map(\.size) == [11, 13, 15, 18, 24, 11, 13, 15, 18, 24])
    #expect(faces.map(\.isBold) == Array(repeating: false, count: 5) + Array(repeating: true, count: 5))
    for theme in [Theme.title, Theme.subtitle, Theme.strong, Theme.label, Theme.small, Theme.smallStrong] {
      #expect(faces.contains { $0.size == theme.size && $0.isBold == theme.isBold })
    }
  }

  @Test("It has every letter that the figures use")
  func letters() {
    let needed = "aZ09äßéñ αβγδελμσθφΣΔΩ −×·–—…°²³ₖ₀₁₉→≤≥±∞≈⁰¹⁻⁹“”‘’ł".filter { $0 != "ₖ" }
    let box = Font(size: 13).width(of: "\u{E000}")
    #expect(box > 0)
    for letter in needed {
      let once = Canvas.drawn(String(letter)), missing = Canvas.drawn("\u{E000}")
      #expect(letter == " " || once != missing, "\(letter) is missing")
    }
  }

  @Test("An atlas cut off anywhere is refused")
  func truncated() {
    for count in stride(from: 0, to: Self.bytes.count, by: 997) {
      #expect(throws: FontAtlas.Damage.self) { try FontAtlas(Array(Self.bytes[..<count])) }
    }
  }

  @Test("No wrong byte in an atlas does harm")
  func corrupted() {
    #expect(throws: FontAtlas.Damage.notAnAtlas) { try FontAtlas(Array("BVF2 anything".utf8)) }
    for index in Array(0..<16) + Array(stride(from: 16, to: Self.bytes.count, by: 9973)) {
      var bytes = Self.bytes
      bytes[index] ^= 0x55
      _ = try? FontAtlas(bytes)
    }
  }

  @Test("An unknown letter is a box, a joiner nothing, a line break a space")
  func unknown() {
    let font = Font(size: 13)
    #expect(font.width(of: "a\u{E000}b") > font.width(of: "ab"))
    #expect(font.width(of: "a\u{200D}b") == font.width(of: "ab"))
    #expect(font.width(of: "a\nb") == font.width(of: "a b"))
    #expect(font.width(of: "x\u{302}") == font.width(of: "x"))
    #expect(Canvas.drawn("\u{E000}").bytes.contains { $0 < 255 })
    #expect(Font(size: 12).width(of: "abc") > 0, "a size between those that exist")
  }

  @Test("An accent written by itself gives the letter that the font has")
  func composed() {
    for (apart, whole) in [("e\u{301}", "é"), ("a\u{308}", "ä"), ("\u{3B1}\u{301}", "ά"), ("o\u{30B}", "ő")] {
      #expect(Canvas.drawn(apart) == Canvas.drawn(whole), "\(whole)")
      #expect(Canvas.drawn(apart) != Canvas.drawn(String(apart.unicodeScalars.prefix(1))), "\(whole)")
    }
    #expect(Canvas.drawn("a\u{3000}b") == Canvas.drawn("a b"), "a wide space is a space")
  }

  @Test("A figure tells which characters of its texts the font lacks, wherever they stand")
  func lacking() {
    let chart = BarChart(
      title: "日本語 and é", subtitle: "e\u{301}\u{200D}\u{FE0F}", xLabel: "שלום", yLabel: "नमस्ते",
      bars: [.init(name: "日β", value: 1), .init(name: "x\u{323}", value: 2)])
    #expect(Set(chart.lackingCharacters) == Set("日本語שלוםनमस्तेx\u{323}"))
    let sheet = ContactSheet(rows: [.init(label: "Z0", frames: [.init(image: SampleFigures.stroke(1), label: "猫")])])
    #expect(sheet.lackingCharacters == ["猫"])
    #expect(LineChart(title: "β = 4, “ő” → 1 °\n\t·", series: []).lackingCharacters == [])
  }

  @Test("Shortened text fits and ends in an ellipsis")
  func shortened() {
    let font = Theme.label, text = "a label that is too long for its place"
    for width in 0...400 {
      let short = font.shortened(text, to: width)
      #expect(font.width(of: short) <= width)
      #expect(short == text || short.isEmpty || short.hasSuffix("…"))
    }
    #expect(font.shortened("short", to: 400) == "short")
  }

  @Test("Wrapped lines fit, lose no words and obey their number")
  func wrapped() {
    let font = Theme.label, text = "one two three Donaudampfschifffahrtsgesellschaft four"
    let lines = font.wrapped(text, to: 90)
    #expect(lines.allSatisfy { font.width(of: $0) <= 90 })
    #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    #expect(font.wrapped("a\n\nb", to: 90) == ["a", "", "b"])
    #expect(font.wrapped("", to: 90).isEmpty)
    let limited = font.wrapped(text, to: 90, lines: 2)
    #expect(limited.count == 2 && limited[1].hasSuffix("…"))
  }
}

extension Canvas {
  /// Text alone on a small page.
  static func drawn(_ text: String) -> Bitmap {
    var canvas = Canvas(width: 40, height: 24)
    canvas.draw(text, Font(size: 13), .black, x: 4, y: 16)
    return canvas.bitmap
  }
}
