import BVAELanguage
import BVAEPlatform

extension CommandDeclaration {
  static let table = CommandDeclaration(
    "table", group: .results,
    summary: "shows a table and puts it into the report",
    parameters: [
      .positional("table", "the table", .object(TableValue.self)),
      .option("caption", "what it shows", .text, default: .described("the table's own")),
    ],
    example: """
      ones = load mnist digits 1 count 64
      model = vae for ones latents 4
      table (measure model on ones) caption "Before training"
      """
  ) { call, session in
    let value = try call.object("table", as: TableValue.self)
    let caption = value.honest(try call.textIfAny("caption") ?? value.caption)
    session.workspace.report.add(table: value.table, caption: caption, code: session.takeRanLines())
    if let caption { try session.host.show(text: caption) }
    try session.host.show(text: value.table.text(width: session.host.columns))
    return .nothing
  }

  static let report = CommandDeclaration(
    "report", group: .results,
    summary: "writes the report so far as Markdown, with 'html' also as one page; or begins a new one",
    details: "It holds the script's prose, its figures and tables in their order, and where everything came from. The "
      + "page stands beside the Markdown, report.html for report.md. It holds its figures in itself, with the code that "
      + "made each part folded away, and needs nothing else: no network, no scripts, no other file. A path that ends in "
      + ".html gives the page alone. 'report new' begins a report without what has come into it so far: its figures are "
      + "numbered from 1 again, in files of their own.",
    parameters: [
      .positional("path", "the file, .md or .html", .outputPath, .keyword("new")),
      .toggle("html", "writes the page too"),
    ],
    example: """
      | # A report
      report "report.md" html
      """,
    check: { call in
      guard let name = call.fileName("path"), let (message, hint) = Workspace.mistake(inReportPath: name)
      else { return [] }
      return [call.mistake("path", message, hint: hint)]
    }
  ) { call, session in
    if try call.wordIfAny("path") == "new" {
      if call.isSet("html") { throw call.failure("html", "'report new' writes no file") }
      session.workspace.beginReport()
      _ = session.takeRanLines()
      return .nothing
    }
    let path = try call.text("path")
    if let (message, hint) = Workspace.mistake(inReportPath: path) { throw call.failure("path", message, hint: hint) }
    let files = try call.blaming("path") {
      try session.workspace.writeReport(to: path, alsoAsPage: call.isSet("html"), session: session)
    }
    session.host.note("report: \(files.joined(separator: ", "))")
    return .nothing
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
