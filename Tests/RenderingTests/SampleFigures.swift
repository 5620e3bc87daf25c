import BVAERendering

/// Figures of every kind, ordinary and odd, for the golden pixels and the checks of the layout.
enum SampleFigures {
  /// A small picture that differs from its neighbours: a slanted stroke.
  static func stroke(_ step: Int, side: Int = 14, planes: Int = 1) -> Bitmap {
    var bytes = [UInt8](repeating: 0, count: side * side * planes)
    for y in 2..<side - 2 {
      let x = min(side - 1, max(0, side / 2 + (side / 2 - y) * (step - 4) / 6))
      for plane in 0..<planes { bytes[(y * side + x) * planes + plane] = UInt8(255 - plane * 60) }
    }
    return Bitmap(width: side, height: side, planes: planes, bytes: bytes)
  }

  static func frames(_ count: Int, labelled: Bool = true, side: Int = 14, planes: Int = 1) -> [ContactSheet.Frame] {
    (0..<count).map { step in
      let value = "\(Double(step * 5 - 20) / 10)"
      return .init(
        image: stroke(step % 9, side: side, planes: planes), label: labelled ? value : nil, highlighted: step == 3)
    }
  }

  static let references = [
    ContactSheet.Frame(image: stroke(2), label: "test image"),
    ContactSheet.Frame(image: stroke(3), label: "reconstruction"),
  ]

  static let long =
    "A text that goes on and on, longer than any page is wide, about the disentangling of factors in "
    + "images of handwritten digits and house numbers, with Donaudampfschifffahrtsgesellschaftskapitänsmützen"

  static let sheets: [(name: String, figure: ContactSheet)] = [
    (
      "sheet-sweep",
      ContactSheet(
        title: "Figure 3: MNIST Single Digit Latent Z0", subtitle: "β = 4, 12 latents", references: references,
        rows: [.init(frames: frames(9))], scale: 3, note: "inactive: variance of the mean 0.002")
    ),
    (
      "sheet-latents",
      ContactSheet(
        title: "All latents", references: references,
        rows: (0..<3).map { .init(label: "Z\($0)", detail: $0 == 1 ? "inactive" : "KL 2.3\($0)", frames: frames(7)) },
        scale: 2)
    ),
    (
      "sheet-grid",
      ContactSheet(rows: [.init(frames: frames(20, labelled: false, planes: 3))], columns: 7, scale: 2)
    ),
    (
      "sheet-manifold",
      ContactSheet(
        title: "Latents Z0 and Z3", subtitle: "β = 4, 12 latents",
        rows: (0..<8).map { row in .init(frames: (0..<9).map { .init(image: stroke(row * 9 + $0)) }) }, scale: 2,
        axes: .init(
          columns: ("Z0", (0..<9).map { "\(Double($0) * 0.75 - 3)" }), rows: ("Z3", (0..<8).map { "-0.\($0)" })),
        note: "the other latents: zeros")
    ),
    (
      "sheet-manifold-dense",
      ContactSheet(
        rows: (0..<21).map { row in .init(frames: (0..<21).map { .init(image: stroke(row + $0, side: 9)) }) }, scale: 1,
        axes: .init(
          columns: ("Z0", (0..<21).map { "-1.\($0)0" }), rows: ("Z3", (0..<21).map { "-0.\($0)" })))
    ),
    (
      "sheet-rows",
      ContactSheet(
        title: "Rows",
        rows: ["original", "reconstruction", "absolute difference"].map {
          .init(label: $0, frames: frames(8, labelled: false))
        }, scale: 2)
    ),
    ("sheet-one", ContactSheet(title: "One", rows: [.init(frames: frames(1))])),
    ("sheet-empty", ContactSheet(title: "Nothing", rows: [])),
    (
      "sheet-long",
      ContactSheet(
        title: long, subtitle: long, references: [.init(image: stroke(1), label: long)],
        rows: [
          .init(label: long, detail: long, frames: [.init(image: stroke(1), label: long)] + frames(30)),
          .init(label: "Z1", frames: []), .init(label: "no detail", frames: frames(4, side: 9, planes: 3)),
        ], scale: 1, note: long)
    ),
    ("sheet-64", ContactSheet(rows: [.init(frames: frames(64))], scale: 1)),
    (
      "sheet-12x12",
      ContactSheet(
        title: "12 × 12", references: references,
        rows: (0..<12).map { .init(label: "Z\($0)", detail: "KL 0.1", frames: frames(12)) })
    ),
  ]

  static let epochs = (1...60).map(Double.init)

