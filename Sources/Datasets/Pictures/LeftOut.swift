import BVAEArrays
import BVAEPixels
import BVAEPlatform

/// The pictures of a folder that are not read, and what to do about them.
struct LeftOut {
  /// How many there are of each kind whose library is missing.
  private let unavailable: [(kind: PictureKind, count: Int)]
  /// How many there are of each ending.
  private let foreign: [String: Int]

  init(_ entries: [PictureFiles.Entry]) {
    unavailable = PictureKind.all.map { kind in (kind, entries.count { $0.kind == .picture(kind) }) }
      .filter { $0.count > 0 }
    foreign = Dictionary(
      entries.filter { $0.kind == .foreign }.map { (Path.fileExtension($0.path.text), 1) }, uniquingKeysWith: +)
  }

  /// What was left out, a sentence for each reason.
  var reasons: [String] {
    var reasons = unavailable.map { kind, count in
      "\(counted(count, "\(kind.name) picture")), for which a library is missing\(kind.remedy.map { ": \($0)" } ?? "")"
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
  /// - Throws: `FileProblem` where it cannot be read or is larger than images may be.
  func picture(_ path: String, _ bytes: [UInt8], _ remarks: inout ReadingRemarks) throws -> Bitmap {
    let picture = try FileProblem.naming(path) {
      try PictureFile.decode(bytes, limit: 1 << 26, background: background ?? .white)
    }
    let bitmap = picture.bitmap
    guard size != nil || IDX.sides.contains(bitmap.height) && IDX.sides.contains(bitmap.width) else {
      throw FileProblem(
        "it has \(bitmap.height.grouped)×\(bitmap.width.grouped) pixels, more than images may have (4,096×4,096)",
        of: path,
        advice: "say 'size 32' or another")
    }
    remarks.add(picture, path)
    return fitted(bitmap)
  }
}
