import Numerics
import Platform

/// NumPy's archive of named arrays, .npz.
package struct NumPyArchive {
  let path: String
  private let archive: ZipArchive

  /// - Parameter path: the name for error messages.
  package init(path: String, bytes: [UInt8]) throws(NumPyError) {
    self.path = path
    do {
      archive = try ZipArchive(bytes)
    } catch {
      throw NumPyError(path: path, member: nil, problem: .zip(error))
    }
  }

  /// The names of the arrays, without `.npy`.
  package var names: [String] { archive.members.map(NumPyReader.name) }

  /// The array of a name, to be read from its beginning; nil where there is none.
  package func array(_ name: String) throws(NumPyError) -> NumPyReader? {
    guard let member = archive.members.first(where: { NumPyReader.name($0) == name }) else { return nil }
    return try NumPyReader(path: path, archive: archive, member: member)
  }

  /// The array of the first of some names that is there.
  func first(of names: [String]) throws(NumPyError) -> NumPyReader? {
    for name in names { if let array = try array(name) { return array } }
    return nil
  }
}

/// Images and labels in NumPy's files.
struct NumPyImages: ImageSource {
  let count: Int
  private var imageArray: NumPyReader
  private var labelArray: NumPyReader?
  private let promised: Int

  /// A file of images, and perhaps one of labels.
  /// - Parameter isPartial: whether the images that are whole are taken where the file is cut off.
  init(images: NumPyReader, labels: NumPyReader?, isPartial: Bool = false) throws(NumPyError) {
    (imageArray, labelArray) = (images, labels)
    let (shape, promised, number) = try images.imageLayout()
    self.promised = promised
    guard isPartial, !images.header.isFortran, let remaining = images.remaining else {
      count = promised
      return
    }
    count = min(promised, remaining / (shape.count * number.size))
    guard count > 0 else {
      throw images.failure(
        .tooFew(shape: images.header.shape, bytes: promised * shape.count * number.size, found: remaining))
    }
  }

  /// An archive of images, and perhaps labels, under their usual names: those of `imageNames` and `labelNames`, or any
  /// name if there is one array alone.
  /// - Parameter split: which part of an archive that has two, as `x_train` and `x_test`.
  init(archive: NumPyArchive, split: Split) throws(NumPyError) {
    let wanted = NumPyImages.imageNames(split)
    let alone = archive.names.count == 1 ? archive.names : []
    guard let images = try archive.first(of: wanted + alone) else {
      let names = wanted.map { "'\($0)'" }.joined(separator: ", ")
      throw NumPyError(
        path: archive.path, member: nil, problem: .noMember("images, as one of \(names)", found: archive.names))
    }
    try self.init(images: images, labels: try archive.first(of: NumPyImages.labelNames(split)))
  }

  /// The names under which images are looked for.
  static func imageNames(_ split: Split) -> [String] {
    ["images", "X", "x", "x_\(split.rawValue)", "X_\(split.rawValue)", "\(split.rawValue)_images"]
  }

  /// The names under which labels are looked for.
  static func labelNames(_ split: Split) -> [String] {
    ["labels", "y", "y_\(split.rawValue)", "\(split.rawValue)_labels"]
  }

  mutating func labels() throws -> [UInt8]? {
    guard let labels = try labelArray?.labels() else { return nil }
    guard labels.count == promised else {
      throw imageArray.failure(.countsDiffer(images: promised, other: "labels", count: labels.count))
    }
    return Array(labels.prefix(count))
  }

  /// The error of another number of something than of images.
  func countsDiffer(other: String, _ found: Int) -> NumPyError {
    imageArray.failure(.countsDiffer(images: promised, other: other, count: found))
  }

  mutating func images(at places: [Int]) throws -> ByteImages {
    try imageArray.images(at: places, count: count == promised ? nil : count)
  }
}
