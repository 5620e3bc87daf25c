import Platform
import Rendering

extension CommandDeclaration {
  static let figure = CommandDeclaration(
    "figure", group: .results,
    summary: "writes a figure as a PNG and puts it into the report",
    details: "Without a path the file goes to the figures' folder (--figures, else Figures) under its number. The PNG "
      + "carries its provenance in text chunks: program, script, line, seed, model, latents and ranges.",
    parameters: [
      .positional("figure", "what 'sheet', 'plot' or 'diagram' drew", .object(FigureValue.self)),
      .positional("path", "the file", .outputPath, optional: true),
      .option("number", "the figure's number", .integer(0...100_000), default: .described("the next one")),
      .option("caption", "what it shows", .text, default: .described("the figure's own title")),
    ],
    example: """
      ones = load mnist digits 1 count 64
      figure (sheet ones) caption "The first ones"
      """,
    check: { call in
      guard let ending = call.fileExtension("path"), ending != "png", case .text(let path) = call.literal("path") else {
        return []
      }
      return [call.mistake("path", notPNG(path))]
    }
  ) { call, session in
    let value = try call.object("figure", as: FigureValue.self)
    let workspace = session.workspace
    let number = try call.integerIfAny("number") ?? workspace.report.nextFigureNumber
    let caption = value.honest(try call.textIfAny("caption") ?? value.title) ?? value.title
    let path = try call.textIfAny("path") ?? Path.join(workspace.figuresFolder, fileName(number))
    guard Path.fileExtension(path) == "png" else {
      throw call.failure("path", notPNG(path))
    }
    if let other = workspace.report.figure(number), other.caption != caption {
      let what = other.path == path ? "replaces" : "has the number of"
      session.host.warn("figure \(number) \(what) '\(other.caption)'; give each a number of its own")
    }
    var picture = value.markedPicture
    picture.notes.insert(("Title", "Figure \(number): \(caption)"), at: 0)
    try call.blaming(call.wasGiven("path") ? "path" : "figure") {
      let bytes = try PNG.encode(picture)
      try Files.makeDirectory(Path.parent(path))
      try Files.write(bytes, to: path)
    }
    let entry = workspace.report.add(
      figure: path, number: number, caption: caption, code: session.takeRanLines())
    try session.host.show(text: "\(entry.title): \(path)")
    let bitmap = picture.bitmap
    try session.host.show(
      picture: Preview(title: "", width: bitmap.width, height: bitmap.height, pixels: bitmap.colored.bytes))
    return .nothing
  }

  private static func notPNG(_ path: String) -> String {
    "figures are written as .png, '\(Path.name(path))' does not end so"
  }

  /// `figure-03.png`
  private static func fileName(_ number: Int) -> String {
    let digits = String(number)
    return "figure-" + String(repeating: "0", count: max(0, 2 - digits.count)) + digits + ".png"
  }
}
