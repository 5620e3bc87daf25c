import BVAELanguage
import BVAERendering

struct PlotCommand: Command {
  static let about = CommandAbout(
    "plot", in: .results, "draws a history as curves, a table as curves or bars",
    details:
      "A history becomes the loss and its parts by epoch; what else an objective reports, such as the capacity or "
      + "the total correlation, is drawn with the KL divergence in a second chart. A table whose first column holds names, such as "
      + "latents, becomes bars, one for each row, of its first column of numbers: the KL divergence of each latent. "
      + "A table whose first column holds numbers, such as β or epochs, becomes curves along it. Where it has several "
      + "other columns of numbers, each on a scale of its own, 'columns' says which are drawn. 'show' shows a plot in the "
      + "terminal, as does a plot on a line of its own at the prompt; 'figure' writes it as a PNG.",
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones
      figure (plot (train model on ones epochs 3)) caption "Loss by epoch"
      """)

  @Positional(name: "what", "a history or a table", anyOf: ValueKinds.taking { $0 is any PlottableValue.Type })
  var drawn: Able<any PlottableValue>
  @Option(
    "the columns of a table that are drawn, by their names", .text, .list,
    default: .described("as the table suggests"), placeholder: "\"…\"|[\"…\", \"…\"]")
  var columns: [String]?
  @Option("the heading", .text) var title: String?
  @Switch("draws the values on a logarithmic scale; for a history, only the loss") var logarithmic: Bool

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let value = drawn.value, notes = site.notes(session)
    if columns == nil, let (figure, title) = value.plot(title: title, isLogarithmic: logarithmic) {
      return .object(try FigureValue(figure, title: title, notes: notes))
    }
    let place: any DeclaredArgument = columns == nil ? $drawn : $columns
    let plot = try place.blaming { try TablePlot(value.plottedTable, columns: columns) }
    if logarithmic && plot.isBars {
      throw $logarithmic.failure("bars begin at zero, which a logarithmic scale does not have")
    }
    let title = title ?? value.plotTitle
    return .object(try FigureValue(plot.figure(title: title, logarithmic: logarithmic), title: title, notes: notes))
  }
}
