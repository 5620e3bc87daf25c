import BVAELanguage
import BVAEPlatform
import BVAERendering
import BVAEReporting

/// The files of a session's figures: one file holds one figure, and a caption never stands below another picture.
struct FigureFiles {
  /// The figures of reports that are done with; their files are still there.
  private var earlier: [Report.Figure] = []
  /// How many reports there have been.
  private var reports = 1
  /// What is drawn in each file, by its resolved path.
  private var drawn: [String: Fingerprint] = [:]
  /// The characters without a look that have been told of.
  private var lacking: Set<Character> = []

  /// The number and the file of the next figure.
  /// - Parameters:
  ///   - path: the file, where one is asked for; else it lies in `folder` under its number.
  ///   - number: the number, where one is asked for; else a figure of the same file keeps its own.
  func place(path: String?, number: Int?, folder: String, in report: Report) -> (number: Int, path: String) {
    if let path { return (number ?? report.figure(at: path)?.number ?? report.nextFigureNumber, path) }
    if let number { return (number, Path.join(folder, name(number))) }
    var next = report.nextFigureNumber
    while figure(at: Path.join(folder, name(next)), in: report) != nil { next += 1 }
    return (next, Path.join(folder, name(next)))
  }

  /// The figure in a file, of this report or an earlier one.
  func figure(at path: String, in report: Report) -> Report.Figure? {
    report.figure(at: path) ?? earlier.last { Files.areSame($0.path, path) }
  }

  /// Whether a file holds this very picture, or these frames.
  func holds(_ frames: [Bitmap], at path: String) -> Bool { drawn[Files.resolved(path)] == Self.fingerprint(frames) }

  /// Notes what has been drawn into a file.
  mutating func record(_ frames: [Bitmap], at path: String) { drawn[Files.resolved(path)] = Self.fingerprint(frames) }

  /// Keeps the files of a report that is done with apart from those of the next one.
  mutating func begin(after report: Report) {
    for case .figure(let figure) in report.blocks { earlier.append(figure) }
    reports += 1
  }

  /// Gives them paths from the root, where they are seen from a working folder that is about to be left.
  mutating func see(from folder: String) {
    for place in earlier.indices { earlier[place].path = Path.join(folder, earlier[place].path) }
  }

  /// What is to be said of characters that a figure's font lacks, of each but once; nil where there is nothing to say.
  mutating func warning(of characters: [Character]) -> String? {
    let new = characters.filter { lacking.insert($0).inserted }
    guard !new.isEmpty else { return nil }
    return
      "the figures' font has no \(Self.list(new)): boxes are drawn instead. It has Latin and Greek letters; a "
      + "caption in the report may hold any"
  }

  /// What is to be said of characters that a saved figure's format has no letters for; nil where there is nothing to say.
  static func warning(of figure: FigureValue, in format: FigureFormat) -> String? {
    let lacking = format.ending == "png" ? [] : format.lackingCharacters(figure.page)
    guard !lacking.isEmpty else { return nil }
    return
      "the fonts of a .\(format.ending) have no \(list(lacking)): others are drawn instead. .svg and .png have more letters"
  }

  private static func list(_ characters: [Character]) -> String {
    let shown = characters.prefix(12).map(name)
    return Kind.list(characters.count > shown.count ? shown + ["\(characters.count - shown.count) more"] : shown)
  }

  /// A character as a terminal can show it alone: others by their number.
  private static func name(_ character: Character) -> String {
    let isPlain = character.unicodeScalars.allSatisfy {
      ![.privateUse, .unassigned, .control, .format, .surrogate].contains($0.properties.generalCategory)
    }
    let isMark = character.unicodeScalars.first.map {
      [.nonspacingMark, .enclosingMark, .spacingMark].contains($0.properties.generalCategory)
    }
    guard isPlain, isMark == false else {
      return character.unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
        .joined(separator: " ")
    }
    return "'\(character)'"
  }

  /// `figure-03.png`, `report-2-figure-03.png`
  private func name(_ number: Int) -> String {
    let digits = String(number)
    let padding = String(repeating: "0", count: max(0, 2 - digits.count))
    return (reports > 1 ? "report-\(reports)-" : "") + "figure-\(padding)\(digits).png"
  }

  private static func fingerprint(_ frames: [Bitmap]) -> Fingerprint {
    var fingerprint = Fingerprint()
    for picture in frames {
      fingerprint.add(picture.width)
      fingerprint.add(picture.bytes)
    }
    return fingerprint
  }
}
