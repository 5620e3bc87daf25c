import BVAEPlatform
import BVAERendering
import Testing

/// SVG and PDF as their readers take them.
@Suite("Figures as vectors")
struct FormatTests {
  private static let notes = FigureNotes(
    title: "A & B <β>",
    notes: [("Software", "bvae-script 1"), ("Script", "a (b).bvs"), ("Model", "β 4"), ("Model", "x")])

  private static func text(_ page: Page, _ ending: String) throws -> String {
    // Latin-1, so that every byte is a character.
    String(
      String.UnicodeScalarView(
        try #require(FigureFormat.named(ending)).encode(page, notes).map { Unicode.Scalar($0) }))
  }

  @Test("The formats are told by their endings, PNG the usual one; PDF is what pages do not show")
  func list() {
    #expect(FigureFormat.all.map(\.ending) == ["png", "svg", "pdf"])
    #expect(FigureFormat.all.filter(\.isShownByPages).map(\.ending) == ["png", "svg"])
    #expect(FigureFormat.named("jpg") == nil)
  }

  @Test("The same page gives the same bytes, in every format")
  func deterministic() throws {
    for (name, page) in SampleFigures.pages where page.width * page.height < 1 << 22 {
      for format in FigureFormat.all {
        #expect(try format.encode(page, Self.notes) == format.encode(page, Self.notes), "\(name).\(format.ending)")
      }
    }
  }

  // MARK: - SVG

  @Test("SVG is well-formed, with every text as text, and says where it comes from")
  func svg() throws {
    for (name, page) in SampleFigures.pages {
      let bytes = try #require(FigureFormat.named("svg")).encode(page, Self.notes)
      let text = String(decoding: bytes, as: UTF8.self)
      let elements = try XMLElements(text)
      #expect(elements.names.first == "svg" && elements.names.contains("title"), "\(name)")
      let written = elements.texts.filter { $0.name == "text" }.map(\.text)
      let wanted = page.texts.map(\.text).filter { $0.contains { !$0.isWhitespace } }
      #expect(written == wanted.map { $0.map { $0.isNewline || $0 == "\t" ? " " : String($0) }.joined() }, "\(name)")
      #expect(text.contains("<title>A &amp; B &lt;β&gt;</title>") && text.contains("Script: a (b).bvs"))
      let images = page.marks.count { if case .image = $0 { true } else { false } }
      #expect(elements.names.count { $0 == "image" } == images, "\(name)")
    }
  }

  @Test("What XML cannot hold is escaped or left out")
  func escaping() throws {
    let page = LineChart(title: "a < b & \"c\" > d\u{1}\u{FFFE}\t<script>", series: []).layout()
    let bytes = try #require(FigureFormat.named("svg")).encode(page, Self.notes)
    let text = String(decoding: bytes, as: UTF8.self)
    _ = try XMLElements(text)
    #expect(text.contains(">a &lt; b &amp; &quot;c&quot; &gt; d &lt;script&gt;</text>") && !text.contains("\u{1}"))
  }

  @Test("Numbers that are not finite or far away leave no trace in coordinates")
  func extremes() throws {
    let chart = LineChart(series: [.init(name: "x", xs: [0, 1, 2, 3], ys: [1, 1e290, -1e290, 2])])
    var limited = chart
    limited.options.yLimits = 0...3
    for page in [chart.layout(), limited.layout()] {
      for ending in ["svg", "pdf"] {
        let text = try Self.text(page, ending)
        #expect(!text.contains("nan") && !text.contains("inf"))
        #expect(ending == "pdf" || !text.contains("00000000"))
      }
    }
  }

  // MARK: - PDF

  @Test("Each object of a PDF is where its table says, and streams are as long as they say")
  func pdf() throws {
    for (name, page) in SampleFigures.pages {
      let text = Array(try Self.text(page, "pdf").unicodeScalars)
      func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(text[range])) }
      let whole = string(0..<text.count)
      #expect(whole.hasPrefix("%PDF-1.4\n") && whole.hasSuffix("%%EOF\n"), "\(name)")
      let start = try #require(whole.split(separator: "\n").dropLast().last.flatMap { Int($0) })
      let table = string(start..<text.count).split(separator: "\n").map(String.init)
      #expect(table[0] == "xref" && table[2].hasPrefix("0000000000 65535 f"))
      let count = try #require(Int(table[1].split(separator: " ")[1]))
      for number in 1..<count {
        let line = table[2 + number]
        // Lines of the table have 20 bytes, the line end included.
        #expect(line.utf8.count == 19 && line.hasSuffix(" 00000 n "))
        let offset = try #require(Int(line.prefix(10)))
        #expect(string(offset..<offset + "\(number) 0 obj\n".count) == "\(number) 0 obj\n", "\(name)")
      }
      for part in whole.split(separator: "/Length ").dropFirst() {
        let length = try #require(Int(part.prefix { $0.isNumber }))
        let head = try #require(part.firstRange(of: " >>\nstream\n"))
        #expect(part[part.unicodeScalars.index(head.upperBound, offsetBy: length)...].hasPrefix("\nendstream"))
      }
      #expect(whole.contains("/Producer (bvae-script 1)") && whole.contains("/Script (a \\(b\\).bvs)"))
      #expect(whole.contains("/Model <FEFF03B200200034>") && whole.contains("/Model2 (x)"))
      #expect(whole.contains("/Title <FEFF00410020002600200042"))
    }
  }

