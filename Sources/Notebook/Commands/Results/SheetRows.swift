import BVAELanguage
import BVAEPlatform
import BVAERendering

/// What `sheet` arranges: the images of a value, a list of single images, or a list of rows.
enum SheetInput: ArgumentValue {
  case value(any SheetValue)
  case images([ContactSheet.Frame])
  case rows([SheetRow])

  static let refusesValues = true

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) throws -> SheetInput? {
    switch content {
    case .value(.object(let object)): return (object as? any SheetValue).map { .value($0) }
    case .value(let value) where value.type == .list || value.type == .range:
      let elements = try value.listed().elements
      if let images = try frames(elements) { return .images(images) }
      return .rows(try elements.map(SheetRow.init))
    default: return nil
    }
  }

  /// The images where all of some values are single ones.
  fileprivate static func frames(_ elements: [Value]) throws -> [ContactSheet.Frame]? {
    var frames: [ContactSheet.Frame] = []
    for element in elements {
      guard case .object(let object) = element, let image = object as? ImageValue else { return nil }
      frames += image.frames
    }
    return frames
  }

  /// How many images there are.
  var count: Int {
    switch self {
    case .value(let value): value.count
    case .images(let frames): frames.count
    case .rows(let rows): rows.reduce(0) { $0 + $1.count }
    }
  }

  /// The sheet.
  /// - Parameters:
  ///   - labels: what the images or rows of a list are called.
  ///   - columns: how many images stand side by side.
  /// - Throws: `ScriptFailure` where rows are of different lengths.
  func sheet(labels: [String]?, columns: Int?) throws -> ContactSheet {
    switch self {
    case .value(let value): return try value.sheet()
    case .images(var frames):
      if let labels { for place in frames.indices { frames[place].label = labels[place] } }
      return ContactSheet(images: frames)
    case .rows(let rows):
      let counts = rows.map(\.count)
      guard Set(counts).count == 1 else {
        throw ScriptFailure(
          "the rows of a sheet have as many images each; these have \(counts.map(\.grouped).listed("and"))",
          hint: "take as many of each: x[0..\(max(1, counts.min() ?? 1) - 1)]; 'combine' joins datasets")
      }
      let frames = try rows.map { try $0.frames() }
      // What belongs together stays together where rows are broken.
      let longest = frames.first?.count ?? 0, parts = (longest + Self.mostColumns - 1) / Self.mostColumns
      let width = max(1, columns ?? (longest + parts - 1) / max(1, parts))
      let lines = stride(from: 0, to: longest, by: width).flatMap { start in
        frames.enumerated().map { place, frames in
          ContactSheet.Row(label: labels?[place], frames: Array(frames.dropFirst(start).prefix(width)))
        }
      }
      return ContactSheet(rows: lines)
    }
  }

  /// More stand side by side only where one asks for it.
  private static let mostColumns = 16

  /// How many names it has room for, and of what; nil where it takes none.
  var named: (count: Int, noun: String)? {
    switch self {
    case .value: nil
    case .images(let frames): (frames.count, "image")
    case .rows(let rows): (rows.count, "row")
    }
  }

  /// What the images are, for the heading; nil where the sheet needs none.
  var title: String? { if case .value(let value) = self { value.sheetTitle } else { nil } }

  /// What it shows, where the sheet has no heading.
  func description(labels: [String]?) -> String {
    if case .rows = self, let labels { return labels.listed("and") }
    return counted(count, "image")
  }

  /// What is noted in the picture.
  var notes: [(key: String, value: String)] { if case .value(let value) = self { value.sheetNotes } else { [] } }
}

/// A row of a sheet: a value with images, or a list of images.
struct SheetRow {
  let count: Int
  /// Its images, with the class of each under it, or what else its value writes there.
  let frames: () throws -> [ContactSheet.Frame]

  /// - Throws: `ScriptFailure` where the value has no images.
  init(_ value: Value) throws {
    switch value {
    case .object(let object):
      guard let images = object as? any SheetValue else { throw Self.mistake(value) }
      count = images is ImageValue ? 1 : images.count
      frames = { try images.sheet().rows.flatMap(\.frames) }
    case .list(let list):
      guard let images = try SheetInput.frames(list.elements), !images.isEmpty else { throw Self.mistake(value) }
      count = images.count
      frames = { images }
    default: throw Self.mistake(value)
    }
  }

  private static func mistake(_ value: Value) -> ScriptFailure {
    ScriptFailure("each row of a sheet is a dataset, images or a list of images; this list holds \(value.brief)")
  }
}

/// What an image or a row is called: a text, or a number.
struct SheetLabel: ArgumentValue {
  let text: String

  static let refusesValues = true
  static let plural = "texts and numbers"

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> SheetLabel? {
    switch content {
    case .value(.text(let text)): SheetLabel(text: text)
    case .value(.number(let number)): SheetLabel(text: number.formatted(digits: 4))
    default: nil
    }
  }
}
