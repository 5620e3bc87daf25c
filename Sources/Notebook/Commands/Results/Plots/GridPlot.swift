import BVAELanguage
import BVAEPlatform
import BVAERendering

/// `plot grid`: several plots on one page.
enum GridPlot: PlotKind {
  static let word = "grid"
  static let summary = "several plots, sheets or diagrams on one page; 'shared' gives their axes the same ends"
  static let syntax = "PLOTS [columns 2] [shared]"
  static let values = 1...1
  static let options: Set<String> = ["columns", "shared"]
  static let common: Set<String> = ["title", "subtitle", "size", "theme"]

  /// The most drawings on a page.
  private static let most = 100

  static func drawing(_ plot: PlotCommand) throws -> any Drawable {
    guard let value = plot.data, case .list(let list) = value, list.count > 0 else {
      throw plot.$data.failure("'plot grid' takes a list of plots, such as [p, q]")
    }
    let drawings = try list.elements.map { element in
      guard case .object(let object) = element, let figure = object as? FigureValue else {
        throw plot.$data.failure("'plot grid' takes a list of plots; this list holds \(element.brief)")
      }
      return figure.drawing
    }
    guard drawings.count <= Self.most else {
      throw plot.$data.failure("a page holds at most \(Self.most) plots, not \(drawings.count.grouped)")
    }
    let columns = plot.columns.map { $0.whole } ?? Int(Double(drawings.count).squareRoot().rounded(.up))
    guard let columns, columns > 0 else {
      throw plot.$columns.failure("'columns' of a grid is how many stand side by side")
    }
    var grid = ChartGrid(drawings, columns: columns, title: plot.title, subtitle: plot.subtitle)
    grid.sharesAxes = plot.shared
    return grid
  }
}
