import BVAEPlatform
import BVAERendering
import Testing

@Suite("Golden pictures")
struct GoldenTests {
  private static let names = [
    "sheet-sweep", "sheet-latents", "sheet-grid", "sheet-manifold", "sheet-manifold-dense", "sheet-rows", "line-loss",
    "line-logarithmic", "line-gaps", "line-intervals",
    "bar-latents", "bar-names", "diagram-encoder", "diagram-lines", "line-bands", "line-limits", "scatter-groups",
    "scatter-digits", "scatter-values", "scatter-pictures", "scatter-narrow", "histogram-one", "histogram-groups",
    "bars-groups", "heat-signs", "heat-narrow", "heat-large", "box-groups", "strip-groups", "grid-mixed",
  ]
  private static let dark = [
    "line-bands", "scatter-digits", "histogram-groups", "heat-signs", "box-groups", "grid-mixed", "line-loss",
  ]
  /// What holds text of all sorts, pictures, clips and what shows through.
  private static let files = ["line-bands", "scatter-pictures", "heat-signs", "bars-groups"]

  @Test("A figure has the pixels that were looked at", arguments: names)
  func golden(name: String) throws {
    let page = try #require(SampleFigures.pages.first { $0.name == name }?.page)
    try GoldenTests.compare(page.render(), name)
  }

  @Test("A figure in the dark theme has the pixels that were looked at", arguments: dark)
  func goldenDark(name: String) throws {
    let page = try #require(SampleFigures.pages.first { $0.name == name }?.page)
    try GoldenTests.compare(page.themed(.dark).render(), name + "-dark")
  }

  @Test("The files of figures have the bytes that were looked at", arguments: files, ["svg", "pdf"])
  func goldenFile(name: String, ending: String) throws {
    let page = try #require(SampleFigures.pages.first { $0.name == name }?.page)
    let notes = FigureNotes(title: "Title of \(name)", notes: [("Software", "test"), ("Script", "β.bvs")])
    let bytes = try #require(FigureFormat.named(ending)).encode(page, notes)
    let path = Path.join(Path.parent(#filePath), "Golden/\(name).\(ending)")
    if Machine.environment("BVAE_RECORD") == "1" {
      try Files.write(bytes, to: path)
      return
    }
    #expect(try Files.read(path) == bytes, "\(name).\(ending) differs; look at it, then record anew with BVAE_RECORD=1")
  }

  @Test("Lines, shapes and letters have the pixels that were looked at")
  func canvas() throws {
    var canvas = Canvas(width: 250, height: 120)
    canvas.stroke([Point(10, 12), Point(60, 40), Point(90, 8), Point(120, 44)], Stroke(Theme.series[0], width: 2))
    canvas.stroke([Point(10, 50), Point(120, 60)], Stroke(Theme.series[1], width: 2, dashes: Theme.dashes[1]))
    canvas.stroke([Point(10.5, 70.5), Point(120.5, 70.5)], Stroke(Theme.series[2], width: 1))
    canvas.fill([Point(140, 10), Point(190, 25), Point(150, 60)], Theme.series[3])
    canvas.disc(Point(190, 60), radius: 9, Theme.series[4])
    canvas.frame(Rectangle(x: 135, y: 5, width: 70, height: 70), Theme.rule)
    canvas.draw("β-VAE: x̂ = μ ± σ·ε \u{E000}", Theme.label, Theme.ink, x: 10, y: 90)
    canvas.draw("AVATAR To 10⁻³ ≤ 4×4", Theme.title, Theme.ink, x: 10, y: 112)
    canvas.draw("upward", Theme.small, Theme.soft, x: 214, y: 60, direction: .upward)
    try GoldenTests.compare(canvas.bitmap, "canvas")
  }

  /// Compares with Golden/NAME.png; BVAE_RECORD=1 rewrites it instead.
  private static func compare(_ bitmap: Bitmap, _ name: String, file: String = #filePath) throws {
    let path = Path.join(Path.parent(file), "Golden/\(name).png")
    if Machine.environment("BVAE_RECORD") == "1" {
      try Files.makeDirectory(Path.parent(path))
      try Files.write(PNG.encode(bitmap), to: path)
      return
    }
    let golden = try PNG.decode(Files.read(path)).bitmap
    #expect(golden.width == bitmap.width && golden.height == bitmap.height, "\(name) has another size")
    let different = zip(golden.bytes, bitmap.bytes).filter { $0 != $1 }.count
    #expect(different == 0, "\(name): \(different) bytes differ; look at it, then record anew with BVAE_RECORD=1")
  }
}
