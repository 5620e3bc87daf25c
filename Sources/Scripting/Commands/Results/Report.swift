import Platform

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
    try session.host.show(text: value.table.text())
    return .nothing
  }

  static let report = CommandDeclaration(
    "report", group: .results,
    summary: "writes the report so far as Markdown, with 'html' also as one page",
    details: "It holds the script's prose, its figures and tables in their order, and where everything came from. The "
      + "page stands beside the Markdown, report.html for report.md. It holds its figures in itself, with the code that "
      + "made each part folded away, and needs nothing else: no network, no scripts, no other file. A path that ends in "
      + ".html gives the page alone.",
    parameters: [.positional("path", "the file", .outputPath), .toggle("html", "writes the page too")],
    example: """
      | # A report
      report "report.md" html
      """
  ) { call, session in
    let path = try call.text("path")
    let files = try call.blaming("path") {
      try session.workspace.writeReport(to: path, alsoAsPage: call.isSet("html"), session: session)
    }
    session.host.note("report: \(files.joined(separator: ", "))")
    return .nothing
  }
}
