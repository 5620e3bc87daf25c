import BVAEPlatform
import Glibc
import ScreenEmulator
import Testing

private let up = "\u{1B}[A", controlC = "\u{3}", controlD = "\u{4}", controlR = "\u{12}"

/// The program at a terminal, by what is on its screen.
@Suite("A session at a terminal")
struct EditorSessionTests {
  @Test("a line is edited with arrows, words, cuts and undo, and runs when Enter is pressed")
  func editing() throws {
    let run = try ScreenRun()
    run.expectLine(">")
    run.type("print 12")
    run.expectLine("> print 12")
    run.type("\u{1B}[D\u{1B}[D3, ")
    run.expectLine("> print 3, 12")
    run.type("\u{1}\u{1B}d")
    run.expectLine(">  3, 12")
    run.type("\u{19}\u{5}\u{17}\"é語🙂\"\r")
    run.expectEnd("> print 3, \"é語🙂\"\n3 é語🙂\n>")
    run.type("print 7\u{17}\u{1F}\r")
    run.expectEnd("> print 7\n7\n>")
    run.type(controlD)
    #expect(run.ending() == 0)
    #expect(run.isRestored && !run.screen.modes.contains("?2004") && run.screen.unknown == [])
  }

  @Test("a block is typed with a continuation prompt and comes back whole from the history")
  func block() throws {
    let run = try ScreenRun()
    run.expectLine(">")
    run.type("for k in 0..1\r")
    run.expectLine("...")
    run.type("print k, \"of\", 1\r")
    run.expectLine("...")
    run.type("end\r")
    run.expectEnd("> for k in 0..1\n...   print k, \"of\", 1\n... end\n0 of 1\n1 of 1\n>")
    run.type(up)
    run.expectEnd("> for k in 0..1\n...   print k, \"of\", 1\n... end")
    run.type(controlC)
    run.expectEnd("... end^C\n>")
    run.type("quit\r")
    #expect(run.ending() == 0)
  }

  @Test("the history is there in the next run; Ctrl-R finds in it")
  func history() throws {
    let folder = try Folder()
    let path = Path.join(folder.path, "history")
    for command in ["print \"first run\"", "print 2"] {
      let run = try ScreenRun(environment: ["BVAE_HISTORY": path])
      run.expectLine(">")
      run.type(command + "\r")
      run.wait("expected the prompt again") { $0.row == 2 && $0.cursorLine == ">" }
      run.type(controlD)
      #expect(run.ending() == 0)
    }
    let run = try ScreenRun(environment: ["BVAE_HISTORY": path])
    run.expectLine(">")
    run.type(up)
    run.expectLine("> print 2")
    run.type(up)
    run.expectLine("> print \"first run\"")
    run.type(controlC)
    run.expectEnd("^C\n>")
    run.type(controlR + "fir")
    run.expectLine("(search) 'fir': print \"first run\"")
    run.type("\r")
    run.expectEnd("first run\n>")
    run.type(controlR + "pri")
    run.expectLine("(search) 'pri': print \"first run\"")
    run.type(controlR)
    run.expectLine("(search) 'pri': print 2")
    run.type("\u{7}")
    run.expectLine(">")
    run.type(controlD)
    #expect(run.ending() == 0)
    #expect(try Files.readText(path) == "print \"first run\"\nprint 2\nprint \"first run\"\n")
  }

  @Test("Tab completes commands, options, their values, variables, fields, functions and paths")
  func completion() throws {
    let folder = try Folder()
    _ = try folder.write("weights.txt", "")
    let run = try ScreenRun(columns: 120, folder: folder.path)
    run.expectLine(">")
    run.type("ones = lo\tmn\tcl\t1 cou\t20\r")
    run.expectEnd("> ones = load mnist classes 1 count 20\n>")
    run.type("print on\t.cou\t, ma\tones.count, 7)\r")
    run.expectEnd("> print ones.count, max(ones.count, 7)\n20 20\n>")
    run.type("set \tsee\t3\r")
    run.expectEnd("> set seed 3\n>")
    run.type("x = load mnist split \t")
    run.wait("expected the choices") { $0.text.contains("train  which part") && $0.text.contains("\n  test\n") }
    run.type("\t\t\r")
    run.wait("expected the choice") { $0.cursorLine.hasPrefix("> x = load mnist split test [classes") }
    run.type(controlC)
    run.expectLine(">")
    run.type("open \"we\t")
    run.wait("expected the path") { $0.cursorLine.hasPrefix("> open \"weights.txt\"") }
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
  }

