import BVAEArrays
import BVAEPixels
import BVAEPlatform

/// The pictures of a folder that are not read, and what to do about them.
struct LeftOut {
  private let jpegs: Int
  /// How many there are of each ending.
  private let foreign: [String: Int]

  init(_ entries: [PictureFiles.Entry]) {
    jpegs = entries.count { $0.kind == .jpeg }
    foreign = Dictionary(
      entries.filter { $0.kind == .foreign }.map { (Path.fileExtension($0.path.text), 1) }, uniquingKeysWith: +)
  }

  /// What was left out, a sentence for each reason.
  var reasons: [String] {
    var reasons: [String] = []
    if jpegs > 0 {
      reasons.append("\(counted(jpegs, "JPEG picture")), for which a library is missing: \(JPEG.remedy)")
    }
    if !foreign.isEmpty {
      let endings = foreign.keys.sorted()
      let counts = endings.map { "\((foreign[$0] ?? 0).grouped) .\($0)" }
      reasons.append(
        "\(counted(foreign.values.reduce(0, +), "picture")) of kinds that are not read (\(counts.joined(separator: ", "))); "
          + "ImageMagick turns them into PNG: mogrify -format png \(endings.map { "*.\($0)" }.joined(separator: " "))")
    }
    return reasons
  }

  var warnings: [LoadRemark] { reasons.map { .warning("left out \($0)") } }

  /// `'a', 'b' and 'c'`, the first few.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(5).map { "'\($0)'" }
    let more = names.count - shown.count
    if shown.isEmpty { return "none" }
    return (more > 0 ? shown + ["\(more.grouped) more"] : shown).listed("and")
  }

  /// The names of some files.
  static func examples(_ entries: [PictureFiles.Entry]) -> String {
    list(entries.map { $0.names.map(\.text).joined(separator: "/") })
  }
}

/// What is to be told about pictures after they have been read.
struct ReadingRemarks {
  private var hidden: (count: Int, first: String)?
  private var turned: (count: Int, first: String)?

  mutating func add(_ picture: PictureFile, _ path: String) {
    if picture.isHidden { hidden = ((hidden?.count ?? 0) + 1, hidden?.first ?? path) }
    if let orientation = picture.orientation, orientation > 1 {
      turned = ((turned?.count ?? 0) + 1, turned?.first ?? path)
    }
  }

  func remarks(background: Color?) -> [LoadRemark] {
    var remarks: [LoadRemark] = []
    if let hidden {
      let other = background == nil || background == .white ? "black" : "white"
      remarks.append(
        .warning(
          "\(counted(hidden.count, "picture")) with transparent parts \(hidden.count == 1 ? "is" : "are") of one colour all over "
            + "in front of the background, '\(hidden.first)'\(hidden.count == 1 ? "" : " first"); say 'background \(other)'"
        ))
    }
    if let turned {
      remarks.append(
        .note(
          "\(counted(turned.count, "picture")) \(turned.count == 1 ? "has" : "have") a note to be turned for showing (EXIF), "
            + "'\(turned.first)'\(turned.count == 1 ? "" : " first"); images are taken as they are stored"))
    }
    return remarks
  }
}

extension Fitting {
  /// A picture in a file's bytes, as it is wanted.
  /// - Throws: `FileError` where it cannot be read, `PictureError.Problem.largePicture`.
  func picture(_ path: String, _ bytes: [UInt8], _ remarks: inout ReadingRemarks) throws -> Bitmap {
    let picture: PictureFile
    do {
      picture = try PictureFile.decode(bytes, limit: 1 << 26, background: background ?? .white)
    } catch {
      throw FileError(path: path, reason: "cannot read '\(path)': \(error)")
    }
    let bitmap = picture.bitmap
    guard size != nil || IDX.sides.contains(bitmap.height) && IDX.sides.contains(bitmap.width) else {
      throw PictureError(path: path, problem: .largePicture(width: bitmap.width, height: bitmap.height))
    }
    remarks.add(picture, path)
    return fitted(bitmap)
  }
}

/// One picture in memory.
struct BytePicture: ImageSource {
  let path: String
  let bytes: [UInt8]
  let fitting: Fitting
  private var reading = ReadingRemarks()

  init(path: String, bytes: [UInt8], fitting: Fitting) {
    (self.path, self.bytes, self.fitting) = (path, bytes, fitting)
  }

  let count = 1
  let isScaled = false

  var remarks: [LoadRemark] { reading.remarks(background: fitting.background) }

  func labels() throws -> [UInt8]? { nil }

  mutating func images(at places: [Int]) throws -> ByteImages {
    let image = try fitting.picture(path, bytes, &reading)
    let shape = ImageShape(height: image.height, width: image.width, planes: image.planes)
    return ByteImages(shape: shape, bytes: image.bytes)
  }
}
