import Numerics
import Platform

/// The images and labels of a MATLAB file as SVHN's: X, uint8, rows × columns × 3 × images (or rows × columns × images,
/// grey), column after column as MATLAB stores everything; y, numbers of any class, with 10 for the digit 0. The
/// variables may come in any order; others are passed over.
///
/// Only X's header is read before the labels are known; then X is inflated once, and images that are not wanted are
/// dropped as they come. Memory is the file's own bytes and the chosen images.
public struct MATImages {
  let path: String
  /// The number of images; of a file that was cut off, those that are whole.
  let count: Int
  let shape: ImageShape
  private let file: MATFile
  private let images: MATFile.Variable
  private let promised: Int
  private let digits: [UInt8]?
  /// The names of the classes, in a cell array 'classes', whose places y then counts from 1.
  let classes: [String]?

  /// - Parameters:
  ///   - path: the name for error messages.
  ///   - isPartial: whether the images that are whole are taken where the file is cut off.
  init(path: String, bytes: [UInt8], isPartial: Bool = false) throws(MATError) {
    self.path = path
    file = try MATFile(path: path, bytes: bytes)
    images = try file.only("X")
    (shape, promised) = try MATImages.layout(images, path)
    let elements: MATElements, tag: MATElements.Tag
    do {
      (elements, tag) = try file.values(of: images)
    } catch {
      throw images.missing > 0 ? file.cutOff(error) : error
    }
    try MATImages.check(tag, images, bytes: promised * shape.count, elements)
    let whole = images.missing > 0 ? try MATImages.wholeImages(elements, shape, promised) : promised
    let labelVariable = try file.variableIfAny("y")
    let isCut = file.expectedBytes > bytes.count
    classes = try file.texts("classes", most: 256)
    if let labelVariable, labelVariable.missing == 0 {
      digits = try file.labels(labelVariable, count: promised, classes: classes?.count)
    } else {
      digits = nil
    }
    if isCut && !isPartial {
      throw elements.failure(
        .incomplete(
          MATError.Remainder(
            promised: promised, shape: shape, expectedBytes: file.expectedBytes, foundBytes: bytes.count,
            wholeImages: whole, hasLabels: digits != nil)))
    }
    guard whole > 0 else { throw elements.failure(.noWholeImage(expected: file.expectedBytes, found: bytes.count)) }
    count = whole
  }

  /// All images and labels of a file's bytes.
  /// - Parameter path: the name for error messages.
  /// - Throws: `MATError`.
  public static func read(
    _ bytes: [UInt8], path: String, isPartial: Bool = false
  ) throws(MATError) -> (images: ByteImages, labels: [UInt8]?) {
    let source = try MATImages(path: path, bytes: bytes, isPartial: isPartial)
    return (try source.chosen(nil), source.allLabels)
  }

  /// The label of each image.
  var allLabels: [UInt8]? { digits.map { Array($0.prefix(count)) } }

  /// The error that there are no labels.
  var noLabels: MATError {
    MATError(path: path, problem: .noVariable("y", found: file.variables.map(\.words)))
  }

  /// The images at `places`, or all.
  func chosen(_ places: [Int]?) throws(MATError) -> ByteImages {
    var (elements, _) = try file.values(of: images)
    let order = columnMajorOrder(of: shape, planesFirst: true)
    var chosen: [UInt8] = []
    let wanted = (places?.count ?? count) * shape.count, limit = Limits.kept(from: file.bytes.count)
    guard wanted <= limit else {
      throw elements.failure(.tooLarge(promise: counted(wanted, "byte") + " of images", limit: limit))
    }
    chosen.reserveCapacity(wanted)
    try forEachItem(
      count: count, size: shape.count, at: places,
      read: { (bytes, item) throws(MATError) in try elements.read(bytes, "image \(item) or one soon after it") },
      take: { (_, image) throws(MATError) in
        let start = image.startIndex
        chosen.append(contentsOf: order.lazy.map { image[start + $0] })
      })
    // To the end, where the checksum of compressed data stands; padding, and nothing else, may come before.
    if images.missing == 0, images.isCompressed { _ = try elements.readAvailable(16) }
    return ByteImages(shape: shape, bytes: chosen)
  }

  // MARK: The header

  private static func layout(
    _ variable: MATFile.Variable, _ path: String
  ) throws(MATError) -> (shape: ImageShape, count: Int) {
    guard variable.kind == .uint8, !variable.isComplex else {
      let complex = variable.isComplex ? "complex " : ""
      throw MATError(
        path: path,
        problem: .variableClass("X", found: complex + (variable.kind?.word ?? "unknown"), expected: "uint8"))
    }
    let found = variable.dimensions
    // MATLAB drops last dimensions of 1: one colour image is rows × columns × 3.
    let sizes =
      switch found.count {
      case 4: found
      case 3 where found[2] == 3: found + [1]
      case 3: [found[0], found[1], 1, found[2]]
      default: [0]
      }
    guard sizes.count == 4, IDX.sides.contains(sizes[0]), IDX.sides.contains(sizes[1]), [1, 3].contains(sizes[2]),
      sizes[3] > 0
    else {
      throw MATError(
        path: path,
        problem: .dimensions(
          "X", found: found, expected: "rows × columns × 3 × images, as 32×32×3×N, or rows × columns × images, grey"))
    }
    // At most 4096 · 4096 · 3 · 2³¹, far from overflow.
    let shape = ImageShape(height: sizes[0], width: sizes[1], planes: sizes[2])
    guard sizes[3] <= Limits.images, sizes[3] * shape.count <= IDX.largest else {
      let promise = "\(counted(sizes[3], "image")) of \(shape), \(counted(sizes[3] * shape.count, "byte"))"
      throw MATError(path: path, problem: .tooLarge(promise: promise, limit: IDX.largest))
    }
    return (shape, sizes[3])
  }

