import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

/// The sorts of values that commands give: a line each, in the order in which help names them. What can be done with one is
/// said by the protocols below, which it conforms to in its own file.
enum ValueKinds {
  static var all: [any ScriptObject.Type] {
    [
      DatasetValue.self, ImageValue.self, ImagesValue.self, ModelValue.self, HistoryValue.self, CodeValue.self,
      SweepValue.self, InterpolationValue.self, GridValue.self, SearchValue.self, StudyValue.self, TableValue.self,
      RecordValue.self, FigureValue.self, AnimationValue.self,
    ]
  }

  /// Those with some ability, as a parameter takes them.
  static func taking(_ isAble: (any ScriptObject.Type) -> Bool) -> [Kind] { all.filter(isAble).map { .object($0) } }

  /// The sort of a type of values; nil where there is none or it is not known before the run.
  static func named(_ type: ValueType) -> (any ScriptObject.Type)? { all.first { .object($0) == type } }
}

/// A value with some ability, as a command takes it: `Able<any SheetValue>`.
struct Able<Ability>: ArgumentValue {
  let value: Ability

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> Able? {
    guard case .value(.object(let object)) = content, let value = object as? Ability else { return nil }
    return Able(value: value)
  }
}

/// A value that `save` writes to a file.
protocol SavableValue: ScriptObject {
  /// The endings of its files, the usual one first.
  static var endings: [String] { get }
  /// Writes it to a path that ends in one of them; the file appears whole or not at all.
  func write(to path: String) throws
}

/// A value whose images `sheet` arranges.
protocol SheetValue: ScriptObject {
  /// All of its images, without a heading.
  func sheet() throws -> ContactSheet
  /// What they are, for the heading.
  var sheetTitle: String { get }
  /// What is noted in the picture, beside script and seed.
  var sheetNotes: [(key: String, value: String)] { get }
}

extension SheetValue {
  var sheetNotes: [(key: String, value: String)] { [] }
}

/// A value whose images `animate` shows one after the other.
protocol AnimatedValue: SheetValue {
  /// What moves, for the heading.
  var animationTitle: String { get }
  /// How many frames there are.
  var sceneCount: Int { get }
  /// The sheet of each frame, without a heading, all of one layout.
  func scenes() throws -> [ContactSheet]
}

extension AnimatedValue {
  var animationTitle: String { sheetTitle }
}

/// A picture that `figure` puts into the report, still or moving.
protocol PictureValue: SavableValue, SyntheticOrigin {
  /// What it shows, where the report gives it no caption.
  var title: String { get }
  /// What is seen of it, one after the other.
  var bitmaps: [Bitmap] { get }
  /// The characters that it should show and the font lacks.
  var lackingCharacters: [Character] { get }
  /// The endings of the files that reports show.
  static var reportEndings: [String] { get }
  /// Its file, with where it comes from.
  /// - Parameters:
  ///   - path: ends in one of its endings.
  ///   - title: noted in the file.
  func encoded(for path: String, title: String?) throws -> [UInt8]
}

extension PictureValue {
  static var reportEndings: [String] { endings }

  func write(to path: String) throws { try Files.write(try encoded(for: path, title: nil), to: path) }
}

/// A value that `plot` draws.
protocol PlottableValue: ScriptObject {
  /// Its numbers, from which `columns` choose.
  var plottedTable: Table { get }
  /// What they are, for the heading.
  var plotTitle: String { get }
  /// A drawing of its own, for where no columns are chosen; nil for a plot of the table.
  func plot(title: String?, isLogarithmic: Bool) -> (any Drawable, title: String)?
}

extension PlottableValue {
  func plot(title: String?, isLogarithmic: Bool) -> (any Drawable, title: String)? { nil }
}

/// A value that remembers which synthetic data went into it, so that whatever is put into a report can say that it is about
/// synthetic data. Every type of objects that commands make of data is one.
protocol SyntheticOrigin: Marked {
  /// What the synthetic data are called: `synthetic streets`; empty where all is real.
  var synthetic: Set<String> { get set }
}

extension SyntheticOrigin {
  /// The same.
  package var marks: Set<String> {
    get { synthetic }
    set { synthetic = newValue }
  }

  /// A caption that says so where the value comes from synthetic data: `Loss by epoch (synthetic streets)`.
  func honest(_ caption: String?) -> String? {
    guard let note = syntheticNote else { return caption }
    guard let caption, !caption.isEmpty else { return note.prefix(1).uppercased() + note.dropFirst() }
    return caption.lowercased().contains("synthetic") ? caption : "\(caption) (\(note))"
  }

  /// `synthetic sprites, synthetic streets`; nil where all is real.
  var syntheticNote: String? { synthetic.isEmpty ? nil : synthetic.sorted().joined(separator: ", ") }
}
