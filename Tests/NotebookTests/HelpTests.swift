import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// Help with the whole language.
@Suite("Help")
struct HelpTests {
  private let vocabulary = Vocabulary.full

  @Test("help fits on one screen, and names every command and statement")
  func overview() {
    let lines = vocabulary.helpOverview.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 23)
    #expect(lines.allSatisfy { $0.count <= 80 })
    let words = Set(vocabulary.helpOverview.split { $0 == " " || $0 == "\n" })
    for command in vocabulary.commands { #expect(words.contains(Substring(command.name)), "\(command.name)") }
    for statement in ["for", "if", "define", "include"] { #expect(words.contains(Substring(statement))) }
  }

  @Test("every page keeps to 80 columns, but for what stands in one word")
  func width() {
    for topic in vocabulary.helpTopics {
      let page = vocabulary.help(topic) ?? ""
      #expect(!page.isEmpty, "\(topic)")
      for line in page.split(separator: "\n") where line.count > 80 {
        // Examples are not broken.
        let example = vocabulary.command(topic)?.about.example ?? ""
        #expect(example.contains(line.drop { $0 == " " }), "\(topic): \(line)")
      }
    }
  }

  @Test("a command's page tells what it takes, of which kind, what holds otherwise, and what is related")
  func command() {
    let words = (vocabulary.help("train") ?? "").split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    for part in [
      "train MODEL on DATASET [epochs 200]", "epochs N", "a whole number from 1 to 1000000 (200)",
      "a number above 0 (0.0005)", "Gives a history.", "Example ones = load mnist", "Related: ", "plot",
    ] { #expect(words.contains(part), "\(part)") }
    for command in vocabulary.commands {
      let page = vocabulary.help(command.name) ?? ""
      guard let start = page.firstRange(of: "\n\nRelated: ") else {
        Issue.record("\(command.name) has nothing related")
        continue
      }
      let names = page[start.upperBound...].split(separator: "\n\n")[0].split { ", \n".contains($0) }
      #expect(!names.isEmpty)
      for name in names { #expect(vocabulary.command(String(name)) != nil && name != command.name, "\(name)") }
    }
  }

  @Test("a word finds the commands, settings, fields and functions that have to do with it")
  func words() {
    let latents = vocabulary.help("latents") ?? ""
    for part in ["vae … latents N", "sweep … latents", "model.latents", "code.latents"] {
      #expect(latents.contains(part), "\(part)")
    }
    #expect((vocabulary.help("latent") ?? "").contains("vae … latents N"))
    let seed = vocabulary.help("seed") ?? ""
    #expect(seed.contains("Settings\n  set seed N") && seed.contains("train … seed N"))
    #expect((vocabulary.help("gaussian") ?? "").contains("vae … likelihood"))
    #expect((vocabulary.help("PNG") ?? "").contains("figure"))
    #expect(vocabulary.help("trian") == nil && vocabulary.help("x") == nil)
  }

  @Test(
    "what a user calls a thing finds its page, whatever the case of its letters",
    arguments: [
      ("TRAIN", "train MODEL on"), ("Train", "train MODEL on"), ("load mnist", "load mnist|"),
      ("while", "while CONDITION"),
      ("break", "'for' goes through"), ("else", "if CONDITION"), ("loops", "'for' goes through"),
      ("comments", "What stands behind #"),
      ("strings", "A text is written between"), ("index", "A list stands in ["), ("operators", "Loosest first"),
      ("+", "Loosest first"),
      ("keys", "At the prompt"), ("keyboard", "At the prompt"), ("plotting", "plot line X Y"),
      ("color", "NO_COLOR"),
      ("arguments", "What stands behind the script's name"), ("true", "true and false come"),
      ("language", "A statement is a line"),
      ("range", "0..9 goes from 0 to 9"), ("~", "A path is a text"), (".loss", "history.loss"),
      ("model.beta", "a β-VAE or another model"),
      ("check", "A script is checked as a whole"), ("numbers", "0.1 + 0.2 is 0.30000000000000004"),
    ])
  func topics(topic: String, part: String) {
    #expect(
      vocabulary.help(topic)?.lowercased().contains(part.lowercased()) == true, "\(vocabulary.help(topic) ?? "nothing")"
    )
  }

  @Test("help is asked for word for word: with quotes, several words, signs and in any case")
  func asking() {
    func shown(_ line: String) -> String {
      let host = RecordingHost()
      let outcome = Session.full(host: host).run(Source(name: "t", text: line))
      return (host.shown + ending(outcome)).joined(separator: "\n")
    }
    for line in ["help train", "help TRAIN", "help \"train\"", "help train epochs"] {
      #expect(shown(line).hasPrefix("train MODEL on DATASET"), "\(line)")
    }
    #expect(shown("help +").contains("Loosest first") && shown("help .loss").contains("history.loss"))
    #expect(
      shown("help trian").contains("there is no help on 'trian'")
        && shown("help trian").contains("did you mean 'train'?"))
    #expect(shown("help") == vocabulary.helpOverview)
  }

  @Test("the overview of the language names every page, and every topic that it names is there")
  func languagePage() {
    let page = (vocabulary.help("language") ?? "").split { " ,.\n".contains($0) }.map(String.init)
    for topic in vocabulary.helpTopics.suffix(20) where topic != "language" && vocabulary.command(topic) == nil {
      #expect(page.contains(topic), "\(topic)")
    }
  }

  @Test("every function has an example, and each runs")
  func functionExamples() throws {
    for function in vocabulary.functions {
      let page = vocabulary.help(function.name) ?? ""
      let parts = page.split(separator: "Example\n")
      try #require(parts.count == 2, "\(function.name)")
      let script = parts[1].split(separator: "\n").prefix { $0.hasPrefix("  ") }.map { $0.dropFirst(2) }
        .joined(separator: "\n")
      #expect(script.contains("\(function.name)("))
      let host = RecordingHost()
      let outcome = Session.full(host: host).run(Source(name: "example", text: script))
      #expect(ending(outcome) == [], "\(script)")
      #expect(host.warnings.isEmpty)
    }
  }

  @Test("the example of every statement runs", arguments: ["for", "if", "define", "include", "prose"])
  func statementExamples(topic: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("other.bvs", "print \"included\"\n")
    let parts = (vocabulary.help(topic) ?? "").split(separator: "Example\n")
    try #require(parts.count == 2)
    let script = parts[1].split(separator: "\n").map { $0.dropFirst(2) }.joined(separator: "\n")
    let host = RecordingHost()
    let outcome = Session.full(host: host).run(Source(name: "example", folder: folder.path, text: script))
    #expect(ending(outcome) == [], "\(script)")
    #expect(host.warnings.isEmpty && host.shown.isEmpty == (topic == "prose"))
  }

  @Test("a type's page tells its fields and what makes it")
  func types() {
    let page = vocabulary.help("history") ?? ""
    #expect(page.contains(".loss") && page.contains("Made by: train"))
    #expect((vocabulary.help("values") ?? "").contains("dataset"))
  }
}
