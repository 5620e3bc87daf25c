import BVAELanguage
import BVAENotebook
import BVAEPixels
import BVAEPlatform
import TestSupport
import Testing

/// Twelve things that one wants to see of codes, each a few lines. What they draw is looked at in Figures/codes; here their
/// numbers are computed once more.
@Suite("Tasks of analysing codes")
struct TaskTests {
  /// A small model, trained for a moment.
  private static let start = """
    set seed 3
    digits = load mnist each 30
    model = vae for digits latents 4 beta 1 network mlp hidden 64 likelihood bernoulli
    history = train model on digits epochs 3
    labels = digits.labels
    z = (encode model digits).mean
    set figures "FOLDER"

    """

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func shown(_ script: String) -> String {
    folder.shown((Self.start + script).replacing("FOLDER", with: folder.path)).replacing(folder.path + "/", with: "")
  }

  private func picture(_ name: String) throws -> Bitmap {
    try PictureFile.read(Path.join(folder.path, name)).bitmap.colored
  }

  /// How many colours a picture shows.
  private func colours(_ picture: Bitmap) -> Int {
    Set(stride(from: 0, to: picture.bytes.count, by: 3).map { Array(picture.bytes[$0..<$0 + 3]) }).count
  }

  @Test("1: a scatter of two latents by digit")
  func scatter() throws {
    let lines = shown(
      """
      figure (plot scatter z[.., 0] z[.., 1] by labels xlabel "Z0" ylabel "Z1") "FOLDER/scatter.png"
      save (plot scatter z[.., 0] z[.., 1] by labels) "FOLDER/scatter.svg"
      print length(unique(labels))
      """)
    #expect(lines.hasSuffix("10"))
    #expect(colours(try picture("scatter.png")) > 10)
    // A mark for each of the 300 images, and one for each digit in the legend.
    let text = try Files.readText(Path.join(folder.path, "scatter.svg"))
    for digit in 0...9 { #expect(text.contains(">\(digit)<"), "\(digit)") }
  }

  @Test("2: a histogram of a latent for each digit")
  func histogram() throws {
    let lines = shown(
      """
      figure (plot histogram z[.., 0] by labels bins 12) "FOLDER/histogram.png"
      print [sum(histogram(z[labels == d, 0], 12)) for d in 0..9] == repeat(30, 10)
      """)
    #expect(lines.hasSuffix("true"))
    #expect(try picture("histogram.png").width >= 600)
  }

  @Test("3: a heat map of latents and factors")
  func heat() throws {
    let lines = shown(
      """
      ink = [mean(image.values) for image in digits]
      m = [[spearman(z[.., k], f) for f in [ink, labels]] for k in 0..3]
      figure (plot heat m rows ["Z{k}" for k in 0..3] columns ["ink", "digit"]) "FOLDER/heat.png"
      print shape(m), m[2][1] == spearman(z[.., 2], labels)
      """)
    #expect(lines.hasSuffix("[4, 2] true"))
    #expect(colours(try picture("heat.png")) > 8)
  }

  @Test("4: two β in one chart")
  func histories() throws {
    let lines = shown(
      """
      strong = vae for digits latents 4 beta 8 network mlp hidden 64 likelihood bernoulli
      other = train strong on digits epochs 3
      figure (plot [history, other] names ["β 1", "β 8"] columns "KL") "FOLDER/two.png"
      print mean(other.divergence) < mean(history.divergence)
      """)
    #expect(lines.hasSuffix("true"))
    #expect(try picture("two.png").width >= 600)
  }

  @Test("5: the loss with a band over five seeds")
  func band() throws {
    let lines = shown(
      """
      losses = []
      for k in 1..5
        m = vae for digits latents 2 network mlp hidden 16 seed k
        losses = join(losses, [(train m on digits epochs 3).loss])
      end
      figure (plot line (1..3) (mean(losses, 0)) margins (std(losses, 0)) band) "FOLDER/band.png"
      print shape(losses), mean(losses, 0)[0] == mean(losses[.., 0])
      """)
    #expect(lines.hasSuffix("[5, 3] true"))
    #expect(colours(try picture("band.png")) > 4)
  }

  @Test("6: an interpolation between two images")
  func interpolation() throws {
    let lines = shown(
      """
      strip = interpolate model from digits[0] to digits[50] steps 5
      figure (sheet strip) "FOLDER/strip.png"
      print strip.count
      """)
    #expect(lines.hasSuffix("5"))
    #expect(try picture("strip.png").width > 5 * 28)
  }

  @Test("7: the plane of two latents")
  func plane() throws {
    _ = shown("figure (sheet (grid model latents [0, 1] steps 6)) \"FOLDER/grid.png\"")
    let picture = try picture("grid.png")
    #expect(picture.width > 6 * 28 && picture.height > 6 * 28)
  }

  @Test("8: originals, reconstructions and their differences below each other")
  func difference() throws {
    let lines = shown(
      """
      a = digits[0..5]
      b = reconstruct model a
      gap = pixels (abs(a.values - b.values))
      figure (sheet [a, b, gap] labels ["original", "reconstruction", "difference"]) "FOLDER/rows.png"
      print max(gap.values) <= 1, abs(gap.values[2][5][5][0] - abs(a.values - b.values)[2][5][5][0]) < 0.003
      """)
    #expect(lines.hasSuffix("true true"))
    #expect(try picture("rows.png").height > 3 * 28)
  }

  @Test("9: a sweep as a moving picture, GIF and APNG")
  func animation() throws {
    _ = shown(
      """
      moving = animate (sweep model from digits[0] latents 0..1 steps 4)
      save moving "FOLDER/sweep.gif"
      save moving "FOLDER/sweep.png"
      """)
    #expect(try Files.read(Path.join(folder.path, "sweep.gif")).starts(with: Array("GIF89a".utf8)))
    #expect(String(decoding: try Files.read(Path.join(folder.path, "sweep.png")), as: UTF8.self).contains("acTL"))
  }

  @Test("10: a table of one's own, in the report and as .csv")
  func ownTable() throws {
    let lines = shown(
      """
      t = columns("digit", labels, "z0", z[.., 0])
      means = summarise t by "digit"
      table means caption "Means"
      save means "FOLDER/means.csv"
      report "FOLDER/report.md"
      print abs(means["z0"][3] - mean(z[labels == 3, 0])) < 1e-12, (open "FOLDER/means.csv").count
      """)
    #expect(lines.hasSuffix("true 10"))
    #expect(try Files.readText(Path.join(folder.path, "report.md")).contains("| digit |"))
  }

  @Test("11: the ten images that a model reconstructs worst")
  func worst() throws {
    let lines = shown(
      """
      again = (reconstruct model digits).values
      errors = [sum(pow(image.values - again[k], 2)) for k, image in enumerate(digits)]
      worst = reverse(order(errors))[..9]
      figure (sheet digits[worst]) "FOLDER/worst.png"
      print errors[worst[0]] == max(errors), min(errors[worst]) >= quantile(errors, 0.96)
      """)
    #expect(lines.hasSuffix("true true"))
    #expect(try picture("worst.png").width > 28)
  }

  @Test("12: principal components of codes, coloured by class")
  func components() throws {
    let lines = shown(
      """
      p = pca(z)
      figure (plot scatter p[.., 0] p[.., 1] by labels) "FOLDER/pca.png"
      print variance(p[.., 0]) >= variance(p[.., 1]), abs(correlation(p[.., 0], p[.., 1])) < 1e-9
      """)
    #expect(lines.hasSuffix("true true"))
    #expect(colours(try picture("pca.png")) > 10)
  }
}
