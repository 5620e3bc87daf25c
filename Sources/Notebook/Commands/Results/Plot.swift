import BVAELanguage
import BVAERendering

extension CommandDeclaration {
  static let plot = CommandDeclaration(
    "plot", group: .results,
    summary: "draws a history as curves, a table as curves or bars",
    details:
      "A history becomes the loss and its parts by epoch; what else an objective reports, such as the capacity or "
      + "the total correlation, is drawn with the KL divergence in a second chart. A table whose first column holds names, such as "
      + "latents, becomes bars, one for each row, of its first column of numbers: the KL divergence of each latent. "
      + "A table whose first column holds numbers, such as β or epochs, becomes curves along it. Where it has several "
      + "other columns of numbers, each on a scale of its own, 'columns' says which are drawn. 'show' shows a plot in the "
      + "terminal, as does a plot on a line of its own at the prompt; 'figure' writes it as a PNG.",
    parameters: [
      .positional("what", "a history or a table", ValueKinds.taking { $0 is any PlottableValue.Type }),
      .option(
        "columns", "the columns of a table that are drawn, by their names", .text, .list,
        default: .described("as the table suggests"), placeholder: "\"…\"|[\"…\", \"…\"]"),
      .option("title", "the heading", .text),
      .toggle("logarithmic", "draws the values on a logarithmic scale; for a history, only the loss"),
    ],
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones
      figure (plot (train model on ones epochs 3)) caption "Loss by epoch"
      """
  ) { call, session in
    let columns = try call.textsIfAny("columns")
    let given = try call.textIfAny("title")
    let isLogarithmic = call.isSet("logarithmic")
    guard case .object(let object) = try call.value("what"), let value = object as? any PlottableValue else {
      throw call.failure("what", "there is nothing to draw")
    }
    if columns == nil, let (figure, title) = value.plot(title: given, isLogarithmic: isLogarithmic) {
      return .object(try FigureValue(figure, title: title, notes: call.notes(session)))
    }
    let title = given ?? value.plotTitle
    let plot = try call.blaming(columns == nil ? "what" : "columns") {
      try TablePlot(value.plottedTable, columns: columns)
    }
    if isLogarithmic && plot.isBars {
      throw call.failure("logarithmic", "bars begin at zero, which a logarithmic scale does not have")
    }
    let figure = plot.figure(title: title, logarithmic: isLogarithmic)
    return .object(try FigureValue(figure, title: title, notes: call.notes(session)))
  }
}
