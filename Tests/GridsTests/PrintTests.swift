import BVAEGrids
import BVAEPlatform
import Testing

@Suite("Trainings for other schedulers")
struct PrintTests {
  private func printed(_ words: [String], program: String = "/opt/bvae script/bvae-script") throws -> (Grid, [String]) {
    let folder = try Folder(), grid = try folder.grid(3)
    let engine = PrintEngine(program: program, options: words, jobs: 2, threads: 4)
    guard case .printed(let lines) = try engine.run(grid, [grid.tasks[0], grid.tasks[2]], progress: { _ in }) else {
      Issue.record("nothing was printed")
      return (grid, [])
    }
    return (grid, lines)
  }

  @Test("a command each for GNU parallel")
  func plain() throws {
    for words in [[], ["parallel"]] {
      let (grid, lines) = try printed(words)
      #expect(
        lines == [1, 3].map { "'/opt/bvae script/bvae-script' --work \(grid.folder) --task \($0) --threads 4" })
    }
    #expect(PlainLines.quoted("it's") == "'it'\\''s'" && PlainLines.quoted("") == "''")
  }

  @Test("a description for HTCondor puts 75 back, and 1 and 2 not")
  func condor() throws {
    let (grid, lines) = try printed(["htcondor"])
    let wanted = [
      "executable = /opt/bvae script/bvae-script",
      "arguments = \"--work \(grid.folder) --task $(task) --threads $(request_cpus)\"", "request_cpus = 4",
      "success_exit_code = 0", "max_retries = 20", "retry_until = ExitCode =?= 1 || ExitCode =?= 2",
      "max_materialize = 2",
    ]
    for line in wanted { #expect(lines.contains(line), "\(line)") }
    #expect(lines.suffix(4) == ["queue task from (", "  1", "  3", ")"])
  }

  @Test("a manifest for Kubernetes has an index for every task")
  func kubernetes() throws {
    let (grid, lines) = try printed(["kubernetes"])
    let text = lines.joined(separator: "\n")
    #expect(text.contains("completionMode: Indexed\n  completions: 3\n  parallelism: 2\n"))
    #expect(text.contains("values: [1, 2]") && text.contains("- action: Ignore\n      onExitCodes:"))
    #expect(text.contains(#"- "exec \"$0\" --work \"$1\" --task $((JOB_COMPLETION_INDEX + 1)) --threads 4""#))
    #expect(text.contains("- \"/opt/bvae script/bvae-script\"  # FILL IN") && text.contains("- \"\(grid.folder)\""))
    #expect(lines.count { $0.contains("# FILL IN") } == 3)
  }

  @Test("a Snakefile has the models as what comes out")
  func snakemake() throws {
    let (grid, lines) = try printed(["snakemake"])
    #expect(lines.contains("RESULT = \"\(grid.store)/{result}\""))
    #expect(
      lines.contains("    \"\(grid.tasks[0].key).safetensors\": 1,")
        && lines.contains("    \"\(grid.tasks[2].key).safetensors\": 3,"))
    #expect(!lines.contains { $0.contains(grid.tasks[1].key) })
    #expect(lines.contains("    threads: 4"))
  }

  @Test("a form that there is not is said")
  func unknown() throws {
    #expect(
      throws: FileProblem(
        "there is no such form; there are parallel, htcondor, kubernetes, snakemake", of: "carts", action: "print")
    ) { try printed(["carts"]) }
  }
}
