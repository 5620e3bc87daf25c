import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Testing

/// What only somebody at the prompt can say.
@Suite("At the prompt")
struct PromptTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Types statements one after the other; gives what was shown.
  private func type(_ statements: String..., host: RecordingHost = RecordingHost()) -> [String] {
    let session = Session.full(host: host)
    for (index, statement) in statements.enumerated() {
      let text = statement.replacing("FOLDER", with: folder.path)
      let source = Source(name: "input", bytes: Array(text.utf8), firstLine: index + 1)
      host.shown += ending(session.run(source, isInteractive: true))
    }
    return host.shown
  }

  /// What a saved session is, and what it shows when it runs.
  private func saved(_ statements: String...) throws -> (script: String, shown: String) {
    let session = Session.full(host: RecordingHost())
    for statement in statements + ["save session \"\(folder.path)/s.bvs\""] {
      #expect(ending(session.run(Source(name: "input", text: statement), isInteractive: true)) == [])
    }
    let script = try Files.readText(Path.join(folder.path, "s.bvs"))
    return (String(script.dropFirst("#!/usr/bin/env bvae-script\n".count)), run(script))
  }

  // MARK: - The last value

  @Test("_ is the last value of a line of its own, not that of an assignment or of what shows nothing")
  func lastValue() {
    #expect(
      type("1 + 2", "_ * 2", "x = 10", "print _", "_ + 1", "x = _", "x", "print \"{_}\"") == [
        "3", "6", "6", "7", "7", "7",
      ])
    #expect(type("[1, 2]", "_[1]", "[_, 3]", "_.count") == ["[1, 2]", "2", "[2, 3]", "2"])
    // What failed leaves it as it was; a block shows nothing.
    #expect(type("4", "unknown", "if true\n  5\nend", "_").last == "4")
    // Lines that come together are checked together.
    #expect(type("5\n_ + 1\nprint _") == ["5", "6", "6"])
  }

  @Test("a picture, a history and a model are last values too")
  func lastObjects() {
    let host = RecordingHost()
    #expect(
      type(
        "ones = load mnist digits 1 count 20", "vae for ones latents 2 channels 2", "m = _", "ones[0]",
        "print _.label, m.latents", "reconstruct m ones[0..2]", "print _.count", host: host
      ).suffix(2) == ["1 2", "3"])
    #expect(host.pictures.count == 2)
  }

  @Test("where there is no last value, and where nothing can be one, it is said")
  func noLastValue() {
    #expect(type("print _").joined().contains("no value has been shown yet"))
    #expect(type("_").joined().contains("no value has been shown yet"))
    #expect(type("1", "_ = 2").joined().contains("'_' is the last value at the prompt and cannot name a variable"))
    #expect(type("1", "define f\n  _\nend").joined().contains("a defined command has none"))
    let variables = type("1", "x = 2", "variables").joined(separator: "\n")
    #expect(variables.contains("x  ") && !variables.contains("_"))
    #expect(throws: ScriptFailure.self) { try Preset("_=3") }
  }

  @Test("a script that was included has no last value either")
  func included() throws {
    _ = try folder.write("inner.bvs", "print _\n")
    #expect(type("1", "include \"FOLDER/inner.bvs\"").joined().contains("a script has none"))
  }

  @Test("a saved session keeps the values that _ stood for, under names that are free")
  func savedLastValue() throws {
    let (script, shown) = try saved(
      "1 + 2 # three", "_ * 2", "x = _", "last_value = 9", "print \"{_} {x}\"", "\"a_b {_}\"")
    #expect(
      script == """
        last_value_2 = 1 + 2 # three
        print last_value_2
        last_value_3 = last_value_2 * 2
        print last_value_3
        x = last_value_3
        last_value = 9
        print "{last_value_3} {x}"
        print "a_b {last_value_3}"

        """)
    #expect(shown == "3\n6\n6 6\na_b 6")
  }

  @Test(
    "in a saved session a shown value that is shown again stays one, pictures are shown, unused values have no name")
  func savedPictures() throws {
    let (script, _) = try saved(
      "5", "ones = load mnist digits 1 count 3", "ones[0]", "_", "| The label is {_.label}.",
      "for k in 0..1\n  print _.label\nend")
    #expect(
      script == """
        print 5
        ones = load mnist digits 1 count 3
        last_value = ones[0]
        show last_value
        show last_value
        | The label is {last_value.label}.
        for k in 0..1
          print last_value.label
        end

        """)
  }

  // MARK: - The prompt's commands

  @Test("history lists what was typed, with its numbers; a variable of that name is shown where the word stands alone")
  func history() {
    let expected = ["1  x = 1", "2  for k in 0..1\n     print k\n   end", "3  history"]
    #expect(type("x = 1\n", "for k in 0..1\n  print k\nend\n", "history\n").suffix(3) == expected[...])
    #expect(type("x = 1", "nonsense 2", "history 2").suffix(2) == ["2  nonsense 2", "3  history 2"])
    #expect(type("x = 1", "history all") == ["1  x = 1", "2  history all"])
    #expect(type("history = 3", "history", "history + 1", "history 1") == ["3", "4", "4  history 1"])
    // The variable may be set in the same cell.
    #expect(type("history = 3\nhistory\n") == ["3"])
    #expect(type("x = history").joined().contains("there is no variable 'history'"))
    #expect(type("history 0").joined().contains("a whole number of 1 or more"))
  }

  @Test("a command that is defined comes before the prompt's of that name")
  func defined() {
    #expect(type("define ls a\n  print a\nend", "ls 3") == ["3"])
  }

  @Test("settings shows every setting with its value, set NAME one")
  func settings() {
    let all = type("set seed 7", "settings").joined()
    for part in ["seed 7", "pictures off", "shell off", "figures \"Figures\""] { #expect(all.contains(part), "\(all)") }
    #expect(type("set seed 7", "set").joined() == all)
    let one = type("set seed").joined()
    #expect(one.contains("seed 1") && !one.contains("pictures"))
    #expect(type("set sed").joined().contains("did you mean 'seed'?"))
  }

  @Test("only what 'set' changes is saved")
  func savedSettings() throws {
    #expect(
      try saved("set seed 3", "set seed", "set", "settings", "history", "pwd", "print 1").script
        == "set seed 3\nprint 1\n")
  }

  @Test("the shell is off, cannot be turned on without a keyboard, and is not there for what runs no program")
  func shell() {
    #expect(type("!ls").joined().contains("'set shell on' allows them in this session"))
    #expect(type("set shell on").joined().contains("only somebody at a keyboard can allow commands of the shell"))
    var options = NotebookOptions()
    options.session.allowsShell = true
    #expect(run("!ls", options: options).contains("there is no shell here"))
    #expect(run("!", options: options).contains("expected a command of the shell after '!'"))
    // Comparing is no command of the shell.
    #expect(run("print 1 \\\n  != 2") == "true")
  }

  @Test("a list shows files in one column, folders with a slash")
  func listing() throws {
    _ = try folder.write("b/x.npy", "")
    _ = try folder.write("a.txt", "")
    _ = try folder.write(".hidden", "")
    #expect(type("ls \"FOLDER\"") == ["a.txt\nb/"])
    #expect(type("ls \"FOLDER/none\"").joined().contains("cannot list"))
    #expect(type("ls data").joined().contains("write a path in quotes: \"data\""))
    #expect(type("cd ..").joined().contains("write a path in quotes"))
  }

  @Test("help has a page for each, and they complete at the beginning of a line only")
  func assistance() {
    let session = Session.full(host: RecordingHost())
    func offers(_ line: String) -> [String] { session.completions(of: line).completions.map(\.text) }
    #expect(offers("hist") == ["history"] && offers("x = hist") == [])
    #expect(offers("pw") == ["pwd"] && offers("help setti") == ["settings"])
    #expect(session.hint(after: "hi") == "story [N|all]" && session.hint(after: "!ls") == "")
    for command in Vocabulary.full.promptCommands where command.name != "!" {
      #expect(Vocabulary.full.help(command.name)?.contains(command.about.summary.sentence.prefix(20)) == true)
    }
    #expect(Vocabulary.full.help("_")?.contains("last value") == true)
    #expect(Vocabulary.full.help("shell")?.contains("set shell on") == true)
    #expect(Vocabulary.full.help("settings")?.contains("pictures auto|kitty") == true)
  }

  @Test(
    "each of the pages about the prompt and the language fits a screen",
    arguments: ["keys", "prompt", "language", "plotting"])
  func screens(topic: String) {
    let lines = (Vocabulary.full.help(topic) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    #expect((5...23).contains(lines.count) && lines.allSatisfy { $0.count <= 80 }, "\(lines.count)")
  }
}
