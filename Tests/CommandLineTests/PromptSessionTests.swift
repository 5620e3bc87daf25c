import BVAELanguage
import BVAENotebook
import BVAEPlatform
import Glibc
import ScreenEmulator
import Testing

private let controlC = "\u{3}", controlD = "\u{4}", edit = "\u{18}\u{5}", right = "\u{1B}[C"

/// Suggestions, the shell, other folders and other editors, on a terminal whose screen is looked at.
@Suite("Commands of the prompt at a terminal")
struct PromptSessionTests {
  /// The program with what happens in a session of its own.
  private func session(
    _ arguments: [String] = ["--quiet"], columns: Int = 80, rows: Int = 24, folder: Folder? = nil,
    environment: [String: String?] = [:], _ body: (ScreenRun) throws -> Void
  ) throws {
    let run = try ScreenRun(
      arguments, columns: columns, rows: rows, folder: folder?.path,
      environment: ["VISUAL": nil, "EDITOR": nil].merging(environment) { $1 })
    run.wait("expected the prompt") { $0.cursorLine == ">" }
    try body(run)
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
    #expect(run.isRestored && run.screen.unknown == [])
  }

  // MARK: - Suggestions

  @Test("an earlier entry is suggested in grey, and Right takes it; elsewhere the grey is the grammar's")
  func suggestion() throws {
    try session(["--quiet"], columns: 100) { run in
      run.type("print 1 + 2\r")
      run.expectEnd("\n3\n>")
      run.type("pr")
      run.expectLine("> print 1 + 2")
      #expect(Set(run.screen.styles(of: "int 1 + 2")) == ["0;90"])
      run.type(right + "0\r")
      run.expectEnd("> print 1 + 20\n21\n>")
      run.type("pr\u{1B}f")
      run.wait("expected a word") { $0.column == 7 && $0.cursorLine == "> print 1 + 20" }
      run.type(controlC)
      run.expectLine(">")
      run.type("train m")
      run.wait("expected the grammar") { $0.cursorLine.hasPrefix("> train model on") || $0.cursorLine == "> train m" }
    }
  }

  @Test("without colours there are no suggestions, and Right takes none", arguments: ["NO_COLOR", "TERM"])
  func noSuggestion(variable: String) throws {
    try session(environment: [variable: variable == "TERM" ? "vt100" : "1"]) { run in
      run.type("print 1 + 2\r")
      run.expectEnd("\n3\n>")
      run.type("print 1" + right + "0\r")
      run.expectEnd("> print 10\n10\n>")
    }
  }

  @Test("a terminal that cannot move its cursor gets plain lines")
  func dumb() throws {
    try session(environment: ["TERM": "dumb"]) { run in
      run.type("print 1 + 2\r")
      run.expectEnd("\n3\n>")
      run.type("_\rhistory 1\r")
      run.expect("history 1")
      #expect(!run.written.contains("\u{1B}[0;90"))
    }
  }

  // MARK: - The shell

  @Test("the shell is off until it is allowed, streams its output, and its exit code is told")
  func shell() throws {
    try session([]) { run in
      run.type("!echo hello\r")
      run.expect("commands of the shell are not allowed")
      run.expect("'set shell on' allows them")
      run.type("set shell on\r!echo one; sleep 0.1; echo two\r")
      run.expectEnd("\none\ntwo\n>")
      // What has not ended its line is not written over.
      run.type("!printf three\r")
      run.expectEnd("\nthree\n>")
      run.type("!exit 3\r")
      run.expectEnd("the command exited with code 3\n>")
      run.type("!read x; echo \"<$x>\"\r")
      run.wait("expected the terminal's own mode") { _ in run.isRestored }
      run.type("typed\r")
      run.expectEnd("<typed>\n>")
      run.type("set shell off\r!echo more\r")
      run.expect("!echo more\n")
      #expect(!run.screen.lines.contains("more"))
    }
  }

  @Test("Ctrl-C stops a command of the shell and not the session")
  func interruptedShell() throws {
    try session(["--allow-shell"]) { run in
      // Nothing is started by the shell: dash loses a Ctrl-C that comes just while it starts something.
      run.type("x = 7\r!echo begun; while :; do :; done\r")
      run.expect("\nbegun")
      run.wait("expected the terminal's own mode") { _ in run.isRestored }
      run.type(controlC)
      run.expectEnd("interrupted\n>")
      run.type("x\r")
      run.expectEnd("\n7\n>")
      // A command that goes on after Ctrl-C has dealt with it.
      run.type("!trap 'echo caught; exit 0' INT; echo ready; while :; do :; done\r")
      run.expect("\nready")
      run.wait("expected the terminal's own mode") { _ in run.isRestored }
      run.type(controlC)
      run.expect("caught")
      run.expectLine(">")
    }
  }

