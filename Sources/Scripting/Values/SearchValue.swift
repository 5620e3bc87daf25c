import Interpretation
import Rendering
import Reporting

/// What a search came to, in a script.
struct SearchValue: SyntheticOrigin {
  static let typeName = "search"
  static let typeSummary = "models trained with several numbers of latents or several β, compared"
  static let fields: [Field<SearchValue>] = [
    Field("table", .object(TableValue.self), "a row for each value that was tried") {
      .object(TableValue(table: $0.table, caption: $0.title))
    },
    Field("chart", .object(FigureValue.self), "error against KL divergence, latents in use and scores") {
      .object($0.chart)
    },
    Field("values", .list, "the values that were tried") { try .numbers($0.points.map(\.value)) },
    Field("models", .list, "the trained models, in the order of 'values'") {
      .list(try ScriptList($0.models.map { .object($0) }))
    },
    Field("recommended", .number, "the value that is recommended") {
      .number($0.points[$0.recommendation.index].value)
    },
    Field("reason", .text, "why") { .text($0.recommendation.reason) },
    Field("model", .object(ModelValue.self), "the model with the recommended value") {
      .object($0.models[$0.recommendation.index])
    },
  ]

  let title: String
  let table: Table
  let chart: FigureValue
  let points: [SearchPoint]
  let models: [ModelValue]
  let recommendation: Recommendation
  var synthetic: Set<String> = []

  var summary: String { table.text() }
  func text(columns: Int?) -> String { table.text(width: columns) }
}
