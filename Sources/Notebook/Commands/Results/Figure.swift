import BVAELanguage
import BVAEPlatform
import BVAERendering

struct FigureCommand: Command {
  static let about = CommandAbout(
    "figure", in: .results, "writes a figure or an animation to a file and puts it into the report",
    details: "Without a path the file goes to the figures' folder (--figures, else Figures) under its number. A second "
      + "figure in the same file takes the place of the first in the report, with a warning where it shows something "
      + "else: in a loop, give each a path of its own, such as \"latent-{k}.png\", or none. A figure is written as .png "
      + "or .svg, an animation as .gif or, without a path too, as .png (APNG); reports play both. The file "
      + "carries its provenance: program, script, line, seed, model, latents and ranges. 'save' writes figures as .pdf, "
      + "too.",
    defaultOutput: "png",
    example: """
      ones = load mnist digits 1 count 64
      figure (sheet ones) caption "The first ones"
      """)

  @Positional(
    name: "figure", "what 'sheet', 'plot', 'diagram' or 'animate' gave",
    anyOf: ValueKinds.taking { $0 is any PictureValue.Type })
  var shown: Able<any PictureValue>
  @Positional("the file", .outputPath) var path: String?
  @Option("the figure's number", .integer(0...100_000), default: .described("the next one")) var number: Int?
  @Option("what it shows", .text, default: .described("the figure's own title")) var caption: String?

  var rules: [Rule] {
    [
      { _ in
        // What it is may be known only when it runs.
        let picture = $shown.type.flatMap(ValueKinds.named) as? any PictureValue.Type
        if $path.path?.ending == "pdf", picture is FigureValue.Type {
          return [
            $path.failure(
              "a report shows no .pdf; a figure in it must be .png or .svg", hint: "'save' writes figures as .pdf")
          ]
        }
        return $path.mistakes(
          for: picture.map { ValueType.object($0).description } ?? "a figure",
          endings: picture?.reportEndings ?? FigureValue.reportEndings + ["gif"])
      }
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let workspace = session.workspace, figure = shown.value
    let (number, path) = workspace.figures.place(
      path: self.path, number: self.number, folder: workspace.figuresFolder, in: workspace.report)
    let caption = figure.honest(self.caption ?? figure.title) ?? figure.title
    if let earlier = workspace.figures.figure(at: path, in: workspace.report) {
      if earlier.caption != caption || !workspace.figures.holds(figure.bitmaps, at: path) {
        let hint = $path.wasGiven ? "give each figure a path of its own" : "give each a number of its own"
        session.host.warn("figure \(number) replaces '\(earlier.caption)' in the same file, '\(path)'; \(hint)")
      }
    } else if let other = workspace.report.figure(number), other.caption != caption {
      session.host.warn("figure \(number) has the number of '\(other.caption)'; give each a number of its own")
    }
    let place: any DeclaredArgument = $path.wasGiven ? $path : $shown
    try place.blaming {
      let bytes = try figure.encoded(for: path, title: "Figure \(number): \(caption)")
      try Files.makingFolders(for: path) { try Files.write(bytes, to: path) }
    }
    workspace.figures.record(figure.bitmaps, at: path)
    if let warning = workspace.figures.warning(of: figure.lackingCharacters) { session.host.warn(warning) }
    let entry = workspace.report.add(
      figure: path, number: number, caption: caption, code: session.takeRanLines())
    try session.host.show(text: "\(entry.title): \(path)")
    try session.host.show(picture: Preview(title: "", alternative: entry.title, figure.bitmaps[0]))
    return .nothing
  }
}

extension DeclaredArgument {
  /// What is wrong with the ending of a path, as far as it is known; nothing where it is one of those.
  func mistakes(for what: String, endings: [String]) -> [ScriptFailure] {
    guard let path, !endings.contains(path.ending) else { return [] }
    let (message, hint) = FileForm.mistake(what, endings, path.name)
    return [failure(message, hint: hint)]
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

  /// What is said where it does not, and a hint: `a figure must be saved as .png or .svg, not 'x.jpg'`.
  static func mistake(_ what: String, _ forms: [String], _ path: String) -> (message: String, hint: String) {
    (
      "\(what) must be saved as \(Kind.alternatives(forms.map { "." + $0 })), not '\(Path.name(path))'",
      "call it '\(stem(Path.name(path))).\(forms[0])'"
    )
  }
}
