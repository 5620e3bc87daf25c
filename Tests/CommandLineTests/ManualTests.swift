import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// What the repository writes from the declarations.
@Suite("Generated files")
struct ManualTests {
  /// The options as `--help` tells them.
  static func options() throws -> [ManualPage.Option] {
    let help = try bvaeScript("--help").output
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false).drop { $0 != "OPTIONS:" }.dropFirst()
    var found: [(names: String, summary: String)] = []
    for line in lines where !line.isEmpty {
      let text = line.drop { $0 == " " }
      let indent = line.count - text.count
      if indent == 2, let gap = text.firstRange(of: "  ") {
        found.append((String(text[..<gap.lowerBound]), String(text[gap.upperBound...].drop { $0 == " " })))
      } else if indent == 2 {
        found.append((String(text), ""))
      } else if !found.isEmpty {
        let before = found[found.count - 1].summary
        found[found.count - 1].summary = before.isEmpty ? String(text) : before + " " + text
      }
    }
    return found.map { ManualPage.Option(names: $0.names, summary: $0.summary) }
  }

  @Test("The manual page is that of the declarations and of --help")
  func manual() throws {
    let options = try Self.options()
    #expect(options.count >= 12)
    let page = ManualPage.text(.full, options: options, version: Workspace.version)
    try expect(page, "Scripts/bvae-script.1")
    for command in Vocabulary.full.commands { #expect(page.contains(".TP\n\\fB\(command.name)"), "\(command.name)") }
    for option in ["\\-\\-check", "\\-\\-watch", "\\-\\-set"] { #expect(page.contains(option), "\(option)") }
    // A line that begins with a dot or an apostrophe is a request; all requests are known ones.
    let requests = [
      ".TH", ".SH", ".SS", ".PP", ".TP", ".IP", ".RS", ".RE", ".nf", ".fi", ".nh", ".ad", ".br", ".B", ".\\\"", "'\\\"",
    ]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(requests.contains(String(line.prefix { $0 != " " })), "\(line)")
    }
  }

  @Test("The grammar for editors is that of the declarations")
  func grammar() throws {
    try expect(TextMateGrammar.json(.full), "Scripts/editors/vscode/syntaxes/bvs.tmLanguage.json")
  }

  /// Compares with a file of the repository, or writes it.
  private func expect(_ text: String, _ name: String, _ place: SourceLocation = #_sourceLocation) throws {
    let path = Path.join(DocumentTests.root, name)
    if Machine.environment("BVAE_RECORD") != nil {
      try Files.makeDirectory(Path.parent(path))
      try Files.write(text, to: path)
    }
    #expect(
      text == (try? Files.readText(path)), "\(name) is not up to date; BVAE_RECORD=1 writes it", sourceLocation: place)
  }
}
