import BVAELanguage
import BVAERendering

/// A way in which `plot` draws numbers, by its word: a file beside this one and a line in `PlotKinds.all`.
protocol PlotKind: SendableMetatype {
  /// The word behind `plot`.
  static var word: String { get }
  /// What it draws, in a few words.
  static var summary: String { get }
  /// What stands behind the word, with the options of its own: `X Y [by LABELS]`.
  static var syntax: String { get }
  /// How many values stand behind the word.
  static var values: ClosedRange<Int> { get }
  /// The options of its own.
  static var options: Set<String> { get }
  /// Those of all charts that it takes, too.
  static var common: Set<String> { get }
  /// The drawing.
  /// - Throws: `ScriptFailure` where the numbers are none that it can draw.
  static func drawing(_ plot: PlotCommand) throws -> any Drawable
}

extension PlotKind {
  /// All.
  static var common: Set<String> { PlotKinds.common }
}

/// The kinds of charts, in the order in which help lists them.
enum PlotKinds {
  static let all: [any PlotKind.Type] = [
    LinePlot.self, ScatterPlot.self, HistogramPlot.self, BarsPlot.self, HeatPlot.self, BoxPlot.self, StripPlot.self,
    GridPlot.self,
  ]

  /// Options of every chart.
  static let common: Set<String> = [
    "title", "subtitle", "xlabel", "ylabel", "xlimits", "ylimits", "logarithmic", "xlogarithmic", "size", "theme",
  ]

  static func named(_ word: String) -> (any PlotKind.Type)? { all.first { $0.word == word } }
}

/// What stands first behind `plot`: a kind of chart, or what is drawn as it suggests itself.
enum PlotSubject: ArgumentValue {
  case kind(any PlotKind.Type)
  case value(any PlottableValue)
  case histories([HistoryValue])

  static let refusesValues = true
  static let usualKinds: [Kind] =
    [.words(PlotKinds.all.map { $0.word })] + ValueKinds.taking { $0 is any PlottableValue.Type } + [.list]

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> PlotSubject? {
    switch content {
    case .word(let word): return PlotKinds.named(word).map { .kind($0) }
    case .value(.object(let object)): return (object as? any PlottableValue).map { .value($0) }
    case .value(.text(let text)): return PlotKinds.named(text).map { .kind($0) }
    case .value(let value):
      let elements = try value.listed().elements
      let histories = elements.compactMap { element -> HistoryValue? in
        if case .object(let object) = element { object as? HistoryValue } else { nil }
      }
      guard histories.count == elements.count else {
        throw ScriptFailure(
          "'plot' of a list takes histories; this list holds \(elements.first { !$0.isHistory }?.brief ?? "others")",
          hint: "numbers are drawn by plot line, plot histogram, plot bars and others; see 'help plotting'")
      }
      guard !histories.isEmpty else { throw ScriptFailure("this list of histories is empty") }
      return .histories(histories)
    default: return nil
    }
  }
}

extension Value {
  fileprivate var isHistory: Bool { if case .object(let object) = self { object is HistoryValue } else { false } }
}

extension PageTheme: WordValue {}
