import BVAEArrays
import BVAEPlatform

/// How images lie in an array, the last index running fastest.
struct ImageLayout {
  /// The number of images.
  let count: Int
  let shape: ImageShape
  /// Whether the planes of an image stand one after the other, as PyTorch has them, rather than pixel by pixel.
  var isPlanesFirst = false
  /// Whether an image is one row of the array.
  var isFlat = false
  /// What was assumed of it.
  var remarks: [LoadRemark] = []

  static let expected = "images × rows × columns, or images × rows × columns × 1 or 3"

  /// What an array of these extents holds: images × rows × columns, with planes last or first; or one picture, or pictures
  /// that are one row each, which is then told in `remarks`.
  /// - Throws: `FileProblem`, without the path, where it holds no images or nothing says which ones.
  init(_ extents: [Int]) throws(FileProblem) {
    if extents.contains(0) { throw FileProblem("it has no images: the array is \(ImageLayout.words(extents))") }
    func areSides(_ numbers: Int...) -> Bool { numbers.allSatisfy(IDX.sides.contains) }
    func isPicture(_ rows: Int, _ columns: Int) -> Bool {
      areSides(rows, columns) && min(rows, columns) >= 8 && max(rows, columns) <= 4 * min(rows, columns)
    }
    switch extents.count {
    case 2: self = try ImageLayout.flat(extents, isPicture: isPicture(extents[0], extents[1]))
    case 3 where [1, 3].contains(extents[2]) && isPicture(extents[0], extents[1]):
      (count, shape) = (1, ImageShape(height: extents[0], width: extents[1], planes: extents[2]))
      remarks = [
        .note(
          "an array of \(ImageLayout.words(extents)) is taken for one picture \(shape.planes == 3 ? "in colour" : "in grey")"
        )
      ]
    case 3 where extents[2] == 4 && isPicture(extents[0], extents[1]):
      throw ImageLayout.other(extents, expected: ImageLayout.withAlpha)
    case 3 where areSides(extents[1], extents[2]):
      (count, shape) = (extents[0], ImageShape(height: extents[1], width: extents[2], planes: 1))
      if count == 3 && isPicture(extents[1], extents[2]) {
        remarks = [
          .warning(
            "an array of \(ImageLayout.words(extents)) is taken for three grey images; if it is one picture whose colours "
              + "come first, save it with the axes in the order (1, 2, 0)")
        ]
      }
    case 4 where [1, 3].contains(extents[3]) && areSides(extents[1], extents[2]):
      (count, shape) = (extents[0], ImageShape(height: extents[1], width: extents[2], planes: extents[3]))
    case 4 where [1, 3].contains(extents[1]) && areSides(extents[2], extents[3]):
      (count, shape) = (extents[0], ImageShape(height: extents[2], width: extents[3], planes: extents[1]))
      isPlanesFirst = shape.planes > 1
      if isPlanesFirst {
        remarks = [.note("an array of \(ImageLayout.words(extents)) is taken for images whose colours come first")]
      }
    case 4 where extents[3] == 4 && areSides(extents[1], extents[2]):
      throw ImageLayout.other(extents, expected: ImageLayout.withAlpha)
    default: throw ImageLayout.other(extents, expected: ImageLayout.expected)
    }
  }

  private init(count: Int, shape: ImageShape) { (self.count, self.shape) = (count, shape) }

  private static let withAlpha =
    "1 or 3 values a pixel: with four, the last of which is alpha, nothing says what lies behind; leave it out, as [..., :3] "
    + "does"

