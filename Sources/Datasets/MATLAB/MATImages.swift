import BVAEArrays
import BVAEPlatform

/// The images and labels of a MATLAB file as SVHN's: X, rows × columns × 3 × images (or rows × columns × images, grey),
/// numbers of any class, column after column as MATLAB stores everything; y, numbers of any class. Arrays of Python, images ×
/// rows × columns, are told by the number of labels. The variables may come in any order; others are passed over.
///
/// Where labels go from 1 to 10 and a cell array `classes` does not name them, 10 stands for the digit 0, as in SVHN's files.
///
/// Only X's header is read before the labels are known; then X is inflated once, and images that are not wanted are
/// dropped as they come. Memory is the file's own bytes and the chosen images.
public struct MATImages {
  let path: String
  /// The number of images; of a file that was cut off, those that are whole.
  let count: Int
  private(set) var remarks: [LoadRemark]
  private let file: MATFile
  private let images: MATFile.Variable
  private let layout: MATLayout
  private let digits: [UInt8]?
  /// The names of the classes, in a cell array 'classes', whose places y then counts from 1.
  let classes: [String]?
  private var converter: PixelConverter

  private var shape: ImageShape { layout.shape }
  var promised: Int { layout.count }

  /// - Parameters:
  ///   - path: the name for error messages.
  ///   - split: which part of a file that has two, as `train_X` and `test_X`; nil for the training part, or all where there
  ///     are no parts.
  init(path: String, bytes: [UInt8], split: Split? = nil, options: LoadOptions = LoadOptions()) throws(MATError) {
    self.path = path
    file = try MATFile(path: path, bytes: bytes)
    images = try file.images(split)
    let labelVariable = try file.variableIfAny(ArrayNames.labels(split))
    let isCut = file.expectedBytes > bytes.count
    let layout = try MATLayout(images, labels: labelVariable?.dimensions.checkedProduct, path)
    self.layout = layout
    let elements: MATElements, tag: MATElements.Tag
    do {
      (elements, tag) = try file.values(of: images)
    } catch {
      throw images.missing > 0 ? file.cutOff(error) : error
    }
    converter = PixelConverter(
      try MATImages.number(tag, images, count: layout.count * layout.shape.count, elements), as: images.numberKind,
      scale: options.scale)
    let size = layout.shape.count * converter.number.size
    let whole = images.missing > 0 ? try MATImages.wholeImages(elements, layout, size) : layout.count
    classes = try file.texts("classes", most: 256)
    var remarks = layout.remarks
    if let labelVariable, labelVariable.missing == 0 {
      let labels = try file.labels(labelVariable, count: layout.count, classes: classes?.count)
      digits = labels.values
      // Everybody knows it of SVHN.
      remarks += layout.shape == .svhn ? [] : labels.remarks
    } else {
      digits = nil
    }
    if isCut && !options.isPartial {
      throw elements.failure(
        .incomplete(
          MATError.Remainder(
            promised: layout.count, shape: layout.shape, expectedBytes: file.expectedBytes, foundBytes: bytes.count,
            wholeImages: whole, hasLabels: digits != nil)))
    }
    guard whole > 0 else { throw elements.failure(.noWholeImage(expected: file.expectedBytes, found: bytes.count)) }
    count = whole
    let known = Set(Split.allCases.flatMap { ArrayNames.images($0) + ArrayNames.labels($0) })
      .union(classes == nil ? [] : ["classes"])
    let used = [images.element, labelVariable?.element]
    let others = file.variables.filter { !known.contains($0.name) && !used.contains($0.element) }.map(\.words)
    self.remarks = remarks + (ArrayNames.leftOut(others).map { [$0] } ?? [])
  }

  /// All images and labels of a file's bytes.
  /// - Parameter path: the name for error messages.
  /// - Throws: `MATError`.
  public static func read(
    _ bytes: [UInt8], path: String, isPartial: Bool = false
  ) throws(MATError) -> (images: ByteImages, labels: [UInt8]?) {
    var source = try MATImages(path: path, bytes: bytes, options: LoadOptions(isPartial: isPartial))
    return (try source.chosen(nil), source.allLabels)
  }

  /// The label of each image.
  var allLabels: [UInt8]? { digits.map { Array($0.prefix(count)) } }

  /// The error that there are no labels.
  var noLabels: MATError {
    MATError(path: path, problem: .noVariable("y", found: file.variables.map(\.words)))
  }

  /// The images at `places`, or all.
  mutating func chosen(_ places: [Int]?) throws(MATError) -> ByteImages {
    let wanted = (places?.count ?? count) * shape.count, limit = Limits.memory
    guard wanted <= limit else { throw MATError(path: path, problem: .memory(bytes: wanted, limit: limit)) }
    var (elements, _) = try file.values(of: images)
    let pixels =
      layout.isImagesFirst
      ? try imagesFirst(places ?? Array(0..<count), &elements) : try imagesLast(places, &elements)
    // To the end, where the checksum of compressed data stands; padding, and nothing else, may come before.
    if images.missing == 0, images.isCompressed { _ = try elements.readAvailable(16) }
    do {
      try converter.check()
    } catch {
      throw MATError(path: path, problem: .pixels(error))
    }
    if let darkness = converter.darkness { remarks.append(darkness) }
    return ByteImages(shape: shape, bytes: pixels)
  }