  @Test("hints are grey, and the colours follow the words")
  func colors() throws {
    let run = try ScreenRun(columns: 100)
    run.expectLine(">")
    run.type("x = load mnist")
    run.wait("expected a hint") { $0.cursorLine.hasPrefix("> x = load mnist [split") }
    #expect(Set(run.screen.styles(of: "load")) == ["0;1;34"] && Set(run.screen.styles(of: "mnist")) == ["0;33"])
    #expect(Set(run.screen.styles(of: "[split")) == ["0;90"])
    run.type("\u{1}")
    run.expectLine("> x = load mnist")
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
    let plain = try ScreenRun(environment: ["NO_COLOR": "1"])
    plain.expectLine(">")
    plain.type("load mnist")
    plain.expectLine("> load mnist")
    #expect(Set(plain.screen.styles(of: "load mnist")) == ["0"])
    plain.type(controlC + controlD)
    #expect(plain.ending() == 0)
  }

  @Test("fifty pasted lines are shown, and run line by line and block by block at Enter")
  func paste() throws {
    let lines =
      ["total = 0"] + (0..<16).flatMap { _ in ["for k in 1..2", "  total = total + k", "end"] } + ["print total"]
    #expect(lines.count == 50)
    let run = try ScreenRun(columns: 60, rows: 20)
    run.expectLine(">")
    run.wait("expected bracketed paste") { $0.modes.contains("?2004") }
    run.type("\u{1B}[200~" + lines.joined(separator: "\r") + "\u{1B}[201~")
    run.expectEnd("... end\n... print total")
    #expect(run.screen.past == [])
    run.type("\r")
    run.expectEnd("... print total\n48\n>")
    #expect(run.screen.past.first == "> total = 0")
    // A mistake in what was pasted together ends it.
    run.type("\u{1B}[200~x = 1\rprint y\rprint 3\u{1B}[201~\r")
    run.expect("there is no variable 'y'")
    run.expectLine(">")
    #expect(!run.screen.text.contains("\n3\n"))
    run.type(controlD)
    #expect(run.ending() == 0)
  }

  @Test("lines that come without the marks of a paste, and faster than they run, are run one after the other")
  func typedAhead() throws {
    let run = try ScreenRun(columns: 60, rows: 50)
    run.expectLine(">")
    run.type((0..<20).map { "print \($0) * 2\r" }.joined())
    run.expectEnd("\n> print 19 * 2\n38\n>")
    run.type(controlD)
    #expect(run.ending() == 0)
  }

  @Test("after Ctrl-C in a training the half-trained model is swept, and the same train goes on")
  func interruptedTraining() throws {
    let folder = try Folder()
    let run = try ScreenRun([], columns: 160, environment: ["BVAE_STORE": folder.path])
    run.expectEnd("'quit' ends\n>")
    run.type("ones = load mnist digits 1 count 64\rmodel = vae for ones latents 3 channels 4\r")
    run.type("train model on ones epochs 100000 batch 64\r")
    run.wait("expected a bar") { $0.cursorLine.hasPrefix("training ░") && $0.cursorLine.contains("epoch 3") }
    run.type(controlC)
    run.expect("resumes from here")
    run.expectLine(">")
    run.type("row = sweep model from ones[0] range prior steps 3\rprint row.count, model.latents\r")
    run.wait("expected the sweep's rows") { $0.lines.contains { $0 == "3 3" } }
    run.type("train model on ones epochs 100000 batch 64\r")
    run.expect("resumed from epoch ")
    run.wait("expected the bar again") { $0.cursorLine.hasPrefix("training ") }
    run.type(controlC)
    run.expectLine(">")
    run.type("quit\r")
    #expect(run.ending() == 0)
    #expect(run.isRestored)
  }

  @Test("when the window changes its size the line is drawn anew in it")
  func resize() throws {
    let run = try ScreenRun(columns: 60, rows: 12)
    run.expectLine(">")
    run.type("print 1\rprint \"one two three four five six seven eight nine\"")
    run.expectLine("> print \"one two three four five six seven eight nine\"")
    run.resize(columns: 30, rows: 12)
    run.expectEnd("> print 1\n1\n> print \"one two three four fi\nve six seven eight nine\"")
    run.resize(columns: 70, rows: 8)
    run.expectEnd("> print 1\n1\n> print \"one two three four five six seven eight nine\"")
    run.type("\r")
    run.expectEnd("\none two three four five six seven eight nine\n>")
    run.type(controlD)
    #expect(run.ending() == 0)
  }

  @Test("keys come in pieces over a slow line")
  func slowLine() throws {
    let run = try ScreenRun()
    run.expectLine(">")
    // Read one by one, at the latest when the next one is sent.
    for byte in Array("prnit é\u{1B}[D\u{1B}[1;5D\u{1B}[C\u{1B}[C\u{1B}[C\u{14}".utf8) {
      run.send([byte])
      usleep(15_000)
    }
    run.expectLine("> print é")
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
  }

