import BVAEArrays
import BVAEPlatform

/// The real dSprites (Matthey, Higgins, Hassabis, Lerchner 2017), `dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz`:
/// `imgs` [737280, 64, 64] of 0 and 1, `latents_values` [737280, 6] and `latents_classes` [737280, 6], the columns being
/// color, shape, scale, orientation, posX and posY. Their names are in `metadata`, a Python object that is not read. Only
/// the images that are wanted are kept; all of them, 3 GB, as bits.
struct DSprites: ImageSource {
  static let synthetic = "synthetic dSprites"
  private static let names = ["color", "shape", "scale", "orientation", "posX", "posY"]
  private static let shapes = ["square", "ellipse", "heart"]

  let count: Int
  let factors: FactorTable?
  private(set) var remarks: [LoadRemark]
  private var pixels: NumPyReader
  private var converter: PixelConverter

  var classes: [String]? { Self.shapes }
  var synthetic: String? { Self.synthetic }
  var hasLabels: Bool { true }

  /// - Throws: `FileProblem` where the arrays are none of dSprites or do not fit together.
  init(_ archive: NumPyArchive, _ options: LoadOptions) throws(FileProblem) {
    guard let pixels = try archive.array("imgs"), var values = try archive.array("latents_values") else {
      throw archive.missing("'imgs' and 'latents_values'")
    }
    let columns = Self.names.count
    let (layout, number) = try pixels.imageLayout()
    count = layout.count
    // Ones are white.
    converter = PixelConverter(number, scale: options.scale ?? Scale(black: 0, white: 1))
    remarks = layout.remarks + archive.leftOut(besides: ["imgs", "latents_values", "latents_classes", "latents_names"])
    let shape = values.header.shape
    guard shape.count == 2, shape[1] == columns, !values.header.isFortran else {
      throw values.otherShape(expected: "images × \(columns): \(Self.names.joined(separator: ", "))")
    }
    guard shape[0] == count else {
      throw values.countsDiffer(images: count, other: "rows of factors", shape[0])
    }
    let numbers = try values.numbers(most: Limits.images * columns)
    self.pixels = pixels
    factors = try Self.table(numbers, count) { (number, item) throws(FileProblem) in
      throw values.otherValue(
        number.formatted(digits: 8), in: "image", item, expected: "shape 1 to 3, and numbers")
    }
  }

  /// The factors but for the colour, which is always white.
  private static func table(
    _ numbers: [Double], _ count: Int, fail: (Double, Int) throws(FileProblem) -> Void
  ) throws(FileProblem) -> FactorTable {
    var values: [Float] = []
    values.reserveCapacity(count * (names.count - 1))
    for item in 0..<count {
      let row = numbers[item * names.count..<(item + 1) * names.count].dropFirst()
      for (column, number) in row.enumerated() {
        let isRight = column == 0 ? [1, 2, 3].contains(number) : Float(number).isFinite
        if !isRight { try fail(number, item) }
        values.append(column == 0 ? Float(number - 1) : Float(number))
      }
    }
    let summaries = [
      "the kind of shape", "the size, 1 for the largest", "the angle, in radians", "the horizontal position",
      "the vertical position",
    ]
    let factors = zip(names.dropFirst(), summaries).enumerated().map { place, words in
      guard place > 0 else { return Factor(words.0, words.1, .categorical(shapes)) }
      let column = (0..<count).map { values[$0 * (names.count - 1) + place] }
      return Factor(
        words.0, words.1, .continuous((column.min() ?? 0)...(column.max() ?? 0)), isCircular: words.0 == "orientation")
    }
    return FactorTable(factors: factors, count: count, values: values)
  }

  func labels() throws -> [UInt8]? { factors?.column("shape")?.map { UInt8($0) } }

  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages {
    try pixels.images(at: places, storage: storage, &converter)
  }
}
