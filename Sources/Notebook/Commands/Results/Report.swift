import BVAELanguage
import BVAEPlatform

struct TableCommand: Command {
  static let about = CommandAbout(
    "table", in: .results, "shows a table and puts it into the report",
    example: """
      ones = load mnist digits 1 count 64
      model = vae for ones latents 4
      table (measure model on ones) caption "Before training"
      """)

  @Positional("the table") var table: TableValue
  @Option("what it shows", .text, default: .described("the table's own")) var caption: String?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    let caption = table.honest(caption ?? table.caption)
    session.workspace.report.add(table: table.table, caption: caption, code: session.takeRanLines())
    if let caption { try session.host.show(text: caption) }
    try session.show(.object(table), as: table.table.text(width: session.host.columns))
    return .nothing
  }
}

struct ReportCommand: Command {
  static let about = CommandAbout(
    "report", in: .results,
    "writes the report so far as Markdown, with 'html' also as one page; or begins a new one",
    details: "It holds the script's prose, figures and tables in order, and their provenance. The page stands beside "
      + "the Markdown, report.html for report.md. It holds its figures in itself, with the code that made each part "
      + "folded away, and needs nothing else: no network, no scripts, no other file. A path that ends in .html gives "
      + "the page alone. 'report new' starts an empty report, whose figures are numbered from 1 again, in files of "
      + "their own.",
    example: """
      | # A report
      report "report.md" html
      """)

  @Positional("the file, .md or .html", .outputPath, .keyword("new")) var path: PathOrWord
  @Switch("writes the page too") var html: Bool

  var rules: [Rule] {
    [
      { _ in $path.word == "new" && html ? [$html.failure("'report new' writes no file")] : [] },
      { _ in
        guard let path = $path.path, let (message, hint) = Workspace.mistake(inReportPath: path.whole ?? path.name)
        else { return [] }
        return [$path.failure(message, hint: hint)]
      },
    ]
  }

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    guard case .path(let path) = path else {
      session.workspace.beginReport()
      _ = session.takeRanLines()
      return .nothing
    }
    let files = try $path.blaming { try session.workspace.writeReport(to: path, alsoAsPage: html, session: session) }
    session.host.note("report: \(files.joined(separator: ", "))")
    return .nothing
  }
}

/// A path, or a word in its place.
enum PathOrWord: ArgumentValue {
  case path(String)
  case word(String)

  static func read(_ content: Given.Content?, for parameter: Parameter, of verb: String) -> PathOrWord? {
    if case .word(let word) = content { return .word(word) }
    return String.read(content, for: parameter, of: verb).map { .path($0) }
  }
}

extension Workspace {
  /// What is wrong with the name of a report, and a hint; nil where it is Markdown or a page, or a device or a pipe.
  package static func mistake(inReportPath path: String) -> (message: String, hint: String)? {
    if path.isEmpty || FileForm.isIn(path, ["md", "markdown", "html", "htm"])
      || Files.exists(path) && !Files.isRegular(path)
    {
      return nil
    }
    let (message, hint) = FileForm.mistake("a report", ["md", "html"], path)
    guard FileForm.isIn(path, ["pdf"]) else { return (message, hint) }
    return (message, "write a page, '\(FileForm.stem(Path.name(path))).html', and print it from a browser")
  }
}
