import BVAELanguage
import BVAEPlatform
import BVAERendering

/// `plot histogram`: how often numbers occur.
enum HistogramPlot: PlotKind {
  static let word = "histogram"
  static let summary = "how many numbers lie in each bin, as 'histogram' counts them; groups over each other"
  static let syntax = "X [by LABELS] [names …] [bins 30] [density]"
  static let values = 1...1
  static let options: Set<String> = ["by", "names", "bins", "density", "columns"]

  static func drawing(_ plot: PlotCommand) throws -> any Drawable {
    let groups = try PlotGroups(plot)
    let all = groups.list.flatMap(\.values).filter(\.isFinite)
    let missing = groups.list.reduce(0) { $0 + $1.values.count } - all.count
    guard !all.isEmpty else { throw plot.$data.failure("there are no finite numbers to draw") }
    let edges = try plot.$data.blaming { try Samples.edges(all, plot.bins) }
    let drawn = groups.list.map { group in
      let values = group.values.filter(\.isFinite)
      let counts = values.isEmpty ? Array(repeating: 0, count: plot.bins) : Samples.counts(values, edges)
      let scale = plot.density ? 1 / (Double(max(1, values.count)) * (edges[1] - edges[0])) : 1
      return HistogramChart.Group(name: group.name, heights: counts.map { Double($0) * scale })
    }
    return HistogramChart(
      ChartOptions(
        subtitle: missing > 0 ? "left out: \(missing.grouped) not finite" : nil, xLabel: groups.label,
        yLabel: plot.density ? "density" : "count"),
      edges: edges, groups: drawn)
  }
}
