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
  private let kinds: [PictureKind]
  private var pictures: [(path: RawPath, label: UInt8?)] = []
  private var listing: [LoadRemark] = []
  private var reading = ReadingRemarks()

  /// The pictures of a folder; they are not opened yet.
  /// - Parameters:
  ///   - split: the part wanted; nil for the training images where there are parts.
  ///   - options: the size wanted, and which pictures this machine reads.
  /// - Throws: `FileProblem`.
  init(_ path: String, _ files: PictureFiles, split wanted: Split? = nil, _ options: LoadOptions) throws {
    self.path = path
    fitting = options.fitting
    kinds = options.pictures
    var entries = files.entries.filter(\.isPicture).map { (entry: $0, names: $0.names) }
    if files.hasParts {
      let part = wanted ?? .train, parts = files.folders
      guard parts.contains(where: { Split(folder: $0.text) == part }) else {
        throw PictureFolder.noPart(part, path, found: parts.map(\.text).sorted())
      }
      split = part
      let all = Set(entries.compactMap { $0.names.count == 3 ? $0.names[1] : nil })
      entries = entries.filter { Split(folder: $0.names[0].text) == part }
        .map { ($0.entry, Array($0.names.dropFirst())) }
      try label(entries, among: all, tooDeep: files.tooDeep)
    } else {
      if let wanted {
        throw FileProblem(
          "it has no parts: 'split \(wanted.rawValue)' is for folders that hold folders called train, test or val",
          of: path)
      }
      split = nil
      let all = Set(entries.compactMap { $0.names.count == 2 ? $0.names[0] : nil })
      try label(entries, among: all, tooDeep: files.tooDeep)
    }
    let unread = entries.map(\.entry).filter { !isRead($0) }
    guard !pictures.isEmpty else {
      throw PictureFolder.noPictures(
        path, unread: LeftOut(unread).reasons, others: files.entries.filter { !$0.isPicture }.map { $0.path.text })
    }
    listing = LeftOut(unread).warnings
    func classNames(_ entries: [(entry: PictureFiles.Entry, names: [RawPath])]) -> Set<String> {
      Set(entries.filter { $0.names.count == 2 }.map { $0.names[0].text })
    }
    let lost = classNames(entries).subtracting(classNames(entries.filter { isRead($0.entry) })).sorted()
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

  private func isRead(_ entry: PictureFiles.Entry) -> Bool { kinds.contains { entry.kind == .picture($0) } }

  /// Takes the pictures that are read, with the labels of their folders.
  /// - Parameter folders: the names of all classes, also of those without a picture here.
  private mutating func label(
    _ entries: [(entry: PictureFiles.Entry, names: [RawPath])], among folders: Set<RawPath>, tooDeep: String?
  ) throws {
    let folders = naturallySorted(Array(folders)) { $0.bytes }
    if let deep = entries.first(where: { $0.names.count > 2 }) {
      throw PictureFolder.nested(path, deep.names.dropLast().map(\.text).joined(separator: "/"))
    }
    if entries.isEmpty, let tooDeep { throw PictureFolder.nested(path, tooDeep) }
    if let picture = entries.first(where: { $0.names.count == 1 }), let folder = folders.first {
      throw FileProblem(
        "it has both pictures ('\(picture.names[0].text)') and folders of pictures ('\(folder.text)')", of: path,
        expected: "either pictures without labels or one folder for each class")
    }
    let readable = entries.filter { isRead($0.entry) }
    if folders.isEmpty {
      pictures = readable.map { ($0.entry.path, nil) }
      return
    }
    guard folders.count <= 256 else {
      throw FileProblem(
        "it has \(folders.count.grouped) folders of pictures; at most 256 classes are told apart", of: path)
    }
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

  mutating func images(at places: [Int], storage: ImageStorage) throws -> ByteImages {
    var collector: ImageCollector?
    var first: (shape: ImageShape, path: String)?
    for place in places {
      let path = pictures[place].path
      let image = try fitting.picture(path.text, Files.read(path, limit: 1 << 28), &reading)
      let shape = ImageShape(height: image.height, width: image.width, planes: image.planes)
      if let first {
        guard shape.height == first.shape.height, shape.width == first.shape.width else {
          let size = first.shape
          throw FileProblem(
            "it has \(shape.height)×\(shape.width) pixels, '\(first.path)' has \(size.height)×\(size.width)",
            of: path.text,
            advice:
              "say 'size \(size.height == size.width ? "\(size.height)" : "[\(size.height), \(size.width)]")' to give "
              + "all one size")
        }
        guard shape.planes == first.shape.planes else {
          func words(_ shape: ImageShape) -> String { shape.planes == 1 ? "grey" : "in colour" }
          throw FileProblem(
            "it is \(words(shape)), '\(first.path)' is \(words(first.shape))", of: path.text,
            advice: "say 'planes 1' to make all grey or 'planes 3' to make all colour")
        }
      } else {
        first = (shape, path.text)
        let limit = mostBytes(of: places)
        guard places.count <= limit / shape.count else {
          throw FileProblem(
            "\(counted(places.count, "image")) of \(shape) take more than the \(limit.grouped) bytes that are accepted from "
              + "such files", of: self.path, advice: "say 'count' or a smaller 'size'")
        }
        collector = try ImageCollector(shape, count: places.count, storage: storage)
      }
      collector?.pixels += image.bytes
      try collector?.store()
    }
    return try collector?.images() ?? ByteImages(shape: .mnist)
  }

  /// The most bytes of images that are made of some pictures: more than photographs and drawings ever make of so large
  /// files, and less than empty ones could.
  private func mostBytes(of places: [Int]) -> Int {
    let size = places.reduce(0) { min($0 + Files.size(pictures[$1].path), 1 << 40) }
    return max(1 << 27, size * 64)
  }
}

/// What can be wrong with a folder.
extension PictureFolder {
  private static func noPictures(_ path: String, unread: [String], others: [String]) -> FileProblem {
    let read = PictureKind.all.map { "." + $0.endings[0] }.joined(separator: ", ")
    return FileProblem(
      "there is no picture in this folder or the folders inside it that is read (\(read))"
        + unread.map { "; left out: \($0)" }.joined()
        + (others.isEmpty
          ? ""
          : "; there \(others.count == 1 ? "is" : "are") \(counted(others.count, "other file")) (\(endings(others)))"),
      of: path)
  }

  private static func noPart(_ part: Split, _ path: String, found: [String]) -> FileProblem {
    let splits = Set(found.compactMap { Split(folder: $0)?.rawValue }).sorted().map { "'split \($0)'" }
    return FileProblem(
      "it has no folder for \(part.adjective) images; there is \(LeftOut.list(found)): say "
        + splits.joined(separator: " or "), of: path)
  }

  private static func nested(_ path: String, _ folder: String) -> FileProblem {
    FileProblem(
      "it has folders inside folders ('\(folder)')", of: path,
      expected:
        "one folder for each class with the pictures in it, or such folders inside folders called train, test or "
        + "val", advice: "load one of the folders inside")
  }

  /// The first few endings of some names: `.txt`; the name itself where it has none.
  private static func endings(_ names: [String]) -> String {
    let all = Set(
      names.map { Path.fileExtension($0).isEmpty ? Path.name($0) : "." + Path.fileExtension($0) })
    return all.sorted().prefix(4).joined(separator: ", ")
  }
}
