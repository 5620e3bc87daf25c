import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BVAERendering
import BetaVAE

/// A dataset in a script.
struct DatasetValue: SyntheticOrigin {
  static let typeName = "dataset"
  static let typeSummary = "images, with labels where they are known; DATASET[0] is an image, DATASET[0..9] a dataset"
  static let plural = "datasets"
  static let elementType: ValueType? = .object(ImageValue.self)
  static let sliceType: ValueType? = .object(DatasetValue.self)
  static let fields: [Field<DatasetValue>] = [
    Field("count", .number, "how many images there are") { .number($0.dataset.count) },
    Field("name", .text, "the name of the data") { .text($0.dataset.name) },
    Field(
      "labels", .list, "the label of each image: its digit, or the number of its class; empty where it is not known"
    ) {
      try .numbers(($0.dataset.labels ?? []).map(Double.init))
    },
    Field("classes", .list, "what the labels stand for, by their number; empty where they are just numbers") {
      .list(try ScriptList(($0.dataset.classes ?? []).map { .text($0) }))
    },
    Field("height", .number, "rows of an image") { .number($0.dataset.images.shape.height) },
    Field("width", .number, "columns of an image") { .number($0.dataset.images.shape.width) },
    Field("planes", .number, "values a pixel: 1 grey, 3 colour") { .number($0.dataset.images.shape.planes) },
    Field("values", .list, "the values in 0…1, an array [images, height, width, planes]") { data in
      let images = data.dataset.images, shape = images.shape
      try ImageValue.checkValues(images.count, shape)
      let levels = (0...255).map { Double(Float($0) / 255) }
      var values: [Double] = []
      values.reserveCapacity(images.count * shape.count)
      images.forEachPart { bytes in values += bytes.lazy.map { levels[Int($0)] } }
      try images.check()
      return try .numbers(values, shape: [images.count, shape.height, shape.width, shape.planes])
    },
    Field("factors", .list, "the names of the factors that are known; empty where none are") {
      .list(try ScriptList(($0.dataset.factors?.factors ?? []).map { .text($0.name) }))
    },
    Field("factorValues", .list, "the factors of each image, a list of lists") { data in
      guard let table = data.dataset.factors else { return .list(.empty) }
      return .list(try ScriptList((0..<table.count).map { try .numbers(table[$0]) }))
    },
    Field("origin", .text, "where the images come from") { .text($0.dataset.origin) },
    Field("licence", .text, "the data's licence") { .text($0.dataset.licence) },
    Field("fingerprint", .text, "a hash of the images and labels, sixteen digits") {
      .text($0.dataset.fingerprint)
    },
  ]

  let dataset: Dataset
  var synthetic: Set<String>

  init(dataset: Dataset) {
    self.dataset = dataset
    synthetic = dataset.synthetic.map { [$0] } ?? []
  }

  /// `MNIST train: 2,000 images of 28×28×1, digit 1`
  var summary: String {
    let split = dataset.split.map { " " + $0.rawValue } ?? ""
    let images = "\(dataset.name)\(split): \(counted(dataset.count, "image")) of \(dataset.images.shape)"
    guard let labels = labelNames else { return "\(images), no labels" }
    if labels.isEmpty { return images }
    let isLong = labels.count > 10 || dataset.digitCounts?.count ?? 0 > 10
    let noun = dataset.labelNames.noun, plural = noun == "class" ? "classes" : noun + "s"
    if isLong { return "\(images), \(labels.count) \(labels.count == 1 ? noun : plural)" }
    return "\(images), \(labels.count == 1 ? noun : plural) \(labels.joined(separator: " "))"
  }

  /// `MNIST train` or `MNIST train, digit 1`, for titles.
  var title: String {
    let split = dataset.split.map { " " + $0.rawValue } ?? ""
    guard let labels = labelNames, labels.count == 1 else { return dataset.name + split }
    return "\(dataset.name)\(split), \(dataset.labelNames.noun) \(labels[0])"
  }

  /// The labels that occur, nil where there are none.
  private var labelNames: [String]? {
    guard let counts = dataset.digitCounts else { return nil }
    return counts.indices.filter { counts[$0] > 0 }.map { dataset.labelNames[$0] }
  }

  private var imageKind: String {
    dataset.split.map { "\($0.adjective) image" } ?? "image"
  }

  func isEqual(to other: any ScriptObject) -> Bool {
    (other as? DatasetValue)?.dataset.differences(from: dataset).isEmpty ?? false
  }

  var count: Int { dataset.count }

  func element(_ index: Int) throws -> Value {
    let label = dataset.labels.map { Int($0[index]) }
    return .object(
      ImageValue(
        pixels: try dataset.float(index), title: "\(title), image \(index)", label: label,
        className: label.map { dataset.labelNames[$0] }, kind: imageKind))
  }

  func elements(_ places: [Int]) throws -> Value {
    guard !places.isEmpty else { throw ScriptFailure("a dataset has at least one image; none is chosen here") }
    return .object(DatasetValue(dataset: try dataset.selecting(places)))
  }

  func slice(_ range: Range<Int>) throws -> Value { .object(DatasetValue(dataset: try dataset[range])) }
}

extension DatasetValue: SavableValue {
  static let endings = ["npy", "npz", "mat"]

  func write(to path: String) throws {
    switch Path.fileExtension(path) {
    case "npz": try dataset.writeArchive(to: path)
    case "mat": try Files.write(try MATFileWriter.encoded(dataset), to: path)
    default: try dataset.writeArray(to: path)
    }
  }
}

extension DatasetValue: SheetValue {
  /// More than any page has room for.
  private static let mostInSheet = 100_000

  var sheetTitle: String { title }

  func sheet() throws -> ContactSheet {
    guard count <= Self.mostInSheet else {
      throw ScriptFailure(
        "\(counted(count, "image")) are too many for a sheet, which takes \(Self.mostInSheet.grouped)",
        hint: "'select' chooses fewer images")
    }
    let names = dataset.labelNames
    return ContactSheet(
      images: try (0..<count).map { i in
        ContactSheet.Frame(image: try dataset.float(i).bitmap, label: dataset.labels.map { names[Int($0[i])] })
      })
  }
}

extension DatasetValue: AnimatedValue {
  var sceneCount: Int { count }

  func scenes() throws -> [ContactSheet] { try sheet().rows.flatMap(\.frames).map { ContactSheet(images: [$0]) } }
}