  /// Two dimensions: one grey picture, or a square one a row.
  private static func flat(_ extents: [Int], isPicture: Bool) throws(FileProblem) -> ImageLayout {
    let side = Int(Double(extents[1]).squareRoot())
    let isSquare = side >= 8 && IDX.sides.contains(side) && side * side == extents[1]
    switch (isPicture, isSquare) {
    case (true, false):
      var layout = ImageLayout(count: 1, shape: ImageShape(height: extents[0], width: extents[1], planes: 1))
      layout.remarks = [.note("an array of \(words(extents)) is taken for one grey picture")]
      return layout
    case (false, true):
      var layout = ImageLayout(count: extents[0], shape: ImageShape(height: side, width: side, planes: 1))
      layout.isFlat = true
      layout.remarks = [.note("each row of \(extents[1].grouped) values is taken for a grey image of \(side)×\(side)")]
      return layout
    case (true, true):
      throw other(
        extents,
        expected: "\(expected): this may be one picture or \(extents[0].grouped) of \(side)×\(side); reshape it to "
          + "1×\(extents[0])×\(extents[1]) or \(extents[0])×\(side)×\(side)")
    case (false, false): throw other(extents, expected: expected)
    }
  }

  private static func other(_ extents: [Int], expected: String) -> FileProblem {
    FileProblem("the array is \(words(extents))", expected: expected)
  }

  /// `60,000×28×28`, `5 long`
  static func words(_ extents: [Int]) -> String {
    switch extents.count {
    case 0: "a single value"
    case 1: "\(extents[0].grouped) long"
    default: extents.map(\.grouped).joined(separator: "×")
    }
  }

  /// Where the values of an image go, row after row with the planes of a pixel together, in the order in which they come
  /// where the first index runs fastest.
  var fortranOrder: [Int] {
    if isFlat { return Array(0..<shape.count) }
    var order: [Int] = []
    order.reserveCapacity(shape.count)
    func place(_ row: Int, _ column: Int, _ plane: Int) -> Int { (row * shape.width + column) * shape.planes + plane }
    if isPlanesFirst {
      for column in 0..<shape.width {
        for row in 0..<shape.height { for plane in 0..<shape.planes { order.append(place(row, column, plane)) } }
      }
    } else {
      for plane in 0..<shape.planes {
        for column in 0..<shape.width { for row in 0..<shape.height { order.append(place(row, column, plane)) } }
      }
    }
    return order
  }

  /// Where each value of an image stands in the array, the planes of a pixel together; nil where it stands there so.
  var order: [Int]? {
    guard isPlanesFirst else { return nil }
    let area = shape.height * shape.width
    return (0..<shape.count).map { $0 % shape.planes * area + $0 / shape.planes }
  }
}

/// The names under which images and labels are found among several arrays.
enum ArrayNames {
  /// The names of images, the likeliest first.
  /// - Parameter split: the part that was asked for; nil for the whole or, where there are parts, the training part.
  static func images(_ split: Split?) -> [String] {
    let part = split ?? .train
    let ofPart =
      ["x", "X"].map { "\($0)_\(part.rawValue)" }
      + [
        "\(part.rawValue)_images", "\(part.rawValue)_x", "\(part.rawValue)_X", "\(part.rawValue)_data",
        part.rawValue + "X",
      ]
    return split == nil ? ["images", "X", "x", "imgs"] + ofPart + ["data", "arr_0"] : ofPart
  }

  /// The names of labels, the likeliest first.
  static func labels(_ split: Split?) -> [String] {
    let part = split ?? .train
    let ofPart =
      ["y", "Y"].map { "\($0)_\(part.rawValue)" }
      + [
        "\(part.rawValue)_labels", "\(part.rawValue)_y", "\(part.rawValue)_Y", "\(part.rawValue)_target",
        part.rawValue + "Y",
      ]
    return split == nil ? ["labels", "y", "Y", "label", "target", "targets", "classes"] + ofPart + ["arr_1"] : ofPart
  }

  /// `'images', 'X' and 'x'`
  static func quoted(_ names: some Collection<String>) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }

  /// A word about arrays that nothing is made of; nil where there are none.
  static func leftOut(_ names: [String]) -> LoadRemark? {
    guard !names.isEmpty else { return nil }
    let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
    return .note("not read: \(shown)")
  }
}
