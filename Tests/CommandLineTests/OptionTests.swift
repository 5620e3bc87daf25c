import BVAEPlatform
import Testing

/// That every option of the command line does what it says.
@Suite("Options of the command line")
struct OptionTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test("--figures is the folder of figures without a path")
  func figures() throws {
    let figures = Path.join(Machine.environment("TMPDIR") ?? folder.path, "figures-of-options")
    let script = "x = load mnist count 2\nfigure (sheet x)\nfigure (sheet x[0]) \"\(folder.path)/own.png\""
    #expect(try bvaeScript("--figures", figures, "-e", script).status == 0)
    #expect(try Files.list(figures) == ["figure-01.png"] && Files.exists(Path.join(folder.path, "own.png")))
  }

  @Test("--data is the only folder where data are looked for")
  func data() throws {
    let finished = try bvaeScript("--data", folder.path, "-e", "x = load mnist count 3\nprint x.count")
    #expect(finished.status == 1 && finished.output == "" && finished.error.contains("'\(folder.path)/mnist'"))
  }

  @Test("--report and --threads: the report is written at the end, and says how many threads there were")
  func report() throws {
    let path = Path.join(folder.path, "r.md")
    #expect(try bvaeScript("--threads", "3", "--report", path, "-e", "| A line.\nprint 1").status == 0)
    let report = try Files.readText(path)
    #expect(report.hasPrefix("A line.\n") && report.contains("| Threads | 3 |"))
  }

  @Test("An argument that is not in UTF-8 is refused, and nothing is written under another name")
  func encoding() throws {
    let folder = try Folder()
    for arguments in ["--figures \"$f\" -e 'x = 1'", "\"$f/s.bvs\"", "--report \"$f/r.md\" -e 'x = 1'"] {
      let run = try bvaeScript(
        [], shell: "", before: "cd '\(folder.path)'; f=$(printf 'caf\\351'); mkdir -p \"$f\"; set -- \(arguments); ")
      #expect(run.status == 2 && run.error.contains("'café") && run.error.contains("is not valid UTF-8"), "\(run)")
    }
    #expect(try Files.list(RawPath(folder.path)).map(\.bytes) == [Array("caf".utf8) + [0xE9]])
  }

  @Test("--fresh trains again what is stored")
  func fresh() throws {
    let script = """
      x = load mnist digits 4 count 10
      m = vae for x latents 2 channels 4 seed 90210
      train m on x epochs 1 batch 10
      print m.fingerprint
      """
    let store = "BVAE_STORE='\(folder.path)/store'; export BVAE_STORE; "
    let first = try bvaeScript(["-e", script], shell: "", before: store)
    let second = try bvaeScript(["-e", script], shell: "", before: store)
    let fresh = try bvaeScript(["--fresh", "-e", script], shell: "", before: store)
    #expect(first.error.contains("trained 1 epoch") && !first.error.contains("taken from the store"))
    #expect(second.error.contains("taken from the store") && !second.error.contains("trained 1 epoch"))
    #expect(fresh.error.contains("trained 1 epoch") && !fresh.error.contains("taken from the store"))
    #expect(first.status == 0 && first.output == second.output && first.output == fresh.output)
  }

  @Test("Several -e are one script, and every --set holds")
  func repeated() throws {
    #expect(try bvaeScript("-e", "x = 2", "-e", "print x, arguments", "a", "b").output == "2 [\"a\", \"b\"]\n")
    let set = try bvaeScript("--set", "a=1", "--set", "b=2", "--quiet", "-e", "a = 0\nb = 0\nprint a, b")
    #expect(set.output == "1 2\n" && set.error == "")
  }
}
