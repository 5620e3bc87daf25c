import BVAEPlatform
import BVAEReporting
import Testing

/// A report's prose as HTML.
@Suite("Prose in pages")
struct ProseTests {
  @Test(
    "emphasis, code, links and line breaks",
    arguments: [
      ("plain", "plain"),
      (
        "*a* _b_ **c** __d__ ***e***",
        "<em>a</em> <em>b</em> <strong>c</strong> "
          + "<strong>d</strong> <em><strong>e</strong></em>"
      ),
      ("**a *b* c**", "<strong>a <em>b</em> c</strong>"), ("*a **b***", "<em>a <strong>b</strong></em>"),
      ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"), ("2*3*4", "2<em>3</em>4"),
      ("*open and **closed**", "*open and <strong>closed</strong>"), ("~~gone~~ ~not~", "<del>gone</del> ~not~"),
      ("`a < b` ``c ` d`` `open", "<code>a &lt; b</code> <code>c ` d</code> `open"),
      ("`*no*` \\*no\\* \\q", "<code>*no*</code> *no* \\q"),
      ("[text](https://a.b/c?d=e&f)", "<a href=\"https://a.b/c?d=e&amp;f\" rel=\"noreferrer\">text</a>"),
      ("[*t*](x(y).md \"title\") end", "<a href=\"x(y).md\" rel=\"noreferrer\"><em>t</em></a> end"),
      ("[a](<b c>)", "a"), ("[a] (b) [c", "[a] (b) [c"), ("[a]", "[a]"),
      ("[outer [inner](b)](c)", "[outer <a href=\"b\" rel=\"noreferrer\">inner</a>](c)"),
      (
        "<https://a.b> https://c.d/e_f.",
        "<a href=\"https://a.b\" rel=\"noreferrer\">https://a.b</a> "
          + "<a href=\"https://c.d/e_f\" rel=\"noreferrer\">https://c.d/e_f</a>."
      ),
      ("![alt *x*](missing.png)", "<a href=\"missing.png\" rel=\"noreferrer\">alt x</a>"),
      ("![alt](known.png)", "<img src=\"data:x\" alt=\"alt\">"),
      ("a  \nb\\\nc\nd", "a  <br>\nb<br>\nc\nd"), ("&amp; &lt; &#946; & &x", "&amp; &lt; &#946; &amp; &amp;x"),
      ("β = 4, 日本語 🙂", "β = 4, 日本語 🙂"),
    ])
  func inline(markdown: String, html: String) {
    #expect(ProseInline.html(markdown) { $0 == "known.png" ? "data:x" : nil } == html)
  }

  @Test(
    "blocks",
    arguments: [
      ("# One\n## Two ##\ntext", "<h1>One</h1>\n<h2>Two</h2>\n<p>text</p>"), ("#no", "<p>#no</p>"),
      ("Title\n===\nSub\n---", "<h1>Title</h1>\n<h2>Sub</h2>"), ("a\n\n---\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
      ("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>"), ("", ""),
      ("- a\n- b\n  - c\n- d", "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul></li>\n<li>d</li>\n</ul>"),
      ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"),
      ("- a\n\n- b", "<ul>\n<li><p>a</p></li>\n<li><p>b</p></li>\n</ul>"),
      ("text\n- a\nlazy", "<p>text</p>\n<ul>\n<li>a\nlazy</li>\n</ul>"),
      ("In\n1993. A year", "<p>In\n1993. A year</p>"),
      ("> a\n> > b\nc", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b\nc</p>\n</blockquote>\n</blockquote>"),
      ("```bvs\nx = *1* <b>\n\n```\nafter", "<pre><code>x = *1* &lt;b&gt;\n</code></pre>\n<p>after</p>"),
      ("~~~\nopen", "<pre><code>open</code></pre>"),
      (
        "| a | b |\n|:-:|--:|\n| `x` | *y* |\n| only \\| one |\nno bar\n\nafter",
        "<div class=\"table\"><table>\n<thead><tr><th class=\"center\">a</th><th class=\"right\">b</th></tr></thead>\n"
          + "<tbody>\n<tr><td class=\"center\"><code>x</code></td><td class=\"right\"><em>y</em></td></tr>\n"
          + "<tr><td class=\"center\">only | one</td><td class=\"right\"></td></tr>\n"
          + "<tr><td class=\"center\">no bar</td><td class=\"right\"></td></tr>\n</tbody>\n</table></div>\n"
          + "<p>after</p>"
      ),
      ("a | b\nc", "<p>a | b\nc</p>"),
    ])
  func blocks(markdown: String, html: String) { #expect(ProseBlocks.html(markdown) == html) }

  @Test(
    "nothing that stands in prose becomes a program, a form or a request",
    arguments: [
      "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
      "[a](JavaScript:alert(1))", "[a](java\tscript:alert(1))", "[a](data:text/html;base64,PHNjcmlwdD4=)",
      "[a](vbscript:x)", "[a](x\"onmouseover=\"alert(1))", "![a](https://evil.example/x.png)",
      "![\"onerror=\"alert(1)](x.png)", "`<script>`", "# <script>x</script>", "- <iframe src=x>",
      "> <object data=x>", "| <b> |\n|---|\n| <style>*{}</style> |", "```\n</code></pre><script>x</script>\n```",
      "<https://a\"onclick=alert(1)>", "&lt;script&gt;", "&#60;script&#62;", "<javascript:alert(1)>",
      "[<script>x</script>](y)", "</main><form action=x>", "[a](&#106;avascript:alert(1))",
      "[a](//evil.example \"<script>\")", "\u{0}\u{1B}[2J",
    ])
  func hostile(markdown: String) {
    let html = ProseBlocks.html(markdown)
    // Every tag is one of the writer's own, with none but its own attributes.
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      let end = rest[start...].firstIndex(of: ">") ?? rest.endIndex
      let tag = String(rest[rest.index(after: start)..<end])
      let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
      let known = [
        "p", "h1", "ul", "li", "blockquote", "div", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "a",
      ]
      #expect(known.contains(String(name)), "\(html)")
      if name == "a" && !tag.hasPrefix("/") {
        let parts = tag.split(separator: "\"", omittingEmptySubsequences: false)
        #expect(parts.count == 5 && parts[0] == "a href=" && parts[2] == " rel=" && parts[4] == "", "\(html)")
        #expect(!parts[1].lowercased().contains("script:") && !parts[1].hasPrefix("data:"), "\(html)")
      }
      rest = rest[end...].dropFirst()
    }
    #expect(!html.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" })
  }

  @Test("a megabyte of marks of one kind takes no time to speak of and does not crash")
  func bombs() {
    for mark in ["*", "_", "`", "[", "![", "](", "> ", "- ", "<", "&", "#", "|", "~~", "*a_", "\\", "[a](", "``` "] {
      for separator in ["", "\n"] {
        let text = String(repeating: mark + separator, count: 100_000 / mark.count)
        #expect(!ProseBlocks.html(text).isEmpty)
      }
    }
    var ladder = ""
    for depth in 0..<400 { ladder += String(repeating: " ", count: 2 * depth) + "- x\n" }
    #expect(!ProseBlocks.html(ladder).isEmpty)
  }
}