  static let charts: [(name: String, figure: LineChart)] = [
    (
      "line-loss",
      LineChart(
        title: "Loss by epoch", subtitle: "MNIST digit 1", xLabel: "epoch", yLabel: "loss per image",
        series: [
          .init(name: "loss", xs: epochs, ys: epochs.map { 24 + 300 / ($0 + 4) }),
          .init(name: "validation", xs: epochs, ys: epochs.map { 26 + 290 / ($0 + 4) }, dashed: true, colorIndex: 0),
          .init(name: "KL", xs: epochs, ys: epochs.map { 9 - 20 / ($0 + 4) }),
        ], width: 480, height: 300)
    ),
    (
      "line-logarithmic",
      LineChart(
        yLabel: "loss",
        series: [
          .init(name: "a", xs: epochs, ys: epochs.map { $0 == 30 ? -1 : 1000 / ($0 * $0) }),
          .init(name: "", xs: [3], ys: [0.5]),
        ], logarithmic: true, width: 360, height: 260)
    ),
    (
      "line-gaps",
      LineChart(
        series: [.init(name: "", xs: [0, 1, 2, 3, 4, 5, 6], ys: [1, 2, .nan, 1.5, .infinity, 0, -1])], width: 320,
        height: 240)
    ),
    (
      "line-intervals",
      LineChart(
        xLabel: "β", yLabel: "error",
        series: [
          .init(name: "a", xs: [1, 2, 4, 8], ys: [20, 24, 31, 40], margins: [1.5, 2, .nan, 6]),
          .init(name: "b", xs: [1, 2, 4, 8], ys: [5, 6, 9, 12], margins: [0, 1, 1]),
        ], width: 360, height: 260)
    ),
    ("line-empty", LineChart(title: "Empty", xLabel: "x", yLabel: "y", series: [], width: 320, height: 240)),
    (
      "line-many",
      LineChart(
        title: long, subtitle: long, xLabel: long, yLabel: long,
        series: (0..<40).map { k in
          .init(name: k == 7 ? long : "series \(k)", xs: [0, 1e7], ys: [Double(k), Double(k * k) * 1e9])
        }, width: 10, height: 10)
    ),
    (
      "line-extreme",
      LineChart(series: [.init(name: "x", xs: [-1e308, 0, 1e300, 1e-300], ys: [1, -1e300, 1e300, 1e-300])])
    ),
    ("line-offset", LineChart(series: [.init(name: "x", xs: [1e9, 1e9 + 1], ys: [1e12 + 0.5, 1e12 + 0.75])])),
    ("line-tiny", LineChart(series: [.init(name: "x", xs: [1], ys: [1e-12])], logarithmic: true)),
    ("line-uneven", LineChart(series: [.init(name: "x", xs: [1, 2, 3], ys: [5, 5])])),
  ]

  static let bars: [(name: String, figure: BarChart)] = [
    (
      "bar-latents",
      BarChart(
        title: "KL per latent", xLabel: "latent", yLabel: "KL (nats)",
        bars: [4.31, 0.002, 3.12, 0, 0.9, .nan].enumerated().map {
          .init(name: "Z\($0)", value: $1, muted: $1 < 0.01)
        }, width: 400, height: 260)
    ),
    (
      "bar-names",
      BarChart(
        yLabel: "error",
        bars: [("trained on one digit", -1.5), ("all digits", 2), ("autoencoder", 0.4)].map {
          .init(name: $0.0, value: $0.1)
        }, width: 320, height: 240)
    ),
    ("bar-empty", BarChart(bars: [])),
    ("bar-long", BarChart(bars: (0..<7).map { .init(name: "\($0) \(long)", value: Double(-$0)) })),
    ("bar-many", BarChart(bars: (0..<500).map { .init(name: "Z\($0)", value: Double($0 % 7)) })),
    ("bar-huge", BarChart(bars: [.init(name: "a", value: 1e300), .init(name: "b", value: -1e300)])),
  ]

  typealias Stage = ArchitectureDiagram.Stage

  static func encoder(side: Int, channels: Int, latents: Int, width: Int = 1160) -> ArchitectureDiagram {
    func conv(_ side: Int, stride: Int) -> Stage {
      Stage(
        operation: "conv 4×4, stride \(stride)", detail: "leaky ReLU",
        output: .volume(height: side, width: side, channels: 64))
    }
    return ArchitectureDiagram(
      title: "Figure 1: Encoder", subtitle: "\(side)×\(side)×\(channels) images, \(latents) latents",
      stages: [
        Stage(name: "image", output: .volume(height: side, width: side, channels: channels), kind: .image),
        conv(side / 2, stride: 2), conv(side / 4, stride: 2), conv(side / 4, stride: 1),
        Stage(operation: "flatten", output: .units(side * side * 4)),
      ],
      heads: [
        Stage(name: "mean μ", operation: "dense", output: .units(latents), kind: .code),
        Stage(name: "log variance log σ²", operation: "dense", detail: "linear", output: .units(latents), kind: .code),
      ],
      merged: [Stage(name: "code z", operation: "z = μ + σ·ε", output: .units(latents), kind: .code)], width: width)
  }

