import BVAEArrays
import BVAEPixels
import BVAEPlatform

/// A folder of pictures. Folders inside are classes: labelled by their names where these are all whole numbers 0…255, else
/// numbered in the order of their names. A folder with pictures directly inside has no labels. Where all folders inside are
/// called as parts are (`train`, `test`, `val`), one of them is read, and the classes are numbered over all of them. The
/// order is that of the names, with the numbers in them as numbers: `2.png` before `10.png`.
struct PictureFolder: ImageSource {
  static let mostPictures = 1 << 22

  let path: String
  /// The part that is read, where the folder has parts.
  let split: Split?
  private(set) var classes: [String]?
  private let fitting: Fitting
  private var pictures: [(path: RawPath, label: UInt8?)] = []
  private var listing: [LoadRemark] = []
  private var reading = ReadingRemarks()

  /// The pictures of a folder; they are not opened yet.
  /// - Parameter split: the part wanted; nil for the training images where there are parts.
  init(_ path: String, split wanted: Split? = nil, fitting: Fitting, readsJPEG: Bool) throws {
    self.path = path
    self.fitting = fitting
    func failure(_ problem: PictureError.Problem) -> PictureError { PictureError(path: path, problem: problem) }
    let files = try PictureFiles(path)
    var entries = files.entries.filter(\.isPicture).map { (entry: $0, names: $0.names) }
    let parts = Set(entries.compactMap { $0.names.count > 1 ? $0.names[0] : nil })
    if !parts.isEmpty, parts.allSatisfy({ Split(folder: $0.text) != nil }), entries.allSatisfy({ $0.names.count > 1 }) {
      let part = wanted ?? .train
      guard parts.contains(where: { Split(folder: $0.text) == part }) else {
        throw failure(.noPart(part, found: parts.map(\.text).sorted()))
      }
      split = part
      let all = Set(entries.compactMap { $0.names.count == 3 ? $0.names[1] : nil })
      entries = entries.filter { Split(folder: $0.names[0].text) == part }
        .map { ($0.entry, Array($0.names.dropFirst())) }
      try label(entries, among: all, tooDeep: files.tooDeep, readsJPEG)
    } else {
      if let wanted { throw failure(.noParts(wanted)) }
      split = nil
      let all = Set(entries.compactMap { $0.names.count == 2 ? $0.names[0] : nil })
      try label(entries, among: all, tooDeep: files.tooDeep, readsJPEG)
    }
    let unread = entries.map(\.entry).filter { $0.kind == .foreign || $0.kind == .jpeg && !readsJPEG }
    guard !pictures.isEmpty else {
      throw failure(
        .noPictures(
          unread: LeftOut(unread).reasons, others: files.entries.filter { !$0.isPicture }.map { $0.path.text }))
    }
    listing = LeftOut(unread).warnings
    func classNames(_ entries: [(entry: PictureFiles.Entry, names: [RawPath])]) -> Set<String> {
      Set(entries.filter { $0.names.count == 2 }.map { $0.names[0].text })
    }
    let lost = classNames(entries).subtracting(classNames(entries.filter { Self.isRead($0.entry, readsJPEG) })).sorted()
    if !lost.isEmpty {
      listing.append(.warning("no picture is left of the class\(lost.count == 1 ? "" : "es") \(LeftOut.list(lost))"))
    }
    if let deep = files.tooDeep { listing.append(.note("did not look into '\(deep)', a folder inside folders")) }
    let others = files.entries.filter { !$0.isPicture }
    if !others.isEmpty {
      listing.append(
        .note("left out \(counted(others.count, "file")) without a picture's ending: \(LeftOut.examples(others))"))
    }
    if !files.clutter.isEmpty {
      listing.append(.note("passed over what other systems leave behind: \(LeftOut.list(files.clutter.sorted()))"))
    }
  }

  private static func isRead(_ entry: PictureFiles.Entry, _ readsJPEG: Bool) -> Bool {
    entry.kind == .png || entry.kind == .jpeg && readsJPEG
  }

  /// Takes the pictures that are read, with the labels of their folders.
  /// - Parameter folders: the names of all classes, also of those without a picture here.
  private mutating func label(
    _ entries: [(entry: PictureFiles.Entry, names: [RawPath])], among folders: Set<RawPath>, tooDeep: String?,
    _ readsJPEG: Bool
  ) throws {
    func failure(_ problem: PictureError.Problem) -> PictureError { PictureError(path: path, problem: problem) }
    let folders = naturallySorted(Array(folders)) { $0.bytes }
    if let deep = entries.first(where: { $0.names.count > 2 }) {
      throw failure(.nested(deep.names.dropLast().map(\.text).joined(separator: "/")))
    }
    if entries.isEmpty, let tooDeep { throw failure(.nested(tooDeep)) }
    if let picture = entries.first(where: { $0.names.count == 1 }), let folder = folders.first {
      throw failure(.mixed(picture: picture.names[0].text, folder: folder.text))
    }
    let readable = entries.filter { Self.isRead($0.entry, readsJPEG) }
    if folders.isEmpty {
      pictures = readable.map { ($0.entry.path, nil) }
      return
    }
    guard folders.count <= 256 else { throw failure(.tooManyLabels(folders.count)) }
    let numbers = folders.compactMap { UInt8($0.text) }
    // '1' and '01' are two names of one number.
    let areNumbers = numbers.count == folders.count && Set(numbers).count == numbers.count
    classes = areNumbers ? nil : folders.map(\.text)
    let labels = Dictionary(
      uniqueKeysWithValues: folders.enumerated().map { ($1, areNumbers ? numbers[$0] : UInt8($0)) })
    pictures = readable.map { ($0.entry.path, labels[$0.names[0]]) }
  }

  var count: Int { pictures.count }
  var isScaled: Bool { false }

  var remarks: [LoadRemark] { listing + reading.remarks(background: fitting.background) }

  mutating func labels() throws -> [UInt8]? {
    let labels = pictures.compactMap(\.label)
    return labels.count == pictures.count ? labels : nil
  }

  mutating func images(at places: [Int]) throws -> ByteImages {
    var pixels: [UInt8] = []
    var first: (shape: ImageShape, path: String)?
    for place in places {
      let path = pictures[place].path
      let image = try fitting.picture(path.text, Files.read(path, limit: 1 << 28), &reading)
      func failure(_ problem: PictureError.Problem) -> PictureError { PictureError(path: path.text, problem: problem) }
      let shape = ImageShape(height: image.height, width: image.width, planes: image.planes)
      if let first {
        guard shape.height == first.shape.height, shape.width == first.shape.width else {
          throw failure(.sizesDiffer(shape, first: first.shape, firstPath: first.path))
        }
        guard shape.planes == first.shape.planes else {
          throw failure(.planesDiffer(shape, first: first.shape, firstPath: first.path))
        }
      } else {
        first = (shape, path.text)
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
}
