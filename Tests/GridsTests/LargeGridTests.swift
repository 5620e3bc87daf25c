import BVAEGrids
import BVAEPlatform
import Glibc
import Testing

/// A study on a cluster that does nothing but move tasks on: stand-ins for Slurm's commands, which with every look at the
/// queue finish, fail, lose or put back some of the tasks that run, by a generator with a seed.
@Suite("A large study")
struct LargeGridTests {
  /// The long form: 10,000 trainings on 500 nodes.
  private static let isLong = Machine.environment("BVAE_TEST_LONG") != nil

  private let folder: Folder

  init() throws { folder = try Folder() }

  private func standIn(_ name: String, _ text: String) throws {
    try Files.write("#!/bin/sh\nhere='\(folder.path)'\necho \(name) >> \"$here/calls\"\n" + text, to: folder(name))
    chmod(folder(name), 0o755)
  }

  private func makeCluster(_ grid: Grid, nodes: Int) throws {
    try Files.makeDirectory(Path.join(grid.folder, "states"))
    try Files.write(grid.tasks.map { "\($0.number) \($0.key)\n" }.joined(), to: folder("keys"))
    for name in ["queue", "calls", "vanished", "failed"] { try Files.write("", to: folder(name)) }
    try Files.write("42\n", to: folder("seed"))
    try standIn("scontrol", "echo 'MaxArraySize            = 1001'\n")
    try standIn(
      "sbatch",
      """
      for script; do :; done
      job=$(($(cat "$here/last" 2>/dev/null || echo 100) + 1)); echo $job > "$here/last"
      awk -v job=$job '{ print job, NR, $1, "PENDING" }' "${script%.sh}.tasks" >> "$here/queue"
      echo $job

      """)
    try standIn(
      "squeue",
      #"""
      [ $(($(wc -l < "$here/calls") % 7)) != 0 ] || { echo 'Unable to contact slurm controller' >&2; exit 1; }
      : > "$here/gone"
      awk -v here="$here" -v seed="$(cat "$here/seed")" -v store='\#(grid.store)' -v states='\#(grid.folder)/states' \
        -v nodes=\#(nodes) '
        function random() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
        function note(task, word, reason,   path) {
          path = states "/" task "." word
          printf "{\"host\":\"node\",\"process\":1,\"reason\":\"%s\",\"written\":1}\n", reason > path
          close(path)
        }
        function unnote(task, word) { print states "/" task "." word > (here "/gone") }
        NR == FNR { key[$1] = $2; next }
        { n++; job[n] = $1; place[n] = $2; task[n] = $3; state[n] = $4 }
        END {
          for (i = 1; i <= n; i++) {
            r = random()
            if (state[i] == "PENDING") {
              if (r < 0.0002) { state[i] = ""; print task[i] >> (here "/vanished") }
            } else if (r < 0.3) {
              path = store "/" key[task[i]] ".safetensors"
              printf "" > path; close(path)
              unnote(task[i], "running"); state[i] = ""
            } else if (r < 0.31) {
              note(task[i], "failed", "the training diverged"); unnote(task[i], "running")
              print task[i] >> (here "/failed"); state[i] = ""
            } else if (r < 0.32) {
              print task[i] >> (here "/vanished"); state[i] = ""
            } else if (r < 0.34) {
              note(task[i], "stopped", "stopped"); unnote(task[i], "running"); state[i] = "PENDING"
            } else running++
          }
          for (i = 1; i <= n && running < nodes; i++) if (state[i] == "PENDING") {
            running++; state[i] = "RUNNING"; note(task[i], "running", ""); unnote(task[i], "stopped")
          }
          for (i = 1; i <= n; i++) if (state[i] != "") {
            print job[i], place[i], task[i], state[i] > (here "/queue.new"); print job[i], place[i], state[i]
          }
          printf "%d\n", seed > (here "/seed")
        }' "$here/keys" "$here/queue"
      mv "$here/queue.new" "$here/queue" 2>/dev/null || : > "$here/queue"
      xargs rm -f < "$here/gone"

      """#)
  }

  private func lines(_ name: String) throws -> [Substring] {
    try Files.readText(folder(name)).split(separator: "\n")
  }

  @Test("every training ends as the cluster has ended it, and is submitted once more for each time that it was lost")
  func study() throws {
    let count = Self.isLong ? 10_000 : 300, nodes = Self.isLong ? 500 : 20
    let grid = try folder.grid(count)
    try makeCluster(grid, nodes: nodes)
    let engine = SlurmEngine(
      program: "/nowhere/bvae-script", jobs: nil, options: [], isDetached: false, interval: 0.001, patience: 0,
      commands: folder.path)
    var runs = 0, looks = 0, outcome = EngineOutcome.lost([])
    let start = Machine.seconds
    while case .lost = outcome, runs < 10 {
      let states = grid.states(withNotes: false)
      let open = zip(grid.tasks, states).filter { $1.isOpen }.map(\.0)
      outcome = try engine.run(grid, open) { states in
        looks += 1
        #expect(states.count == count)
        let running = states.count { $0.word == "running" }, vanished = try lines("vanished").count
        #expect(running <= nodes + vanished)
      }
      runs += 1
    }
    #expect(outcome == .finished)
    let states = grid.states(), failed = try lines("failed"), vanished = try lines("vanished")
    #expect(states.count { $0 == .done } == count - failed.count)
    let failures = zip(grid.tasks, states).filter { $1.note?.reason == "the training diverged" }
      .map { "\($0.0.number)" }
    #expect(Set(failures) == Set(failed.map(String.init)) && failures.count == failed.count)
    #expect(!failed.isEmpty && !vanished.isEmpty)
    let submissions = Submission.all(of: grid)
    #expect(submissions.map(\.tasks.count).reduce(0, +) == count + vanished.count)
    #expect(submissions.allSatisfy { $0.tasks.count <= 1000 })
    let calls = Dictionary(grouping: try lines("calls")) { $0 }.mapValues(\.count)
    #expect(calls["sbatch"] == submissions.count)
    // A look at the folder for each at the queue, and two more for each run's beginning and end.
    #expect(calls["squeue"].map { $0 <= looks } ?? false)
    // What is done leaves no note behind.
    #expect(try Files.list(Path.join(grid.folder, "states")).count <= failed.count + vanished.count)
    if Self.isLong { try report(grid, calls, seconds: Machine.seconds - start) }
  }

  /// The numbers of Sources/Grids/README.md.
  private func report(_ grid: Grid, _ calls: [Substring: Int], seconds: Double) throws {
    for (name, place) in [
      ("store", grid.store), ("grid", grid.folder), ("states", Path.join(grid.folder, "states")),
      ("jobs", Path.join(grid.folder, "jobs")),
    ] {
      let names = try Files.list(place)
      print("\(name): \(names.count) names, \(names.map { Files.size(Path.join(place, $0)) }.reduce(0, +)) bytes")
    }
    print("calls: \(calls), in \(seconds) s")
    func time(_ name: String, _ body: () throws -> Void) rethrows {
      let start = Machine.seconds
      try body()
      print("\(name): \(Machine.seconds - start) s, peak \(Machine.peakMemory >> 20) MB")
    }
    try time("one task read") { _ = try Grid(grid.folder, in: "", only: 5000) }
    try time("all tasks read") { _ = try Grid(grid.folder, in: "") }
    time("a look") { _ = grid.states(withNotes: false) }
    time("a look with notes") { _ = grid.states() }
  }
}
