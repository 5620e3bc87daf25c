import BVAEPixels
import BVAEPlatform

/// The files in a folder of pictures and the folders inside it, three deep at most, and what is passed over.
///
/// Names with backslashes, which archives from Windows leave behind, are taken for what they mean: `0\a.png` is the file
/// `a.png` in the folder `0`.
struct PictureFiles {
  /// A file and the names that lead to it from the folder: `train`, `cat`, `a.png`.
  struct Entry {
    let path: RawPath
    let names: [RawPath]
    let kind: Kind

    var isPicture: Bool { if case .other = kind { false } else { true } }
  }

  /// What a file is by the ending of its name.
  enum Kind: Hashable {
    /// A picture that is read where its library is there.
    case picture(PictureKind)
    /// A picture of a kind that is not read.
    case foreign
    case other
  }

  /// The files, in natural order of folders and names.
  private(set) var entries: [Entry] = []
  /// What other systems put beside pictures, by name: `__MACOSX`, `Thumbs.db`.
  private(set) var clutter: Set<String> = []
  /// A folder that is deeper than folders are looked into.
  private(set) var tooDeep: String?

  /// The folders right inside, where pictures lie in them or deeper.
  var folders: Set<RawPath> {
    Set(entries.compactMap { $0.isPicture && $0.names.count > 1 ? $0.names[0] : nil })
  }

  /// Whether all pictures lie in folders that are called as parts are.
  var hasParts: Bool {
    !folders.isEmpty && folders.allSatisfy { Split(folder: $0.text) != nil }
      && entries.allSatisfy { !$0.isPicture || $0.names.count > 1 }
  }

  private static let deepest = 3
  private static let foreign: Set<String> = [
    "avif", "bmp", "dib", "exr", "gif", "heic", "heif", "ico", "jp2", "jxl", "pbm", "pcx", "pgm", "pnm", "ppm", "psd",
    "svg", "tga", "tif", "tiff", "webp",
  ]

  /// - Throws: `FileProblem` where a folder cannot be listed, or there are too many.
  init(_ folder: String) throws {
    try add(RawPath(folder), [], folder)
    entries = naturallySorted(entries) { Array($0.names.map(\.bytes).joined(separator: [0])) }
  }

  private mutating func add(_ folder: RawPath, _ above: [RawPath], _ root: String) throws {
    for name in try Files.list(folder) {
      let path = folder.joined(name)
      if Self.isClutter(name.text) {
        clutter.insert(name.text.hasPrefix("._") ? "._*" : name.text)
      } else if name.bytes.first == UInt8(ascii: ".") {
        continue
      } else if Files.isDirectory(path) {
        if above.count < Self.deepest - 1 {
          try add(path, above + [name], root)
        } else {
          tooDeep = tooDeep ?? (above + [name]).map(\.text).joined(separator: "/")
        }
      } else {
        let parts = name.bytes.split(separator: UInt8(ascii: "\\")).map { RawPath(bytes: Array($0)) }
        if let hidden = parts.first(where: { Self.isClutter($0.text) }) {
          clutter.insert(hidden.text.hasPrefix("._") ? "._*" : hidden.text)
          continue
        }
        guard entries.count < PictureFolder.mostPictures else {
          throw FileProblem(
            "it has more than the \(PictureFolder.mostPictures.grouped) pictures that are read", of: root)
        }
        entries.append(Entry(path: path, names: above + parts, kind: Self.kind(name.text)))
      }
    }
  }

  private static func isClutter(_ name: String) -> Bool {
    name.hasPrefix("._") || ["__macosx", ".ds_store", "thumbs.db", "desktop.ini"].contains(name.lowercased())
  }

  private static func kind(_ name: String) -> Kind {
    let ending = Path.fileExtension(name)
    if let kind = PictureKind.all.first(where: { $0.endings.contains(ending) }) { return .picture(kind) }
    return foreign.contains(ending) ? .foreign : .other
  }
}

extension Split {
  /// The part that a folder's name stands for: `train`, `Testing`, `valid`.
  init?(folder name: String) {
    switch name.lowercased() {
    case "train", "training": self = .train
    case "test", "testing": self = .test
    case "val", "valid", "validation": self = .val
    default: return nil
    }
  }
}
