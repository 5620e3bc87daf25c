import BVAELanguage
import BVAEPlatform
import BVAERendering

/// `plot bars`: a bar for each number.
enum BarsPlot: PlotKind {
  static let word = "bars"
  static let summary = "a bar for each number; of several lists a group at each place, whose names are 'columns'"
  static let syntax = "Y [names …] [margins E] [columns …]"
  static let values = 1...1
  static let options: Set<String> = ["names", "margins", "columns"]

  static func drawing(_ plot: PlotCommand) throws -> any Drawable {
    if plot.logarithmic {
      throw plot.$logarithmic.failure("bars begin at zero, which a logarithmic scale does not have")
    }
    let input = try PlotInput(plot, pairs: false)
    let series = try input.series(input.first), margins = try plot.margins(for: series)
    let count = series[0].count
    guard series.allSatisfy({ $0.count == count }) else {
      throw input.first.failure("the lists are of \(series.map { String($0.count) }.listed("and")) numbers")
    }
    var options = ChartOptions(xLabel: input.xLabel, yLabel: input.yLabel, height: 420)
    options.width = 760
    let isTable = plot.table != nil
    if series.count == 1 {
      let places = try plot.names(count, of: "bars") ?? (isTable ? nil : plot.texts(plot.$columns, count, of: "bars"))
      let names = places ?? input.rows ?? (0..<count).map(String.init)
      if margins == nil {
        return BarChart(
          xLabel: options.xLabel, yLabel: options.yLabel,
          bars: zip(names, series[0]).map { BarChart.Bar(name: $0, value: $1) })
      }
      return GroupedBarChart(options, names: names, series: [.init(values: series[0], margins: margins?[0] ?? [])])
    }
    let names = try plot.names(series.count, of: "lists of bars") ?? input.names ?? series.indices.map(String.init)
    let places =
      (isTable ? input.rows : try plot.texts(plot.$columns, count, of: "groups of bars"))
      ?? (0..<count).map(String.init)
    return GroupedBarChart(
      options, names: places,
      series: series.indices.map { .init(name: names[$0], values: series[$0], margins: margins?[$0] ?? []) })
  }
}
