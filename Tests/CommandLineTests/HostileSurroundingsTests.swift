import BVAEPlatform
import Glibc
import Testing

@Test("standard streams that are closed are an empty input and an output that cannot be written")
func closedStreams() throws {
  for arguments in [[], ["-"], ["--quiet"]] {
    let finished = try bvaeScript(arguments, shell: "<&-")
    #expect(finished.status == 0 && finished.output == "" && finished.error == "", "\(arguments)")
  }
  #expect(try bvaeScript(["-e", "print 1"], shell: "<&- 2>&-").output == "1\n")
  for closed in [">&-", "<&- >&-"] {
    let finished = try bvaeScript(["-e", "print 1"], shell: closed)
    #expect(finished.status == 1)
    #expect(finished.error.contains("could not be written to standard output: Bad file descriptor"))
  }
  #expect(try bvaeScript(["-e", "print 1"], shell: "<&- >&- 2>&-").status == 1)
}

@Test("a file that grows larger than files may be is an error and leaves nothing behind")
func fileSizeLimit() throws {
  let folder = try Folder()
  let finished = try bvaeScript(
    ["-e", "x = load mnist count 100\nsave x \"\(folder.path)/x.npy\""], shell: "", before: "ulimit -f 8; ")
  #expect(finished.status == 1)
  #expect(finished.error.contains("File too large"))
  #expect(try Files.list(folder.path) == [])
}

@Test(
  "what cannot be written whole leaves the old file as it was, with its permissions and the link that leads to it",
  arguments: [
    ("save x", "x.npy"), ("save x", "x.npz"), ("save x", "x.mat"), ("save x[0..9]", "x.npy"),
    ("save (sheet x)", "x.png"),
    ("save (vae for x channels 8 latents 2)", "x.safetensors"), ("figure (sheet x)", "x.png"), ("report", "x.html"),
  ])
func oldFile(command: String, name: String) throws {
  let folder = try Folder()
  let real = try folder.write("real", "old"), link = Path.join(folder.path, name)
  #expect(chmod(real, 0o640) == 0 && symlink("real", link) == 0)
  let finished = try bvaeScript(
    ["-e", "x = load mnist count 100\n\(command) \"\(link)\""], shell: "", before: "ulimit -f 8; ")
  #expect(finished.status == 1 && finished.error.contains("File too large"), "\(finished.error)")
  #expect(try Files.list(folder.path) == ["real", name].sorted())
  #expect(try Files.readText(real) == "old" && Files.canonical(link) == Files.canonical(real))
  var status = stat()
  #expect(stat(real, &status) == 0 && status.st_mode & 0o777 == 0o640)
  // Where there is room, the link stays and the file behind it is written.
  let whole = try bvaeScript("-e", "x = load mnist count 100\n\(command) \"\(link)\"")
  #expect(whole.status == 0 && Files.size(real) > 4096, "\(whole.error)")
  #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
}

@Test("help that cannot be written is an error")
func helpOnFullDisk() throws {
  let finished = try bvaeScript(["--help"], shell: ">/dev/full")
  #expect(finished.status == 1)
  #expect(finished.error == "bvae-script: cannot write to standard output: No space left on device\n")
}

@Test("input without an end is refused")
func endlessInput() throws {
  let line = try bvaeScript([], shell: "</dev/zero")
  #expect(line.status == 1)
  #expect(line.error.hasPrefix("bvae-script: cannot read 'standard input': a line is longer than the 16"))
  for arguments in [["-"], ["/dev/zero"]] {
    let script = try bvaeScript(arguments, shell: "</dev/zero")
    #expect(script.status == 2)
    #expect(script.error.contains("it is larger than the 67"))
  }
}

@Test("the report is written once, and what prevents it is not blamed on the script")
func reportOption() throws {
  for arguments in [["--report", "a", "--report", "b"], ["--report", ""], ["--threads", "1", "--threads", "2"]] {
    let finished = try bvaeScript(arguments + ["-e", "print 1"], shell: "")
    #expect(finished.status == 2 && finished.output == "", "\(arguments)")
    #expect(finished.error.hasPrefix("bvae-script: --"))
  }
  let full = try bvaeScript(["--report", "/dev/full", "-e", "print 1"], shell: "")
  #expect(full.status == 1 && full.output == "1\n")
  #expect(full.error == "bvae-script: cannot write the report: '/dev/full': No space left on device\n")
  let noFolder = try bvaeScript(["--report", "/dev/null/a/b.md", "-e", "print 1"], shell: "")
  #expect(noFolder.status == 2 && noFolder.output == "")
  #expect(noFolder.error.hasPrefix("--report:1:1: error: cannot write '/dev/null/a/b.md': Not a directory"))
}

@Test("a named pipe is a script, and one Ctrl-C ends the waiting for it")
func pipes() throws {
  let folder = try Folder()
  let path = Path.join(folder.path, "pipe"), error = Path.join(folder.path, "error")
  #expect(mkfifo(path, 0o600) == 0)
  let finished = try bvaeScript(
    [path], shell: "", before: "(sleep 0.2; echo print 1; sleep 0.2; echo print 2) >\(path) & ")
  #expect(finished.status == 0 && finished.output == "1\n2\n")
  let child = try Child([path], standardInput: "/dev/null", standardOutput: "/dev/null", standardError: error)
  #expect(waits { child.hasOpen(path) })
  child.interrupt()
  #expect(child.wait() == 130)
  #expect(try Files.readText(error) == "interrupted\n")
}

@Test("a block that is pasted is not answered with a prompt a line")
func pasting() throws {
  let run = try TerminalRun("--quiet")
  run.expect("> ")
  run.type("for k in 0..1\nprint k\nend\n")
  run.expect("end\r\n0\r\n1\r\n> ")
  run.type("quit\n")
  #expect(run.child.wait() == 0)
}

@Test("names out of files cannot command the terminal")
func controlCharacters() throws {
  let folder = try Folder()
  let path = Path.join(folder.path, "\u{1B}[2Jimages")
  try Files.write([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7] as [UInt8], to: path)
  let finished = try bvaeScript("-e", "x = load arguments[0]\nprint x\nprint arguments\nprint 1 / (x.count - 1)", path)
  #expect(finished.status == 1 && finished.output.contains("\u{FFFD}[2Jimages"))
  #expect(!(finished.output + finished.error).utf8.contains(0x1B))
}

@Test("a script writes where it says and nowhere else, whatever is in the names")
func pathsOfScripts() throws {
  let folder = try Folder()
  let words = ["$(touch pwned)", "`touch pwned`", "; touch pwned", "a b", "~"]
  for word in words {
    let script = "x = load mnist count 1\nsave x[0] \"\(folder.path)/{arguments[0]}.png\""
    #expect(try bvaeScript("-e", script, "--", word).status == 0, "\(word)")
  }
  #expect(try Files.list(folder.path) == words.map { $0 + ".png" }.sorted())
}
