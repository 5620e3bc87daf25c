import BVAELanguage
import BVAEPlatform
import BVAERendering

/// `plot heat`: a matrix as colours.
enum HeatPlot: PlotKind {
  static let word = "heat"
  static let summary = "a list of lists as coloured cells with their numbers; white is 0 where there are both signs"
  static let syntax = "MATRIX [rows NAMES] [columns NAMES]"
  static let values = 1...1
  static let options: Set<String> = ["rows", "columns"]

  /// The most rows and columns.
  private static let largest = 4000

  static func drawing(_ plot: PlotCommand) throws -> any Drawable {
    let input = try PlotInput(plot, pairs: false)
    var values = try input.series(input.first, most: largest)
    var columns = input.names ?? input.yLabel.map { [$0] }, rows = input.rows
    if plot.table != nil {
      let lines = values
      values = lines[0].indices.map { row in lines.map { $0[row] } }
    }
    let count = values[0].count
    guard values.allSatisfy({ $0.count == count }), count > 0 else {
      throw input.first.failure("the rows of a matrix have the same length")
    }
    guard count <= largest else {
      throw input.first.failure("a heat map has up to \(largest.grouped) columns, not \(count.grouped)")
    }
    rows = try plot.texts(plot.$rows, values.count, of: "rows") ?? rows
    if plot.table == nil { columns = try plot.texts(plot.$columns, count, of: "columns") }
    var options = ChartOptions(height: 0)
    // Cells about as high as they are wide, within reason.
    options.width = 760
    options.height = max(320, min(900, 160 + values.count * max(18, min(64, 620 / count))))
    return HeatMap(options, values: values, rows: rows ?? [], columns: columns ?? [])
  }
}
