import BVAELanguage
import BVAENotebook
import Testing

/// A command whose declaration does not fit together.
private struct Wrong: Command {
  static let about = CommandAbout("for", in: .data, "", example: "")

  @Positional("", .number) var a: Double?
  @Positional("", .number) var b: Double
  @Option(name: "a", "", .number) var again: Double?
  @Option("", .count, default: 0) var and: Int
  @Option("", .words(["x"]), default: "y") var c: NameValue?
  @Option("") var d: Int?

  func run(_ site: CallSite, _ session: Session) throws -> Value { .nothing }
}

@Test("the declarations of the commands fit together")
func declarationsAreConsistent() {
  #expect(Vocabulary.full.inconsistencies == [])
  #expect(
    Vocabulary(commands: [Wrong.self, Wrong.self]).inconsistencies.prefix(8) == [
      "for: a reserved word", "for b: follows an optional one", "for a: twice", "for and: a reserved word",
      "for and: default is not taken", "for c: default is not taken", "for d: takes nothing", "for: twice",
    ])
}

@Test("every page of help on a statement has an example without mistakes", arguments: ["for", "if", "define", "prose"])
func helpExamplesRun(_ topic: String) throws {
  let page = try #require(Vocabulary.full.help(topic))
  let example = try #require(page.split(separator: "\n").split(separator: "Example").last)
  #expect(mistakes(example.joined(separator: "\n")).isEmpty)
}

@Test("help shows the declarations")
func helpIsGolden() throws {
  var text = run("help")
  for topic in Vocabulary.full.helpTopics { text += "\n\n== help \(topic)\n\(run("help \(topic)"))" }
  try expectGolden(text, "help.txt")
}

@Test("the README's tables follow from the declarations")
func markdownIsGolden() throws {
  try expectGolden(Vocabulary.full.markdownCommandTable + "\n\n" + Vocabulary.full.markdownReference, "reference.md")
}

@Test("the syntax of a command is that of the language's description")
func syntax() {
  func syntax(_ name: String) -> String? { Vocabulary.full.command(name)?.syntax }
  #expect(
    syntax("train")
      == "train MODEL on DATASET [epochs 200] [batch 64] [rate 0.0005] [decay none|linear|cosine] [ratewarmup N] "
      + "[clip NUMBER] [warmup N] [seed N] [validate DATASET]")
  #expect(syntax("reconstruct") == "reconstruct MODEL DATASET|IMAGE|IMAGES")
  #expect(syntax("figure") == "figure FIGURE|ANIMATION [\"path\"] [number N] [caption \"…\"]")
  #expect(syntax("print") == "print VALUE, …")
  #expect(syntax("help") == "help [COMMAND]")
}

@Test("housekeeping commands show what they are asked for")
func housekeeping() {
  #expect(
    run("b = \"two\\nlines\"\nx = 3\ndata = load mnist count 5\nvariables")
      == "arguments  []\nb          \"two\\nlines\"\ndata       MNIST train: 5 images of 28×28×1, digits 0 1 4 5 9\nx          3"
  )
  let host = RecordingHost()
  #expect(run("x = time sum(0..10)\nprint x\ntime print x + 1", host: host) == "55\n56")
  #expect(host.notes.count == 2 && host.notes.allSatisfy { $0.hasPrefix("time: ") })
  let session = Session(vocabulary: .full, host: host)
  #expect(ending(session.run(Source(name: "t", text: "set seed 3 + 4"))).isEmpty)
  #expect(session.seed == 7)
  #expect(run("print 1\nquit\nprint 2") == "1\nstopped: quit")
  #expect(run("define half x\nx / 2\nend\nhelp half") == "half X\n\nA command of this script.")
}

