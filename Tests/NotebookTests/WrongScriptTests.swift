import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// The scripts of Wrong/, each with the exact text of what is wrong with it beside it.
@Suite("Wrong scripts")
struct WrongScriptTests {
  static let folder = Path.join(Path.parent(#filePath), "Wrong")
  static let names = ((try? Files.list(folder)) ?? []).filter { $0.hasSuffix(".bvs") }

  /// What `--check` finds in a script.
  static func found(_ name: String) throws -> [Diagnostic] {
    let source = Source(
      name: name, folder: folder, bytes: try Files.read(Path.join(folder, name)))
    return Session.full(host: RecordingHost()).check(source)
  }

  @Test("What is wrong is said as recorded (BVAE_RECORD=1 records it anew)", arguments: names)
  func diagnostics(name: String) throws {
    let text = rendered(try Self.found(name)).replacing(Self.folder + "/", with: "") + "\n"
    let path = Path.join(Self.folder, String(name.dropLast(4)) + ".txt")
    if Machine.environment("BVAE_RECORD") != nil { try Files.write(text, to: path) }
    #expect(text == (try? Files.readText(path)))
  }

  @Test("Every mistake has a line and a column that are there, and says what it is in words", arguments: names)
  func places(name: String) throws {
    let found = try Self.found(name)
    #expect(!found.isEmpty)
    for diagnostic in found {
      #expect(diagnostic.line >= 1 && diagnostic.line <= diagnostic.source.lineCount)
      #expect(diagnostic.column >= 1)
      #expect(diagnostic.span.upper > diagnostic.span.lower || diagnostic.source.text(diagnostic.span).isEmpty)
      // The names of Swift's types and cases are nobody's words.
      for trace in ["Error(", "Optional(", "Swift.", "ScriptFailure", "Failure(", "nil"] {
        #expect(!diagnostic.message.contains(trace), "\(diagnostic.message)")
      }
    }
    let main = found.filter { $0.source.name == name }.map(\.line)
    #expect(main == main.sorted(), "mistakes come in the order of the lines")
  }

  @Test("The same mistakes keep a script from running at all", arguments: ["option-misspelt.bvs", "field-unknown.bvs"])
  func nothingRuns(name: String) throws {
    let host = RecordingHost()
    let source = Source(name: name, folder: Self.folder, bytes: try Files.read(Path.join(Self.folder, name)))
    let outcome = Session.full(host: host).run(source)
    guard case .rejected(let diagnostics) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(rendered(diagnostics) == rendered(try Self.found(name)))
    #expect(host.shown.isEmpty && host.notes.isEmpty)
  }

  @Test("The collection is large enough, and every text belongs to a script")
  func collection() throws {
    #expect(Self.names.count >= 60)
    let texts = try Files.list(Self.folder).filter { $0.hasSuffix(".txt") }
    #expect(texts.map { $0.dropLast(4) } == Self.names.map { $0.dropLast(4) })
  }
}

@Test("a script that reaches itself through links is told so, however the links go")
func circularLinks() throws {
  let folder = try TemporaryFolder()
  let main = try folder.write("main.bvs", "include \"a/main.bvs\"\ninclude \"b/main.bvs\"\n")
  for name in ["a", "b"] { #expect(makeLink(from: Path.join(folder.path, name), to: ".")) }
  let found = Session(vocabulary: .full, host: RecordingHost()).check(try Source.file(main))
  #expect(
    found.map(\.message) == [
      "'a/main.bvs' includes itself: main.bvs → main.bvs", "'b/main.bvs' includes itself: main.bvs → main.bvs",
    ])
}

@Test("a thousand scripts may be included, not more")
func tooManyIncludes() throws {
  let folder = try TemporaryFolder()
  for number in 0..<1010 { _ = try folder.write("\(number).bvs", "x\(number) = \(number)\n") }
  let main = try folder.write("main.bvs", (0..<1010).map { "include \"\($0).bvs\"\n" }.joined())
  let found = Session(vocabulary: .full, host: RecordingHost()).check(try Source.file(main))
  #expect(found.count == 11)
  #expect(found.allSatisfy { $0.message.hasPrefix("more than 1,000 scripts") })
}

@Test("a pipe is not waited for when it is included")
func includedPipe() throws {
  let folder = try TemporaryFolder()
  #expect(makePipe(Path.join(folder.path, "pipe")))
  let main = try folder.write("main.bvs", "include \"pipe\"\n")
  let found = Session(vocabulary: .full, host: RecordingHost()).check(try Source.file(main))
  #expect(found.count == 1 && found.first?.message.hasSuffix("it is a device or a pipe, not a file") == true)
}

@Test("what a defined command does is known for the kinds of values that it is called with")
func definedTypes() {
  let half = "define half x\n  x / 2\nend\n"
  #expect(mistakes(half + "print (half 3), (half [1, 2])").isEmpty)
  let wrong = mistakes(half + "print (half \"a\")\nprint (half \"b\")\nprint (half 3)")
  #expect(wrong.map(\.message) == ["a text cannot be divided by a number"])
  #expect(wrong.first?.description.contains("in 'half', called at test.bvs:4:7") == true)
  // A command that chooses by a flag is not blamed for the branch that it does not take.
  let choosing = "define both x isText\n  if isText\n    x + \"!\"\n  else\n    x / 2\n  end\nend\n"
  #expect(mistakes(choosing + "print (both \"a\" true), (both 3 false)").isEmpty)
  // Its result has a type, also through others and through itself.
  let chain = "define a x\n  half x\nend\ndefine b x\n  if x > 9\n    x\n  else\n    b (x + 1)\n  end\nend\n"
  #expect(mistakes(half + chain + "print (a 3).count").map(\.message) == ["a number has no fields"])
  #expect(mistakes(half + chain + "print (b 3).count").isEmpty)
  // It sees the script's variables as they are when it is called.
  let reader = "define size\n  data.count\nend\n"
  #expect(mistakes(reader + "data = load mnist\nprint (size)\ndata = [1]\nprint (size)").isEmpty)
  #expect(mistakes(reader + "data = 3\nprint (size)").map(\.message) == ["a number has no fields"])
  #expect(
    mistakes(reader + "print (size)\ndata = [1]").map(\.message) == ["the variable 'data' has no value yet"])
}

@Test("thousands of calls of defined commands that call one another are checked without delay")
func manyDefinedCalls() {
  let chain = (0..<2000).map { "define c\($0) x\n  c\($0 + 1) [x]\nend\n" }.joined() + "define c2000 x\n  x\nend\n"
  let calls = (0..<2000).map { "v\($0) = c\($0) \($0)\n" }.joined()
  #expect(mistakes(chain + calls).isEmpty)
  let doubling = (0..<40).map { "define d\($0) x\n  d\($0 + 1) x\n  d\($0 + 1) [x]\nend\n" }.joined()
  #expect(mistakes(doubling + "define d40 x\n  x\nend\nd0 1").isEmpty)
}

@Test("values that are sure are checked where they are used, and only where they are sure")
func constants() {
  func messages(_ script: String) -> [String] { mistakes(script).map(\.message) }
  let complaint = "'latents' of 'vae' takes a whole number from 1 to 256; this is 0"
  #expect(messages("n = 1 - 1\nx = load mnist\nm = vae for x latents n") == [complaint])
  #expect(messages("n = 0\nx = load mnist\nif x.count > 0\n  m = vae for x latents n\nend").isEmpty)
  #expect(messages("n = 0\nif arguments.count > 0\n  n = 3\nend\nx = load mnist\nm = vae for x latents n").isEmpty)
  #expect(messages("n = 0\nfor k in 1..3\n  n = k\nend\nx = load mnist\nm = vae for x latents n").isEmpty)
  #expect(messages("n = 0\nif n == 0\n  quit\nend\nx = load mnist\nm = vae for x latents n").isEmpty)
  #expect(messages("n = 0\nprint n == 0 or 1 / n > 2, n > 0 and 1 / n > 2").isEmpty)
  #expect(messages("n = 0\nprint 1 / n") == ["1 cannot be divided by 0"])
  #expect(messages("s = \"ab\"\ns = s + s\ns = \"{s}{s}\"\nprint number(s)") == ["\"abababab\" is not a number"])
  let doubling = "s = \"abcdefgh\"\n" + String(repeating: "s = s + s\n", count: 1000)
  #expect(messages(doubling).isEmpty)
}

@Test("a value of --set is checked against what it is used for")
func presetConstants() throws {
  var options = SessionOptions()
  options.presets = [try Preset("n=0")]
  let session = Session(vocabulary: .full, host: RecordingHost(), options: options)
  let found = session.check(Source(name: "t.bvs", text: "n = 3\nx = load mnist\nm = vae for x latents n"))
  #expect(found.map(\.message) == ["'latents' of 'vae' takes a whole number from 1 to 256; this is 0"])
}

@Test("files that the script writes itself are not missing, whatever is known of their names")
func writtenFiles() {
  func missing(_ script: String) -> Int { mistakes("x = load mnist\n" + script).count }
  #expect(missing("y = load \"none.npy\"") == 1)
  #expect(missing("figure (sheet x)\ny = load \"none.npy\"") == 1)
  #expect(missing("figure (sheet x)\ny = open \"Figures/figure-01.png\"") == 0)
  #expect(missing("for k in 0..1\n  save x \"out/{k}.npy\"\nend\ny = load \"out/0.npy\"") == 0)
  #expect(missing("for k in 0..1\n  save x \"out/{k}.npy\"\nend\ny = load \"other/0.npy\"") == 1)
  #expect(missing("save x \"out/a.npy\"\ny = load \"out\"") == 0)
  #expect(missing("name = arguments[0]\nsave x name\ny = load \"anything.npy\"") == 0)
}
