import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Glibc
import Testing

/// The repository's own documents and scripts: what they say is what the program does.
@Suite("Documents")
struct DocumentTests {
  static let root = Path.absolute(Path.join(Path.parent(#filePath), "../.."))

  /// Runs the program in a folder, with its trained models kept in a folder of this test run.
  static func run(_ arguments: [String], in folder: String) throws -> Finished {
    let store = Machine.environment("BVAE_TEST_STORE") ?? Path.join(scratch, "store")
    let output = Path.join(folder, "output.txt"), error = Path.join(folder, "error.txt")
    let child = try Child(
      arguments, standardInput: "/dev/null", standardOutput: output, standardError: error, folder: folder,
      environment: ["BVAE_STORE": store])
    let status = child.wait()
    return Finished(status: status, output: try Files.readText(output), error: try Files.readText(error))
  }

  static let scratch = Path.join(Machine.environment("TMPDIR") ?? "/tmp", "bvae-script-tests/documents-\(getpid())")

  static func folder(_ name: String) throws -> String {
    let folder = Path.join(scratch, name)
    try Files.makeDirectory(folder)
    return folder
  }

  /// The code blocks of a document that are marked as scripts.
  static func scripts(in document: String) throws -> [String] {
    let text = try Files.readText(Path.join(root, document))
    return text.split(separator: "```bvs\n").dropFirst().compactMap { block in
      block.split(separator: "\n```", maxSplits: 1).first.map(String.init)
    }
  }

  @Test("Every example of the README runs")
  func readme() throws {
    let scripts = try Self.scripts(in: "README.md")
    #expect(scripts.count >= 4)
    for (index, script) in scripts.enumerated() {
      let finished = try Self.run(["-e", script], in: try Self.folder("readme-\(index)"))
      #expect(finished.status == 0, "\(script)\n\(finished.error)")
    }
    let report = try Files.readText(Path.join(Self.scratch, "readme-2/report.md"))
    #expect(report.contains("The model saw each image 2 times."))
  }

  @Test("The mistake that the README shows is told as it says")
  func mistake() throws {
    let text = try Files.readText(Path.join(Self.root, "README.md"))
    let shown = text.split(separator: "```text\n")[1].split(separator: "```")[0]
    let line = "history = train model on ones epoch 200"
    let folder = try Self.folder("mistake")
    try Files.write(
      "ones = load mnist digits 1 count 200\n\nmodel = vae for ones\n\(line)\n", to: Path.join(folder, "first.bvs"))
    let finished = try Self.run(["first.bvs"], in: folder)
    #expect(finished.status == 2)
    #expect(finished.error == shown)
  }

  @Test("The example of every command runs")
  func examples() throws {
    let folder = try Self.folder("examples")
    // 'open' opens what the example of 'save' wrote.
    let commands = Vocabulary.full.commands.sorted { $0.name != "open" && $1.name == "open" }
    // 'fetch' needs a network.
    for command in commands where command.name != "fetch" {
      let finished = try Self.run(["-e", command.about.example], in: folder)
      #expect(finished.status == 0, "\(command.name)\n\(finished.error)")
    }
  }

  @Test("The README's tables of keys and commands are those of the declarations")
  func commandTable() throws {
    try expectTable("keys", PromptKey.markdownTable)
    try expectTable("commands", Vocabulary.full.markdownCommandTable)
  }

  /// Compares what the README has between the marks of a table, or writes it.
  private func expectTable(_ name: String, _ content: String) throws {
    let path = Path.join(Self.root, "README.md"), text = try Files.readText(path)
    let start = "<!-- \(name): written by the tests from the declarations (BVAE_RECORD=1) -->\n", end = "<!-- end -->"
    let parts = text.split(separator: start, omittingEmptySubsequences: false)
    #expect(parts.count == 2)
    let rest = parts[1].split(separator: end, maxSplits: 1, omittingEmptySubsequences: false)
    let table = content + "\n"
    if Machine.environment("BVAE_RECORD") != nil {
      try Files.write([String(parts[0]), start, table, end, String(rest[1])].joined(), to: path)
    } else {
      #expect(String(rest[0]) == table)
    }
  }

  @Test(
    "The scripts of the repository are free of mistakes",
    arguments: [
      "quickstart.bvs", "analyse.bvs", "explore-codes.bvs", "appendix.bvs", "systems.bvs",
      "reference/check_interpretation.bvs",
    ])
  func scripts(name: String) throws {
    let finished = try Self.run(["--check", Path.join(Self.root, "Scripts/\(name)")], in: try Self.folder(name))
    #expect(finished.status == 0, "\(finished.error)")
  }

  @Test("What the scripts of the repository write by themselves lies in a folder that Git ignores")
  func ignoredOutput() throws {
    let ignored = try Files.readText(Path.join(Self.root, ".gitignore")).split(separator: "\n")
    #expect(ignored.contains("/Output/"))
    for name in ["quickstart.bvs", "analyse.bvs", "explore-codes.bvs", "appendix.bvs", "systems.bvs"] {
      let text = try Files.readText(Path.join(Self.root, "Scripts/\(name)"))
      // Every path in quotes that is written out begins there.
      let quoted = text.split(separator: "\"").filter { $0.hasPrefix("Figures/") || $0.hasPrefix("Output/") }
      #expect(!quoted.isEmpty && quoted.allSatisfy { $0.hasPrefix("Output/") }, "\(name): \(quoted)")
    }
  }

  @Test("The analysis runs from end to end in its shortest form")
  func analysis() throws {
    let folder = try Self.folder("analysis")
    let settings = ["epochs=1", "count=64", "each=7", "latents=3"].flatMap { ["--set", $0] }
    let finished = try Self.run(settings + [Path.join(Self.root, "Scripts/analyse.bvs")], in: folder)
    #expect(finished.status == 0, "\(finished.error)")
    let figures = try Files.list(Path.join(folder, "Output/analyse")).filter { $0.hasSuffix(".png") }
    #expect(figures.count == 2 + 2 + 3 + 3)
    let report = try Files.readText(Path.join(folder, "Output/analyse/report.md"))
    for figure in figures { #expect(report.contains("(\(figure))"), "\(figure)") }
  }

  @Test("What can be done with codes runs from end to end in its shortest form")
  func codes() throws {
    let folder = try Self.folder("codes")
    let settings = ["epochs=1", "count=400", "tests=200", "seeds=2"].flatMap { ["--set", $0] }
    let finished = try Self.run(settings + [Path.join(Self.root, "Scripts/explore-codes.bvs")], in: folder)
    #expect(finished.status == 0, "\(finished.error)")
    let place = Path.join(folder, "Output/codes")
    let report = try Files.readText(Path.join(place, "report.md"))
    let figures = try Files.list(place).filter { $0.hasPrefix("figure-") || $0.hasSuffix(".gif") }
    #expect(figures.count == 13)
    for figure in figures { #expect(report.contains("(\(figure))"), "\(figure)") }
  }

  @Test("The comparison of the systems runs from end to end in its shortest form")
  func systems() throws {
    let folder = try Self.folder("systems")
    let settings = ["steps=4", "mnist_steps=4", "count=128", "digits=128", "tests=100"].flatMap { ["--set", $0] }
    let finished = try Self.run(settings + [Path.join(Self.root, "Scripts/systems.bvs")], in: folder)
    #expect(finished.status == 0, "\(finished.error)")
    let place = Path.join(folder, "Output/systems")
    let figures = try Files.list(place).filter { $0.hasSuffix(".png") }
    #expect(figures.count == 10 + 11)
    let report = try Files.readText(Path.join(place, "report.md"))
    for figure in figures { #expect(report.contains("(\(figure))"), "\(figure)") }
    for system in ["Autoencoder", "VAE", "β-VAE", "Capacity-annealed β-VAE", "FactorVAE", "DC-IGN", "InfoGAN"] {
      #expect(report.contains("| \(system) | "), "\(system)")
    }
  }

  @Test("The appendix runs from end to end in its shortest form: 51 figures and a verdict on each claim")
  func appendix() throws {
    let folder = try Self.folder("appendix")
    let settings = ["epochs=1", "count=60", "each=6"].flatMap { ["--set", $0] }
    let finished = try Self.run(settings + [Path.join(Self.root, "Scripts/appendix.bvs")], in: folder)
    #expect(finished.status == 0, "\(finished.error)")
    let place = Path.join(folder, "Output/appendix")
    let figures = try Files.list(place).filter { $0.hasSuffix(".png") }
    for number in 1...51 { #expect(figures.contains("figure-\(number < 10 ? "0" : "")\(number).png")) }
    let report = try Files.readText(Path.join(place, "report.md"))
    for figure in figures { #expect(report.contains("(\(figure))"), "\(figure)") }
    // Each verdict opens its paragraph; where scores of one seed decide, it says so.
    let verdicts = report.split(separator: "\n").filter { line in
      ["**Supported", "**Partly supported", "**Not supported"].contains { line.hasPrefix($0) }
    }
    #expect(verdicts.count == 7)
    #expect(
      verdicts.count { $0.contains("supported, on one seed:**") || $0.contains("Supported, on one seed:**") } == 2)
    #expect(verdicts.allSatisfy { $0.contains(":** ") }, "\(verdicts)")
    #expect(try Files.list(place).contains("report.html"))
  }
}