@Test("completion offers what the declarations allow at the end of a line")
func completion() throws {
  let session = Session(vocabulary: .full, host: RecordingHost())
  _ = session.run(Source(name: "t", text: "ones = load mnist count 3\nmodel = vae for ones\ndefine half x\nx / 2\nend"))
  func offers(_ line: String) -> [String] { session.completions(of: line).completions.map(\.text) }
  #expect(offers("tr") == ["train"])
  #expect(offers("h = tr") == ["train"])
  #expect(offers("fo") == ["for"])
  #expect(offers("plot (tr") == ["train"])
  #expect(offers("load ").prefix(4) == ["mnist", "fashion", "emnist", "svhn"])
  #expect(offers("load mnist s") == ["split", "skip", "shuffle", "seed", "size", "scale"])
  #expect(offers("load mnist cl") == ["classes"] && offers("load mnist di") == ["digits"])
  #expect(mistakes("x = load mnist digit 3").first?.hint == "did you mean 'digits'?")
  #expect(offers("load mnist split ").prefix(2) == ["train", "test"])
  #expect(offers("load mnist split test s") == ["skip", "shuffle", "seed", "size", "scale"])
  #expect(
    offers("load mnist count s")
      == ["sum", "std", "spearman", "sqrt", "sin", "sort", "shape", "split", "shuffled"])
  #expect(offers("train mo") == ["model"])
  #expect(offers("train model on on") == ["ones"])
  #expect(offers("ones.c") == ["count", "classes"])
  #expect(offers("print ones.").prefix(2) == ["count", "name"])
  #expect(offers("print model.be") == ["beta"])
  #expect(offers("set s") == ["seed", "shell"])
  #expect(offers("set pictures ") == ["auto", "kitty", "iterm", "sixel", "blocks", "off"])
  #expect(offers("train model on ones ep") == ["epochs"])
  #expect(offers("time tr") == ["train"])
  #expect(offers("print ones[0..3].c") == ["count", "classes"])
  #expect(offers("print (train model on ones).l").contains("loss"))
  #expect(offers("train ") == ["model"])
  #expect(offers("train model on ").first == "ones")
  #expect(offers("| prose tr") == [])
  #expect(offers("print 1 # tr") == [])
  #expect(offers("ones[mo") == ["model"])
  #expect(offers("help func") == ["functions"])
  #expect(offers("ha") == ["half"])
  #expect(session.completions(of: "help func").replacing == 4)
  let folder = try TemporaryFolder()
  _ = try folder.write("weights.safetensors", "")
  _ = try folder.write("inner/x", "")
  #expect(offers("open \"\(folder.path)/we") == ["weights.safetensors"])
  #expect(offers("open \"\(folder.path)/") == ["inner/", "weights.safetensors"])
}