  private static func check(
    _ tag: MATElements.Tag, _ variable: MATFile.Variable, bytes: Int, _ elements: MATElements
  ) throws(MATError) {
    guard tag.type == MATType.uint8.rawValue else {
      throw elements.failure(
        .elementType(tag.place, part: "the values of 'X'", found: tag.type, expected: "2 (uint8)"))
    }
    guard tag.count == bytes, tag.content == nil else {
      throw elements.failure(.valueBytes(tag.place, "X", found: tag.count, expected: bytes))
    }
    guard variable.missing == 0 else { return }
    // A byte of deflate data stands for at most 1032.
    if variable.isCompressed && bytes / 1032 > variable.content.count {
      throw elements.failure(.overpromised("X", promise: bytes, compressed: variable.content.count))
    }
    if let remaining = elements.remaining, remaining < bytes {
      throw elements.failure(.valueBytes(tag.place, "X", found: remaining, expected: bytes))
    }
  }

  /// How many images can be read of a variable that is cut off.
  private static func wholeImages(
    _ elements: MATElements, _ shape: ImageShape, _ promised: Int
  ) throws(MATError) -> Int {
    var elements = elements
    return try elements.skipAvailable(promised * shape.count) / shape.count
  }
}

extension MATImages: ImageSource {
  mutating func labels() throws -> [UInt8]? { allLabels }
  mutating func images(at places: [Int]) throws -> ByteImages { try chosen(places) }
}

extension MATFile {
  /// The variable of a name; nil where there is none.
  func variableIfAny(_ name: String) throws(MATError) -> Variable? {
    let found = variables.filter { $0.name == name }
    guard found.count < 2 else { throw MATError(path: path, problem: .twice(name)) }
    return found.first
  }

  /// The variable of a name, which must be there.
  fileprivate func only(_ name: String) throws(MATError) -> Variable {
    if let variable = try variableIfAny(name) { return variable }
    guard let cut else { throw MATError(path: path, problem: .noVariable(name, found: variables.map(\.words))) }
    throw cutOff(cut)
  }

  /// An error in an element that the file's end cuts off: where it comes of that, this is what it tells.
  fileprivate func cutOff(_ error: MATError) -> MATError {
    switch error.problem {
    case .endsEarly, .cutTag, .compression(.truncated, _):
      MATError(path: path, problem: .noWholeImage(expected: expectedBytes, found: bytes.count))
    default: error
    }
  }

  /// The labels of a variable of numbers: digits, 10 standing for 0, or the places of so many classes, counted from 1.
  fileprivate func labels(_ variable: Variable, count: Int, classes: Int?) throws(MATError) -> [UInt8] {
    func failure(_ problem: MATError.Problem) -> MATError { MATError(path: path, problem: problem) }
    guard let kind = variable.kind, kind.isNumeric, !variable.isComplex else {
      let complex = variable.isComplex ? "complex " : ""
      throw failure(
        .variableClass(
          variable.name, found: complex + (variable.kind?.word ?? "unknown"), expected: "numbers (int8 … double)"))
    }
    let found = variable.dimensions
    guard found.count == 2, found.contains(1), let total = found.checkedProduct else {
      throw failure(.dimensions(variable.name, found: found, expected: "images × 1"))
    }
    guard total == count else { throw failure(.countsDiffer(images: count, labels: total)) }
    var (elements, tag) = try values(of: variable)
    guard let number = MATType(rawValue: tag.type)?.number(order) else {
      throw failure(
        .elementType(
          tag.place, part: "the values of '\(variable.name)'", found: tag.type,
          expected: "1 to 7, 9, 12 or 13 (numbers)")
      )
    }
    guard tag.count == total * number.size else {
      throw failure(.valueBytes(tag.place, variable.name, found: tag.count, expected: total * number.size))
    }
    let values = number.values(try elements.content(of: tag, "the values of '\(variable.name)'"))
    if variable.isCompressed { _ = try elements.readAvailable(16) }
    var digits: [UInt8] = []
    digits.reserveCapacity(total)
    for (item, value) in values.enumerated() {
      guard (classes == nil ? 0...10 : 1...Double(classes ?? 0)).contains(value), value == value.rounded() else {
        throw failure(.label(value.formatted(digits: 8), item: item, classes: classes))
      }
      digits.append(classes == nil ? value == 10 ? 0 : UInt8(value) : UInt8(value - 1))
    }
    return digits
  }
}