  static let diagrams: [(name: String, figure: ArchitectureDiagram)] = [
    ("diagram-encoder", encoder(side: 28, channels: 1, latents: 12)),
    ("diagram-lines", encoder(side: 32, channels: 3, latents: 32, width: 640)),
    ("diagram-narrow", encoder(side: 28, channels: 1, latents: 1, width: 1)),
    ("diagram-empty", ArchitectureDiagram(stages: [])),
    (
      "diagram-heads-only",
      ArchitectureDiagram(stages: [], heads: [Stage(output: .units(3)), Stage(output: .units(4))])
    ),
    (
      "diagram-odd",
      ArchitectureDiagram(
        title: long, stages: [Stage(name: long, output: .units(0)), Stage(output: .units(1))],
        heads: [
          Stage(operation: long, detail: long, output: .units(Int.max)),
          Stage(operation: "b", detail: "c", output: .volume(height: -1, width: 500, channels: 1)),
          Stage(operation: "b", output: .volume(height: 7, width: 1, channels: Int.max)),
        ],
        merged: (0..<9).map { Stage(operation: "step \($0)", detail: "ReLU", output: .units(1 << $0)) })
    ),
  ]

  /// Every figure's name and layout.
  static var pages: [(name: String, page: Page)] {
    sheets.map { ($0.name, $0.figure.layout()) } + charts.map { ($0.name, $0.figure.layout()) }
      + bars.map { ($0.name, $0.figure.layout()) } + diagrams.map { ($0.name, $0.figure.layout()) }
      + SampleCharts.all.compactMap { chart in (try? chart.figure.layout()).map { (chart.name, $0) } }
  }
}

/// Charts of the other kinds.
enum SampleCharts {
  /// Numbers that lie about a place as if drawn by chance.
  static func numbers(_ count: Int, about middle: Double, spread: Double, seed: Int = 0) -> [Double] {
    (0..<count).map { place in
      let a = Double((place * 7919 + seed * 104_729 + 31) % 10_007) / 10_007
      let b = Double((place * 6271 + seed * 15_485 + 77) % 9_973) / 9_973
      let c = Double((place * 4177 + seed * 32_452 + 5) % 9_967) / 9_967
      return middle + spread * (a + b + c - 1.5)
    }
  }

  static func options(_ title: String, _ x: String? = nil, _ y: String? = nil, width: Int = 480, height: Int = 340)
    -> ChartOptions
  {
    ChartOptions(title: title, xLabel: x, yLabel: y, width: width, height: height)
  }

  static func groups(_ count: Int, of size: Int) -> [ScatterChart.Group] {
    (0..<count).map { k in
      let x = Double(k % 4) * 2, y = Double(k / 4) * 2
      return .init(
        name: String(k), xs: numbers(size, about: x, spread: 1.6, seed: k),
        ys: numbers(size, about: y, spread: 1.6, seed: k + 50))
    }
  }

  static let bands: LineChart = {
    let xs = (1...30).map(Double.init)
    var chart = LineChart(
      title: "Loss over five seeds", xLabel: "epoch", yLabel: "loss",
      series: [
        .init(name: "β 1", xs: xs, ys: xs.map { 20 + 60 / $0 }, margins: xs.map { 1 + 8 / $0 }),
        .init(name: "β 4", xs: xs, ys: xs.map { 30 + 70 / $0 }, margins: xs.map { 1 + 12 / $0 }),
      ], width: 480, height: 320)
    chart.bands = true
    return chart
  }()

  static let logarithmic: LineChart = {
    var chart = LineChart(
      xLabel: "β", yLabel: "error",
      series: [.init(name: "", xs: [0.1, 1, 10, 100, 1000], ys: [3, 30, 0, 300, 200])], width: 400, height: 280)
    chart.options.xLogarithmic = true
    chart.options.xLimits = 0.5...500
    chart.options.yLimits = 0...320
    return chart
  }()

  static let matrix: [[Double]] = (0..<4).map { row in
    (0..<6).map { column -> Double in
      let value = (row * 7 + column * 5) % 11 - 5
      return row == 2 && column == 3 ? .nan : Double(value) / 5
    }
  }

