import BVAEPlatform
import Glibc
import Testing

@Test("a text, a file and standard input are run alike")
func runs() throws {
  let folder = try Folder()
  let file = try folder.write("a.bvs", "print 1 + 2, arguments\n")
  for finished in [
    try bvaeScript("-e", "print 1 + 2, arguments", "x", "y"), try bvaeScript(file, "x", "y"),
    try bvaeScript("-", "x", "y", input: "print 1 + 2, arguments\n"),
  ] {
    #expect(finished.status == 0)
    #expect(finished.output == "3 [\"x\", \"y\"]\n")
    #expect(finished.error == "")
  }
  #expect(try bvaeScript("-e", "-1\nprint arguments", "--", "-x", "--check").output == "[\"-x\", \"--check\"]\n")
}

@Test("the exit code says what kind of end it was")
func exitCodes() throws {
  #expect(try bvaeScript("-e", "quit\nprint 1").status == 0)
  let failed = try bvaeScript("-e", "n = arguments.count\nprint 1\nprint 1 / n")
  #expect(failed.status == 1)
  #expect(failed.output == "1\n")
  #expect(
    failed.error == "-e:3:7: error: 1 cannot be divided by 0\n  3 | print 1 / n\n    |       ^~~~~\n")
  let wrong = try bvaeScript("-e", "print 1\nprint x")
  #expect(wrong.status == 2)
  #expect(wrong.output == "")
  for arguments in [
    ["--chek"], ["--threads", "0"], ["--threads", "x"], ["--set", "a"], ["--check"], ["no/such.bvs"], ["/"], ["-e"],
  ] {
    let finished = try run(arguments)
    #expect(finished.status == 2, "\(arguments)")
    #expect(finished.output == "" && !finished.error.isEmpty, "\(arguments)")
  }
  for arguments in [["--help"], ["--version"], ["-h"]] {
    let finished = try run(arguments)
    #expect(finished.status == 0 && finished.error == "" && !finished.output.isEmpty, "\(arguments)")
  }
}

@Test("an option that there is not is answered with one that is near, and with none that is not")
func unknownOptions() throws {
  #expect(try bvaeScript("--chek").error.contains("Unknown option '--chek'. Did you mean '--check'?"))
  for option in ["--foo", "--latents", "--zzz"] {
    let error = try bvaeScript(option).error
    #expect(error.contains("Unknown option '\(option)'") && !error.contains("Did you mean"), "\(error)")
  }
}

private func run(_ arguments: [String]) throws -> Finished {
  switch arguments.count {
  case 1: try bvaeScript(arguments[0])
  default: try bvaeScript(arguments[0], arguments[1])
  }
}

@Test("--check reports every mistake and runs nothing")
func check() throws {
  let folder = try Folder()
  let file = try folder.write("bad.bvs", "print 1\nprint x\nfor k in 3\nend\nset sed 3\n")
  let finished = try bvaeScript("--check", file)
  #expect(finished.status == 2)
  #expect(finished.output == "")
  #expect(
    finished.error.replacing(file, with: "bad.bvs") == """
      bad.bvs:2:7: error: there is no variable 'x'
        2 | print x
          |       ^
      bad.bvs:3:10: error: 'for' loops over a list or a range; this is a number
        3 | for k in 3
          |          ^ to count write 0..n
      bad.bvs:5:5: error: there is no setting 'sed'
        5 | set sed 3
          |     ^~~ did you mean 'seed'?

      """)
  let good = try bvaeScript("--check", "-e", "print 1")
  #expect(good.status == 0 && good.output == "" && good.error == "-e: no mistakes found\n")
  #expect(try bvaeScript("--check", "--quiet", "-e", "print 1").error == "")
  #expect(try bvaeScript("--check", "-e", "1 + 1").status == 0)
}

@Test("--set holds against the script's default, and --quiet keeps the notes away")
func setting() throws {
  let script = "epochs = 200\nprint epochs"
  let finished = try bvaeScript("--set", "epochs=5", "-e", script)
  #expect(finished.output == "5\n")
  #expect(finished.error == "epochs = 5 as --set says; the script's own is 200\n")
  #expect(try bvaeScript("--set=epochs=-3..3", "--quiet", "-e", script).output == "-3..3\n")
  let unknown = try bvaeScript("--set", "epoch=5", "-e", script)
  #expect(unknown.status == 2 && unknown.error.contains("did you mean 'epochs'?"))
}

@Test("statements from a pipe are run one by one, and mistakes do not end the run")
func pipedStatements() throws {
  let finished = try bvaeScript(
    input:
      "x = 1\nx + 1\nprint y\nfor k in 0..1\n  print k\nend\n\"{x} \\\"\" + \\\n  \"z\"\nprint 1 / (x - 1)\nprint 3")
  #expect(finished.status == 1)
  #expect(finished.output == "2\n0\n1\n1 \"z\n3\n")
  #expect(
    finished.error == """
      input:3:7: error: there is no variable 'y'
        3 | print y
          |       ^
      input:9:7: error: 1 cannot be divided by 0
        9 | print 1 / (x - 1)
          |       ^~~~~~~~~~~

      """)
  let open = try bvaeScript(input: "print 1\nfor k in 0..1\nprint k")
  #expect(open.status == 1 && open.output == "1\n" && open.error.hasPrefix("input:2:1: error: this 'for' has no 'end'"))
  #expect(try bvaeScript(input: "print 1\nquit\nprint 2").output == "1\n")
  #expect(try bvaeScript(input: "").status == 0)
}

