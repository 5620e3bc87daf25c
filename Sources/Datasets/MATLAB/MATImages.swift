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

  /// - Parameter split: which part of a file that has two, as `train_X` and `test_X`; nil for the training part, or all
  ///   where there are no parts.
  /// - Throws: `FileProblem`, without the path, as all that follow.
  init(_ bytes: [UInt8], split: Split? = nil, options: LoadOptions = LoadOptions()) throws(FileProblem) {
    file = try MATFile(bytes)
    images = try file.images(split)
    let labelVariable = try file.variableIfAny(ArrayNames.labels(split))
    let isCut = file.expectedBytes > bytes.count
    let layout = try MATLayout(images, labels: labelVariable?.dimensions.checkedProduct)
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
    if isCut && !options.isPartial { throw file.incomplete(layout, whole: whole, hasLabels: digits != nil) }
    guard whole > 0 else { throw file.noWholeImage }
    count = whole
    let known = Set(Split.allCases.flatMap { ArrayNames.images($0) + ArrayNames.labels($0) })
      .union(classes == nil ? [] : ["classes"])
    let used = [images.element, labelVariable?.element]
    let others = file.variables.filter { !known.contains($0.name) && !used.contains($0.element) }.map(\.words)
    self.remarks = remarks + (ArrayNames.leftOut(others).map { [$0] } ?? [])
  }

  /// All images and labels of a file's bytes.
  /// - Parameter path: the name for error messages.
  /// - Throws: `FileProblem`.
  public static func read(
    _ bytes: [UInt8], path: String, isPartial: Bool = false
  ) throws -> (images: ByteImages, labels: [UInt8]?) {
    try FileProblem.naming(path) {
      var source = try MATImages(bytes, options: LoadOptions(isPartial: isPartial))
      return (try source.chosen(nil, ImageStorage()), source.allLabels)
    }
  }

  /// The label of each image.
  var allLabels: [UInt8]? { digits.map { Array($0.prefix(count)) } }

  /// The images at `places`, or all.
  mutating func chosen(_ places: [Int]?, _ storage: ImageStorage) throws(FileProblem) -> ByteImages {
    var (elements, _) = try file.values(of: images)
    let chosen =
      layout.isImagesFirst
      ? try imagesFirst(places ?? Array(0..<count), &elements).kept(in: storage)
      : try imagesLast(places, &elements, storage)
    // To the end, where the checksum of compressed data stands; padding, and nothing else, may come before.
    if images.missing == 0, images.isCompressed { _ = try elements.readAvailable(16) }
    try converter.check()
    if let darkness = converter.darkness { remarks.append(darkness) }
    return chosen
  }

  private mutating func imagesLast(
    _ places: [Int]?, _ elements: inout MATElements, _ storage: ImageStorage
  ) throws(FileProblem) -> ByteImages {
    let size = shape.count
    var chosen = try ImageCollector(
      shape, count: places?.count ?? count, order: columnMajorOrder(of: shape, planesFirst: true), storage: storage)
    try forEachItem(
      count: count, size: size * converter.number.size, at: places,
      read: { (bytes, item) throws(FileProblem) in try elements.read(bytes, "image \(item) or one soon after it") },
      take: { (item, image) throws(FileProblem) in
        converter.append(image, to: &chosen.pixels, from: item * size, size: size)
        try chosen.store()
      })
    return try chosen.images()
  }

  /// The same pixel of every image stands together: all of them must have room in memory.
  private mutating func imagesFirst(_ places: [Int], _ elements: inout MATElements) throws(FileProblem) -> ByteImages {
    try Limits.checkMemory(places.count * shape.count)
    let number = converter.number, size = shape.count
    var pixels = [UInt8](repeating: 0, count: places.count * size)
    for target in layout.order {
      let values = try elements.read(promised * number.size, "a pixel of every image")
      for (position, place) in places.enumerated() {
        pixels[position * size + target] = converter.byte(
          number.value(values[...], at: place * number.size), image: place)
      }
    }
    return ByteImages(shape: shape, bytes: pixels)
  }

  // MARK: The header

  /// How the values lie, as their tag says, which must fit what the variable's header promises.
  private static func number(
    _ tag: MATElements.Tag, _ variable: MATFile.Variable, count: Int, _ elements: MATElements
  ) throws(FileProblem) -> BinaryNumber {
    guard let number = MATType(rawValue: tag.type)?.number(elements.order) else {
      throw MATElements.otherType(
        tag, of: "the values of '\(variable.name)'", expected: "1 to 7, 9, 12 or 13 (numbers)")
    }
    let bytes = count * number.size
    guard tag.count == bytes, tag.content == nil else {
      throw MATElements.otherSize(tag.count, ofValues: variable.name, at: tag.place, asked: bytes)
    }
    guard variable.missing == 0 else { return number }
    if variable.isCompressed && bytes > Limits.inflated(from: variable.content.count) {
      throw FileProblem(
        "the variable '\(variable.name)' promises \(counted(bytes, "byte")), more than its "
          + "\(variable.content.count.grouped) compressed bytes can stand for")
    }
    if let remaining = elements.remaining, remaining < bytes {
      throw MATElements.otherSize(remaining, ofValues: variable.name, at: tag.place, asked: bytes)
    }
    return number
  }

  /// How many images can be read of a variable that is cut off.
  private static func wholeImages(_ elements: MATElements, _ layout: MATLayout, _ size: Int) throws(FileProblem) -> Int
  {
    if layout.isImagesFirst { return 0 }
    var elements = elements
    return try elements.skipAvailable(layout.count * size) / size
  }
}

extension MATImages: ImageSource {
  var hasLabels: Bool { digits != nil }
  mutating func labels() throws -> [UInt8]? { allLabels }
  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages { try chosen(places, storage) }
}
