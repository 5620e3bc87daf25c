import Numerics
import Pixels
import Platform

/// A folder of PNG pictures. Folders inside are labels: by their names where these are all whole numbers 0…255, else
/// numbered in the order of their names. A folder with pictures directly inside has no labels. The order is that of the
/// names, with the numbers in them as numbers: `2.png` before `10.png`.
struct PictureFolder: ImageSource {
  static let mostPictures = 1 << 22

  let path: String
  let classes: [String]?
  private let fitting: Fitting
  private let pictures: [(path: String, label: UInt8?)]

  /// The pictures of a folder; they are not opened yet.
  init(_ path: String, fitting: Fitting) throws {
    self.path = path
    self.fitting = fitting
    func failure(_ problem: PictureError.Problem) -> PictureError { PictureError(path: path, problem: problem) }
    let content = try FolderContent(path)
    var inside: [(name: String, content: FolderContent)] = []
    for name in content.folders {
      let part = try FolderContent(Path.join(path, name))
      if let folder = part.folders.first, part.pictures.isEmpty { throw failure(.nested(Path.join(name, folder))) }
      if !part.pictures.isEmpty { inside.append((name, part)) }
    }
    let total = content.pictures.count + inside.reduce(0) { $0 + $1.content.pictures.count }
    guard total <= PictureFolder.mostPictures else { throw failure(.tooMany(limit: PictureFolder.mostPictures)) }
    if let picture = content.pictures.first, let folder = inside.first {
      throw failure(.mixed(picture: picture, folder: folder.name))
    }
    if inside.isEmpty {
      guard total > 0 else {
        throw failure(.noPictures(others: content.others.count, endings: FolderContent.endings(content.others)))
      }
      classes = nil
      pictures = content.pictures.map { (Path.join(path, $0), nil) }
      return
    }
    guard inside.count <= 256 else { throw failure(.tooManyLabels(inside.count)) }
    let numbers = inside.compactMap { UInt8($0.name) }
    // '1' and '01' are two names of one number.
    let areNumbers = numbers.count == inside.count && Set(numbers).count == numbers.count
    classes = areNumbers ? nil : inside.map(\.name)
    pictures = inside.enumerated().flatMap { place, folder in
      folder.content.pictures.map {
        (Path.join(Path.join(path, folder.name), $0), areNumbers ? numbers[place] : UInt8(place))
      }
    }
  }

  var count: Int { pictures.count }
  var isScaled: Bool { false }

  mutating func labels() throws -> [UInt8]? {
    let labels = pictures.compactMap(\.label)
    return labels.count == pictures.count ? labels : nil
  }

  mutating func images(at places: [Int]) throws -> ByteImages {
    var pixels: [UInt8] = []
    var first: (shape: ImageShape, path: String)?
    for place in places {
      let path = pictures[place].path
      let image = try PictureFolder.image(path, bytes: Files.read(path, limit: 1 << 28), fitting)
      func failure(_ problem: PictureError.Problem) -> PictureError { PictureError(path: path, problem: problem) }
      let shape = ImageShape(height: image.height, width: image.width, planes: image.planes)
      if let first {
        guard shape.height == first.shape.height, shape.width == first.shape.width else {
          throw failure(.sizesDiffer(shape, first: first.shape, firstPath: first.path))
        }
        guard shape.planes == first.shape.planes else {
          throw failure(.planesDiffer(shape, first: first.shape, firstPath: first.path))
        }
      } else {
        first = (shape, path)
        let limit = mostBytes(of: places)
        guard places.count <= limit / shape.count else {
          throw PictureError(path: self.path, problem: .tooLarge(images: places.count, shape, limit: limit))
        }
        pixels.reserveCapacity(places.count * shape.count)
      }
      pixels += image.bytes
    }
    guard let first else { return ByteImages(shape: .mnist) }
    return ByteImages(shape: first.shape, bytes: pixels)
  }

  /// The most bytes of images that are made of some pictures: more than photographs and drawings ever make of so large
  /// files, and less than empty ones could.
  private func mostBytes(of places: [Int]) -> Int {
    let size = places.reduce(0) { min($0 + Files.size(pictures[$1].path), 1 << 40) }
    return min(Limits.memory, max(1 << 27, size * 64))
  }

  /// A picture's pixels as they are wanted. Transparent ones show white.
  static func image(_ path: String, bytes: [UInt8], _ fitting: Fitting) throws -> Bitmap {
    let bitmap: Bitmap
    do {
      bitmap = try PNG.decode(bytes, limit: 1 << 26).bitmap
    } catch {
      throw FileError(path: path, reason: "cannot read '\(path)': \(error)")
    }
    guard fitting.size != nil || IDX.sides.contains(bitmap.height) && IDX.sides.contains(bitmap.width) else {
      throw PictureError(path: path, problem: .largePicture(width: bitmap.width, height: bitmap.height))
    }
    return fitting.fitted(bitmap)
  }
}

/// The names in a folder, in natural order; hidden ones are left out.
private struct FolderContent {
  var folders: [String] = []
  var pictures: [String] = []
  var others: [String] = []

  init(_ path: String) throws {
    for name in try Files.list(path) where !name.hasPrefix(".") {
      if Files.isDirectory(Path.join(path, name)) {
        folders.append(name)
      } else if Path.fileExtension(name) == "png" {
        pictures.append(name)
      } else {
        others.append(name)
      }
    }
    folders = naturallySorted(folders)
    pictures = naturallySorted(pictures)
  }

  /// The first few endings among some names: `.jpg`.
  static func endings(_ names: [String]) -> [String] {
    let all = Set(names.map { name in Path.fileExtension(name).isEmpty ? name : "." + Path.fileExtension(name) })
    return Array(all.sorted().prefix(4))
  }
}

/// Names in an order in which the numbers in them count as numbers.
package func naturallySorted(_ names: [String]) -> [String] {
  names.map { (name: $0, parts: NameParts($0)) }.sorted { $0.parts < $1.parts }.map(\.name)
}

/// A name cut into numbers and what stands between them.
private struct NameParts: Comparable {
  private enum Part: Comparable {
    // Longer numbers are larger once leading zeros are gone.
    case number(length: Int, digits: [UInt8])
    case text([UInt8])

    static func < (a: Part, b: Part) -> Bool {
      switch (a, b) {
      case (.number(let length, let digits), .number(let otherLength, let other)):
        length == otherLength ? digits.lexicographicallyPrecedes(other) : length < otherLength
      case (.text(let text), .text(let other)): text.lexicographicallyPrecedes(other)
      case (.number, .text): true
      case (.text, .number): false
      }
    }
  }

  private var parts: [Part] = []
  private let name: String

  init(_ name: String) {
    self.name = name
    var rest = Array(name.utf8)[...]
    while let first = rest.first {
      let isNumber = (0x30...0x39).contains(first)
      let part = rest.prefix { (0x30...0x39).contains($0) == isNumber }
      let digits = Array(part.drop { $0 == 0x30 })
      parts.append(isNumber ? .number(length: digits.count, digits: digits) : .text(Array(part)))
      rest = rest[part.endIndex...]
    }
  }

  static func == (a: NameParts, b: NameParts) -> Bool { a.name == b.name }

  static func < (a: NameParts, b: NameParts) -> Bool {
    if a.parts == b.parts { return a.name < b.name }
    return a.parts.lexicographicallyPrecedes(b.parts)
  }
}
