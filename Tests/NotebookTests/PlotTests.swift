import BVAELanguage
import BVAENotebook
import BVAEPlatform
import BVAERendering
import Testing

/// What `plot` draws of numbers, and what it says of those that it cannot.
@Suite("Plots of numbers")
struct PlotTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ script: String) -> (errors: String, host: RecordingHost) {
    var options = NotebookOptions()
    options.storeFolder = Path.join(folder.path, "store")
    let host = RecordingHost()
    let text = script.replacing("FOLDER", with: folder.path)
    let outcome = Session.full(host: host, options: options).run(Source(name: "plots.bvs", text: text))
    return (ending(outcome).joined(), host)
  }

  /// The pixels of a plot.
  private func picture(_ plot: String, given lines: String = "") throws -> Bitmap {
    let (errors, _) = run("\(lines)\nsave (plot \(plot)) \"FOLDER/p.png\"")
    #expect(errors == "", "\(plot)")
    return try PNG.decode(Files.read(Path.join(folder.path, "p.png"))).bitmap
  }

  private func svg(_ plot: String, given lines: String = "") throws -> String {
    let (errors, _) = run("\(lines)\nsave (plot \(plot)) \"FOLDER/p.svg\"")
    #expect(errors == "", "\(plot)")
    return try Files.readText(Path.join(folder.path, "p.svg"))
  }

  /// x of 200 numbers, groups 0, 1, 2.
  private static let numbers = """
    i = list(0..199)
    x = (i * 37 % 101) / 7 - 3 + (i % 7) * 0.25
    g = i % 3
    """

  @Test("A histogram has NumPy's counts")
  func histogram() throws {
    let counts = [9.0, 18, 18, 16, 19, 17, 20, 16, 19, 17, 19, 12]
    let edges = (0...12).map { (bin: Int) -> Double in -3 + 15.535714285714286 * Double(bin) / 12 }
    var chart = HistogramChart(ChartOptions(yLabel: "count"), edges: edges, groups: [.init(heights: counts)])
    chart.options.title = "t"
    #expect(try picture("histogram x bins 12 title \"t\"", given: Self.numbers) == chart.render())
    let density = try svg("histogram x bins 12 density", given: Self.numbers)
    #expect(density.contains(">density</text>"))
  }

  @Test("Boxes have NumPy's quartiles and whiskers")
  func boxes() throws {
    let quartiles = [
      [1.4107142857142858, 4.75, 8.321428571428571], [1.607142857142857, 5.142857142857142, 8.303571428571427],
      [1.0892857142857144, 4.964285714285714, 8.723214285714286],
    ]
    let ends = [-3.0...12.5, -2.5714285714285716...12.107142857142858, -2.607142857142857...12.535714285714286]
    let boxes = (0..<3).map { k in
      BoxChart.Box(
        name: ["a", "b", "c"][k], lower: quartiles[k][0], median: quartiles[k][1], upper: quartiles[k][2],
        whiskers: ends[k], outliers: [])
    }
    var chart = BoxChart(boxes: boxes)
    chart.options.yLabel = "x"
    let found = try picture("box x by g names [\"a\", \"b\", \"c\"] ylabel \"x\"", given: Self.numbers)
    #expect(found == (try chart.render()))
    let lists = try picture(
      "box [x[g == 0], x[g == 1], x[g == 2]] names [\"a\", \"b\", \"c\"] ylabel \"x\"", given: Self.numbers)
    #expect(lists == found)
  }

  @Test("Lines go along their own places or along X, with names, bars and bands")
  func lines() throws {
    var chart = LineChart(
      xLabel: "epoch",
      series: [
        .init(name: "a", xs: [1, 2, 4], ys: [3, 1, 2], margins: [1, 1, 0.5]),
        .init(name: "b", xs: [1, 2, 4], ys: [5, 6, 7], margins: [0, 1, 2]),
      ])
    let given = "xs = [1, 2, 4]\nys = [[3, 1, 2], [5, 6, 7]]\ne = [[1, 1, 0.5], [0, 1, 2]]"
    let plot = "line xs ys names [\"a\", \"b\"] margins e xlabel \"epoch\""
    #expect(try picture(plot, given: given) == chart.render())
    chart.bands = true
    chart.options.yLimits = 0...10
    chart.options.logarithmic = false
    #expect(try picture(plot + " band ylimits 0..10", given: given) == chart.render())
    let single = LineChart(series: [.init(name: "", xs: [0, 1, 2], ys: [3, 1, 2])])
    #expect(try picture("line [3, 1, 2]") == single.render())
  }

  @Test("A scatter by label has a legend in the labels' order, named by class where names are of all classes")
  func scatter() throws {
    let given = "x = [0, 1, 2, 3]\ny = [1, 0, 1, 0]\ndigits = [7, 1, 7, 1]"
    let chart = ScatterChart(
      ChartOptions(height: 520),
      groups: [.init(name: "1", xs: [1, 3], ys: [0, 0]), .init(name: "7", xs: [0, 2], ys: [1, 1])])
    #expect(try picture("scatter x y by digits", given: given) == chart.render())
    var named = chart
    (named.groups[0].name, named.groups[1].name) = ("one", "seven")
    #expect(try picture("scatter x y by digits names [\"one\", \"seven\"]", given: given) == named.render())
    let all = "[\"0\", \"one\", \"2\", \"3\", \"4\", \"5\", \"6\", \"seven\"]"
    #expect(try picture("scatter x y by digits names \(all)", given: given) == named.render())
    let truths = try svg("scatter x y by (x > 1)", given: given)
    #expect(truths.contains(">false</text>") && truths.contains(">true</text>"))
  }

  @Test("Many different numbers become a scale of colours; columns of a table do in place of lists")
  func tables() throws {
    try Files.write("z0,z1,digit,width\n0,1,7,0.5\n1,0,1,0.7\n2,1,7,0.1\n", to: Path.join(folder.path, "t.csv"))
    let given = "t = open \"FOLDER/t.csv\""
    let chart = ScatterChart(
      ChartOptions(xLabel: "z0", yLabel: "z1", height: 520),
      groups: [.init(name: "1", xs: [1], ys: [0]), .init(name: "7", xs: [0, 2], ys: [1, 1])])
    #expect(try picture("scatter t columns [\"z0\", \"z1\"] by \"digit\"", given: given) == chart.render())
    let lines = try svg("line t columns [\"z0\", \"z1\", \"width\"]", given: given)
    #expect(lines.contains(">z1</text>") && lines.contains(">width</text>"))
    let values = try svg("scatter x (x * 2) by x", given: Self.numbers)
    #expect(values.contains("<image") && !values.contains(">legend"))
  }

  @Test("Bars, strips and heat maps take names for what they show")
  func named() throws {
    let bars = try svg(
      "bars [[1, 2], [3, 4]] names [\"MIG\", \"DCI\"] columns [\"a\", \"b\"] margins [[0.1, 0.2], [0.3, 0.1]]")
    for name in ["MIG", "DCI", "a", "b"] { #expect(bars.contains(">\(name)</text>"), "\(name)") }
    let single = BarChart(bars: [.init(name: "Z0", value: 2), .init(name: "Z1", value: 0.5)])
    #expect(try picture("bars [2, 0.5] names [\"Z0\", \"Z1\"]") == single.render())
    let heat = try svg("heat [[1, -0.5], [0.25, 1]] rows [\"Z0\", \"Z1\"] columns [\"x\", \"y\"]")
    for name in ["Z0", "Z1", "x", "y", "1.00", "−0.50"] { #expect(heat.contains(">\(name)</text>"), "\(name)") }
    #expect(try svg("strip x by g", given: Self.numbers).contains(">2</text>"))
  }

  @Test("Two histories stand in one chart, of the column that is named")
  func histories() throws {
    let given = """
      y = load mnist count 30
      m = vae for y latents 2 channels 1
      h = train m on y epochs 2 batch 10
      n = vae for y latents 2 channels 1 beta 4
      k = train n on y epochs 2 batch 10
      """
    let text = try svg("[h, k] names [\"β 1\", \"β 4\"] columns \"KL\"", given: given)
    for label in ["β 1", "β 4", "KL by epoch", "epoch"] { #expect(text.contains(">\(label)</text>"), "\(label)") }
  }

  @Test("A grid takes plots that were made, with axes that they share")
  func grid() throws {
    let given = "p = plot line [3, 4] title \"first\"\nq = plot scatter [0, 9] [1, 2] title \"second\""
    let text = try svg("grid [p, q] columns 1 shared title \"both\"", given: given)
    for label in ["first", "second", "both"] { #expect(text.contains(">\(label)</text>"), "\(label)") }
    var grid = ChartGrid(
      [
        LineChart(title: "first", series: [.init(name: "", xs: [0, 1], ys: [3, 4])]),
        ScatterChart(ChartOptions(title: "second", height: 520), groups: [.init(xs: [0, 9], ys: [1, 2])]),
      ], columns: 1, title: "both")
    grid.sharesAxes = true
    #expect(try picture("grid [p, q] columns 1 shared title \"both\"", given: given) == grid.render())
  }

  @Test("Size, limits and theme hold for the plot, 'set theme' for all that follow")
  func looks() throws {
    let dark = try picture("line [1, 2, 3] size [400, 300] theme dark")
    #expect(dark.width == 400 && dark.height == 300 && dark[0, 0] == PageTheme.dark.color(.white))
    let set = try picture("line [1, 2, 3] size [400, 300]", given: "set theme dark")
    #expect(set == dark)
    #expect(try picture("line [1, 2, 3] theme light", given: "set theme dark")[0, 0] == .white)
  }

  @Test("Figures are saved as their paths end; PDF tells what its fonts lack; a report shows .png and .svg")
  func formats() throws {
    let (errors, host) = run(
      """
      p = plot line [1, 2] title "β ő"
      save p "FOLDER/p.pdf"
      save p "FOLDER/p.svg"
      figure p "FOLDER/f.svg" caption "A line"
      report "FOLDER/r.md" html
      """)
    #expect(errors == "")
    #expect(host.warnings.count == 1 && host.warnings[0].contains("no 'ő'"), "\(host.warnings)")
    let pdf = try Files.read(Path.join(folder.path, "p.pdf"))
    #expect(pdf.starts(with: "%PDF-1.4".utf8))
    let drawn = try Files.readText(Path.join(folder.path, "f.svg"))
    #expect(drawn.contains("<title>Figure 1: A line</title>") && drawn.contains("Script: plots.bvs"))
    #expect(try Files.readText(Path.join(folder.path, "r.md")).contains("![Figure 1: A line](f.svg)"))
    let page = try Files.readText(Path.join(folder.path, "r.html"))
    #expect(page.contains("width=\"760\" height=\"460\"") && page.contains("src=\"data:image/svg+xml;base64,"))
  }

  @Test(
    "What does not go together is told when it runs, as before",
    arguments: [
      ("x = [1, 2, 3]\ny = [1, 2]", "scatter x y", "X has 3 numbers and Y 2"),
      ("x = [1, 2]\ng = [1, 2, 3]", "histogram x by g", "'by' has 3 labels for 2 points"),
      ("x = [1, 2]\nn = [\"a\"]", "bars x names n", "'names' has 1 name for 2 bars"),
      ("x = [[1, 2], [3]]", "heat x", "the rows of a matrix have the same length"),
      ("x = [1, 2]\ne = [1, -1]", "line x margins e", "a margin is 0 or more, not -1"),
      ("x = list(0..99)", "histogram x by x", "more than 40 groups"),
      ("x = [\"a\"]", "line x", "this list holds \"a\", not numbers"),
      ("x = [1, 2]", "[x, x]", "'plot' of a list takes histories; this list holds a list of 2 values"),
      ("x = []", "line x", "this list is empty"), ("x = [[1], []]", "box x", "one of these lists is empty"),
      ("x = [1, 2]", "line x logarithmic ylimits -1..1", "a logarithmic axis has no place for 0 and less"),
      ("x = [1, 2]", "bars x xlimits 0..1", "this chart has names below it"),
      ("p = [1]", "grid p", "'plot grid' takes a list of plots; this list holds 1"),
      ("x = [1, 2]", "line x band", "'band' needs 'margins'"),
      ("y = load mnist count 3\nx = [1, 2]", "scatter x x images y", "there are 3 images for 2 points"),
    ])
  func mistakes(given: String, plot: String, message: String) {
    // Not known before it runs, as it depends on a command of the script's own.
    let (errors, _) = run("\(given)\nplot \(plot)")
    #expect(errors.contains(message), "\(errors)")
  }

  @Test("Categories of several latents are told apart by both columns")
  func categories() throws {
    try Files.write("latent,category,images,share\nZ0,0,5,0.5\nZ0,1,3,0.3\n", to: Path.join(folder.path, "c.csv"))
    let text = try svg("t", given: "t = open \"FOLDER/c.csv\"")
    #expect(text.contains(">category of Z0</text>") && text.contains(">images</text>"))
  }

  @Test(
    "values that no axis was made for are drawn, or refused, and end nothing",
    arguments: [
      "histogram [1, 1, 1] logarithmic", "histogram [0, 1, 2] xlogarithmic", "bars [1e20, 2e20] ylimits 0..1",
      "bars [[1e20, 1], [2, 3]] ylimits 0..1", "scatter [1, 2] [1, 2] xlimits -1e308..1e308",
      "line [1, 2] ylimits -1e308..1e308", "box [5e-324, 1, 2, 3] logarithmic",
      "scatter [1.5, 1.7] [1, 2] xlogarithmic xlimits 1.2..1.8", "histogram [1, 2] ylimits 0..1e-9",
    ])
  func awkward(_ plot: String) throws {
    let folder = try TemporaryFolder()
    let lines = folder.shown(
      "for ending in [\"png\", \"svg\", \"pdf\"]\n  save (plot \(plot)) \"\(folder.path)/x.{ending}\"\nend\nprint 1")
    #expect(lines.hasSuffix("1") || lines.contains("error"), "\(plot): \(lines)")
  }
}
