import BVAELanguage
import BVAEPixels
import BVAEPlatform
import BVAERendering
import BVAEReporting

/// A table in a script.
struct TableValue: SyntheticOrigin {
  static let typeName = "table"
  static let typeSummary =
    "rows and columns: t[\"name\"] is a column, t[0] a row, t[t[\"name\"] > 2] and t[1..9] some of the rows; 'table' puts it "
    + "into the report, 'save' writes it as .csv"
  static let fields: [Field<TableValue>] = [
    Field("count", .number, "how many rows there are") { .number($0.table.rows.count) },
    Field("columns", .list, "the columns' names") {
      .list(try ScriptList($0.table.columns.map { .text($0.title) }))
    },
    Field("rows", .list, "the rows, a list of lists") {
      let table = $0.table
      return .list(
        try ScriptList(
          table.rows.indices.map { row in
            .list(try ScriptList(table.rows[row].indices.map { table.value(row, $0) }))
          }))
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

/// A figure in a script: drawn, and not yet written anywhere.
struct FigureValue: SyntheticOrigin {
  static let typeName = "figure"
  static let typeSummary = "a drawn picture; 'figure' writes it as .png or .svg and puts it into the report"
  static let fields: [Field<FigureValue>] = [
    Field("width", .number, "pixels a row") { .number($0.picture.bitmap.width) },
    Field("height", .number, "rows of pixels") { .number($0.picture.bitmap.height) },
  ]

  /// What was drawn, where it goes on a page, and the page's pixels.
  let drawing: any Drawable
  let page: Page
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
  init(
    _ drawing: any Drawable, title: String, notes: [(key: String, value: String)], theme: PageTheme = .light
  ) throws {
    self.drawing = drawing
    page = try drawing.layout().themed(theme)
    picture = Picture(bitmap: try page.render(), notes: notes)
    self.title = title
    lackingCharacters = page.lackingCharacters
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
  static let endings = FigureFormat.all.map(\.ending)
  static let reportEndings = FigureFormat.all.filter(\.isShownByPages).map(\.ending)

  var bitmaps: [Bitmap] { [picture.bitmap] }

  func encoded(for path: String, title: String?) throws -> [UInt8] {
    var notes = markedPicture.notes
    if let title { notes.insert(("Title", title), at: 0) }
    return try (FigureFormat.of(path) ?? FigureFormat.all[0]).encode(
      page, FigureNotes(title: honest(self.title) ?? self.title, notes: notes))
  }
}

extension FigureFormat {
  /// That of a path's ending.
  static func of(_ path: String) -> FigureFormat? { named(Path.fileExtension(path)) }
}
