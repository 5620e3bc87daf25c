import BVAEPlatform
import BVAEReporting
import Testing

/// The report as one page of HTML.
@Suite("Pages")
struct PageTests {
  let folder: String

  init() throws {
    folder = "/tmp/bvae-page-test-\(UInt64.random(in: 0...UInt64.max))"
    try Files.makeDirectory(folder)
  }

  /// A grey picture of 3 × 2 pixels.
  private static let png: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 3, 0, 0, 0, 2, 8, 0,
    0, 0, 0, 0xB8, 0x1F, 0x39, 0xC6,
  ]

  private func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = Path.join(folder, name)
    try Files.write(bytes, to: path)
    return path
  }

  private func page(_ report: Report) throws -> String {
    defer {
      for name in (try? Files.list(folder)) ?? [] { try? Files.remove(Path.join(folder, name)) }
    }
    return String(decoding: try report.html(at: Path.join(folder, "report.html")), as: UTF8.self)
  }

  @Test("prose, code, figures and tables stand in their order, and all that is needed is in the page")
  func order() throws {
    let path = try write(Self.png, "a.png")
    var report = Report()
    report.add(prose: "# One *digit* & more")
    report.add(prose: "Text.", continuing: true)
    report.add(figure: path, number: 4, caption: "A <b>\"figure\"</b>", code: "x = 1 < 2\nfigure x")
    report.add(
      table: Table(columns: [Table.Column("a<b"), .number("n", .decimals(1))], rows: [["<i>", 2]], note: "A & B"),
      caption: "Some", code: "table t")
    report.end(code: "report \"r.md\" html")
    report.provenance = Provenance(version: "bvae-script 1.0.0")
    let text = try page(report)
    var place = text.startIndex
    for part in [
      "<!DOCTYPE html>", "default-src 'none'", "<title>One digit &amp; more</title>", "prefers-color-scheme: dark",
      "<h1>One <em>digit</em> &amp; more</h1>\n<p>Text.</p>", "<summary>Code, 2 lines</summary>",
      "x = 1 &lt; 2\nfigure x</code>", "<figure id=\"figure-4\">", "width=\"3\" height=\"2\"",
      "src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznG\"",
      "<figcaption>Figure 4: A &lt;b&gt;&quot;figure&quot;&lt;/b&gt; ",
      "<label class=\"size\" for=\"full-1\">full size</label></figcaption>", "<summary>Code, 1 line</summary>",
      "<caption><div class=\"fit\">Table 1: Some</div></caption>", "<th>a&lt;b</th><th class=\"right\">n</th>",
      "<td>&lt;i&gt;</td><td class=\"right\">2.0</td>", "<p class=\"note\">A &amp; B</p>",
      "report &quot;r.md&quot; html",
      "<h2>Provenance</h2>", "bvae-script 1.0.0", "</html>",
    ] {
      let found = try #require(text[place...].firstRange(of: part), "\(part)")
      place = found.upperBound
    }
    for part in ["<script", "http://", "https://", "url(", "@import", "<link"] { #expect(!text.contains(part)) }
  }

  @Test("sentences in a wide table stand below their row, as wide as the page")
  func sentences() throws {
    let names = (0..<12).map { "number \($0)" }
    let sentence = "Z0 changes the shape's rotation between -24 and 41 degrees (r = 0.98)"
    var table = Table(columns: names.map { .number($0) } + [Table.Column("in words"), Table.Column("end")])
    table.rows = [0, 1].map { row in names.map { _ in .number(Double(row)) } + [.text(sentence), "x"] }
    var report = Report()
    report.add(table: table)
    let text = try page(report)
    let rows = text.split(separator: "<tbody>").dropFirst()
    #expect(rows.count == 2 && text.contains("<table class=\"wide\">"))
    for row in rows {
      #expect(row.contains("<td>x</td></tr><tr><td class=\"words\" colspan=\"13\"><div class=\"fit\">Z0 changes the"))
    }
    #expect(text.contains("<th class=\"words\" colspan=\"13\"><div class=\"fit\">in words</div></th>"))
    // A table that is not too wide with its sentences keeps them in their column.
    table = Table(columns: [Table.Column("a"), Table.Column("in words")], rows: [["1", .text(sentence)]])
    report = Report()
    report.add(table: table)
    #expect(try page(report).contains("<tbody>\n<tr><td>1</td><td>Z0 changes the"))
  }

  @Test("a picture that prose names is in the page where it is a PNG beside it")
  func proseImages() throws {
    _ = try write(Self.png, "a b.png")
    _ = try write(Array("GIF89a".utf8), "c.gif")
    var report = Report()
    report.add(prose: "![one](a%20b.png) ![two](c.gif) ![three](https://x.y/a.png)")
    let text = try page(report)
    #expect(text.contains("<img src=\"data:image/png;base64,iVBOR"))
    #expect(text.ranges(of: "<img ").count == 1)
    #expect(text.contains("<a href=\"c.gif\" rel=\"noreferrer\">two</a>"))
  }

  @Test("a figure that is gone, or no picture, is an error that names it")
  func missing() throws {
    let broken = try write(Array("no picture".utf8), "broken.png")
    for (path, part) in [(Path.join(folder, "gone.png"), "No such file"), (broken, "neither a PNG, nor a GIF")] {
      var report = Report()
      report.add(figure: path, caption: "")
      do {
        _ = try report.html(at: Path.join(folder, "r.html"))
        Issue.record("no error for \(path)")
      } catch {
        #expect("\(error)".contains(part) && "\(error)".contains(path), "\(error)")
      }
    }
  }

  @Test(
    "bytes become the digits of RFC 4648",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")])
  func base64(bytes: String, digits: String) {
    var result: [UInt8] = []
    result.append(base64: Array(bytes.utf8))
    #expect(String(decoding: result, as: UTF8.self) == digits)
  }
}
