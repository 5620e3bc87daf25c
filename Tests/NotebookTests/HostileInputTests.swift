import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

@Test("ten thousand nested brackets are a mistake and no crash")
func deepBrackets() {
  for (open, close) in [("(", ")"), ("[", "]"), ("sqrt(", ")"), ("x[", "]"), ("-", ""), ("not ", ""), ("(print ", ")")]
  {
    let found = mistakes("x = 1\nprint " + repeated(open, 10_000) + "1" + repeated(close, 10_000))
    #expect(found.first?.message.contains("nested") == true, "\(open)")
    #expect(found.count == 1)
  }
}

@Test("ten thousand commands that each run the next are a mistake and no crash")
func deepCommands() {
  let found = mistakes(repeated("time ", 10_000) + "print 1")
  #expect(found.map(\.message) == ["this is nested more than 100 deep"])
  #expect(run(repeated("time ", 50) + "print 1") == "1")
}

@Test("ten thousand nested texts are a mistake and no crash")
func deepTexts() {
  let found = mistakes("print " + repeated("\"{", 10_000) + repeated("}\"", 10_000))
  #expect(found.count == 1)
}

@Test("ten thousand nested blocks are one mistake and no crash")
func deepBlocks() {
  for block in ["for k in 0..1\n", "if true\n"] {
    let found = mistakes(repeated(block, 10_000) + repeated("end\n", 10_000))
    #expect(found.map(\.message) == ["blocks are nested more than 100 deep here"])
  }
}

@Test("a hundred thousand operators in a row are computed without recursion")
func longChains() {
  #expect(run("print 0" + repeated(" + 1", 100_000)) == "100000")
  #expect(run("print 1" + repeated(" * 1", 100_000)) == "1")
  #expect(run("print true" + repeated(" and true", 100_000)) == "true")
  #expect(run("x = [0]\nprint length([0" + repeated(", 0", 100_000) + "])") == "100001")
  let branches = repeated("else if false\n", 20_000)
  #expect(run("if false\n" + branches + "else\nprint 1\nend") == "1")
}

@Test("commands nested deeply at run time end with an error")
func deepRunning() {
  let deep = repeated("(", 90) + "again (x + 1)" + repeated(")", 90)
  let shown = run("define again x\n  1 + \(deep)\nend\nprint (again 1)")
  #expect(shown.contains("error: "))
}

@Test("a line of a megabyte is read, and a mistake in it is shown in part")
func longLine() {
  let shown = run("x = \"" + repeated("abcdefgh", 131_072) + "\"\nprint length(x)")
  #expect(shown == "1048576")
  let found = mistakes("print 1" + repeated(" + 1", 262_144) + " +")
  #expect(found.count == 1)
  #expect((found.first?.description.count ?? 0) < 600)
  let unknown = mistakes("print " + repeated("1 + ", 131_072) + "unknown" + repeated(" + 1", 131_072))
  #expect(unknown.first?.description.contains("unknown + 1") == true)
  #expect((unknown.first?.description.count ?? 0) < 600)
  #expect(mistakes(repeated("@", 1 << 20)).count == 1)
  #expect(mistakes(repeated("(", 1 << 20)).count == 1)
  let name = mistakes(repeated("a", 1 << 20))
  #expect(name.count == 1)
  #expect((name.first?.description.count ?? 0) < 1200)
}

