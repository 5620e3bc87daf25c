import BVAEArrays
import BVAECPU
import BVAEDatasets
import BVAELanguage
import BVAEPixels
import BVAEPlatform
import BVAERendering

/// One image in a script, [height, width, planes] in 0…1.
struct ImageValue: SyntheticOrigin {
  static let typeName = "image"
  static let typeSummary = "one image; show it, encode it or sweep from it"
  static let fields: [Field<ImageValue>] = [
    Field("label", .any, "the digit, or the number of the class; nothing where it is not known") {
      $0.label.map { .number($0) } ?? .nothing
    },
    Field("class", .any, "what the label stands for, a text; nothing where it is not known") {
      $0.className.map { .text($0) } ?? .nothing
    },
    Field("height", .number, "rows") { .number($0.pixels.shape[0]) },
    Field("width", .number, "columns") { .number($0.pixels.shape[1]) },
    Field("planes", .number, "values a pixel: 1 grey, 3 colour") { .number($0.pixels.shape[2]) },
    Field("values", .list, "the values in 0…1, an array [height, width, planes]") {
      try .numbers($0.pixels.values.map(Double.init), shape: $0.pixels.shape)
    },
  ]

  let pixels: Tensor
  let title: String
  let label: Int?
  /// What the label stands for: `cat`, or the digit.
  var className: String?
  /// What sort of image it is: `training image`, `test image`, `image`.
  var kind = "image"
  var synthetic: Set<String> = []

  func isEqual(to other: any ScriptObject) -> Bool { (other as? ImageValue)?.pixels == pixels }

  var summary: String { "\(title): \(pixels.shape[0])×\(pixels.shape[1])×\(pixels.shape[2])" }

  func preview() -> Preview? { Preview(title: summary, pixels.bitmap) }
}

/// Several images that a model made, [images, height, width, planes] in 0…1.
struct ImagesValue: SyntheticOrigin {
  static let typeName = "images"
  static let typeSummary = "images that a model made, or 'pixels' of numbers; IMAGES[0] is an image"
  static let elementType: ValueType? = .object(ImageValue.self)
  static let sliceType: ValueType? = .object(ImagesValue.self)
  static let fields: [Field<ImagesValue>] = [
    Field("count", .number, "how many images there are") { .number($0.pixels.count) },
    Field("height", .number, "rows of an image") { .number($0.pixels.shape[1]) },
    Field("width", .number, "columns of an image") { .number($0.pixels.shape[2]) },
    Field("planes", .number, "values a pixel: 1 grey, 3 colour") { .number($0.pixels.shape[3]) },
    Field("values", .list, "the values in 0…1, an array [images, height, width, planes]") { images in
      let shape = images.pixels.shape
      try ImageValue.checkValues(shape[0], ImageShape(height: shape[1], width: shape[2], planes: shape[3]))
      return try .numbers(images.pixels.values.map(Double.init), shape: shape)
    },
  ]

  let pixels: Tensor
  let title: String
  var synthetic: Set<String> = []

  func isEqual(to other: any ScriptObject) -> Bool { (other as? ImagesValue)?.pixels == pixels }

  var summary: String {
    let shape = pixels.shape
    return "\(title): \(counted(count, "image")) of \(shape[1])×\(shape[2])×\(shape[3])"
  }

  func preview() throws -> Preview? { try sheetPreview() }

  var count: Int { pixels.count }

  func element(_ index: Int) throws -> Value {
    .object(ImageValue(pixels: pixels[index], title: "\(title), image \(index)", label: nil))
  }

  func slice(_ range: Range<Int>) throws -> Value { try elements(Array(range)) }

  func elements(_ places: [Int]) throws -> Value {
    .object(ImagesValue(pixels: pixels.rows(places), title: title))
  }
}

extension ImageValue {
  /// Refuses to write out the values of more images than a list has room for.
  static func checkValues(_ count: Int, _ shape: ImageShape) throws {
    guard count > NumberArray.largest / shape.count else { return }
    throw ScriptFailure(
      "the values of \(counted(count, "image")) of \(shape) are more than the \(NumberArray.largest.grouped) numbers that a "
        + "list holds", hint: "take a part: x[0..\(NumberArray.largest / shape.count - 1)].values")
  }
}

extension ImageValue: SavableValue {
  static let endings = ["png"]

  func write(to path: String) throws {
    try Files.write(try PNG.encode(pixels.bitmap, text: [("Title", honest(title) ?? title)]), to: path)
  }
}

extension ImageValue: SheetValue {
  var sheetTitle: String { title }

  func sheet() -> ContactSheet { ContactSheet(images: frames) }

  /// It alone, as frames of a sheet.
  var frames: [ContactSheet.Frame] { [ContactSheet.Frame(image: pixels.bitmap, label: className)] }
}

extension ImagesValue: SavableValue {
  static let endings = ["npy"]

  func write(to path: String) throws { try Files.write(NumPyArray.encoded(pixels), to: path) }
}

extension ImagesValue: SheetValue {
  var sheetTitle: String { title }

  func sheet() -> ContactSheet {
    ContactSheet(images: (0..<count).map { ContactSheet.Frame(image: pixels[$0].bitmap) })
  }
}

extension ImagesValue: AnimatedValue {
  var sceneCount: Int { count }

  func scenes() -> [ContactSheet] {
    (0..<count).map { ContactSheet(images: [ContactSheet.Frame(image: pixels[$0].bitmap)]) }
  }
}

extension ContactSheet {
  /// Images in one row, which is broken as fits.
  init(images: [Frame]) { self.init(rows: images.isEmpty ? [] : [Row(frames: images)]) }
}

extension Tensor {
  /// An image, [height, width, planes] in 0…1, as pixels; grey where it has one plane.
  var bitmap: Bitmap {
    Bitmap(
      width: shape[1], height: shape[0], planes: shape[2],
      bytes: values.map { $0 > 0 ? UInt8(min($0 * 255, 255).rounded()) : 0 })
  }
}
