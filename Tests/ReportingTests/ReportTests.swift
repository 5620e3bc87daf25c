import BVAEPlatform
import BVAEReporting
import Glibc
import Testing

struct ReportTests {
  private func sample() -> Report {
    var report = Report()
    report.add(prose: "# One digit, twelve latents")
    report.add(prose: "A list:")
    report.add(prose: "- one", continuing: true)
    report.add(prose: "- two", continuing: true)
    report.add(code: "ones = load mnist digits 1 count 2000\nprint \"```\"\n")
    report.add(figure: "Figures/one digit/loss (1).png", caption: "Loss by epoch")
    report.add(figure: "Figures/latent-0.png", number: 3, caption: "MNIST Single Digit Latent Z0")
    report.add(figure: "Pictures/β #1?.png", caption: "A [link](x) | *and* <b>more</b>\nwith `code` & $x$")
    let columns: [Table.Column] = [
      Table.Column("latent", alignment: .center), .number("KL", unit: "nats", .decimals(3)),
      .number("purity", .digits(2)), Table.Column("changes"),
    ]
    report.add(
      table: Table(
        columns: columns,
        rows: [
          ["Z0", 1.25, 0.987, "slant | rotation"], ["Z1", 12, .number(.nan), "<i>height</i>"],
          ["Z2", .number(-.infinity), .number(.infinity), "a\nb"], ["Z3", -0.00001], [],
        ],
        note: "Z0 is the most used."),
      caption: "What each latent changes")
    report.add(table: Table(columns: [.number("loss", .decimals(1))], rows: [[41.26]]))
    report.add(table: Table(columns: columns), caption: "Nothing")
    report.provenance = provenance
    return report
  }

  private var provenance: Provenance {
    var provenance = Provenance(version: "bvae-script 1.0.0")
    provenance.script = "Scripts/one_digit.bvs"
    provenance.arguments = ["1", "a|b", "`x`"]
    provenance.seed = 7
    provenance.data = [
      .init(
        name: "MNIST, train", origin: "embedded sample of MNIST", fingerprint: "b44446998007f86e",
        licence: "CC BY-SA 3.0 (LeCun, Cortes, Burges)")
    ]
    provenance.models = [
      .init(name: "model", key: "0123456789abcdef", options: [.init("latents", "12"), .init("beta", "4")])
    ]
    provenance.wallSeconds = 200
    provenance.machine = "A Processor @ 2.00GHz"
    provenance.threads = 2
    provenance.date = "2025-01-31 17:05:09 UTC"
    return provenance
  }

  @Test("a whole report, as Git hosts read it")
  func markdown() throws { try expectGolden(sample().markdown(at: "Figures/report.md"), "report.md") }

  @Test("links are relative to the report's folder, wherever that is")
  func links() {
    var report = Report()
    report.add(figure: "Figures/a.png", caption: "")
    func link(_ path: String) -> String { String(report.markdown(at: path).prefix { $0 != "\n" }) }
    #expect(link("report.md") == "![Figure 1](Figures/a.png)")
    #expect(link("Figures/report.md") == "![Figure 1](a.png)")
    #expect(link("out/x/report.md") == "![Figure 1](../../Figures/a.png)")
    #expect(link("./Figures/../Figures/report.md") == "![Figure 1](a.png)")
    report = Report()
    report.add(figure: "/data/100% (β)/a b#1?.png", number: 5, caption: "")
    #expect(link("/data/report.md") == "![Figure 5](100%25%20%28%CE%B2%29/a%20b%231%3F.png)")
  }