@Test("bytes that are no text are named and shown without harm to the terminal")
func invalidBytes() {
  func found(_ bytes: [UInt8]) -> [Diagnostic] {
    Session(vocabulary: .full, host: RecordingHost()).check(Source(name: "t", bytes: bytes))
  }
  let invalid = found(Array("print 1\nprint \"".utf8) + [0xFF, 0xC0] + Array("\"\n".utf8))
  #expect(invalid.first?.message == "this is not valid UTF-8 text")
  #expect(invalid.first.map { [$0.line, $0.column] } == [2, 8])
  let zero = found(Array("print 1".utf8) + [0])
  #expect(zero.map(\.message) == ["the character U+0000 has no meaning here"])
  let inText = found(Array("print \"a".utf8) + [0, 27] + Array("b\"".utf8))
  #expect(inText.map(\.message) == ["a text cannot contain the character U+0000"])
  for diagnostic in invalid + zero + inText {
    #expect(!diagnostic.description.utf8.contains { $0 < 32 && $0 != 10 })
  }
  for seed in 0..<200 {
    var generator = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
    _ = found((0..<300).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
  }
}

@Test("scripts cut off, mixed up or repeated at random never crash")
func mutatedScripts() {
  let pieces = paperScript.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
  let extra = [
    "\n", "end\n", "if ", "for ", "define ", "(", ")", "[", "]", "\"", "{", "}", "..", "-", ",", "=", "\\\n", "|",
  ]
  for seed in 1...400 {
    var generator = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
    let script = (0..<60).map { _ in
      Int.random(in: 0..<3, using: &generator) == 0
        ? extra.randomElement(using: &generator)! : pieces.randomElement(using: &generator)! + " "
    }.joined()
    let host = RecordingHost()
    host.patience = 10_000
    _ = run(script, host: host)
  }
}

@Test("a hundred thousand lines are checked, to the last", .timeLimit(.minutes(20)))
func manyLines() {
  let block =
    "x = load mnist digits 1 count 20\nm = vae for x latents 12 beta 4\nprint \"n {x.count}\", [1, 2, 3], 1 + 2 * 3\n# comment\n"
  #expect(mistakes(repeated(block, 25_000)).isEmpty)
  // Each line is looked at: a mistake in the last one is found, in its place.
  #expect(mistakes(repeated(block, 25_000) + "print unknown").map(\.line) == [100_001])
}

@Test("a hundred thousand mistakes are shown in part")
func manyMistakes() {
  let found = mistakes(repeated("y = load mnits\n", 100_000))
  #expect(found.count == 100_000)
  #expect(rendered(found).split(separator: "\n").last == "… and 99900 more")
}

@Test(
  "thousands of unknown names among thousands of variables and commands are found without comparing all with all",
  .timeLimit(.minutes(20)))
func manyUnknownNames() {
  let variables = (0..<5000).map { "variable_\($0) = 1\nprint variabel_\($0)\n" }.joined()
  let found = mistakes(variables)
  #expect(found.count == 5000)
  #expect(found.first?.hint == "did you mean 'variable_0'?")
  let commands = (0..<2000).map { "define command_\($0) x\n  x\nend\n" }.joined()
  let unknown = mistakes(commands + (0..<5000).map { "comand_\($0) 3\n" }.joined())
  #expect(unknown.count == 5000)
  // Suggestions are a service with an end: the first have one, the last have none.
  #expect(found.last?.hint == nil && unknown.last?.hint == "'help' lists the commands")
  #expect(unknown.first?.hint == "did you mean 'command_0'?")
}

@Test("a list of a hundred thousand lines is one statement, and as many open brackets are as many mistakes")
func manyLinesInBrackets() {
  #expect(run("x = [\n" + repeated("1,\n", 100_000) + "]\nprint x.count") == "100000")
  #expect(mistakes(repeated("x = (1\n", 20_000)).count == 20_000)
  #expect(mistakes(repeated("print (1\n", 20_000)).count == 20_000)
  var collector = StatementCollector()
  _ = collector.add("x = [".utf8)
  for _ in 0..<20_000 { #expect(collector.add("1,".utf8) == nil) }
  #expect(collector.add("]".utf8)?.count == 60_008)
}

@Test(
  "a script that is not run is let go of, though its commands run themselves or one another",
  arguments: ["", "no such command\n"])
func letGo(mistake: String) {
  let session = Session.full(host: SilentHost())
  let text = "define a x\n  a (x)\nend\ndefine b x\n  c (x)\nend\ndefine c x\n  b (x)\nend\n" + mistake
  weak var source: Source?
  func check() {
    let script = Source(name: "a.bvs", text: text)
    source = script
    #expect(session.check(script).isEmpty == mistake.isEmpty)
    if !mistake.isEmpty, case .rejected = session.run(script) { return }
    #expect(mistake.isEmpty)
  }
  check()
  #expect(source == nil)
}

private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