  @Test("scripts use the shell only where the command line allows it, and end with a command that fails")
  func scripts() throws {
    let refused = try bvaeScript("-e", "!echo one")
    #expect(refused.status == 2 && refused.output == "" && refused.error.contains("--allow-shell"))
    let allowed = try bvaeScript(
      "--allow-shell", "-e", "print 1\n!echo two; cat\nfor k in 0..1\n  !echo {$HOME} | wc -l\nend")
    #expect(allowed.output == "1\ntwo\n1\n1\n" && allowed.status == 0, "\(allowed.error)")
    let failed = try bvaeScript("--allow-shell", "-e", "!exit 4\nprint 1")
    #expect(failed.status == 1 && failed.output == "" && failed.error.contains("exited with code 4"))
    // What is piped in is a script, whoever says so.
    let piped = try bvaeScript(input: "set shell on\n!echo one\n")
    #expect(piped.status == 1 && piped.output == "" && piped.error.contains("only somebody at a keyboard"))
    #expect(try bvaeScript("--allow-shell", input: "!echo one; cat\nprint 2\n").output == "one\n2\n")
  }

  @Test("every example of the prompt's commands runs")
  func examples() throws {
    for command in Vocabulary.full.promptCommands {
      let finished = try bvaeScript("--allow-shell", input: command.about.example + "\n")
      #expect(finished.status == 0, "\(command.name): \(finished.error)")
    }
  }

  // MARK: - Folders

