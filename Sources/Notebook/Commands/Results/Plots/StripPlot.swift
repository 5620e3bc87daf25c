import BVAELanguage
import BVAEPlatform
import BVAERendering

/// `plot strip`: every number by group.
enum StripPlot: PlotKind {
  static let word = "strip"
  static let summary = "every number as a mark, by group, and the medians"
  static let syntax = "X [by LABELS] [names …]"
  static let values = 1...1
  static let options: Set<String> = ["by", "names", "columns"]

  static func drawing(_ plot: PlotCommand) throws -> any Drawable {
    let groups = try PlotGroups(plot)
    return StripChart(
      ChartOptions(xLabel: groups.byLabel, yLabel: groups.label),
      groups: groups.list.map { group in
        let values = group.values.filter { $0.isFinite && (!plot.logarithmic || $0 > 0) }
        return .init(
          name: group.name, values: group.values, median: values.isEmpty ? .nan : Samples.quantile(values, 0.5))
      })
  }
}
