import BVAEPlatform
import Glibc
import Testing

/// Where the program writes: into the folders that a script names, and the user's cache folder for what it keeps.
struct WritingPlacesTests {
  let folder: Folder
  private let script = """
    x = load mnist count 8
    m = vae for x latents 1 channels 1 seed 7
    h = train m on x epochs 1 batch 4
    save m "out/{arguments[0]}m.safetensors"
    same = open "out/{arguments[0]}m.safetensors"
    save x "out/{arguments[0]}x.npz"
    save x[0] "out/{arguments[0]}x.png"
    save h "out/{arguments[0]}h.csv"
    save (encode m x) "out/{arguments[0]}code.npy"
    figure (plot h) caption "{arguments[0]}a"
    figure (diagram m) "out/{arguments[0]}d.png" caption "../{arguments[0]}b"
    table (measure m on x) caption "../../{arguments[0]}c"
    | # ![]({arguments[0]}) `{arguments[0]}`
    report "out/{arguments[0]}r.md"
    """

  init() throws {
    folder = try Folder()
    for name in ["work", "home", "cache", "temporary"] { try Files.makeDirectory(Path.join(folder.path, name)) }
  }

  private func run(_ arguments: [String]) throws -> Finished {
    let places = ["HOME=home", "XDG_CACHE_HOME=cache", "TMPDIR=temporary", "BVAE_STORE=", "BVAE_DATA="].map { place in
      place.hasSuffix("=")
        ? "unset \(place.dropLast()); " : "export \(place.replacing("=", with: "=\(folder.path)/")); "
    }
    return try bvaeScript(arguments, shell: "", before: places.joined() + "cd '\(folder.path)/work' && ")
  }

  /// All files below a folder, by their paths from there.
  private func files(_ path: String, _ prefix: String = "") throws -> [String] {
    try Files.list(path).flatMap { name in
      let whole = Path.join(path, name)
      return Files.isDirectory(whole) ? try files(whole, "\(prefix)\(name)/") : [prefix + name]
    }
  }

  @Test(
    "Every command that writes writes where it says, whatever is in the names",
    arguments: ["", "$(touch pwned)", "`touch ../pwned`", "; touch pwned #", "-rf ", "a b\n", "~", "%s"])
  func everyCommand(word: String) throws {
    let finished = try run(["--figures", "out/figures", "-e", script, "--", word])
    #expect(finished.status == 0, "\(finished.error)")
    let all = try files(folder.path)
    let results = ["m.safetensors", "x.npz", "x.png", "h.csv", "code.npy", "d.png", "r.md"].map {
      "work/out/\(word)\($0)"
    }
    #expect(
      all.filter { !$0.hasPrefix("cache/bvae-script/models/") }.sorted()
        == (results + ["work/out/figures/figure-01.png"]).sorted())
    #expect(all.count == results.count + 3, "the model and its times are kept, nothing else: \(all)")
  }

  @Test("What cannot be written leaves nothing, and no folder above is touched")
  func readOnly() throws {
    try Files.makeDirectory(Path.join(folder.path, "work/out"))
    for name in ["x.npz", "r.md"] { try Files.makeDirectory(Path.join(folder.path, "work/out/\(name)")) }
    #expect(try run(["-e", "x = load mnist count 8\nsave x \"out/x.npz\""]).status == 2)
    #expect(try run(["-e", "report \"out/r.md\""]).status == 2)
    // Names that are known only when the script runs.
    #expect(try run(["-e", "x = load mnist count 8\nsave x \"out/{arguments[0]}.npz\"", "x"]).status == 1)
    #expect(try run(["-e", "report \"out/{arguments[0]}.md\"", "r"]).status == 1)
    #expect(try files(folder.path) == [])
  }

  @Test("A leading ~ is the home folder wherever a path is taken, and no folder of that name is made")
  func home() throws {
    try Files.write("included = 7\n", to: Path.join(folder.path, "home/other.bvs"))
    let script = """
      include "~/other.bvs"
      x = load mnist count 8
      save x "~/a/x.npz"
      save [1, 2] "~/list.npy"
      y = load "~/a/x.npz"
      set figures "~/figures"
      figure (sheet x)
      figure (sheet x) "~/sheet.png"
      z = open "~/sheet.png"
      report "~/report.md" html
      print included, x.labels == y.labels, z.width > 8
      """
    let finished = try run(["--report=~/last.md", "-e", script])
    #expect(finished.status == 0 && finished.output.hasSuffix("7 true true\n"), "\(finished.error)")
    #expect(
      try files(folder.path).filter { !$0.hasPrefix("cache/") }.sorted()
        == [
          "a/x.npz", "figures/figure-01.png", "last.md", "list.npy", "other.bvs", "report.html", "report.md",
          "sheet.png",
        ].map { "home/\($0)" })
    let elsewhere = try run(["--data=~/data", "-e", "x = load mnist count 8"])
    #expect(elsewhere.error.contains("there is no folder '\(folder.path)/home/data', which --data names"))
    let missing = try run(["--check", "-e", "x = load \"~/none.npy\""])
    #expect(missing.status == 2 && missing.error.contains("there is no file '\(folder.path)/home/none.npy'"))
  }

  @Test("Checking writes nothing")
  func checking() throws {
    #expect(try run(["--check", "-e", script, "--", ""]).status == 0)
    #expect(try files(folder.path) == [])
  }

  @Test("A shell is started in one place alone, for who asks for it, and other programs are started in few")
  func startedPrograms() throws {
    let sources = Path.absolute(Path.join(Path.parent(#filePath), "../../Sources"))
    let swift = try files(sources).filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") }
    #expect(swift.count > 100)
    var starters: Set<String> = []
    for name in swift {
      let text = try Files.readText(Path.join(sources, name))
      let startsShells = name == "Console/Terminal/ForegroundProgram.swift"
      for word in ["system(", "popen(", "execv", "execl", "/bin/sh", "fork("] where text.contains(word) && !startsShells
      {
        // `System(` and the like are other names, and `#!/bin/sh` begins a script that Slurm runs.
        let before = text.ranges(of: word).compactMap { text[..<$0.lowerBound].last }
        #expect(before.allSatisfy { $0.isLetter || $0 == "_" || $0 == "!" }, "\(name): \(word)")
      }
      if text.contains("posix_spawn(") || text.contains("posix_spawnp(") || text.contains("ChildProcess(") {
        starters.insert(name)
      }
    }
    #expect(
      starters.sorted() == [
        "Console/Terminal/ForegroundProgram.swift", "Datasets/Fetching/Downloader.swift", "Grids/Command.swift",
        "Grids/LocalEngine.swift", "Grids/SSHEngine.swift", "Platform/ChildProcess.swift", "benchmark/Coprocess.swift",
        "fuzz/Campaign.swift",
      ])
  }
}