  private mutating func imagesLast(_ places: [Int]?, _ elements: inout MATElements) throws(MATError) -> [UInt8] {
    let order = columnMajorOrder(of: shape, planesFirst: true), size = shape.count
    var chosen: [UInt8] = []
    chosen.reserveCapacity((places?.count ?? count) * size)
    try forEachItem(
      count: count, size: size * converter.number.size, at: places,
      read: { (bytes, item) throws(MATError) in try elements.read(bytes, "image \(item) or one soon after it") },
      take: { (item, image) throws(MATError) in
        converter.append(image, to: &chosen, from: item * size, size: size)
      })
    rearrange(&chosen, by: order)
    return chosen
  }

  /// The same pixel of every image stands together.
  private mutating func imagesFirst(_ places: [Int], _ elements: inout MATElements) throws(MATError) -> [UInt8] {
    let number = converter.number, size = shape.count
    var pixels = [UInt8](repeating: 0, count: places.count * size)
    for target in layout.order {
      let values = try elements.read(promised * number.size, "a pixel of every image")
      for (position, place) in places.enumerated() {
        pixels[position * size + target] = converter.byte(
          number.value(values[...], at: place * number.size), image: place)
      }
    }
    return pixels
  }

  // MARK: The header

  /// How the values lie, as their tag says, which must fit what the variable's header promises.
  private static func number(
    _ tag: MATElements.Tag, _ variable: MATFile.Variable, count: Int, _ elements: MATElements
  ) throws(MATError) -> BinaryNumber {
    guard let number = MATType(rawValue: tag.type)?.number(elements.order) else {
      throw elements.failure(
        .elementType(
          tag.place, part: "the values of '\(variable.name)'", found: tag.type,
          expected: "1 to 7, 9, 12 or 13 (numbers)")
      )
    }
    let bytes = count * number.size
    guard tag.count == bytes, tag.content == nil else {
      throw elements.failure(.valueBytes(tag.place, variable.name, found: tag.count, expected: bytes))
    }
    guard variable.missing == 0 else { return number }
    if variable.isCompressed && bytes > Limits.inflated(from: variable.content.count) {
      throw elements.failure(.overpromised(variable.name, promise: bytes, compressed: variable.content.count))
    }
    if let remaining = elements.remaining, remaining < bytes {
      throw elements.failure(.valueBytes(tag.place, variable.name, found: remaining, expected: bytes))
    }
    return number
  }

  /// How many images can be read of a variable that is cut off.
  private static func wholeImages(_ elements: MATElements, _ layout: MATLayout, _ size: Int) throws(MATError) -> Int {
    if layout.isImagesFirst { return 0 }
    var elements = elements
    return try elements.skipAvailable(layout.count * size) / size
  }
}

extension MATImages: ImageSource {
  var hasLabels: Bool { digits != nil }
  mutating func labels() throws -> [UInt8]? { allLabels }
  mutating func images(at places: [Int]) throws -> ByteImages { try chosen(places) }
}

/// How the images of a MATLAB variable lie.
private struct MATLayout {
  let count: Int
  let shape: ImageShape
  /// Whether the first index is the image's, as in arrays of Python, rather than the last.
  var isImagesFirst = false
  /// Where the values go that come one after the other, where images are first.
  var order: [Int] = []
  var remarks: [LoadRemark] = []

  /// - Parameter labels: how many labels there are, which settles what the extents leave open.
  init(_ variable: MATFile.Variable, labels: Int?, _ path: String) throws(MATError) {
    func failure(_ problem: MATError.Problem) -> MATError { MATError(path: path, problem: problem) }
    let name = variable.name
    guard let kind = variable.kind, kind.isNumeric, !variable.isComplex else {
      throw failure(.variableClass(name, found: variable.classWords, expected: "real numbers (int8 … double)"))
    }
    let found = variable.dimensions
    if found.contains(0) { throw failure(.noImages(name, found: found)) }
    if let labels, let python = MATLayout.python(found, labels: labels) {
      (count, shape, isImagesFirst, order) = (python.count, python.shape, true, python.fortranOrder)
      remarks = [
        .note(
          "'\(name)' is taken for images × rows × columns, as Python has them, for there are \(labels.grouped) labels")
      ]
    } else {
      let (sizes, note) = MATLayout.sizes(found, labels: labels, name)
      guard sizes.count == 4, IDX.sides.contains(sizes[0]), IDX.sides.contains(sizes[1]), [1, 3].contains(sizes[2]),
        sizes[3] > 0
      else {
        throw failure(
          .dimensions(
            name, found: found, expected: "rows × columns × 3 × images, as 32×32×3×N, or rows × columns × images, grey")
        )
      }
      // At most 4096 · 4096 · 3 · 2³¹ · 8, far from overflow.
      (count, shape) = (sizes[3], ImageShape(height: sizes[0], width: sizes[1], planes: sizes[2]))
      remarks = note.map { [$0] } ?? []
    }
    guard count <= Limits.images else {
      throw failure(.tooLarge(promise: "\(counted(count, "image")) of \(shape)", limit: Limits.images))
    }
  }