  @Test(
    "however the program ends, the terminal is as it was",
    arguments: [
      (SIGTERM, 143), (SIGHUP, 129), (SIGSEGV, 1000 + SIGSEGV), (SIGABRT, 1000 + SIGABRT),
      (SIGXCPU, 1000 + SIGXCPU),
    ] as [(Int32, Int32)])
  func restored(signal: Int32, status: Int32) throws {
    let run = try ScreenRun(launcher: ["/bin/sh", "-c", "ulimit -c 0; exec \"$0\" \"$@\""])
    run.expectLine(">")
    run.type("print 1")
    run.wait("expected the line") { $0.cursorLine.hasPrefix("> print 1") }
    #expect(!run.isRestored)
    kill(run.child.pid, signal)
    #expect(run.ending() == status)
    #expect(run.isRestored && !run.screen.modes.contains("?2004"))
    #expect(run.screen.cursorLine == "")
  }

  @Test("Ctrl-Z gives the terminal back until the program goes on, then the line is there again")
  func suspension() throws {
    // A shell with job control is the parent, as orphaned processes cannot be stopped.
    let run = try ScreenRun(
      launcher: ["/bin/sh", "-c", "set -m; \"$0\" \"$@\"; stty -a | grep -c ' echo ' ; echo back; fg >/dev/null"])
    run.expectLine(">")
    run.type("print 1 + ")
    run.expectLine("> print 1 +")
    run.type("\u{1A}")
    run.expect("\n1\nback")
    run.expectLine("> print 1 +")
    run.type("4\r")
    run.expectEnd("\n5\n>")
    run.type("for k in 0..1e12\rif k == 0\rprint \"begun\"\rend\rend\r")
    run.expect("\nbegun")
    run.type(controlC)
    run.expectEnd("interrupted\n>")
    run.type(controlD)
    #expect(run.ending() == 0)
    #expect(run.isRestored)
  }

  @Test("a history that cannot be kept is told once, and the session goes on")
  func noHistory() throws {
    let run = try ScreenRun([], environment: ["BVAE_HISTORY": "/"])
    run.expectLine(">")
    run.type("print 1\rprint 2\r")
    run.expectEnd("> print 2\n2\n>")
    #expect(run.screen.text.ranges(of: "the history cannot be saved: ").count == 1)
    run.type(controlD)
    #expect(run.ending() == 0)
  }

  @Test("a recalled block is entered with Up; its last line and the first one lead on in the history")
  func recalledBlock() throws {
    let run = try ScreenRun()
    run.expectLine(">")
    run.type("print \"zero\"\rfor k in 0..1\rprint k\rend\rprint \"one\"\r")
    run.expectEnd("one\n>")
    run.type(up + up)
    run.expectEnd("> for k in 0..1\n...   print k\n... end")
    // One line up, to its end; there the range gets another one.
    run.type(up + up + "\u{5}2")
    run.expectLine("> for k in 0..12")
    run.type("\u{7F}\u{1B}[B")
    run.expectLine("...   print k")
    run.type("\u{5} + 5\u{1B}>\r")
    run.expectEnd("5\n6\n>")
    run.type(up + up + up + up)
    run.expectLine("> print \"one\"")
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
  }

  @Test("a block that is given up comes back from the history, and Ctrl-D in one says how to leave it")
  func abandonedBlock() throws {
    let run = try ScreenRun()
    run.expectLine(">")
    run.type("for k in 0..1\rprint k")
    run.expectLine("...   print k")
    run.type(controlD)
    run.expect("this block is still open: 'end' closes it, Ctrl-C discards it")
    run.type(" ")
    run.wait("expected the word gone") { !$0.text.contains("this block is still open") }
    run.type(controlC)
    run.expectEnd("^C\n>")
    run.type(up)
    run.expectEnd("> for k in 0..1\n...   print k")
    run.type("\rend\r")
    run.expectEnd("0\n1\n>")
    run.type("print 1" + controlD)
    run.expect("Ctrl-D ends the session on an empty line")
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
  }

  @Test("of lines that were pasted together, those behind a mistake are counted without blanks and comments")
  func pastedMistake() throws {
    let run = try ScreenRun([])
    run.expectEnd("'quit' ends\n>")
    run.type("\u{1B}[200~print 1\rnonsense 2\rprint 3\r\u{1B}[201~\r")
    run.expect("\n1 line after this one did not run\n>")
    run.type("\u{1B}[200~nonsense 2\r\r# why\rprint 3\rfor k in 0..1\r\tprint k\rend\r\u{1B}[201~\r")
    run.expect("\n4 lines after this one did not run\n>")
    run.type(controlD)
    #expect(run.ending() == 0)
  }