  static func box(_ name: String, _ values: [Double]) -> BoxChart.Box {
    let sorted = values.sorted()
    func quantile(_ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }
    return BoxChart.Box(
      name: name, values: values, lower: quantile(0.25), median: quantile(0.5), upper: quantile(0.75))
  }

  static func histogram(_ title: String, _ count: Int) -> HistogramChart {
    let edges = (0...16).map { -4 + Double($0) * 0.5 }
    return HistogramChart(
      options(title, "Z0", "count"), edges: edges,
      groups: (0..<count).map { k in
        let heights = edges.dropLast().map { (edge: Double) -> Double in
          let place = edge + 0.25 - Double(k) * 1.2
          let square = place * place
          return (200 / (1 + square * square)).rounded()
        }
        return .init(name: count > 1 ? "digit \(k)" : "", heights: heights)
      })
  }

  static let all: [(name: String, figure: any Drawable)] = [
    ("line-bands", bands), ("line-limits", logarithmic),
    ("scatter-groups", ScatterChart(options("The codes of three digits", "Z0", "Z1"), groups: groups(3, of: 60))),
    (
      "scatter-digits",
      ScatterChart(options("Ten digits", "Z0", "Z1", width: 560, height: 420), groups: groups(10, of: 40))
    ),
    (
      "scatter-values",
      ScatterChart(
        options("Coloured by width", "Z0", "Z1"),
        groups: [
          .init(
            xs: numbers(300, about: 0, spread: 4), ys: numbers(300, about: 0, spread: 2, seed: 3) + [.nan],
            values: numbers(300, about: 5, spread: 3))
        ], valueLabel: "width (px)")
    ),
    (
      "scatter-pictures",
      ScatterChart(
        options("Pictures as marks"),
        groups: groups(2, of: 30).map { group in
          var group = group
          group.pictures = group.xs.indices.map { SampleFigures.stroke($0 % 9) }
          return group
        })
    ),
    (
      "scatter-narrow",
      ScatterChart(options(SampleFigures.long, "x", "y", width: 320, height: 240), groups: groups(9, of: 12))
    ),
    ("scatter-empty", ScatterChart(groups: [])), ("scatter-one", ScatterChart(groups: [.init(xs: [1], ys: [2])])),
    ("histogram-one", histogram("A latent", 1)), ("histogram-groups", histogram("A latent by digit", 3)),
    (
      "bars-groups",
      GroupedBarChart(
        options("Scores", "system", "score"), names: ["VAE", "β-VAE", "FactorVAE"],
        series: [
          .init(name: "MIG", values: [0.1, 0.3, 0.35], margins: [0.02, 0.05, .nan]),
          .init(name: "DCI", values: [0.2, 0.4, -0.1], margins: [0.05, 0.02, 0.03]),
        ])
    ),
    (
      "heat-signs",
      HeatMap(
        options("Correlation of latents with factors", "factor", "latent", width: 560), values: matrix,
        rows: (0..<4).map { "Z\($0)" }, columns: ["shape", "scale", "angle", "x", "y", "brightness"],
        valueLabel: "r")
    ),
    (
      "heat-narrow",
      HeatMap(
        options("Narrow", width: 320, height: 240), values: (0..<12).map { r in (0..<12).map { Double(r * $0) } })
    ),
    ("heat-large", HeatMap(options("Large"), values: (0..<90).map { r in (0..<120).map { Double((r * $0) % 17) } })),
    (
      "box-groups",
      BoxChart(
        options("By digit", "digit", "Z0"),
        boxes: (0..<5).map { box(String($0), numbers(80, about: Double($0), spread: 2, seed: $0) + [Double($0) + 4]) })
    ),
    (
      "strip-groups",
      StripChart(
        options("By digit", "digit", "Z0"),
        groups: (0..<5).map {
          .init(name: String($0), values: numbers(80, about: Double($0), spread: 2, seed: $0), median: Double($0))
        })
    ),
    ("grid-mixed", grid),
  ]

  static let grid: ChartGrid = {
    var bars = BarChart(yLabel: "KL", bars: [.init(name: "Z0", value: 2), .init(name: "Z1", value: 0.5)])
    (bars.options.width, bars.options.height) = (360, 260)
    var grid = ChartGrid(
      [
        ScatterChart(options("left", width: 360, height: 260), groups: [.init(xs: [0, 1, 2], ys: [0, 3, 1])]),
        ScatterChart(options("right", width: 360, height: 260), groups: [.init(xs: [5, 8], ys: [2, 9])]),
        bars, ContactSheet(title: "A sheet", rows: [.init(frames: SampleFigures.frames(4))], scale: 2),
      ], columns: 2, title: "Four on a page", subtitle: "the first two share their axes")
    grid.sharesAxes = true
    return grid
  }()
}
