import BVAELanguage
import BVAEPlatform
import BVAERendering

extension CommandDeclaration {
  static let figure = CommandDeclaration(
    "figure", group: .results,
    summary: "writes a figure as a PNG and puts it into the report",
    details: "Without a path the file goes to the figures' folder (--figures, else Figures) under its number. A second "
      + "figure in the same file takes the place of the first in the report, with a warning where it shows something "
      + "else: in a loop, give each a path of its own, such as \"latent-{k}.png\", or none. The PNG "
      + "carries its provenance in text chunks: program, script, line, seed, model, latents and ranges.",
    parameters: [
      .positional("figure", "what 'sheet', 'plot' or 'diagram' drew", .object(FigureValue.self)),
      .positional("path", "the file", .outputPath, optional: true),
      .option("number", "the figure's number", .integer(0...100_000), default: .described("the next one")),
      .option("caption", "what it shows", .text, default: .described("the figure's own title")),
    ],
    defaultOutput: "png",
    example: """
      ones = load mnist digits 1 count 64
      figure (sheet ones) caption "The first ones"
      """,
    check: { call in
      guard let ending = call.fileExtension("path"), ending != "png", let name = call.fileName("path") else {
        return []
      }
      let (message, hint) = FileForm.mistake("a figure", ["png"], name)
      return [call.mistake("path", message, hint: hint)]
    }
  ) { call, session in
    let value = try call.object("figure", as: FigureValue.self)
    let workspace = session.workspace
    let (number, path) = workspace.figures.place(
      path: try call.textIfAny("path"), number: try call.integerIfAny("number"), folder: workspace.figuresFolder,
      in: workspace.report)
    let caption = value.honest(try call.textIfAny("caption") ?? value.title) ?? value.title
    guard FileForm.isIn(path, ["png"]) else {
      let (message, hint) = FileForm.mistake("a figure", ["png"], path)
      throw call.failure("path", message, hint: hint)
    }
    var picture = value.markedPicture
    if let earlier = workspace.figures.figure(at: path, in: workspace.report) {
      if earlier.caption != caption || !workspace.figures.holds(picture.bitmap, at: path) {
        let hint = call.wasGiven("path") ? "give each figure a path of its own" : "give each a number of its own"
        session.host.warn("figure \(number) replaces '\(earlier.caption)' in the same file, '\(path)'; \(hint)")
      }
    } else if let other = workspace.report.figure(number), other.caption != caption {
      session.host.warn("figure \(number) has the number of '\(other.caption)'; give each a number of its own")
    }
    picture.notes.insert(("Title", "Figure \(number): \(caption)"), at: 0)
    try call.blaming(call.wasGiven("path") ? "path" : "figure") {
      let bytes = try PNG.encode(picture)
      try Files.makingFolders(for: path) { try Files.write(bytes, to: path) }
    }
    workspace.figures.note(picture.bitmap, at: path)
    if let warning = workspace.figures.warning(of: value.lackingCharacters) { session.host.warn(warning) }
    let entry = workspace.report.add(
      figure: path, number: number, caption: caption, code: session.takeRanLines())
    try session.host.show(text: "\(entry.title): \(path)")
    let bitmap = picture.bitmap
    try session.host.show(picture: Preview(title: "", bitmap))
    return .nothing
  }
}

/// The forms of files that values are written in, told by the endings of their names.
enum FileForm {
  /// Whether a path ends in one of the forms.
  static func isIn(_ path: String, _ forms: [String]) -> Bool { forms.contains(Path.fileExtension(path)) }

  /// A name without its ending.
  static func stem(_ name: String) -> String {
    Path.fileExtension(name).isEmpty ? name : String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
  }

  /// What is said where it does not, and a hint: `a figure must be saved as .png, not 'x.jpg'`.
  static func mistake(_ what: String, _ forms: [String], _ path: String) -> (message: String, hint: String) {
    (
      "\(what) must be saved as \(Kind.alternatives(forms.map { "." + $0 })), not '\(Path.name(path))'",
      "call it '\(stem(Path.name(path))).\(forms[0])'"
    )
  }
}
