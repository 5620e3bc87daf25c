import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

/// What a study came to, in a script. Its models stay in the store until they are asked for.
struct StudyValue: SyntheticOrigin {
  static let typeName = "study"
  static let typeSummary =
    "models trained with every combination of some options; STUDY[3] is the model of row 3, STUDY[\"MIG\"] a column of its "
    + "table"
  static let elementType: ValueType? = .object(ModelValue.self)
  static let namedElementType: ValueType? = .list
  static let fields: [Field<StudyValue>] = [
    Field("table", .object(TableValue.self), "a row for each model") {
      .object(TableValue(table: $0.comparison.table, caption: $0.title))
    },
    Field("means", .object(TableValue.self), "a row for each combination, with means over the seeds") {
      .object(TableValue(table: $0.comparison.means, caption: $0.title))
    },
    Field("chart", .object(FigureValue.self), "the numbers of 'means' against the option that varies most") {
      .object($0.chart)
    },
    Field("keys", .list, "what each model is stored under, in the order of the table") {
      .list(try ScriptList($0.comparison.rows.map { .text($0.key) }))
    },
    Field(
      "models", .list, "all models that are not missing, in the order of the table; STUDY[3] reads a single one"
    ) {
      study in
      let present = study.comparison.rows.indices.filter { study.comparison.rows[$0].numbers != nil }
      return .list(try ScriptList(present.map(study.element)))
    },
    Field("missing", .number, "how many models are missing") { study in
      .number(study.comparison.rows.count { $0.numbers == nil })
    },
  ]

  let title: String
  let comparison: StudyComparison
  let chart: FigureValue
  /// The model of a row.
  let load: (_ row: Int) throws -> ModelValue
  var synthetic: Set<String>

  var count: Int { comparison.rows.count }

  func element(_ index: Int) throws -> Value {
    let row = comparison.rows[index]
    guard row.numbers != nil else { throw ScriptFailure("this model is missing: \(row.reason ?? "")") }
    do { return .object(try load(index)) } catch {
      throw ScriptFailure("\(error)", hint: "the same script trains what is no longer in the store")
    }
  }

  func elements(named names: [String], asList: Bool) throws -> Value {
    try TableValue(table: comparison.table, caption: title).elements(named: names, asList: asList)
  }

  var summary: String { comparison.mainMeans.text() }
  func text(columns: Int?) -> String { comparison.mainMeans.text(width: columns) }
  func glance(columns: Int?) -> String { shown.glance(columns: columns) }
  var html: String? { shown.html }

  private var shown: TableValue { TableValue(table: comparison.mainMeans, caption: title) }
}

extension StudyValue: SavableValue {
  static let endings = ["csv"]

  func write(to path: String) throws { try Files.write(comparison.table.csv, to: path) }
}
