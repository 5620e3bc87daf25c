import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// `save session`: what was typed and worked, as a script.
@Suite("Saving a session")
struct TranscriptTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Types statements one after the other; gives what was shown.
  private func type(_ statements: [String], _ change: (inout NotebookOptions) -> Void = { _ in }) -> [String] {
    var options = NotebookOptions()
    options.storeFolder = Path.join(folder.path, "store")
    options.figuresFolder = Path.join(folder.path, "Figures")
    change(&options)
    let host = RecordingHost()
    let session = Session.full(host: host, options: options)
    for (index, statement) in statements.enumerated() {
      let text = statement.replacing("FOLDER", with: folder.path)
      let source = Source(name: "input", bytes: Array(text.utf8), firstLine: index + 1)
      host.shown += ending(session.run(source, isInteractive: true))
    }
    return host.shown.map { $0.replacing(folder.path, with: "FOLDER") }
  }

  private func runSaved(_ name: String) throws -> [String] {
    var options = NotebookOptions()
    options.storeFolder = Path.join(folder.path, "store")
    options.figuresFolder = Path.join(folder.path, "Figures")
    let host = RecordingHost()
    let outcome = Session.full(host: host, options: options).run(try Source.file(Path.join(folder.path, name)))
    #expect(host.warnings.isEmpty)
    return (host.shown + ending(outcome)).map { $0.replacing(folder.path, with: "FOLDER") }
  }

  private func saved(_ name: String) throws -> String {
    try Files.readText(Path.join(folder.path, name)).replacing(folder.path, with: "FOLDER")
  }

  @Test("What was typed and worked runs again and shows the same; mistakes and help are left out")
  func same() throws {
    let shown = type([
      "# Ones", "ones = load mnist digits 1 count 20", "model = vae for ones latents 2 channels 4",
      "train model on ones epochs 1 batch 10", "print model.fingerprint", "x = unknown", "print 1 / (ones.count - 20)",
      "ones.count + 1 # one more", "w = [1,\n  2] # trailing", "ones.count \\\n  + 2", "(ones[0])",
      "for k in 0..1\n  print k\nend", "help train",
      "variables",
      "define half a\n  a / 2\nend", "half 3", "| Prose about {ones.count}.", "\"a \\\"text\\\"\"", "set seed 3",
      "report \"FOLDER/typed.md\"", "save session \"FOLDER/notes.bvs\"", "save session \"FOLDER/again.bvs\"",
    ])
    #expect(
      try saved("notes.bvs") == """
        #!/usr/bin/env bvae-script
        set figures "FOLDER/Figures"
        # Ones
        ones = load mnist digits 1 count 20
        model = vae for ones latents 2 channels 4
        print (train model on ones epochs 1 batch 10)
        print model.fingerprint
        print ones.count + 1 # one more
        w = [1,
          2] # trailing
        print ones.count \\
          + 2
        show (ones[0])
        for k in 0..1
          print k
        end
        define half a
          a / 2
        end
        print (half 3)
        | Prose about {ones.count}.
        print "a \\"text\\""
        set seed 3
        report "FOLDER/typed.md"

        """)
    #expect(try saved("again.bvs") == saved("notes.bvs"))
    let isTold = { (text: String) in !text.contains("error: ") && !text.contains("train MODEL") }
    let expected = shown.filter { isTold($0) && !$0.hasPrefix("arguments") && !$0.hasPrefix("k ") }
    let again = try runSaved("notes.bvs")
    // The wall time in a history's summary may differ.
    let withoutTimes = { (lines: [String]) in lines.map { $0.split(separator: " in ").first.map(String.init) ?? "" } }
    let variables = Set(["arguments", "k", "model", "ones", "w"])
    let results = expected.filter { line in
      !variables.contains { line.hasPrefix("\($0)  ") || line.hasPrefix("\($0) ") }
    }
    #expect(withoutTimes(again) == withoutTimes(results))
  }

  @Test("A command that was defined anew keeps doing what it did where it was called before")
  func redefined() throws {
    let shown = type([
      "define step x\n  x + 1\nend", "define twice x\n  2 * (step x)\nend", "step 1", "twice 1",
      "define step x\n  x + 10\nend", "print \"{(step 1)} {(twice 1)}\"", "define step x\n  x + 100\nend", "twice 1",
      "time step 1", "save session \"FOLDER/s.bvs\"",
    ])
    #expect(shown == ["2", "4", "11 22", "202", "101"])
    #expect(try runSaved("s.bvs") == shown)
  }

  @Test("Paths of included scripts are seen from where the session is saved, and --set stays")
  func includes() throws {
    _ = try folder.write("other.bvs", "define third x\n  x / 3\nend\nshared = 6\n")
    let shown = type(["include \"FOLDER/other.bvs\"", "third shared", "n", "save session \"FOLDER/inner/s.bvs\""]) {
      $0.session.presets = [try! Preset("n=a \"b\" {c}"), try! Preset("m=[1, 2.5]"), try! Preset("r=-3..3")]
    }
    #expect(shown == ["2", "a \"b\" {c}"])
    let text = try saved("inner/s.bvs")
    #expect(text.contains("include \"../other.bvs\""))
    #expect(text.contains("n = \"a \\\"b\\\" \\{c\\}\"\nm = [1, 2.5]\nr = -3..3\n"))
    #expect(try runSaved("inner/s.bvs") == shown)
  }

  @Test("What cannot be saved is told where it is said")
  func mistakes() {
    #expect(type(["save session \"FOLDER/s.bvs\""]).joined().contains("no command of this session has succeeded yet"))
    #expect(type(["x = 1", "save session \"FOLDER/s.txt\""]).joined().contains("a session must be saved as .bvs"))
    let found = Session.full(host: RecordingHost()).check(Source(name: "t", text: "save session \"s.bvs\""))
    #expect(found.map(\.message) == ["only the interactive mode has a session to save"])
    // A variable of that name stands in parentheses.
    let other = Session.full(host: RecordingHost()).check(
      Source(name: "t", text: "session = [1, 2]\nsave (session) \"s.npy\""))
    #expect(other.isEmpty)
  }
}