  @Test("Greek, mathematics, powers and accents have letters in the standard fonts; what has none is told")
  func letters() {
    func lacking(_ title: String) -> [Character] {
      FigureFormat.named("pdf")?.lackingCharacters(LineChart(title: title, series: []).layout()) ?? []
    }
    #expect(lacking("β-VAE: x̂ = μ ± σ·ε ≤ 10⁻³ × ∞ −4 “é” … – ₀ ², γ λ → log σ²").isEmpty)
    #expect(lacking("日本 ő é 日") == ["日", "本", "ő"])
    #expect(FigureFormat.named("svg")?.lackingCharacters(LineChart(title: "日", series: []).layout()) == [])
  }
}

/// Enough of XML to tell whether tags are balanced and attributes are quoted, and what stands between them.
private struct XMLElements {
  private(set) var names: [String] = []
  private(set) var texts: [(name: String, text: String)] = []

  struct Fault: Error { let what: String }

  init(_ text: String) throws {
    var open: [String] = [], rest = text[...], current = ""
    while let start = rest.firstIndex(of: "<") {
      let between = rest[..<start]
      guard !between.contains(">") else { throw Fault(what: "a bare > in \(between.prefix(40))") }
      current += try Self.plain(between)
      guard let end = Self.end(rest[start...]) else { throw Fault(what: "a tag is not closed") }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") { continue }
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        guard open.popLast() == name else { throw Fault(what: "</\(name)> closes nothing") }
        texts.append((name, current))
        current = ""
        continue
      }
      let name = String(tag.prefix { !$0.isWhitespace && $0 != "/" })
      names.append(name)
      let attributes = tag.dropFirst(name.count)
      guard attributes.count(where: { $0 == "\"" }) % 2 == 0 else { throw Fault(what: "quotes in <\(name)") }
      current = ""
      if !tag.hasSuffix("/") { open.append(name) }
    }
    guard open.isEmpty, rest.allSatisfy(\.isWhitespace) else { throw Fault(what: "left open: \(open)") }
  }

  /// The `>` that ends a tag, those in quotes passed over.
  private static func end(_ tag: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in tag.indices {
      if tag[index] == "\"" { isQuoted.toggle() }
      if tag[index] == ">", !isQuoted { return index }
      if tag[index] == "<", index != tag.startIndex { return nil }
    }
    return nil
  }

  private static func plain(_ text: Substring) throws -> String {
    var result = String(text)
    for (name, character) in [("lt", "<"), ("gt", ">"), ("quot", "\"")] {
      result = result.replacing("&\(name);", with: character)
    }
    guard !result.replacing("&amp;", with: "").contains("&") else { throw Fault(what: "a bare & in \(text)") }
    return result.replacing("&amp;", with: "&")
  }
}