  /// Images first, where only that fits the number of labels.
  private static func python(_ found: [Int], labels: Int) -> ImageLayout? {
    guard found.count > 2, labels == found[0], labels != found[found.count - 1] else { return nil }
    guard let layout = try? ImageLayout(found), layout.count == labels else { return nil }
    return layout
  }

  /// Rows, columns, planes and images.
  private static func sizes(_ found: [Int], labels: Int?, _ name: String) -> ([Int], LoadRemark?) {
    switch found.count {
    case 4: return (found, nil)
    // MATLAB drops last dimensions of 1: one colour image is rows × columns × 3.
    case 3 where found[2] == 3 && labels == 1: return (found + [1], nil)
    case 3 where found[2] == 3 && labels == nil:
      return (
        found + [1],
        .warning("'\(name)' is taken for one picture in colour; if it is three grey images, add their labels as 'y'")
      )
    case 3: return ([found[0], found[1], 1, found[2]], nil)
    case 2 where found.allSatisfy({ $0 >= 8 }) && found.max() ?? 0 <= 4 * (found.min() ?? 0):
      return ([found[0], found[1], 1, 1], .note("'\(name)' is taken for one grey picture"))
    default: return ([0], nil)
    }
  }
}

extension MATFile.Variable {
  /// `uint8`, `complex double`
  fileprivate var classWords: String { (isComplex ? "complex " : "") + (kind?.word ?? "unknown") }

  /// What its numbers are meant as, in whatever form they are stored.
  fileprivate var numberKind: BinaryNumber.Kind {
    switch kind {
    case _ where isLogical: .truth
    case .double, .single: .floating
    case .int8, .int16, .int32, .int64: .signed
    default: .unsigned
    }
  }
}

extension MATFile {
  /// The variable of the first of some names that is there; nil where there is none.
  func variableIfAny(_ names: [String]) throws(MATError) -> Variable? {
    for name in names {
      let found = variables.filter { $0.name == name }
      guard found.count < 2 else { throw MATError(path: path, problem: .twice(name)) }
      if let variable = found.first { return variable }
    }
    return nil
  }

  /// The variable of images: by its name, or because no other has as many dimensions.
  fileprivate func images(_ split: Split?) throws(MATError) -> Variable {
    // SVHN's name comes before those of others.
    if let variable = try variableIfAny((split == nil ? ["X"] : []) + ArrayNames.images(split)) { return variable }
    if let cut { throw cutOff(cut) }
    let solid = variables.filter { $0.dimensions.count > 2 && $0.kind?.isNumeric == true && $0.hasName }
    if solid.count == 1 && split == nil { return solid[0] }
    throw MATError(
      path: path,
      problem: .noVariable(split == nil ? "X" : ArrayNames.images(split)[1], found: variables.map(\.words)))
  }

  /// An error in an element that the file's end cuts off: where it comes of that, this is what it tells.
  fileprivate func cutOff(_ error: MATError) -> MATError {
    switch error.problem {
    case .endsEarly, .cutTag, .compression(.truncated, _):
      MATError(path: path, problem: .noWholeImage(expected: expectedBytes, found: bytes.count))
    default: error
    }
  }

  /// The labels of a variable of numbers: the places of so many classes, counted from 1; else, where they go from 1 to 10,
  /// 10 stands for 0.
  fileprivate func labels(_ variable: Variable, count: Int, classes: Int?) throws(MATError) -> Labels {
    func failure(_ problem: MATError.Problem) -> MATError { MATError(path: path, problem: problem) }
    guard let kind = variable.kind, kind.isNumeric, !variable.isComplex else {
      throw failure(.variableClass(variable.name, found: variable.classWords, expected: "real numbers (int8 … double)"))
    }
    let found = variable.dimensions
    guard found.count == 2, found.contains(1) || found.contains(0), let total = found.checkedProduct else {
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
    var labels: [UInt8] = []
    labels.reserveCapacity(total)
    for (item, value) in values.enumerated() {
      guard (classes.map { 1...Double($0) } ?? 0...255).contains(value), value == value.rounded() else {
        throw failure(.label(value.formatted(digits: 8), item: item, classes: classes))
      }
      labels.append(UInt8(classes == nil ? value : value - 1))
    }
    guard classes == nil, labels.max() == 10, !labels.contains(0) else { return Labels(values: labels) }
    return Labels(
      values: labels.map { $0 == 10 ? 0 : $0 },
      remarks: [.note("the label 10 is taken for the digit 0, as in SVHN's files")])
  }
}
