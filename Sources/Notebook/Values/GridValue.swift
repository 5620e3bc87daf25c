import BVAEArrays
import BVAECPU
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BetaVAE

/// A grid in a script: images over two latents.
struct GridValue: SyntheticOrigin {
  static let typeName = "grid"
  static let typeSummary =
    "decoded images over two latents; GRID[2] are those of its third row, GRID[2][0] is one, GRID[0..3] a part"
  static let elementType: ValueType? = .object(ImagesValue.self)
  static let sliceType: ValueType? = .object(GridValue.self)
  static let fields: [Field<GridValue>] = [
    Field("count", .number, "how many rows there are") { .number($0.count) },
    Field("latents", .list, "the latent along the columns, and the one along the rows") {
      try .numbers([Double($0.grid.columnLatent), Double($0.grid.rowLatent)])
    },
    Field("values", .list, "the values of each of the two, a list of lists") {
      .list(try ScriptList([try .numbers($0.grid.columnValues), try .numbers($0.grid.rowValues)]))
    },
    Field("images", .object(ImagesValue.self), "all images, row by row") {
      .object(ImagesValue(pixels: $0.images, title: $0.sheetTitle))
    },
  ]

  let grid: LatentGrid
  /// What gives the other latents.
  let start: String
  /// Which model decoded it, and what determines that model.
  let model: String, provenance: String
  var synthetic: Set<String> = []

  var summary: String {
    "grid of \(grid.columnValues.count) × \(grid.rowValues.count) images over Z\(grid.columnLatent) and "
      + "Z\(grid.rowLatent), the other latents from \(start)"
  }

  func preview() throws -> Preview? { Preview(title: summary, try sheet().render()) }

  var count: Int { grid.rowValues.count }

  func isEqual(to other: any ScriptObject) -> Bool { (other as? GridValue)?.grid.frames == grid.frames }

  func element(_ index: Int) throws -> Value {
    .object(ImagesValue(pixels: grid.frames[index], title: "\(sheetTitle), row \(index)"))
  }

  func slice(_ range: Range<Int>) throws -> Value {
    .object(GridValue(grid: grid[range], start: start, model: model, provenance: provenance))
  }

  /// All images, [images, height, width, planes].
  private var images: Tensor {
    let shape = grid.frames.shape
    return Tensor(shape: [shape[0] * shape[1]] + shape[2...], values: grid.frames.values)
  }
}

extension GridValue: SheetValue {
  var sheetTitle: String { "Latents Z\(grid.columnLatent) and Z\(grid.rowLatent)" }

  func sheet() -> ContactSheet {
    func labels(_ values: [Float]) -> [String] {
      let areWhole = values.allSatisfy { $0 == $0.rounded() }
      return values.map { areWhole ? Double($0).formatted() : Double($0).formatted(decimals: 2) }
    }
    let images = images, columns = grid.columnValues.count
    let rows = (0..<count).map { row in
      ContactSheet.Row(
        frames: (0..<columns).map { ContactSheet.Frame(image: images[row * columns + $0].bitmap) })
    }
    let axes = ContactSheet.Axes(
      columns: ("Z\(grid.columnLatent)", labels(grid.columnValues)),
      rows: ("Z\(grid.rowLatent)", labels(grid.rowValues)))
    return ContactSheet(subtitle: model, rows: rows, axes: axes, note: "the other latents: \(start)")
  }

  var sheetNotes: [(key: String, value: String)] {
    let ranges = [(grid.columnLatent, grid.columnValues), (grid.rowLatent, grid.rowValues)].map { latent, values in
      "Z\(latent) \(values.first.map { Double($0).formatted() } ?? "")..\(values.last.map { Double($0).formatted() } ?? "")"
    }
    return [("Model", provenance), ("Start", start), ("Latents", ranges.joined(separator: ", "))]
  }
}

extension GridValue: SavableValue {
  static let endings = ["npy"]

  /// The images, [rows, columns, height, width, planes].
  func write(to path: String) throws { try Files.write(NumPyArray.encoded(grid.frames), to: path) }
}
