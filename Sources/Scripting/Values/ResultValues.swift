import Rendering
import Reporting

/// A table in a script.
struct TableValue: SyntheticOrigin {
  static let typeName = "table"
  static let typeSummary = "rows and columns; 'table' puts it into the report, 'save' writes it as .csv"
  static let fields: [Field<TableValue>] = [
    Field("count", .number, "how many rows there are") { .number($0.table.rows.count) },
    Field("columns", .list, "the columns' names") {
      .list(try ScriptList($0.table.columns.map { .text($0.title) }))
    },
    Field("rows", .list, "the rows, a list of lists") {
      .list(
        try ScriptList(
          $0.table.rows.map { row in
            .list(
              try ScriptList(
                row.map { cell in
                  switch cell {
                  case .text(let text): .text(text)
                  case .number(let number): .number(number)
                  case .empty: .text("")
                  }
                }))
          }))
    },
  ]

  let table: Table
  /// What it says, for the report.
  let caption: String?
  var synthetic: Set<String> = []

  var summary: String { table.text() }

  func isEqual(to other: any ScriptObject) -> Bool { (other as? TableValue)?.table == table }
}

/// A figure in a script: drawn, and not yet written anywhere.
struct FigureValue: SyntheticOrigin {
  static let typeName = "figure"
  static let typeSummary = "a drawn picture; 'figure' writes it as a PNG and puts it into the report"
  static let fields: [Field<FigureValue>] = [
    Field("width", .number, "pixels a row") { .number($0.picture.bitmap.width) },
    Field("height", .number, "rows of pixels") { .number($0.picture.bitmap.height) },
  ]

  let picture: Picture
  /// What it shows, where the report gives it no caption.
  let title: String
  var synthetic: Set<String> = []

  var summary: String { "figure: \(title), \(picture.bitmap.width)×\(picture.bitmap.height) pixels" }

  func isEqual(to other: any ScriptObject) -> Bool { (other as? FigureValue)?.picture.bitmap == picture.bitmap }

  /// The picture, its notes saying so where synthetic data went into it.
  var markedPicture: Picture {
    guard let note = syntheticNote else { return picture }
    return Picture(bitmap: picture.bitmap, notes: picture.notes + [("Data", note)])
  }

  /// A figure of a drawing.
  /// - Throws: `FigureError` when it would be too large.
  init(_ drawing: some Figure, title: String, notes: [(key: String, value: String)]) throws {
    picture = Picture(bitmap: try drawing.render(), notes: notes)
    self.title = title
  }
}