  @Test("what was copied from a session's screen runs again")
  func pastedSession() throws {
    let run = try ScreenRun()
    run.expectLine(">")
    run.wait("expected bracketed paste") { $0.modes.contains("?2004") }
    run.type("\u{1B}[200~> for k in 0..1\r...   print k\r... end\r0\r1\r> print \"done\"\u{1B}[201~\r")
    run.expectEnd("... print \"done\"\n0\n1\ndone\n>")
    run.type("x = 4\rif x \u{1B}[200~> 3\u{1B}[201~\rprint \"larger\"\rend\r")
    run.expectEnd("larger\n>")
    run.type(controlD)
    #expect(run.ending() == 0)
  }

  @Test("tabs go to the next stop")
  func tabs() throws {
    let run = try ScreenRun()
    run.expectLine(">")
    run.type("\u{1B}[200~if true\r\tprint 1\t# one\rend\u{1B}[201~")
    run.expectEnd("> if true\n...   print 1 # one\n... end")
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
  }

  @Test("a terminal without colours gets none")
  func colorless() throws {
    let run = try ScreenRun(environment: ["TERM": "vt100", "COLORTERM": nil])
    run.expectLine(">")
    run.type("load mnist")
    run.expectLine("> load mnist")
    #expect(Set(run.screen.styles(of: "load mnist")) == ["0"])
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
    #expect(!run.written.contains("\u{1B}[0;3") && !run.written.contains("\u{1B}[0;9"))
  }

  @Test("a history at /dev/null is kept nowhere, without a word")
  func nullHistory() throws {
    let run = try ScreenRun([], environment: ["BVAE_HISTORY": "/dev/null"])
    run.expectEnd("'quit' ends\n>")
    run.type("print 1\r")
    run.expectEnd("quit' ends\n> print 1\n1\n>")
    run.type(up)
    run.expectLine("> print 1")
    run.type(controlC + controlD)
    #expect(run.ending() == 0)
  }

  /// All words that a script shows in a window.
  private func words(_ script: String, columns: Int) throws -> [Substring] {
    let run = try ScreenRun(["-e", script], columns: columns, rows: 100)
    _ = run.ending()
    return (run.screen.past + run.screen.lines).joined(separator: "\n").split { $0 == "\n" || $0 == " " }
  }

  @Test("help, notes and messages are broken at words, however wide the window is", arguments: [40, 60, 100, 250])
  func wrapping(columns: Int) throws {
    for script in ["help train", "help", "help expressions", "x = 3\nprint x, unknown_name"] {
      #expect(try words(script, columns: columns) == words(script, columns: 80), "\(script)")
    }
  }

  @Test("a table that is too wide for the window becomes a block a row")
  func table() throws {
    let script =
      "ones = load mnist digits 1 count 30\nm = vae for ones latents 2 channels 1\nprint (measure m on ones latents)"
    let run = try ScreenRun(["--quiet", "-e", script], columns: 32, rows: 60)
    #expect(run.ending() == 0)
    let heads = run.screen.lines.filter { $0.hasPrefix("latent ") }
    #expect(heads.count == 2 && !run.screen.text.contains("─"), "\(run.screen.text)")
    let wide = try ScreenRun(["--quiet", "-e", script], columns: 200, rows: 60)
    #expect(wide.ending() == 0)
    #expect(wide.screen.lines[1].hasPrefix("─────") && wide.screen.lines[0].contains("KL"))
  }

  @Test("while the window gets narrower a line of progress stays one line, and Ctrl-C leaves nothing of it")
  func narrowed() throws {
    let folder = try Folder()
    let script = try folder.write(
      "long.bvs", "x = load mnist digits 1 count 64\nm = vae for x latents 2 channels 2\ntrain m on x epochs 1000000\n")
    let run = try ScreenRun([script], columns: 110, environment: ["BVAE_STORE": folder.path])
    run.wait("expected a bar") { $0.cursorLine.hasPrefix("training ░") && $0.cursorLine.contains("epoch ") }
    for columns in [60, 33, 90] {
      run.resize(columns: columns, rows: 24, whileStopped: true)
      let written = run.written.utf8.count
      run.wait("expected the bar anew") { _ in run.written.utf8.dropFirst(written).contains(0x1B) }
      run.wait("expected one bar") { $0.cursorLine.hasPrefix("training ") && $0.text.ranges(of: "training").count == 1 }
    }
    run.type(controlC)
    #expect(run.ending() == 130)
    #expect(!run.screen.text.contains("training ░") && !run.screen.text.contains("^C"), "\(run.screen.text)")
    #expect(run.screen.text.hasSuffix("interrupted"))
  }
}