  @Test("links lead through symbolic links, from where the report really is")
  func symbolicLinks() throws {
    let folder = "/tmp/bvae-report-test-\(UInt64.random(in: 0...UInt64.max))"
    try Files.makeDirectory(folder + "/far/away")
    defer { removeTree(folder) }
    #expect(symlink("far/away", folder + "/link") == 0 && symlink("far", folder + "/pictures") == 0)
    var report = Report()
    report.add(figure: folder + "/pictures/a b.png", caption: "")
    func link(_ path: String) -> String { String(report.markdown(at: folder + path).prefix { $0 != "\n" }) }
    #expect(link("/link/report.md") == "![Figure 1](../a%20b.png)")
    #expect(link("/far/away/report.md") == "![Figure 1](../a%20b.png)")
    #expect(link("/pictures/report.md") == "![Figure 1](a%20b.png)")
    #expect(link("/report.md") == "![Figure 1](far/a%20b.png)")
    // The file of the report may be a link itself.
    #expect(symlink("far/away/real.md", folder + "/r.md") == 0)
    #expect(link("/r.md") == "![Figure 1](../a%20b.png)")
  }

  @Test("one file is one figure, under all its names")
  func names() throws {
    let folder = "/tmp/bvae-report-test-\(UInt64.random(in: 0...UInt64.max))"
    try Files.makeDirectory(folder + "/far")
    defer { removeTree(folder) }
    #expect(symlink("far", folder + "/link") == 0)
    var report = Report()
    report.add(figure: folder + "/far/f.png", caption: "B")
    #expect(report.add(figure: folder + "/./link/../far//f.png", caption: "C").number == 1)
    #expect(report.add(figure: folder + "/link/f.png", caption: "D").number == 1)
    #expect(report.blocks.count == 1 && report.figure(at: folder + "/far/f.png")?.caption == "D")
    #expect(report.add(figure: folder + "/f.png", caption: "E").number == 2)
    report = Report()
    report.add(figure: "./f.png", caption: "B")
    report.add(figure: "f.png", caption: "C")
    #expect(report.markdown(at: "r.md") == "![Figure 1: C](f.png)\n\n*Figure 1: C*\n")
  }

  @Test("captions are in italics, whatever they begin and end with")
  func captions() {
    var report = Report()
    report.add(figure: "a.png", caption: "5 * 4 \n")
    report.add(table: Table(columns: [Table.Column("a")]), caption: " *")
    #expect(
      report.markdown(at: "r.md")
        == "![Figure 1: 5 \\* 4  ](a.png)\n\n*Figure 1: 5 \\* 4*\n\n*Table 1:  \\**\n\n| a |\n| :-- |\n")
  }

  @Test("figures are numbered on from the largest, and the same file stays one figure")
  func numbers() {
    var report = Report()
    #expect(report.nextFigureNumber == 1)
    #expect(report.add(figure: "a.png", caption: "A").number == 1)
    #expect(report.add(figure: "b.png", number: 3, caption: "B").title == "Figure 3: B")
    #expect(report.add(figure: "c.png", number: 2, caption: "C").number == 2)
    #expect(report.add(figure: "d.png", caption: "D").number == 4)
    #expect(report.add(figure: "b.png", caption: "B again").title == "Figure 3: B again")
    #expect(report.blocks.count == 4)
    report.add(figure: "e.png", number: .max, caption: "E")
    #expect(report.nextFigureNumber == .max)
  }

  @Test("an empty report is empty, and provenance tells only what is known")
  func little() {
    var report = Report()
    #expect(report.markdown(at: "r.md") == "")
    report.add(prose: "")
    report.provenance = Provenance(version: "bvae-script 1.0.0")
    #expect(
      report.markdown(at: "r.md")
        == "## Provenance\n\n| What | Value |\n| :-- | :-- |\n| Program | bvae-script 1.0.0 |\n")
  }

  @Test("prose goes on only where it is said to, and only after prose")
  func prose() {
    var report = Report()
    report.add(prose: "a", continuing: true)
    report.add(prose: "b", continuing: true)
    report.add(prose: "c")
    report.add(code: "x")
    report.add(prose: "d", continuing: true)
    #expect(report.blocks == [.prose("a\nb"), .prose("c"), .code("x"), .prose("d")])
  }
}

/// Removes a folder of a test with all that is in it.
private func removeTree(_ folder: String) {
  for name in (try? Files.list(folder)) ?? [] {
    let path = Path.join(folder, name)
    if unlink(path) != 0 { removeTree(path) }
  }
  rmdir(folder)
}
