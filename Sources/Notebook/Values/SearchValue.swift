import BVAEInterpretation
import BVAELanguage
import BVAERendering
import BVAEReporting

/// What a search came to, in a script.
struct SearchValue: SyntheticOrigin {
  static let typeName = "search"
  static let typeSummary = "models trained with several values of an option, compared"
  static let fields: [Field<SearchValue>] = [
    Field("table", .object(TableValue.self), "a row for each value that was tried") {
      .object(TableValue(table: $0.table, caption: $0.title))
    },
    Field("runs", .object(TableValue.self), "a row for each model: each value with each seed") {
      .object(TableValue(table: $0.runs, caption: $0.title))
    },
    Field("chart", .object(FigureValue.self), "the numbers of the table against the values that were tried") {
      .object($0.chart)
    },
    Field("values", .list, "the values that were tried") { try .numbers($0.points.map(\.value)) },
    Field("models", .list, "the trained models in the order of 'values', those of one value by their seeds") {
      .list(try ScriptList($0.models.flatMap { $0 }.map { .object($0) }))
    },
    Field("recommended", .number, "the value that is recommended; an error where none is") {
      .number($0.points[try $0.recommendedPlace].value)
    },
    Field("reason", .text, "why") { .text($0.recommendation.reason) },
    Field("model", .object(ModelValue.self), "of the models with the recommended value the one with the least loss") {
      .object(try $0.recommendedModel)
    },
    Field("collapsed", .list, "the values with which no latent is in use, with at least half of the seeds") {
      try .numbers($0.points.filter { 2 * $0.collapsed >= $0.runs.count }.map(\.value))
    },
  ]

  let title: String
  let table: Table, runs: Table
  let chart: FigureValue
  let points: [SearchPoint]
  /// For each point the models, one a seed.
  let models: [[ModelValue]]
  /// What the models are compared by.
  let criterion: Criterion
  let recommendation: Recommendation
  var synthetic: Set<String> = []

  private var recommendedPlace: Int {
    get throws {
      guard let place = recommendation.index else {
        throw ScriptFailure("this search recommends \(recommendation.reason)", hint: "see its 'table' and 'collapsed'")
      }
      return place
    }
  }

  private var recommendedModel: ModelValue {
    get throws {
      let place = try recommendedPlace
      let used = zip(points[place].runs, models[place]).filter { !$0.0.isCollapsed }
      guard let best = used.min(by: { criterion.isBetter($0.0.compared, than: $1.0.compared) }) else {
        throw ScriptFailure("this search recommends no model")
      }
      return best.1
    }
  }

  var summary: String { table.text() }
  func text(columns: Int?) -> String { table.text(width: columns) }
  var html: String? { table.htmlPiece() }
}
