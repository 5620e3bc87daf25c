import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// `report … html`: the page beside the Markdown.
@Suite("Reports as pages")
struct PageReportTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ script: String) -> (Session.Outcome, RecordingHost) {
    var options = NotebookOptions()
    options.figuresFolder = Path.join(folder.path, "Figures")
    options.storeFolder = Path.join(folder.path, "store")
    let host = RecordingHost()
    let text = script.replacing("FOLDER", with: folder.path)
    return (Session.full(host: host, options: options).run(Source(name: "page.bvs", text: text)), host)
  }

  private func text(_ name: String) throws -> String { try Files.readText(Path.join(folder.path, name)) }

  private static let script = """
    | # Page <script>alert(1)</script>
    | Two digits.

    # Loading
    ones = load mnist digits 1 count 8

    print ones.count
    | ## Sheets
    for k in 0..2
      figure (sheet ones[k..k + 1]) number k + 1 caption "Pair {k} & <more>"
    end
    table (measure (vae for ones channels 4) on ones) caption "Measured"

    """

  @Test("The page holds prose, figures, tables and, folded, the code of each part; the Markdown is as without it")
  func page() throws {
    let (outcome, host) = run(Self.script + "report \"FOLDER/r.md\" html\n")
    #expect(ending(outcome) == [])
    #expect(host.notes.last?.hasSuffix("r.html") == true)
    let page = try text("r.html")
    #expect(page.contains("<h1>Page &lt;script&gt;alert(1)&lt;/script&gt;</h1>\n<p>Two digits.</p>"))
    #expect(page.ranges(of: "<figure id=").count == 3 && page.ranges(of: "data:image/png;base64,").count == 3)
    #expect(page.contains("<figcaption>Figure 2: Pair 1 &amp; &lt;more&gt; <label"))
    #expect(page.contains("<div class=\"fit\">Table 1: Measured</div></caption>"))
    let code = page.split(separator: "<pre><code>").dropFirst().compactMap { $0.split(separator: "</code>").first }
    #expect(
      code
        == [
          "# Loading\nones = load mnist digits 1 count 8\n\nprint ones.count",
          "for k in 0..2\n  figure (sheet ones[k..k + 1]) number k + 1 caption &quot;Pair {k} &amp; &lt;more&gt;&quot;\nend",
          "table (measure (vae for ones channels 4) on ones) caption &quot;Measured&quot;",
          "report &quot;\(folder.path)/r.md&quot; html",
        ].map { $0[...] })
    #expect(!page.contains("<script"))
    _ = run(Self.script + "report \"FOLDER/other.md\"\n")
    // Times differ from run to run.
    func lasting(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.contains("Time taken") && !$0.contains("| Date") }
    }
    #expect(lasting(try text("r.md")) == lasting(try text("other.md")))
    #expect(!Files.exists(Path.join(folder.path, "other.html")))
  }

  @Test("A path that ends in .html gives the page alone, and others get their page beside them")
  func names() throws {
    _ = run("| # A\nreport \"FOLDER/a.html\"\nreport \"FOLDER/b.markdown\" html\nreport \"FOLDER/c.html\" html")
    let names = try Files.list(folder.path).filter { !Files.isDirectory(Path.join(folder.path, $0)) }
    #expect(names == ["a.html", "b.html", "b.markdown", "c.html"])
    #expect(try text("a.html").hasPrefix("<!DOCTYPE html>"))
    #expect(try text("b.markdown").hasPrefix("# A\n"))
  }

  @Test("The page can be written twice, each with what is there by then")
  func twice() throws {
    _ = run("| # A\nreport \"FOLDER/a.html\"\nx = load mnist count 2\nfigure (sheet x)\nreport \"FOLDER/b.html\"")
    #expect(!(try text("a.html")).contains("<figure"))
    #expect(try text("b.html").contains("x = load mnist count 2\nfigure (sheet x)"))
  }
}
