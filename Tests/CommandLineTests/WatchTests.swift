import BVAEPlatform
import Glibc
import Testing

/// `--watch`: the script runs again whenever it is saved.
@Suite("Watching")
struct WatchTests {
  let folder: Folder
  let script: String

  init() throws {
    folder = try Folder()
    script = try folder.write("notes.bvs", "print \"first\"\n")
  }

  private func start(_ arguments: String...) throws -> Child {
    try Child(
      ["--watch"] + arguments + [script], standardInput: "/dev/null", standardOutput: Path.join(folder.path, "output"),
      standardError: Path.join(folder.path, "error"))
  }

  private func text(_ name: String) -> String { (try? Files.readText(Path.join(folder.path, name))) ?? "" }

  /// Waits until a stream has a text so often.
  private func wait(_ name: String, for part: String, times: Int = 1, _ place: SourceLocation = #_sourceLocation) {
    if waits(until: { text(name).ranges(of: part).count >= times }) { return }
    Issue.record("expected '\(part)' in \(name): \(text(name))", sourceLocation: place)
  }

  @Test("a script runs again when it is saved in whatever way, and mistakes do not end the watching")
  func saving() throws {
    let child = try start()
    wait("error", for: "watching")
    #expect(text("output") == "first\n")
    // Written over.
    try #require(overwrite(script, "print \"second\"\n"))
    wait("output", for: "second\n")
    wait("error", for: "watching", times: 2)
    // A mistake, and its correction by an editor that renames.
    try #require(overwrite(script, "print third\n"))
    wait("error", for: "there is no variable 'third'")
    wait("error", for: "watching", times: 3)
    try Files.write("print \"third\"\n", to: script)
    wait("output", for: "third\n")
    wait("error", for: "watching", times: 4)
    // Removed, and there again some time later.
    try Files.remove(script)
    wait("error", for: "\(script) was removed; waiting for it to return\n")
    try #require(overwrite(script, "n = [0]\nprint \"fourth\", 1 / n[0]\n"))
    wait("error", for: "1 cannot be divided by 0")
    wait("error", for: "watching", times: 5)
    // Saved as it is, it runs again all the same.
    try #require(overwrite(script, "n = [0]\nprint \"fourth\", 1 / n[0]\n"))
    wait("error", for: "1 cannot be divided by 0", times: 2)
    wait("error", for: "watching", times: 6)
    #expect(text("error").ranges(of: "was saved").count == 4)
    #expect(text("error").ranges(of: " appeared; running again").count == 1)
    child.interrupt()
    #expect(child.wait() == 130)
    #expect(text("output") == "first\nsecond\nthird\n")
  }

  @Test("a script that is saved while it runs is stopped and begun again, and one Ctrl-C ends both")
  func savedWhileRunning() throws {
    try #require(overwrite(script, "print \"long\"\nfor k in 0..1e12\nend\nprint \"never\"\n"))
    let child = try start("--quiet")
    wait("output", for: "long\n")
    try #require(overwrite(script, "print \"short\"\nfor k in 0..1e12\nend\n"))
    wait("output", for: "short\n")
    child.interrupt()
    #expect(child.wait() == 130)
    #expect(text("output") == "long\nshort\n")
  }

  @Test("scripts that are included count too, and --check only checks")
  func includes() throws {
    let other = try folder.write("other.bvs", "x = 1\n")
    try #require(overwrite(script, "include \"other.bvs\"\nprint \"x is {x}\"\n"))
    let child = try start()
    wait("error", for: "and 1 included script")
    try #require(overwrite(other, "x = 2\n"))
    wait("output", for: "x is 2\n")
    wait("error", for: "watching", times: 2)
    child.interrupt()
    #expect(child.wait() == 130)
    let checking = try start("--check")
    wait("error", for: "no mistakes found")
    try #require(overwrite(other, "y = 2\n"))
    wait("error", for: "there is no variable 'x'")
    checking.interrupt()
    #expect(checking.wait() == 130)
  }

  @Test("a script that is missing something runs again when that is there")
  func missing() throws {
    try #require(overwrite(script, "include \"other.bvs\"\nprint \"q is {q}\"\n"))
    let child = try start()
    wait("error", for: "watching")
    #expect(text("output") == "")
    _ = try folder.write("other.bvs", "q = 5\n")
    wait("output", for: "q is 5\n")
    wait("error", for: "watching", times: 2)
    // Files that are read: one that the text names, and one whose name is known only when it runs.
    let images = Path.join(folder.path, "images.png"), more = Path.join(folder.path, "more.png")
    try #require(overwrite(script, "x = load \"\(images)\"\nprint \"images {x.count}\"\n"))
    wait("error", for: "there is no file '\(images)'")
    wait("error", for: "watching", times: 3)
    let drawn = try bvaeScript("-e", "x = load mnist count 1\nsave x[0] arguments[0]", images)
    try #require(drawn.status == 0, "\(drawn.error)")
    wait("output", for: "images 1\n")
    wait("error", for: "watching", times: 4)
    let text = "for name in [\"more\"]\nx = load \"\(folder.path)/{name}.png\"\nprint \"more {x.count}\"\nend\n"
    try #require(overwrite(script, text))
    wait("error", for: "watching", times: 5)
    try Files.write(try Files.read(images), to: more)
    wait("output", for: "more 1\n")
    wait("error", for: "watching", times: 6)
    child.interrupt()
    #expect(child.wait() == 130)
  }

  @Test("a script that reads what it has written itself does not run for ever")
  func ownFiles() throws {
    let path = Path.join(folder.path, "own.png")
    let text = "x = load mnist count 1\nsave x[0] \"\(path)\"\ny = load \"\(path)\"\nprint \"own {y.count}\"\n"
    try #require(overwrite(script, text))
    let child = try start()
    wait("error", for: "watching")
    // It has looked around at least once when it notices the next save.
    try #require(overwrite(script, text + "print \"saved\"\n"))
    wait("output", for: "saved\n")
    wait("error", for: "watching", times: 2)
    child.interrupt()
    #expect(child.wait() == 130)
    #expect(self.text("output").ranges(of: "own 1").count == 2)
  }

  @Test("a closed terminal ends the watching with the exit code of a hang-up")
  func hangUp() throws {
    let child = try start()
    wait("error", for: "watching")
    kill(child.pid, SIGHUP)
    #expect(child.wait() == 129)
  }

  @Test("what cannot be watched is told")
  func mistakes() throws {
    for arguments in [
      ["--watch"], ["--watch", "-"], ["--watch", "-e", "print 1"], ["--watch", "/no/such.bvs"], ["--watch", "/"],
    ] {
      let finished = try bvaeScript(arguments, shell: "")
      #expect(finished.status == 2 && finished.output == "" && !finished.error.isEmpty, "\(arguments)")
    }
  }

  /// Writes a file over, as `cat >` does, without a temporary name.
  private func overwrite(_ path: String, _ text: String) -> Bool {
    guard let file = fopen(path, "w") else { return false }
    defer { fclose(file) }
    return fputs(text, file) >= 0
  }
}