  @Test("cd changes where paths lead; the report, its figures, the stored models and the history stay where they are")
  func folders() throws {
    let folder = try Folder()
    try Files.makeDirectory(Path.join(folder.path, "inner"))
    _ = try folder.write("inner/notes.bvs", "noted = 5\n")
    let before = [
      "ones = load mnist digits 1 count 20", "figure (sheet ones[0..3]) caption \"Ones\"",
      "m = vae for ones latents 2 channels 2", "train m on ones epochs 1 batch 10",
    ]
    let lines =
      before + [
        "cd \"inner\"", "pwd", "include \"notes.bvs\"", "save ones[0] \"one.png\"",
        "x = open \"one.png\"", "n = \"named.npy\"", "save [3] n", "figure (sheet ones[4..5]) caption \"More\"",
        "ls",
        "n2 = vae for ones latents 2 channels 2", "train n2 on ones epochs 1 batch 10", "print noted",
        "save session \"../typed.bvs\"",
      ]
    let script = try folder.write("lines", lines.joined(separator: "\n") + "\n")
    let output = Path.join(folder.path, "output"), error = Path.join(folder.path, "error")
    let child = try Child(
      ["--report", "report.md", "--threads", "1"], standardInput: script, standardOutput: output, standardError: error,
      folder: folder.path, environment: ["BVAE_STORE": "store"])
    let status = child.wait(), told = try Files.readText(error)
    #expect(status == 0, "\(told)")
    let shown = try Files.readText(output)
    #expect(shown.contains("\(folder.path)/inner\n") && shown.contains("notes.bvs\none.png\n"), "\(shown)")
    #expect(try Files.list(Path.join(folder.path, "inner")) == ["Figures", "named.npy", "notes.bvs", "one.png"])
    #expect(try !Files.list(Path.join(folder.path, "store")).isEmpty)
    #expect(told.contains("taken from the store"))
    let report = try Files.readText(Path.join(folder.path, "report.md"))
    #expect(report.contains("(Figures/figure-01.png)") && report.contains("(inner/Figures/figure-02.png)"), "\(report)")
    // The saved session finds the same files from where the session began.
    let typed = try Files.readText(Path.join(folder.path, "typed.bvs"))
    #expect(
      typed.contains("include \"inner/notes.bvs\"") && typed.contains("open \"\(folder.path)/inner/one.png\""))
    #expect(typed.contains("save [3] (\"\(folder.path)/inner/\" + n)") && !typed.contains("cd "))
    let again = try Child(
      ["--quiet", "typed.bvs"], standardInput: "/dev/null", standardOutput: output, standardError: error,
      folder: folder.path, environment: ["BVAE_STORE": "store"])
    let ending = again.wait(), complaint = try Files.readText(error)
    #expect(ending == 0, "\(complaint)")
    #expect(try Files.readText(output).hasSuffix("5\n"))
  }

  @Test("cd alone goes home, and a folder that is not there is told")
  func home() throws {
    let folder = try Folder()
    let finished = try bvaeScript(input: "cd \"\(folder.path)\"\npwd\ncd\npwd\ncd \"none\"\npwd\n")
    let lines = finished.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == folder.path && lines[1] != folder.path && lines[2] == lines[1])
    #expect(finished.error.contains("cannot go to 'none': No such file or directory"))
  }

  @Test("clear clears the screen")
  func clear() throws {
    try session { run in
      run.type("print \"before\"\rclear\r")
      run.wait("expected an empty screen") { $0.row == 0 && $0.cursorLine == ">" }
      run.type("print \"after\"\r")
      run.expectEnd("> print \"after\"\nafter\n>")
      #expect(!run.screen.text.contains("before"))
    }
  }

  // MARK: - Another editor

  /// A program that stands for an editor.
  private func editor(_ folder: Folder, _ lines: String) throws -> String {
    let path = try folder.write("editor", "#!/bin/sh\n\(lines)\n")
    chmod(path, 0o700)
    return path
  }

  @Test("Ctrl-X Ctrl-E hands the line to $VISUAL and takes back what was saved, a block too")
  func externalEditor() throws {
    let folder = try Folder()
    let path = try editor(
      folder, "stty -a | grep -c ' echo ' > '\(folder.path)/mode'\nprintf 'for k in 0..1\\n  print k\\nend\\n' > \"$2\""
    )
    try session(environment: ["VISUAL": "\(path) --wait", "EDITOR": "false"]) { run in
      run.type("print 7" + edit)
      run.expectEnd("> for k in 0..1\n...   print k\n... end")
      #expect(!run.screen.text.contains("print 7") && !run.isRestored && run.screen.modes.contains("?2004"))
      run.type("\r")
      run.expectEnd("\n0\n1\n>")
      let echoes = try Files.readText(Path.join(folder.path, "mode"))
      #expect(echoes == "1\n")
    }
  }

  @Test(
    "an editor that fails, is not there, or saves nothing leaves the line as it was, and says so",
    arguments: [
      ("exit 3", "the editor exited with code 3; nothing has changed"),
      (": > \"$1\"", "the file is empty; nothing has changed"),
      ("kill -9 $$", "the editor was ended by signal 9; nothing has changed"),
      ("printf '\\377' > \"$1\"", "the file is not valid UTF-8; nothing has changed"),
      ("rm \"$1\"", "cannot read"), ("", ""),
    ])
  func failingEditor(lines: String, message: String) throws {
    let folder = try Folder()
    try session(
      folder: folder, environment: ["EDITOR": try editor(folder, lines), "TMPDIR": folder.path]
    ) { run in
      run.type("print 7" + edit)
      if message.isEmpty { usleep(200_000) } else { run.expect(message) }
      run.wait("expected the line") { $0.cursorLine == "> print 7" }
      run.type("\r")
      run.expectEnd("> print 7\n7\n>")
      let left = try Files.list(folder.path).filter { $0.hasSuffix(".bvs") }
      #expect(left == [])
    }
  }

  @Test("an editor that is not installed is named")
  func missingEditor() throws {
    try session(environment: ["EDITOR": "no-such-editor"]) { run in
      run.type("print 7" + edit)
      run.expect("'no-such-editor' cannot be run; EDITOR names another editor")
      run.type("\r")
      run.expectEnd("\n7\n>")
    }
  }

  // MARK: - Pictures

  @Test(
    "a picture that stands alone on a line is shown, and fits the window with its title and the prompt",
    arguments: [(80, 24), (110, 40)])
  func pictures(columns: Int, rows: Int) throws {
    let start = [
      "ones = load mnist digits 1 count 60", "m = vae for ones latents 3 channels 2", "h = train m on ones epochs 2",
    ]
    let values = [
      "ones[0]", "plot h", "sheet ones", "sweep m from ones[0]", "(sweep m from ones[0])[0]",
      "reconstruct m ones[0..39]",
      "sample m count 300", "decode m [0, 0, 0]", "diagram m", "show ones", "plot (measure m on ones latents)",
    ]
    try session(columns: columns, rows: rows) { run in
      for line in start { run.type(line + "\r") }
      for value in values {
        run.type("\u{C}")
        run.wait("expected a clear screen") { $0.row == 0 && $0.cursorLine == ">" }
        run.type(value + "\r")
        guard
          run.wait(
            "expected the picture of \(value)", until: { $0.row > 2 && $0.cursorLine == ">" && $0.text.contains("▀") })
        else { return }
        // The line above the picture is still there, and nothing stands where the window ends.
        #expect(run.screen.text.contains("(") && run.screen.row < rows, "\(value)")
        let past = run.screen.past.joined(separator: "\n")
        #expect(!past.contains("▀"), "\(value) is taller than the window")
      }
    }
  }
}
