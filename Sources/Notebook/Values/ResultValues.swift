import BVAELanguage
import BVAEPixels
import BVAEPlatform
import BVAERendering
import BVAEReporting

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
          $0.table.rows.map { row in .list(try ScriptList(row.map(\.value))) }))
    },
  ]

  let table: Table
  /// What it says, for the report.
  let caption: String?
  var synthetic: Set<String> = []

  var summary: String { table.text() }
  func text(columns: Int?) -> String { table.text(width: columns) }

  func isEqual(to other: any ScriptObject) -> Bool { (other as? TableValue)?.table == table }
}

extension FunctionDeclaration {
  /// The cells of a table under one name, so that scripts need not count columns.
  static let column = FunctionDeclaration(
    name: "column", syntax: "column(table, name)",
    summary: "the cells of a table's column, row by row; the unit may be left out of the name",
    example:
      "ones = load mnist digits 1 count 20\nmodel = vae for ones latents 4\nprint column((measure model on ones latents), \"state\")",
    arity: 2...2,
    parameters: [[.object(TableValue.self)], [.text]], result: { _ in .list },
    choices: { value in
      guard case .object(let object) = value, let table = (object as? TableValue)?.table else { return [] }
      return table.columns.map(\.name)
    },
    apply: { arguments in
      guard case .object(let object) = arguments[0], let table = (object as? TableValue)?.table,
        case .text(let name) = arguments[1]
      else { throw ScriptFailure("'column' takes a table and a text") }
      guard let place = table.columns.firstIndex(where: { $0.title == name || $0.name == name }) else {
        let names = table.columns.map(\.name)
        throw ScriptFailure(
          "the table has no column '\(name)'", hint: Suggestion.hint(name, among: names) ?? "it has \(Kind.list(names))"
        )
      }
      return .list(
        try ScriptList(table.rows.map { $0.indices.contains(place) ? $0[place].value : .text("") }))
    })
}

extension Table.Cell {
  /// The cell for scripts; an empty one is an empty text.
  fileprivate var value: Value {
    switch self {
    case .text(let text): .text(text)
    case .number(let number): .number(number)
    case .empty: .text("")
    }
  }
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
  /// The characters that it should show and the font lacks.
  let lackingCharacters: [Character]
  var synthetic: Set<String> = []

  var summary: String { "figure: \(title), \(picture.bitmap.width)×\(picture.bitmap.height) pixels" }

  func isEqual(to other: any ScriptObject) -> Bool { (other as? FigureValue)?.picture.bitmap == picture.bitmap }

  func preview() -> Preview? { Preview(title: summary, picture.bitmap) }

  /// The picture, its notes saying so where synthetic data went into it.
  var markedPicture: Picture {
    guard let note = syntheticNote else { return picture }
    return Picture(bitmap: picture.bitmap, notes: picture.notes + [("Data", note)])
  }

  /// A figure of a drawing.
  /// - Throws: `DrawingError` when it would be too large.
  init(_ drawing: some Drawable, title: String, notes: [(key: String, value: String)]) throws {
    picture = Picture(bitmap: try drawing.render(), notes: notes)
    self.title = title
    lackingCharacters = drawing.lackingCharacters
  }
}

extension TableValue: SavableValue {
  static let endings = ["csv"]

  func write(to path: String) throws { try Files.write(table.csv, to: path) }
}

extension TableValue: PlottableValue {
  var plottedTable: Table { table }
  var plotTitle: String { caption ?? "Table" }
}

extension FigureValue: PictureValue {
  static let endings = ["png"]

  var bitmaps: [Bitmap] { [picture.bitmap] }

  func encoded(for path: String, title: String?) throws -> [UInt8] {
    var picture = markedPicture
    if let title { picture.notes.insert(("Title", title), at: 0) }
    return try PNG.encode(picture)
  }
}
