import BVAELanguage
import BVAEPlatform
import BVAERendering

/// `plot box`: quartiles by group.
enum BoxPlot: PlotKind {
  static let word = "box"
  static let summary = "median, quartiles, whiskers of 1.5 times the box and what lies beyond, by group"
  static let syntax = "X [by LABELS] [names …]"
  static let values = 1...1
  static let options: Set<String> = ["by", "names", "columns"]

  static func drawing(_ plot: PlotCommand) throws -> any Drawable {
    let groups = try PlotGroups(plot)
    var missing = 0
    let boxes = groups.list.compactMap { group -> BoxChart.Box? in
      let values = group.values.filter { $0.isFinite && (!plot.logarithmic || $0 > 0) }
      missing += group.values.count - values.count
      guard !values.isEmpty else { return nil }
      let quartiles = [0.25, 0.5, 0.75].map { Samples.quantile(values, $0) }
      return BoxChart.Box(
        name: group.name, values: values, lower: quartiles[0], median: quartiles[1], upper: quartiles[2])
    }
    guard !boxes.isEmpty else { throw plot.$data.failure("there are no finite numbers to draw") }
    let empty = groups.list.count - boxes.count
    let remarks = [
      missing > 0 ? "left out: \(missing.grouped) not finite\(plot.logarithmic ? ", or 0 or less" : "")" : nil,
      empty > 0 ? "\(counted(empty, "group")) without numbers" : nil,
    ].compactMap { $0 }
    return BoxChart(
      ChartOptions(
        subtitle: remarks.isEmpty ? nil : remarks.joined(separator: "; "), xLabel: groups.byLabel, yLabel: groups.label),
      boxes: boxes)
  }
}
