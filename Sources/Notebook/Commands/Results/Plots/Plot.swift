import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

struct PlotCommand: Command {
  static let about = CommandAbout(
    "plot", in: .results, "draws a history, a table or numbers as a chart",
    details:
      "A history becomes the loss and its parts by epoch; what else an objective reports, such as the capacity or "
      + "the total correlation, is drawn with the KL divergence in a second chart. Of several histories, [h, g], the loss "
      + "of each is drawn, or what 'columns' names. A table whose first column holds names, such as "
      + "latents, becomes bars, one for each row, of its first column of numbers: the KL divergence of each latent. "
      + "A table whose first column holds numbers, such as β or epochs, becomes curves along it. Where it has several "
      + "other columns of numbers, each on a scale of its own, 'columns' says which are drawn. 'show' shows a plot in the "
      + "terminal, as does a plot on a line of its own at the prompt; 'figure' writes it as .png or .svg and puts it "
      + "into the report, 'save' writes it as .png, .svg or .pdf.\n\n"
      + "Numbers are lists, such as x, code.mean[.., 0] or test.labels; a word says how they are drawn:\n\n"
      + PlotKinds.all.map { "plot \($0.word) \($0.syntax): \($0.summary)." }.joined(separator: "\n\n")
      + "\n\nIn place of lists a table does, its columns chosen by 'columns', groups by the name of one: plot scatter t "
      + "columns [\"z0\", \"z1\"] by \"digit\". Up to seven groups are told apart by colours that colour-blind people "
      + "can tell, too, more by the shapes of their marks as well. What cannot be drawn, as it is not finite or outside "
      + "the limits, is left out and counted below the heading.",
    result: .object(FigureValue.self),
    example: """
      ones = load mnist digits 1 count 200
      model = vae for ones latents 2
      history = train model on ones epochs 3
      figure (plot history) caption "Loss by epoch"
      z = (encode model ones).mean
      figure (plot scatter z[.., 0] z[.., 1] xlabel "Z0" ylabel "Z1") caption "The codes of ones"
      """)

  @Positional(name: "what", "a kind of chart, or a history, a table or a list of histories")
  var subject: PlotSubject
  @Positional(name: "numbers", "what is drawn by a kind of chart", .list, .object(TableValue.self), placeholder: "X")
  var data: Value?
  @Positional(name: "further numbers", "Y, where the first are X", .list, placeholder: "Y") var second: Value?
  @Option("what each number belongs to: labels, or numbers that become colours", .list, .text) var by: Value?
  @Option("the names of lines, groups, bars or histories", .list) var names: Value?
  @Option("how far the interval of each number reaches up and down, in the shape of Y", .list) var margins: Value?
  @Switch("shades the intervals of lines instead of drawing bars") var band: Bool
  @Option("the bins of a histogram", .integer(1...10_000), default: 30) var bins: Int
  @Switch("scales histograms to an area of 1") var density: Bool
  @Option(
    "the images that stand in place of marks", .object(DatasetValue.self), .object(ImagesValue.self))
  var images: Able<any SheetValue>?
  @Option("the names of a matrix's rows", .list) var rows: Value?
  @Option(
    "the columns of a table that are drawn, by their names; the names of a matrix's columns; how many plots of a grid "
      + "stand side by side", .text, .list, .integer(1...100),
    default: .described("as the table suggests"), placeholder: "\"…\"|[\"…\", \"…\"]|2")
  var columns: Value?
  @Switch("gives the axes of a grid's charts the same ends") var shared: Bool
  @Option("the heading", .text) var title: String?
  @Option("the line below the heading", .text) var subtitle: String?
  @Option("what the horizontal axis shows", .text) var xlabel: String?
  @Option("what the vertical axis shows", .text) var ylabel: String?
  @Option("from where to where the horizontal axis goes", .range, default: .described("as far as the values do"))
  var xlimits: ClosedRange<Double>?
  @Option("from where to where the vertical axis goes", .range, default: .described("as far as the values do"))
  var ylimits: ClosedRange<Double>?
  @Switch("draws the values on a logarithmic scale; for a history, only the loss") var logarithmic: Bool
  @Switch("makes the horizontal axis logarithmic") var xlogarithmic: Bool
  @Option(
    "columns and rows of pixels of each chart", .integers(240...4000), default: .described("as suits the chart"),
    placeholder: "[760, 460]")
  var size: [Int]?
  @Option("the colours of the page", default: .described("as 'set theme' says")) var theme: PageTheme?