@Test("inside a text completion offers what belongs there: columns, factors, paths, names in braces, or nothing")
func completionInTexts() throws {
  let session = Session.full(host: RecordingHost())
  let outcome = session.run(
    Source(
      name: "t",
      text: "toys = load sprites count 5\nones = load mnist count 3\nm = vae for ones latents 2 channels 4\n"
        + "t = measure m on ones latents"))
  #expect(ending(outcome) == [])
  func offers(_ line: String) -> [String] { session.completions(of: line).completions.map(\.text) }
  #expect(offers("print column(t, \"").contains("latent") && offers("print column(t, \"").contains("KL"))
  #expect(offers("print column(t, \"lat") == ["latent"])
  #expect(offers("x = factor(toys, \"").contains("shape") && offers("x = factor(toys, \"sh") == ["shape"])
  #expect(offers("x = factor(ones, \"") == [])
  let folder = try TemporaryFolder()
  _ = try folder.write("inner/x.npz", "")
  let path = "\"\(folder.path)/"
  for line in [
    "load ", "load sprites from ", "save ones ", "save session ", "figure (sheet ones) ", "report ", "include ",
    "set figures ", "x = open ", "time load ",
  ] { #expect(offers(line + path) == ["inner/"], "\(line)") }
  for line in [
    "print ", "x = ", "figure (sheet ones) caption ", "fetch mnist from ", "for k in ", "help ", "if x == ",
    "print length(", "print column(t, \"a\", ",
  ] { #expect(offers(line + path).isEmpty, "\(line)") }
  #expect(offers("print \"{on") == ["ones"])
  #expect(offers("| prose") == [] && offers("print \"{ones.cou") == ["count"])
  #expect(offers("print \"{ones.count} {to") == ["toys"])
  #expect(offers("print \"\\{on") == [])
  #expect(offers("figure (sheet ones) \"{column(t, \"lat") == ["latent"])
}

@Test("completion offers what suits by its type, and nothing where only something new or a comma can follow")
func completionByType() {
  let session = Session(vocabulary: .full, host: RecordingHost())
  func offers(_ line: String) -> [String] { session.completions(of: line).completions.map(\.text) }
  #expect(offers("m = vae for ").first == "(load" && offers("m = vae for ").allSatisfy { $0.hasPrefix("(") })
  #expect(offers("m = vae for (lo") == ["load"])
  _ = session.run(Source(name: "t", text: "ones = load mnist count 3\nmodel = vae for ones\nn = 3"))
  #expect(offers("m = vae for ") == ["ones"])
  #expect(
    offers("train model on ones ") == [
      "epochs", "batch", "rate", "decay", "ratewarmup", "clip", "warmup", "seed", "validate",
    ])
  #expect(offers("train n") == [])
  #expect(offers("for ") == [] && offers("for k ") == ["in"] && offers("for k in on") == ["ones"])
  #expect(offers("print \"a\" ") == [] && offers("print 1, on") == ["ones"] && offers("print on") == ["ones"])
  #expect(offers("define ") == [])
  let words = session.completions(of: "set pictures ").completions
  #expect(words.filter { !$0.summary.isEmpty }.count == 1)
}

@Test("a hint says how a line could go on")
func hints() {
  let session = Session(vocabulary: .full, host: RecordingHost())
  _ = session.run(Source(name: "t", text: "ones = load mnist count 3\nmodel = vae for ones"))
  func hint(_ line: String) -> String { session.hint(after: line) }
  let later = "[decay none|linear|cosine] [ratewarmup N] [clip NUMBER] [warmup N] [seed N] [validate DATASET]"
  let rest = "[epochs 200] [batch 64] [rate 0.0005] \(later)"
  #expect(hint("tra") == "in MODEL on DATASET \(rest)")
  #expect(hint("h = train") == " MODEL on DATASET \(rest)")
  #expect(hint("train model ") == "on DATASET \(rest)")
  #expect(hint("train model on ones") == " \(rest)")
  #expect(hint("train model on ones ep") == "ochs 200 [batch 64] [rate 0.0005] \(later)")
  #expect(hint("train model on ones epochs ") == "200 [batch 64] [rate 0.0005] \(later)")
  #expect(hint("train model on ones epochs 3 + 4") == " [batch 64] [rate 0.0005] \(later)")
  #expect(hint("print ones.cou") == "nt")
  #expect(hint("fo") == "")
  #expect(hint("for") == " NAME in LIST … end")
  for line in [
    "", "  ", "x = ", "| tra", "# tra", "\"tra", "print 1, 2", "zzz", "ones[", "(", "]",
    "train model on ones epochs 3 +",
  ] {
    #expect(hint(line) == "", "\(line)")
  }
}

@Test("highlights follow the scanner's tokens")
func highlights() {
  let session = Session(vocabulary: .full, host: RecordingHost())
  _ = session.run(Source(name: "t", text: "ones = load mnist count 3\nmodel = vae for ones"))
  func roles(_ text: String) -> [String] {
    session.highlights(of: text).map {
      "\(String(decoding: Array(text.utf8)[$0.span.lower..<$0.span.upper], as: UTF8.self)): \($0.role)"
    }
  }
  #expect(
    roles("h = train model on ones epochs 3 # three") == [
      "h: variable", "train: command", "model: variable", "on: option", "ones: variable", "epochs: option", "3: number",
      "# three: comment",
    ])
  #expect(
    roles("for k in 0..1\n| Digit {k}") == [
      "for: keyword", "in: keyword", "0: number", "1: number", "| Digit {k}: prose",
    ])
  #expect(roles("x = load mnist") == ["x: variable", "load: command", "mnist: word"])
  #expect(
    roles("print \"a {max(1, 2)}\"") == [
      "print: command", "\"a {max(1, 2)}\": text", "max: function", "1: number", "2: number",
    ])
  #expect(roles("print \"open") == ["print: command", "\"open: text"])
  #expect(roles("# one\n\n# two") == ["# one: comment", "# two: comment"])
  #expect(roles("x = 3 ; 4") == ["x: variable", "3: number", ";: mistake"])
  #expect(roles("if ones.count > 1") == ["if: keyword", "ones: variable", "1: number"])
}
