import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Glibc
import Testing

/// What `figure`, `plot`, `report` and `save` write, and under which names.
@Suite("Figures and their files")
struct FigureTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ script: String) -> (errors: String, host: RecordingHost) {
    var options = NotebookOptions()
    options.figuresFolder = Path.join(folder.path, "Figures")
    options.storeFolder = Path.join(folder.path, "store")
    let host = RecordingHost()
    let text = script.replacing("FOLDER", with: folder.path)
    let outcome = Session.full(host: host, options: options).run(Source(name: "figures.bvs", text: text))
    return (ending(outcome).joined(), host)
  }

  private func text(_ name: String) throws -> String { try Files.readText(Path.join(folder.path, name)) }

  /// The lines of a report that are about figures, its folder left out.
  private func figures(_ name: String) throws -> [String] {
    try text(name).split(separator: "\n").filter { $0.hasPrefix("![") }.map(String.init)
  }

  private static let data = "x = load sprites count 3\ny = load mnist count 3\n"

  @Test(
    "One file is one figure in the report, with its own caption, and a warning tells of the one that is gone",
    arguments: ["f.png", "./f.png", "new/../f.png", "link/f.png", "new//..//link/./f.png"])
  func oneFile(other: String) throws {
    try Files.makeDirectory(Path.join(folder.path, "new"))
    #expect(symlink(".", Path.join(folder.path, "link")) == 0)
    let (errors, host) = run(
      Self.data + """
        figure (sheet y) "FOLDER/f.png" caption "B"
        figure (sheet x) "FOLDER/\(other)" caption "C"
        report "FOLDER/r.md" html
        """)
    #expect(errors == "")
    #expect(try figures("r.md") == ["![Figure 1: C (synthetic sprites)](f.png)"])
    #expect(host.warnings.count == 1 && host.warnings[0].hasPrefix("figure 1 replaces 'B' in the same file"))
    let page = try text("r.html")
    #expect(page.ranges(of: "<img").count == 1 && !page.contains("Figure 1: B"))
  }

  @Test("A loop that writes all its figures into one file is warned of; drawing the same again is not")
  func loop() throws {
    let (_, host) = run(
      Self.data + """
        for k in 0..2
          figure (sheet y[k]) "FOLDER/loop.png" caption "one"
        end
        for k in 0..2
          figure (sheet y) "FOLDER/same.png" caption "same"
          figure (sheet y[k]) "FOLDER/{k}.png" caption "one"
        end
        report "FOLDER/r.md"
        """)
    #expect(host.warnings.count == 2 && host.warnings.allSatisfy { $0.contains("loop.png") }, "\(host.warnings)")
    let shown = try figures("r.md")
    #expect(
      shown.map { $0.split(separator: "(").last ?? "" } == ["loop.png)", "same.png)", "0.png)", "1.png)", "2.png)"])
  }

  @Test("A figure without a path takes a name that no other figure has")
  func freeNames() throws {
    let (errors, host) = run(
      Self.data + """
        figure (sheet y[0]) "FOLDER/Figures/figure-02.png" caption "first"
        figure (sheet y[1]) caption "second"
        figure (sheet y[2]) number 2 caption "third"
        report "FOLDER/r.md"
        """)
    #expect(errors == "")
    #expect(
      try figures("r.md") == [
        "![Figure 2: third](Figures/figure-02.png)", "![Figure 3: second](Figures/figure-03.png)",
      ])
    #expect(host.warnings.count == 1 && host.warnings[0].contains("replaces 'first'"))
  }

  @Test("'save' puts no other picture below a caption")
  func saving() throws {
    let (errors, _) = run(
      Self.data + """
        f = sheet y
        figure f "FOLDER/f.png" caption "B"
        save f "FOLDER/f.png"
        save y[0] "FOLDER/./f.png"
        """)
    #expect(errors.contains("holds figure 1 of the report, 'B'"))
    #expect(errors.contains("figures.bvs:6:11"))
  }

  @Test("'report new' begins without what came before, and its figures leave the earlier files alone")
  func newReport() throws {
    let (errors, host) = run(
      Self.data + """
        | # First
        figure (sheet y[0]) caption "A"
        report "FOLDER/a.md"
        report new
        | # Second
        figure (sheet y[1]) caption "B"
        figure (sheet y[2]) "FOLDER/Figures/figure-01.png" caption "C"
        report "FOLDER/b.md" html
        """)
    #expect(errors == "")
    #expect(try figures("a.md") == ["![Figure 1: A](Figures/figure-01.png)"])
    #expect(
      try figures("b.md") == [
        "![Figure 1: B](Figures/report-2-figure-01.png)", "![Figure 2: C](Figures/figure-01.png)",
      ])
    #expect(host.warnings.count == 1 && host.warnings[0].contains("replaces 'A'"), "\(host.warnings)")
    let second = try text("b.html")
    #expect(!second.contains("First") && second.contains("<h1>Second</h1>"))
    #expect(run("report new html").errors.contains("'report new' writes no file"))
  }

  @Test(
    "A file of the wrong form is refused before anything runs",
    arguments: [
      ("report \"r.pdf\"", "a report must be saved as .md or .html, not 'r.pdf'"),
      ("report \"r.docx\" html", "a report must be saved as .md or .html, not 'r.docx'"),
      ("report \"a/r.txt\"", "not 'r.txt'"), ("report \"r\"", "not 'r'"), ("report \".md\"", "not '.md'"),
      ("figure (sheet y) \"x.jpg\"", "a figure must be saved as .png or .svg, not 'x.jpg'"),
      ("figure (sheet y) \"png\"", "a figure must be saved as .png or .svg, not 'png'"),
      ("save y \"x.csv\"", "a dataset must be saved as .npy, .npz or .mat, not 'x.csv'"),
    ])
  func forms(line: String, message: String) throws {
    let (errors, host) = run("print 1\n" + Self.data + line)
    #expect(errors.contains(message), "\(errors)")
    #expect(host.shown.isEmpty)
    #expect(try Files.list(folder.path) == [])
    // A name that is known only when the script runs.
    let path = line.split(separator: "\"")[1]
    let late = run("p = [\"\(path)\"]\n" + Self.data + line.replacing("\"\(path)\"", with: "p[0]"))
    #expect(late.errors.contains(message), "\(late.errors)")
  }

  @Test("A report may be named with capitals, and .html is the page alone")
  func reportNames() throws {
    #expect(run("| # A\nreport \"FOLDER/a.MD\"\nreport \"FOLDER/b.HTML\"\nreport \"FOLDER/c.htm\" html").errors == "")
    #expect(try Files.list(folder.path).filter { $0 != "store" } == ["a.MD", "b.HTML", "c.htm"])
    #expect(try text("b.HTML").hasPrefix("<!DOCTYPE html>") && text("a.MD").hasPrefix("# A"))
  }

  @Test("What fails leaves no folder behind that was made for it")
  func noEmptyFolders() throws {
    let long = String(repeating: "n", count: 300)
    for line in ["save y \"{p}.npz\"", "figure (sheet y) \"{p}.png\"", "report \"{p}.md\""] {
      let (errors, _) = run(Self.data + "for p in [\"FOLDER/a/b/\(long)\"]\n\(line)\nend")
      #expect(errors.contains("File name too long"), "\(errors)")
      #expect(try Files.list(folder.path) == [])
    }
  }

  @Test("Characters that the font lacks are told of once, by name")
  func letters() {
    let (errors, host) = run(
      Self.data + """
        figure (sheet y title "日本 é β") "FOLDER/a.png"
        figure (sheet y title "日本") "FOLDER/b.png"
        figure (sheet y title "שא") "FOLDER/c.png" caption "日 नम"
        """)
    #expect(errors == "")
    #expect(host.warnings.count == 2, "\(host.warnings)")
    #expect(host.warnings[0].hasPrefix("the figures' font has no '日' and '本': boxes are drawn instead."))
    #expect(host.warnings[1].hasPrefix("the figures' font has no 'ש' and 'א': boxes are drawn instead."))
  }

  // MARK: - Tables

  private static let latents = """
    latent,KL (nats),state,from,to
    Z0,2.5,active,-1,1
    Z1,0.125,inactive,-2,2
    """
  private static let search = "β,error,KL,loss\n4,25,0.5,27\n1,20,3,23\n8,26,0.25,28\n"

  private func plot(_ csv: String, _ options: String) throws -> (errors: String, bitmap: String) {
    try Files.write(csv, to: Path.join(folder.path, "t.csv"))
    let (errors, host) = run("t = open \"FOLDER/t.csv\"\nf = plot t title \"x\" \(options)\nshow f")
    return (errors, host.pictures.first.map { "\(Fingerprint(of: "\($0.pixels)"))" } ?? "")
  }

  @Test("A table of named rows becomes bars of its first column of numbers")
  func bars() throws {
    let whole = try plot(Self.latents, "")
    #expect(whole.errors == "")
    #expect(whole.bitmap == (try plot(Self.latents, "columns \"KL (nats)\"").bitmap))
    #expect(whole.bitmap != (try plot(Self.latents, "columns \"from\"").bitmap))
    // The other columns are not in the picture, except the state, which makes bars grey.
    #expect(whole.bitmap == (try plot(Self.latents.replacing("-2,2", with: "-9,9"), "").bitmap))
    #expect(whole.bitmap != (try plot(Self.latents.replacing("inactive", with: "active"), "").bitmap))
  }

  @Test("Curves go along the first column by its rising values, whatever the order of the rows")
  func curves() throws {
    let rows = Self.search.split(separator: "\n").map(String.init)
    let turned = ([rows[0]] + rows.dropFirst().reversed()).joined(separator: "\n")
    for columns in ["columns \"KL\"", "columns [\"error\", \"loss\"]", "columns \"KL\" logarithmic"] {
      let one = try plot(Self.search, columns)
      #expect(one.errors == "")
      #expect(one.bitmap == (try plot(turned, columns).bitmap))
    }
    #expect(try plot("β,error\n4,1\n1,2\n", "").errors == "")
  }

  @Test(
    "What a table cannot be drawn as is told, with what can be chosen",
    arguments: [
      (search, "", "several columns of numbers, each on a scale of its own"),
      (search, "", "choose, as in columns \"error\", among 'error', 'KL' and 'loss'"),
      (search, "columns \"los\"", "the table has no column 'los'"), (search, "columns \"los\"", "did you mean 'loss'"),
      (search, "columns \"β\"", "'β' is the column that the others are drawn along"),
      (search, "columns [1]", "the table has no column '1'"), (search, "columns []", "'columns' is empty"),
      (latents, "columns \"state\"", "the column 'state' holds no numbers"),
      (latents, "columns [\"from\", \"to\"]", "bars show one column, not 2"),
      (latents, "logarithmic", "bars begin at zero"), ("a,b\nx,1\nx,2\n", "", "several rows for 'x'"),
      ("a,b\n1,1\n1,2\n", "", "several rows with 'a' 1"), ("a,b\nx,1\n", "", "two rows or more; this table has one"),
      ("a,b\n", "", "this table has none"), ("a,b\nx,y\nz,w\n", "", "no column of numbers to draw"),
      ("a\n1\n2\n", "", "no column of numbers to draw"),
    ])
  func noChart(csv: String, options: String, message: String) throws {
    let errors = try plot(csv, options).errors
    #expect(errors.contains(message), "\(errors)")
  }

  @Test("What 'measure … latents' and 'interpret' give is drawn as it is")
  func measured() {
    let (errors, host) = run(
      """
      y = load mnist count 12
      m = vae for y channels 1 latents 3
      figure (plot (measure m on y latents)) caption "KL"
      figure (plot (interpret m on y images 2 range -1..1)) caption "Interpreted"
      plot (measure m on y)
      """)
    #expect(errors.contains("two rows or more") && host.shown.count == 2, "\(errors) \(host.shown)")
  }

  @Test("A table is saved as .csv and opened as it was, formulas defused on the way")
  func csv() throws {
    try Files.write("name,n\n'=1+1,-2.5\n", to: Path.join(folder.path, "t.csv"))
    let (errors, host) = run(
      """
      t = open "FOLDER/t.csv"
      print t.rows[0][0], t.rows[0][1] + 1
      save t "FOLDER/u.csv"
      print (open "FOLDER/u.csv") == t
      """)
    #expect(errors == "" && host.shown == ["=1+1 -1.5", "true"])
    #expect(try text("u.csv") == "name,n\r\n'=1+1,-2.5\r\n")
    try Files.write("a\n\"x\n", to: Path.join(folder.path, "broken.csv"))
    #expect(
      run("t = open \"FOLDER/broken.csv\"").errors.contains(
        "broken.csv': in line 2: a quote begins that is never closed"))
  }
}
