import BVAELanguage
import BVAEPlatform
import BVAERendering

/// `plot line`: curves.
enum LinePlot: PlotKind {
  static let word = "line"
  static let summary = "curves, along 0, 1, 2, … or along X; Y may be a list of several"
  static let syntax = "[X] Y [names …] [margins E] [band]"
  static let values = 1...2
  static let options: Set<String> = ["names", "margins", "band", "columns"]

  static func drawing(_ plot: PlotCommand) throws -> any Drawable {
    let input = try PlotInput(plot, pairs: true)
    let ys = try input.series(input.second ?? input.first)
    let xs: [[Double]]
    if input.second != nil {
      let given = try input.series(input.first)
      guard given.count == 1 || given.count == ys.count else {
        throw input.first.failure("there are \(given.count) lists of X for \(ys.count) of Y")
      }
      xs = ys.indices.map { given.count == 1 ? given[0] : given[$0] }
    } else {
      xs = ys.map { $0.indices.map(Double.init) }
    }
    for (place, (x, y)) in zip(xs, ys).enumerated() where x.count != y.count {
      throw (input.second ?? input.first).failure(
        "X has \(counted(x.count, "number")) and \(ys.count > 1 ? "list \(place) of Y" : "Y") \(y.count)")
    }
    let margins = try plot.margins(for: ys)
    if plot.band, margins == nil { throw plot.$band.failure("'band' needs 'margins'") }
    let names = try plot.names(ys.count, of: "lines") ?? input.names
    let series = ys.indices.map { index in
      LineChart.Series(
        name: names.map { $0[index] } ?? (ys.count > 1 ? String(index) : ""), xs: xs[index], ys: ys[index],
        margins: margins?[index] ?? [])
    }
    var chart = LineChart(
      xLabel: input.xLabel, yLabel: input.yLabel, series: series)
    chart.bands = plot.band
    return chart
  }
}
