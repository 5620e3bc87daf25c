import BVAEArrays
import BVAECPU
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BetaVAE

/// An interpolation in a script: images on the way from one code to another.
struct InterpolationValue: SyntheticOrigin {
  static let typeName = "interpolation"
  static let typeSummary =
    "decoded images on the way from one code to another; INTERPOLATION[0] is its first image, INTERPOLATION[0..3] a part"
  static let elementType: ValueType? = .object(ImageValue.self)
  static let sliceType: ValueType? = .object(InterpolationValue.self)
  static let fields: [Field<InterpolationValue>] = [
    Field("count", .number, "how many images there are") { .number($0.count) },
    Field("shares", .list, "how far along each image is, from 0 to 1") { try .numbers($0.way.shares) },
    Field("codes", .list, "the code of each image, a list of lists") {
      try .numbers($0.way.codes.values.map(Double.init), shape: $0.way.codes.shape)
    },
    Field("images", .object(ImagesValue.self), "the images") {
      .object(ImagesValue(pixels: $0.way.frames, title: $0.sheetTitle))
    },
  ]

  let way: Interpolation
  /// What it goes from and to.
  let start: String, end: String
  /// Which model decoded it, and what determines that model.
  let model: String, provenance: String
  var synthetic: Set<String> = []

  var summary: String { "\(way.path.rawValue) interpolation from \(start) to \(end): \(counted(count, "image"))" }

  func preview() throws -> Preview? { Preview(title: summary, try sheet().render()) }

  var count: Int { way.shares.count }

  func isEqual(to other: any ScriptObject) -> Bool {
    (other as? InterpolationValue).map { $0.way.codes == way.codes && $0.way.frames == way.frames } ?? false
  }

  func element(_ index: Int) throws -> Value {
    .object(ImageValue(pixels: way.frames[index], title: "\(sheetTitle), image \(index)", label: nil))
  }

  func slice(_ range: Range<Int>) throws -> Value {
    .object(
      InterpolationValue(way: way[range], start: start, end: end, model: model, provenance: provenance))
  }
}

extension InterpolationValue: SheetValue {
  var sheetTitle: String { way.path == .linear ? "Linear interpolation" : "Spherical interpolation" }

  func sheet() -> ContactSheet { ContactSheet(subtitle: model, rows: count == 0 ? [] : [.init(frames: frames)]) }

  /// Each image above its share.
  private var frames: [ContactSheet.Frame] {
    way.shares.indices.map {
      ContactSheet.Frame(image: way.frames[$0].bitmap, label: way.shares[$0].formatted(decimals: 2))
    }
  }

  var sheetNotes: [(key: String, value: String)] {
    [("Model", provenance), ("From", start), ("To", end), ("Path", way.path.rawValue)]
  }
}

extension InterpolationValue: AnimatedValue {
  var sceneCount: Int { count }

  func scenes() -> [ContactSheet] { frames.map { ContactSheet(images: [$0]) } }
}

extension InterpolationValue: SavableValue {
  static let endings = ["npy"]

  /// The images.
  func write(to path: String) throws { try Files.write(NumPyArray.encoded(way.frames), to: path) }
}
