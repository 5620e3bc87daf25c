import BVAELanguage
import BVAEPlatform
import BVAERendering

/// `plot scatter`: a mark for each pair.
enum ScatterPlot: PlotKind {
  static let word = "scatter"
  static let summary = "a mark for each pair of numbers, or its picture; coloured by group or by number"
  static let syntax = "X Y [by LABELS] [names …] [images DATASET]"
  static let values = 1...2
  static let options: Set<String> = ["by", "names", "images", "columns"]

  static func drawing(_ plot: PlotCommand) throws -> any Drawable {
    let input = try PlotInput(plot, pairs: true)
    var xs = try input.vector(input.first)
    guard let second = input.second else {
      throw plot.$data.failure("'plot scatter' needs X and Y", hint: "plot scatter \(syntax)")
    }
    var ys = try input.vector(second)
    guard xs.count == ys.count else {
      throw second.failure("X has \(counted(xs.count, "number")) and Y \(ys.count)")
    }
    let pictures = try plot.images?.value.sheet().rows.flatMap(\.frames).map(\.image) ?? []
    if plot.images != nil, pictures.count != xs.count {
      throw plot.$images.failure("there are \(counted(pictures.count, "image")) for \(counted(xs.count, "point"))")
    }
    var options = ChartOptions(xLabel: input.xLabel, yLabel: input.yLabel, height: 520)
    options.width = 760
    guard let labels = try input.labels(for: xs.count) else {
      if plot.$names.wasGiven { throw plot.$names.failure("'names' names the groups of 'by'") }
      return ScatterChart(options, groups: [.init(xs: xs, ys: ys, pictures: pictures)])
    }
    if let values = labels.continuous {
      if plot.$names.wasGiven {
        throw plot.$names.failure(
          "'by' has too many different numbers to be named; they are drawn as a scale of colours")
      }
      return ScatterChart(
        options, groups: [.init(xs: xs, ys: ys, values: pictures.isEmpty ? values : [], pictures: pictures)],
        valueLabel: input.byLabel)
    }
    let groups = try labels.groups(plot)
    let drawn = groups.map { group in
      ScatterChart.Group(
        name: group.name, xs: group.places.map { xs[$0] }, ys: group.places.map { ys[$0] },
        pictures: pictures.isEmpty ? [] : group.places.map { pictures[$0] })
    }
    (xs, ys) = ([], [])
    return ScatterChart(options, groups: drawn)
  }
}