  var rules: [Rule] { [{ _ in mistakes }] }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let (drawing, title) = try self.drawing
    let theme = self.theme ?? session.workspace.theme
    return .object(
      try FigureValue(drawing, title: title, notes: site.notes(session), theme: theme))
  }

  // MARK: - What goes together

  /// What is wrong as far as is known.
  private var mistakes: [ScriptFailure] {
    let given = arguments.filter(\.wasGiven)
    if let size = $size.knownOrNil(), size.count != 2 {
      return [$size.failure("'size' takes columns and rows, as in size [760, 460]")]
    }
    guard let kind = $subject.word.flatMap(PlotKinds.named) else {
      if $data.wasGiven, isKnown {
        return [
          $data.failure(
            "'plot' takes one value here",
            hint: "a word says how numbers are drawn: plot line, plot scatter, plot histogram")
        ]
      }
      return given.filter {
        ["by", "margins", "band", "bins", "density", "images", "rows", "shared"].contains($0.name)
      }
      .map { misplaced($0, for: "a plot of a history or a table") }
    }
    let foreign = given.dropFirst().filter {
      ![$data.name, $second.name].contains($0.name) && !kind.options.contains($0.name)
        && !kind.common.contains($0.name)
    }
    if !foreign.isEmpty { return foreign.map { misplaced($0, for: "'plot \(kind.word)'") } }
    guard $data.wasGiven else {
      return [$subject.failure("'plot \(kind.word)' needs what it draws", hint: "plot \(kind.word) \(kind.syntax)")]
    }
    if $second.wasGiven, kind.values.upperBound < 2 {
      return [$second.failure("'plot \(kind.word)' takes one value", hint: "plot \(kind.word) \(kind.syntax)")]
    }
    // Before the run where all values are written out, and in it.
    guard given.allSatisfy({ !$0.isMissing }) else { return [] }
    do {
      _ = try sized(kind.drawing(self))
      return []
    } catch let failure as ScriptFailure {
      return [failure]
    } catch {
      return []
    }
  }

  /// Whether what stands first is surely no kind of chart.
  private var isKnown: Bool {
    switch $subject.type {
    case .object, .list: true
    default: false
    }
  }

  private func misplaced(_ argument: any DeclaredArgument, for what: String) -> ScriptFailure {
    let places = PlotKinds.all.filter { $0.options.contains(argument.name) }.map { "plot \($0.word)" }
    return argument.failure(
      "'\(argument.name)' is no option of \(what)",
      hint: "it belongs to \(places.isEmpty ? "the plots in it, where they are made" : Kind.list(places))")
  }

  // MARK: - The drawing

  private var drawing: (any Drawable, title: String) {
    get throws {
      switch subject {
      case .kind(let kind):
        let axes = (xlabel, ylabel)
        let usual = if case (let x?, let y?) = axes { "\(y) against \(x)" } else { kind.word.capitalizedFirst }
        return (try sized(kind.drawing(self)), title ?? usual)
      case .histories(let histories):
        let chart = try $subject.blaming { try comparison(histories) }
        return (try sized(chart), chart.title ?? "Histories")
      case .value(let value): return try suggested(value)
      }
    }
  }

  /// What a history or a table suggests.
  private func suggested(_ value: any PlottableValue) throws -> (any Drawable, title: String) {
    if $names.wasGiven { throw $names.failure("'names' names several histories, as in plot [h, g]") }
    let chosen = try labels($columns)
    if chosen == nil, let (figure, title) = value.plot(title: title, isLogarithmic: logarithmic) {
      return (try sized(figure), title)
    }
    let place: any DeclaredArgument = chosen == nil ? $subject : $columns
    let plot = try place.blaming { try TablePlot(value.plottedTable, columns: chosen) }
    if logarithmic && plot.isBars {
      throw $logarithmic.failure("bars begin at zero, which a logarithmic scale does not have")
    }
    let title = title ?? value.plotTitle
    return (try sized(plot.figure(title: title, logarithmic: logarithmic)), title)
  }

  /// The same quantity of several trainings in one chart.
  private func comparison(_ histories: [HistoryValue]) throws -> LineChart {
    let chosen = try labels($columns) ?? ["loss"]
    guard chosen.count == 1, let column = chosen.first else {
      throw $columns.failure("of several histories one column is drawn, not \(chosen.count)")
    }
    let titles = histories.map(\.title)
    let names =
      try names(histories.count, of: "histories")
      ?? (Set(titles).count == titles.count ? titles : titles.indices.map { "\($0)" })
    let series = try zip(names, histories).map { name, history in
      let table = history.table
      guard let place = table.place(of: column) else {
        throw $columns.failure(
          "the history '\(name)' has no column '\(column)'",
          hint: Suggestion.hint(column, among: table.columns.map(\.name))
            ?? "it has \(Kind.list(table.columns.map(\.name)))")
      }
      return LineChart.Series(name: name, xs: table.numbers(0), ys: table.numbers(place))
    }
    return LineChart(
      title: "\(column.capitalizedFirst) by epoch", xLabel: "epoch", yLabel: column, series: series)
  }

  /// A drawing with the headings, limits and size that the call asks for.
  /// - Throws: `ScriptFailure` where it has no place for them.
  func sized(_ drawing: any Drawable) throws -> any Drawable {
    if let chart = drawing as? any Chart { return try fitted(chart) }
    guard var grid = drawing as? ChartGrid else { return drawing }
    // Of the charts of one history the first one is the loss.
    grid.charts = try grid.charts.enumerated().map { place, drawing in
      guard let chart = drawing as? any Chart else { return drawing }
      return try fitted(chart, isFirst: place == 0 && grid.title == nil && grid.subtitle == nil, isPart: true)
    }
    return grid
  }

  private func fitted(_ drawn: any Chart, isFirst: Bool = true, isPart: Bool = false) throws -> any Chart {
    var chart = drawn
    if isFirst {
      if let title { chart.options.title = title }
      if let subtitle {
        chart.options.subtitle = [subtitle, chart.options.subtitle].compactMap { $0 }.joined(separator: "; ")
      }
      if let ylabel { chart.options.yLabel = ylabel }
      if let ylimits { chart.options.yLimits = ylimits }
      if !isPart, logarithmic { chart.options.logarithmic = true }
    }
    if let xlabel { chart.options.xLabel = xlabel }
    if let xlimits { chart.options.xLimits = xlimits }
    if xlogarithmic { chart.options.xLogarithmic = true }
    if let size { (chart.options.width, chart.options.height) = (size[0], size[1]) }
    for (limits, isLogarithmic) in [($xlimits, xlogarithmic), ($ylimits, logarithmic)] where isLogarithmic {
      if let range = limits.knownOrNil(), range.lowerBound <= 0 {
        throw limits.failure("a logarithmic axis has no place for 0 and less")
      }
    }
    let hasNames = (x: type(of: chart).hasNamesBelow, y: type(of: chart).hasNamesBeside)
    for argument in [$xlimits, $xlogarithmic] as [any DeclaredArgument] where argument.wasGiven && hasNames.x {
      throw argument.failure("'\(argument.name)' is about numbers; this chart has names below it")
    }
    for argument in [$ylimits, $logarithmic] as [any DeclaredArgument] where argument.wasGiven && hasNames.y {
      throw argument.failure("'\(argument.name)' is about numbers; this chart has names beside it")
    }
    return chart
  }

  // MARK: - Values

  /// The table that is drawn, where it is one.
  var table: Table? {
    if case .object(let object)? = data { (object as? TableValue)?.table } else { nil }
  }

  /// The texts of an option that takes a text or a list; numbers are written out.
  func labels(_ argument: Slot<Value?>) throws -> [String]? {
    guard let value = argument.knownOrNil() else { return nil }
    switch value {
    case .text(let text): return [text]
    case .number: return [value.text]
    default:
      return try value.listed().elements.map { element in
        switch element {
        case .text(let text): return text
        case .number, .truth: return element.text
        default: throw argument.failure("'\(argument.name)' takes texts; this list holds \(element.brief)")
        }
      }
    }
  }

  /// The same, where there must be so many.
  func texts(_ argument: Slot<Value?>, _ count: Int, of what: String) throws -> [String]? {
    guard let texts = try labels(argument) else { return nil }
    guard texts.count == count else {
      throw argument.failure("'\(argument.name)' has \(counted(texts.count, "name")) for \(count) \(what)")
    }
    return texts
  }

  /// What 'names' says, where it does.
  func names(_ count: Int, of what: String) throws -> [String]? { try texts($names, count, of: what) }

  /// The intervals, in the shape of the numbers.
  func margins(for series: [[Double]]) throws -> [[Double]]? {
    guard let margins else { return nil }
    let given = PlotValue(value: margins, place: $margins), found = try PlotInput.lists(given)
    guard found.map(\.count) == series.map(\.count) else {
      throw given.failure(
        "'margins' has \(Self.shape(found)) and Y \(Self.shape(series))", hint: "it takes a number for each of Y")
    }
    if let negative = found.joined().first(where: { $0 < 0 }) {
      throw given.failure("a margin is 0 or more, not \(negative.scriptText)")
    }
    return found
  }

  private static func shape(_ series: [[Double]]) -> String {
    series.count == 1 ? counted(series[0].count, "number") : "lists of \(series.map { String($0.count) }.listed("and"))"
  }
}
