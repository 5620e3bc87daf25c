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
  }
}