@Test("a reader that goes away ends the run without a crash")
func closedOutput() throws {
  var ends: [Int32] = [0, 0]
  #expect(pipe(&ends) == 0)
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  let child = try Child(
    ["-e", "for k in 0..1e12\n  print k\nend"], standardInput: "/dev/null", standardOutput: "/dev/fd/\(ends[1])",
    standardError: "/dev/null")
  close(ends[1])
  var bytes = [UInt8](repeating: 0, count: 100)
  _ = read(ends[0], &bytes, 100)
  close(ends[0])
  #expect(child.wait() == 1)
  #expect(bytes.prefix(2) == [48, 10])
}

@Test("Ctrl-C ends a run with exit code 130")
func interruption() throws {
  let folder = try Folder()
  let error = Path.join(folder.path, "error")
  let output = Path.join(folder.path, "output")
  let child = try Child(
    ["-e", "print \"begun\"\nfor k in 0..1e12\nend"], standardInput: "/dev/null", standardOutput: output,
    standardError: error)
  #expect(waits { (try? Files.readText(output)) == "begun\n" })
  child.interrupt()
  #expect(child.wait() == 130)
  #expect(try Files.readText(error) == "interrupted\n")
}

@Test("on a dumb terminal there is a prompt, blocks continue, and Ctrl-C keeps the session")
func terminal() throws {
  let run = try TerminalRun()
  run.expect("> ")
  run.type("x = 3\n")
  run.expect("> ")
  run.type("for k in 0..1\n")
  run.expect("... ")
  run.type("print k + x\n")
  run.expect("... ")
  run.type("end\n")
  run.expect("3\r\n4\r\n> ")
  run.type("print unknown\n")
  run.expect("there is no variable 'unknown'")
  run.expect("> ")
  run.type("if true\n")
  run.expect("... ")
  run.child.interrupt()
  run.expect("> ")
  run.child.interrupt()
  run.expect("> ")
  for line in ["for k in 0..1e12", "if k == 0", "print \"begun\"", "end"] {
    run.type(line + "\n")
    run.expect("... ")
  }
  run.type("end\n")
  run.expect("\r\nbegun")
  run.child.interrupt()
  run.expect("interrupted\r\n> ")
  run.type("x\n")
  run.expect("3\r\n> ")
  run.type("quit\n")
  #expect(run.child.wait() == 0)
}

@Test("Ctrl-D ends a session on a terminal")
func endOfTyping() throws {
  let run = try TerminalRun("--quiet")
  run.expect("> ")
  run.type("\u{4}")
  #expect(run.child.wait() == 0)
}

@Test("on a dumb terminal Ctrl-D in a block says how to leave it, and keeps the session the first time")
func endOfBlock() throws {
  let run = try TerminalRun("--quiet")
  run.expect("> ")
  run.type("for k in 0..1\n")
  run.expect("... ")
  run.type("\u{4}")
  run.expect("this block is still open: 'end' closes it, Ctrl-C discards it")
  run.expect("... ")
  run.type("print k\n")
  run.expect("... ")
  run.type("end\n")
  run.expect("0\r\n1\r\n> ")
  run.type("\u{4}")
  #expect(run.child.wait() == 0)
}

@Test("Ctrl-C ends statements that come from a pipe, all of them")
func interruptedPipe() throws {
  let folder = try Folder()
  let output = Path.join(folder.path, "output"), error = Path.join(folder.path, "error")
  let input = try folder.write("input", "print \"begun\"\nfor k in 0..1e12\nend\nprint \"never\"\n")
  let child = try Child([], standardInput: input, standardOutput: output, standardError: error)
  #expect(waits { (try? Files.readText(output)) == "begun\n" })
  child.interrupt()
  #expect(child.wait() == 130)
  #expect(try Files.readText(output) == "begun\n" && Files.readText(error) == "interrupted\n")
}

@Test("a full disk is an error and not the end of the reader")
func fullDisk() throws {
  let folder = try Folder()
  let error = Path.join(folder.path, "error")
  let child = try Child(
    ["-e", "print 1"], standardInput: "/dev/null", standardOutput: "/dev/full", standardError: error)
  #expect(child.wait() == 1)
  #expect(
    try Files.readText(error).hasPrefix(
      "-e:1:1: error: the result could not be written to standard output: No space left on device"))
}

@Test("training on a terminal shows a bar that makes room for results")
func terminalBar() throws {
  let run = try TerminalRun(
    "--fresh", "-e",
    """
    ones = load mnist digits 1 count 64
    model = vae for ones latents 2
    history = train model on ones epochs 3
    print "done"
    """, environment: ["TERM": "xterm-256color"])
  run.expect("training ")
  run.expect("░")
  run.expect("epoch ")
  run.expect("done")
  #expect(run.child.wait() == 0)
}
