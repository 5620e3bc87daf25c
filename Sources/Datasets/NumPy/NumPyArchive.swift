import BVAEArrays
import BVAEPlatform

/// NumPy's archive of named arrays, .npz.
package struct NumPyArchive {
  private let archive: ZipArchive

  /// - Throws: `FileProblem`, without the path.
  package init(_ bytes: [UInt8]) throws(FileProblem) { try self.init(FileBytes(bytes)) }

  /// - Throws: `FileProblem`, without the path.
  init(_ bytes: FileBytes) throws(FileProblem) { archive = try ZipArchive(bytes) }

  /// The names of the arrays, without `.npy`.
  package var names: [String] { archive.members.map(NumPyReader.name) }

  /// The array of a name, to be read from its beginning; nil where there is none.
  package func array(_ name: String) throws(FileProblem) -> NumPyReader? {
    guard let member = archive.members.first(where: { NumPyReader.name($0) == name }) else { return nil }
    return try NumPyReader(archive, member)
  }

  /// The array of the first of some names that is there.
  func first(of names: [String]) throws(FileProblem) -> NumPyReader? {
    for name in names { if let array = try array(name) { return array } }
    return nil
  }

  /// The problem of an archive without an array that is needed.
  func missing(_ wanted: String) -> FileProblem {
    FileProblem(
      "the archive has no \(wanted); it has "
        + (names.isEmpty ? "nothing" : names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")))
  }

  /// A word about the arrays that nothing is made of.
  /// - Parameter used: the names of the others.
  func leftOut(besides used: some Sequence<String>) -> [LoadRemark] {
    let known = Set(used).union(Split.allCases.flatMap { ArrayNames.images($0) + ArrayNames.labels($0) })
    let words = names.filter { !known.contains($0) }.map { name in
      let isObjects = (try? array(name))?.header.isObjects ?? false
      return "'\(name)'" + (isObjects ? " (Python objects, which are not read)" : "")
    }
    return ArrayNames.leftOut(words).map { [$0] } ?? []
  }
}

/// Images and labels in NumPy's files.
struct NumPyImages: ImageSource {
  let count: Int
  private(set) var classes: [String]?
  private(set) var remarks: [LoadRemark]
  private var imageArray: NumPyReader
  private var labelArray: NumPyReader?
  private var converter: PixelConverter
  let promised: Int

  /// A file of images, and perhaps one of labels.
  init(images: NumPyReader, labels: NumPyReader? = nil, options: LoadOptions) throws(FileProblem) {
    (imageArray, labelArray) = (images, labels)
    let (layout, number) = try images.imageLayout()
    promised = layout.count
    remarks = layout.remarks
    converter = PixelConverter(number, scale: options.scale)
    guard options.isPartial, images.canBeCutOff, !images.header.isFortran,
      let remaining = images.remaining ?? images.unpackedSize
    else {
      count = promised
      return
    }
    count = min(promised, remaining / (layout.shape.count * number.size))
    guard count > 0 else {
      throw images.tooFew(promised * layout.shape.count * number.size, found: remaining)
    }
  }

  /// An archive of images, and perhaps labels, under their usual names: those of `ArrayNames`, or any name if there is one
  /// array alone.
  /// - Parameter split: which part of an archive that has two, as `x_train` and `x_test`; nil for the training part, or all
  ///   where there are no parts.
  init(archive: NumPyArchive, split: Split?, options: LoadOptions, besides known: [String] = []) throws(FileProblem) {
    let wanted = ArrayNames.images(split)
    let alone = archive.names.count == 1 && split == nil ? archive.names : []
    guard let images = try archive.first(of: wanted + alone) else {
      throw archive.missing("images, as one of \(ArrayNames.quoted(wanted))")
    }
    let labels = try archive.first(of: ArrayNames.labels(split))
    try self.init(images: images, labels: labels, options: options)
    let used = [images.member, labels?.member].compactMap { $0 }
    if images.member == "arr_0" {
      remarks.append(
        .note("'arr_0' is taken for images" + (labels?.member == "arr_1" ? ", 'arr_1' for their labels" : "")))
    }
    remarks += archive.leftOut(besides: used + known)
  }

  var hasLabels: Bool { labelArray != nil }

  mutating func labels() throws -> [UInt8]? {
    guard let labels = try labelArray?.labels() else { return nil }
    guard labels.values.count == promised else {
      throw countsDiffer(other: "labels", labels.values.count)
    }
    classes = labels.classes
    remarks += labels.remarks
    return Array(labels.values.prefix(count))
  }

  /// The problem of another number of something than of images.
  func countsDiffer(other: String, _ found: Int) -> FileProblem {
    imageArray.countsDiffer(images: promised, other: other, found)
  }

  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages {
    let images = try imageArray.images(
      at: places, count: count == promised ? nil : count, storage: storage, &converter)
    if let darkness = converter.darkness { remarks.append(darkness) }
    return images
  }
}
