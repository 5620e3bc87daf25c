import BVAEPlatform
import Glibc
import Testing

/// The trainings of a search by engines, and their workers.
@Suite("Grids of trainings")
struct GridTests {
  private let folder: Folder
  private let runs: ProgramRuns

  init() throws {
    folder = try Folder()
    runs = ProgramRuns(folder)
  }

  private static let search = """
    x = load mnist each 2
    found = search beta [1, 2] latents 2 channels 4 on x epochs EPOCHS seeds 2
    print found.runs

    """

  private func script(epochs: Int = 1) throws -> String {
    try folder.write("s.bvs", Self.search.replacing("EPOCHS", with: String(epochs)))
  }

  private func start(
    _ arguments: [String], store: String, environment: [String: String?] = [:]
  ) throws -> (child: Child, output: String, error: String) {
    try runs.start(arguments, store: store, environment: environment)
  }

  private func run(
    _ arguments: [String], store: String, environment: [String: String?] = [:]
  ) throws -> Finished { try runs.run(arguments, store: store, environment: environment) }

  private func models(_ store: String) throws -> [String: [UInt8]] { try runs.models(store) }

  private func grid(_ store: String) throws -> String { try runs.grid(store) }

  @Test("whatever does the trainings, models and tables are the same")
  func sameBits() throws {
    let script = try script()
    let alone = try run([script], store: "alone")
    try #require(alone.status == 0, "\(alone.error)")
    let local = try run(["--jobs", "2", script], store: "local")
    #expect(local.status == 0 && local.output == alone.output, "\(local.error)")
    #expect(local.error.contains("4 trainings by engine local"))
    let expected = try models("alone")
    #expect(expected.count == 4)
    #expect(try models("local") == expected)
    // By hand, from what is printed; a task that is done is done.
    let printed = try run(["--engine", "print", script], store: "printed")
    let lines = printed.output.split(separator: "\n")
    #expect(printed.status == 1 && lines.count == 4 && printed.error.contains("by the lines above"))
    for line in lines + lines.prefix(1) {
      let shell = try ChildProcess("/bin/sh", ["-c", String(line)])
      while case .bytes = shell.read(waiting: patience) {}
      #expect(shell.wait() == .exited(0), "\(shell.complaint)")
    }
    #expect(try models("printed") == expected)
    let after = try run(["--engine", "print", script], store: "printed")
    #expect(after.status == 0 && after.output == alone.output)
    let told = try run(["--grid", try grid("printed")], store: "printed")
    #expect(told.output.contains("4 trainings, 4 done"))
  }

  @Test("a training that diverges fails once, is told, and is tried again only where that is asked for")
  func failure() throws {
    let text = "x = load mnist each 2\nfound = search rate [0.001, 1e18] latents 2 channels 4 on x epochs 3\n"
    let script = try folder.write("s.bvs", text)
    let first = try run(["--jobs", "2", script], store: "store")
    #expect(first.status == 1 && first.error.contains("not a number"), "\(first.error)")
    let grid = try grid("store")
    let shown = try run(["--grid", grid], store: "store").output
    #expect(shown.contains("1 done, 1 failed") && shown.contains("not a number"), "\(shown)")
    let again = try run(["--work", grid], store: "store")
    #expect(again.status == 1 && !again.error.contains("task 2"))
    #expect(try run(["--grid", grid, "--retry"], store: "store").output.contains("1 done, 1 waiting"))
    #expect(try run(["--work", grid, "--task", "2"], store: "store").status == 1)
    #expect(try run(["--work", grid, "--task", "1"], store: "store").status == 0)
    // Where gaps are allowed, the table has them with the reason; what failed is not trained again.
    let partial = try folder.write("p.bvs", text.replacing("epochs 3", with: "epochs 3 partial") + "print found.runs\n")
    let local = try run(["--jobs", "2", partial], store: "store")
    #expect(local.status == 0 && local.output.contains("missing because"), "\(local.error)")
    #expect(local.output.contains("training diverged") && local.error.contains("rate 1e+18 is missing"))
    let alone = try run([partial], store: "alone")
    #expect(alone.status == 0 && alone.output == local.output)
  }

  @Test("a worker that is killed is replaced, and what it was at is taken up again")
  func killed() throws {
    let script = try script(epochs: 60), alone = try run([script], store: "alone")
    let often: [String: String?] = ["BVAE_CHECKPOINT_SECONDS": "0"]
    let engine = try start(["--jobs", "2", script], store: "local", environment: often)
    #expect(try runs.kill(runs.running(in: "local"), SIGKILL))
    #expect(engine.child.wait() == 0)
    #expect(try Files.readText(engine.output) == alone.output)
    #expect(try models("local") == models("alone"))
    // All of them by the workers, none by the script itself.
    #expect(try Files.readText(engine.error).split(separator: "\n").count { $0.contains("taken from the store") } == 4)
  }

  @Test("a worker that is told to stop keeps a checkpoint, ends with 75, and the next one goes on to the same bits")
  func stopped() throws {
    let script = try script(epochs: 60)
    #expect(try run([script], store: "alone").status == 0)
    _ = try run(["--engine", "print", script], store: "stopped")
    let grid = try grid("stopped"), often: [String: String?] = ["BVAE_CHECKPOINT_SECONDS": "0"]
    for signal in [SIGUSR1, SIGTERM] {
      let worker = try start(["--work", grid, "--task", "1"], store: "stopped", environment: often).child
      let note = Path.join(grid, "states/1.running")
      #expect(waits { worker.poll() != nil || Files.exists(note) })
      kill(worker.pid, signal)
      #expect(worker.wait() == 75)
    }
    #expect(try run(["--work", grid], store: "stopped").status == 0)
    #expect(try models("stopped") == models("alone"))
  }

  @Test("what is no grid, of another version, or has no such task is said")
  func wrong() throws {
    #expect(try run(["--work", "nowhere"], store: "store").status == 2)
    _ = try run(["--engine", "print", try script()], store: "store")
    let grid = try grid("store"), table = Path.join(grid, "grid.jsonl")
    let wrongTask = try run(["--work", grid, "--task", "5"], store: "store")
    #expect(wrongTask.status == 2 && wrongTask.error.contains("it has tasks 1 to 4, not 5"))
    let text = try Files.readText(table, limit: 1 << 20)
    try Files.write(text.replacing("\"version\":\"", with: "\"version\":\"9."), to: table)
    let other = try run(["--work", grid], store: "store")
    #expect(other.status == 2 && other.error.contains("made it, and this is"))
    try Files.write("nonsense\n", to: table)
    #expect(try run(["--work", grid], store: "store").error.contains("it is no grid of this version"))
    let wrong = [
      ["--work", grid, "a.bvs"], ["--task", "1"], ["--cancel"], ["--engine", "carts", "a.bvs"], ["--jobs", "0"],
    ]
    for words in wrong {
      #expect(try run(words, store: "store").status == 2, "\(words)")
    }
  }

  // MARK: - Stand-ins for schedulers

  /// Programs of these names that stand before all others in PATH, and the environment that has them.
  private func standIns(_ programs: [String: String]) throws -> [String: String?] {
    let place = Path.join(folder.path, "stand-ins")
    try Files.makeDirectory(place)
    for (name, text) in programs {
      try Files.write("#!/bin/sh\nhere='\(place)'\n" + text, to: Path.join(place, name))
      chmod(Path.join(place, name), 0o755)
    }
    return ["PATH": place + ":" + (Machine.environment("PATH") ?? "/usr/bin:/bin"), "BVAE_ENGINE_SECONDS": "0.1"]
  }

  /// Arrays of at most three tasks, which run one after another; a task that ends with 75 is begun again. The first three
  /// questions are not answered.
  private static let slurm = [
    "scontrol": "[ $1 = show ] && echo 'MaxArraySize            = 4'; exit 0\n",
    "sbatch": """
    for script; do :; done
    job=$(($(cat "$here/last" 2>/dev/null || echo 0) + 1)); echo $job > "$here/last"
    echo "$*" >> "$here/calls"
    count=$(sed -n 's/.*--array=1-\\([0-9]*\\).*/\\1/p' "$script")
    for k in $(seq $count); do touch "$here/queue-$job-$k"; done
    (for k in $(seq $count); do
      [ -e "$here/drop" ] || SLURM_ARRAY_JOB_ID=$job SLURM_ARRAY_TASK_ID=$k sh "$script"
      rm -f "$here/queue-$job-$k"
    done) > /dev/null 2>&1 < /dev/null &
    echo "$job;cluster"

    """,
    "squeue": """
    asked=$(($(cat "$here/asked" 2>/dev/null || echo 0) + 1)); echo $asked > "$here/asked"
    [ $asked -gt 3 ] || { echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1; }
    for file in "$here"/queue-*; do
      [ -e "$file" ] || continue
      name=${file##*/queue-}; echo "${name%-*} ${name#*-} RUNNING"
    done

    """,
    "scancel": "echo \"$*\" >> \"$here/cancelled\"; rm -f \"$here\"/queue-*\n",
  ]

  @Test("Slurm has arrays no longer than it takes; what it does not answer is no failure")
  func slurm() throws {
    let script = try script(), environment = try standIns(Self.slurm)
    let alone = try run([script], store: "alone")
    let words = ["--engine", "slurm", "--engine-options", "--partition=long --cpus-per-task=2", "--jobs", "2"]
    let result = try run(words + [script], store: "slurm", environment: environment)
    #expect(result.status == 0 && result.output == alone.output, "\(result.error)")
    #expect(try models("slurm") == models("alone"))
    let calls = try Files.readText(Path.join(folder.path, "stand-ins/calls")).split(separator: "\n")
    #expect(calls.count == 2 && calls.allSatisfy { $0.hasPrefix("--parsable --partition=long --cpus-per-task=2 ") })
    let jobs = Path.join(try grid("slurm"), "jobs")
    #expect(try Files.readText(Path.join(jobs, "1.sh")).contains("#SBATCH --array=1-3%2\n"))
    #expect(try Files.readText(Path.join(jobs, "2.tasks")) == "4\n")
    // Once more nothing is submitted.
    #expect(try run(words + [script], store: "slurm", environment: environment).status == 0)
    #expect(try Files.readText(Path.join(folder.path, "stand-ins/calls")).split(separator: "\n").count == 2)
  }

  @Test("what was handed over is collected later, or taken back; what has vanished is told and handed over again")
  func detached() throws {
    let script = try script(), environment = try standIns(Self.slurm)
    let drop = try folder.write("stand-ins/drop", ""), words = ["--engine", "slurm", script]
    let detached = try run(words + ["--detach"], store: "slurm", environment: environment)
    #expect(detached.status == 1 && detached.error.contains("are in the queue as 1, 2; the same script collects them"))
    let grid = try grid("slurm")
    // The stand-in drops what it was given.
    _ = try folder.write("stand-ins/asked", "9")
    let lost = try run(words, store: "slurm", environment: environment)
    #expect(lost.error.contains("4 tasks are neither done nor in Slurm's queue"), "\(lost.error)")
    // This machine does not train what many were to.
    #expect(try lost.status == 1 && models("slurm").isEmpty)
    #expect(lost.error.contains("4 trainings are not done"), "\(lost.error)")
    let cancelled = try run(["--grid", grid, "--cancel"], store: "slurm", environment: environment)
    #expect(cancelled.output.contains("cancelled: 1, 2"), "\(cancelled)")
    #expect(try Files.readText(Path.join(folder.path, "stand-ins/cancelled")).hasPrefix("1 2"))
    try Files.remove(drop)
    let again = try run(words, store: "slurm", environment: environment)
    #expect(again.status == 0, "\(again.error)")
    #expect(try models("slurm").count == 4)
  }

  @Test("a worker that is killed is submitted again, one that is told to stop goes on; Slurm may be away meanwhile")
  func troubled() throws {
    let text = """
      x = load mnist each 2
      found = search rate [0.001, 0.002, 1e18] latents 2 channels 4 on x epochs 60 partial
      print found.runs

      """
    let script = try folder.write("s.bvs", text), alone = try run([script], store: "alone")
    #expect(alone.status == 0, "\(alone.error)")
    var programs = Self.slurm
    programs["scontrol"] = """
      [ $1 = show ] && { echo 'MaxArraySize            = 1001'; exit; }
      # The job ends here, as in Slurm.
      echo "$*" >> "$here/requeued"; kill -KILL $PPID

      """
    programs["sbatch"] = """
      for script; do :; done
      job=$(($(cat "$here/last" 2>/dev/null || echo 0) + 1)); echo $job > "$here/last"
      count=$(sed -n 's/.*--array=1-\\([0-9]*\\).*/\\1/p' "$script")
      states=${script%/jobs/*}/states
      for k in $(seq $count); do touch "$here/queue-$job-$k"; done
      (for k in $(seq $count); do
        while :; do
          before=$(cat "$here/requeued" 2>/dev/null)
          SLURM_ARRAY_JOB_ID=$job SLURM_ARRAY_TASK_ID=$k sh "$script" & shell=$!
          if [ $job = 1 ] && [ $k = 1 ]; then
            until [ -e "$states/1.running" ]; do sleep 0.02; done
            kill -KILL $(sed -n 's/.*"process":\\([0-9]*\\).*/\\1/p' "$states/1.running")
          elif [ $k = 2 ] && [ ! -e "$here/requeued" ]; then
            until [ -e "$states/2.running" ]; do sleep 0.02; done
            kill -USR1 $shell
          fi
          wait $shell
          [ "$before" != "$(cat "$here/requeued" 2>/dev/null)" ] || break
        done
        rm -f "$here/queue-$job-$k"
      done) > /dev/null 2>&1 < /dev/null &
      echo $job

      """
    // For minutes Slurm tells of what has ended, too.
    programs["squeue"] = (programs["squeue"] ?? "") + "echo '1 1 FAILED'; echo '1 3 COMPLETED'\n"
    let environment = try standIns(programs).merging(["BVAE_FOLDER_SECONDS": "0"]) { $1 }
    let result = try run(["--engine", "slurm", script], store: "slurm", environment: environment)
    #expect(result.status == 0 && result.output == alone.output, "\(result.error)")
    #expect(result.error.contains("rate 1e+18 is missing"))
    #expect(try models("slurm") == models("alone"))
    #expect(try Files.readText(Path.join(folder.path, "stand-ins/requeued")) == "requeue 1_2\n")
    let jobs = Path.join(try grid("slurm"), "jobs")
    #expect(try Files.list(jobs).filter { $0.hasSuffix(".tasks") } == ["1.tasks", "2.tasks"])
    #expect(try Files.readText(Path.join(jobs, "2.tasks")) == "1\n")
  }

  @Test("what Slurm refuses for now is handed over when its queue is shorter")
  func refused() throws {
    let script = try script()
    var programs = Self.slurm
    let taken = try #require(programs["sbatch"])
    // One array at a time.
    programs["sbatch"] = """
      for file in "$here"/queue-*; do
        [ ! -e "$file" ] || { echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; exit 1; }
      done

      """ + taken
    let environment = try standIns(programs)
    let result = try run(["--engine", "slurm", script], store: "slurm", environment: environment)
    #expect(result.status == 0, "\(result.error)")
    #expect(try models("slurm").count == 4)
    #expect(try Files.list(Path.join(try grid("slurm"), "jobs")).contains("2.json"))
    programs["sbatch"] = "echo 'sbatch: error: Batch job submission failed: Invalid account' >&2; exit 1\n"
    let none = try run(["--engine", "slurm", script], store: "none", environment: try standIns(programs))
    #expect(none.status == 1 && none.error.contains("Invalid account"), "\(none.error)")
  }

  @Test("Ctrl-C leaves trainings in Slurm's queue, a second one takes them out")
  func left() throws {
    let script = try script()
    var programs = Self.slurm
    programs["squeue"] = "for k in 1 2 3; do echo 1 $k PENDING; done; echo 2 1 PENDING\n"
    let environment = try standIns(programs)
    _ = try folder.write("stand-ins/drop", "")
    let cancelled = Path.join(folder.path, "stand-ins/cancelled")
    for presses in [1, 2] {
      let run = try start(["--engine", "slurm", script], store: "slurm", environment: environment)
      #expect(waits { Files.exists(Path.join(folder.path, "stand-ins/last")) })
      #expect(waits { (try? Files.readText(run.error))?.contains("by engine slurm") ?? false })
      usleep(300_000)
      run.child.interrupt()
      #expect(waits { (try? Files.readText(run.error))?.contains("as Ctrl-C does once more") ?? false })
      #expect(!Files.exists(cancelled))
      if presses == 2 { run.child.interrupt() }
      #expect(run.child.wait() == 130)
      #expect(Files.exists(cancelled) == (presses == 2))
      #expect(try Files.readText(run.error).contains("cancelled: 1, 2") == (presses == 2))
    }
    // What was cancelled is not cancelled again.
    let again = try run(["--grid", try grid("slurm"), "--cancel"], store: "slurm", environment: environment)
    #expect(again.output.contains("nothing of it is in Slurm's queue"), "\(again.output)")
  }

  @Test("tasks go to the machines that can be reached")
  func ssh() throws {
    let text = """
      for word; do last=$word; done
      case "$*" in *"gone "*) echo 'ssh: connect to host gone port 22: Connection refused' >&2; exit 255;; esac
      echo "$*" >> "$here/calls"
      sh -c "$last"

      """
    let script = try script(), environment = try standIns(["ssh": text])
    let alone = try run([script], store: "alone")
    let words = ["--engine", "ssh", "--engine-options", "-p 2222 gone alpha beta"]
    let result = try run(words + [script], store: "ssh", environment: environment)
    #expect(result.status == 0 && result.output == alone.output, "\(result.error)")
    #expect(try models("ssh") == models("alone"))
    let calls = try Files.readText(Path.join(folder.path, "stand-ins/calls"))
    #expect(calls.contains("-p 2222 alpha ") && calls.contains("-p 2222 beta ") && calls.contains("BatchMode=yes"))
    let none = try run(["--engine", "ssh", script], store: "none", environment: environment)
    #expect(none.status == 1 && none.error.contains("no machine is named"))
    let lost = ["--engine", "ssh", "--engine-options", "gone", script]
    let gone = try run(lost, store: "gone", environment: environment)
    #expect(gone.error.contains("Connection refused"), "\(gone.error)")
  }

  @Test(
    "a study of several datasets is trained and measured by workers; what is done is collected without a model being read"
  )
  func study() throws {
    let text = """
      x = load sprites count 30 size 32
      y = augment (load mnist digits 1 count 3 size 32) rotation -30..30 times 10
      found = study model ["vae", "dcign"] factors ["x"] beta [1, 2] latents 2 channels 2 on x test y epochs 1 seeds 1..2 partial
      turned = study model dcign factors ["rotation"] latents 2 channels 2 on y epochs 1
      print found.table
      print turned.table

      """
    let script = try folder.write("s.bvs", text)
    let alone = try run([script], store: "alone")
    try #require(alone.status == 0, "\(alone.error)")
    let local = try run(["--jobs", "2", script], store: "local")
    #expect(local.status == 0 && local.output == alone.output, "\(local.error)")
    #expect(try models("local") == models("alone") && models("local").count == 7)
    // What was measured says all: models that cannot be read are not missed.
    for name in try models("local").keys { _ = try folder.write("local/\(name)", "no model") }
    let collected = try run(["--jobs", "2", script], store: "local")
    #expect(collected.status == 0 && collected.output == alone.output, "\(collected.error)")
    #expect(!collected.error.contains("trained") && !collected.error.contains("engine"), "\(collected.error)")
  }

  @Test("a task is the same whatever the order of a script's lists; what failed on some images does not fail on others")
  func order() throws {
    let text =
      "x = load mnist each 2\nfound = study rate [0.001, 1e18] latents 2 channels 2 on x epochs 2 partial\n"
      + "print sort(found[\"rate\"][found[\"loss\"] > 0])\n"
    let first = try folder.write("a.bvs", text)
    let second = try folder.write("b.bvs", text.replacing("0.001, 1e18", with: "1e18, 0.001"))
    let lines = try run(["--engine", "print", first], store: "store").output.split(separator: "\n")
    #expect(lines.count == 2)
    for line in lines.suffix(1) {
      let shell = try ChildProcess("/bin/sh", ["-c", String(line)])
      while case .bytes = shell.read(waiting: patience) {}
      _ = shell.wait()
    }
    let result = try run(["--jobs", "2", second], store: "store")
    #expect(result.status == 0 && result.output == "[0.001]\n", "\(result)")
    #expect(result.error.contains("--retry' lets it be tried again"), "\(result.error)")
  }

  @Test("workers whose owner was killed end with a checkpoint; grids are listed and removed, their models stay")
  func orphans() throws {
    let script = try script(epochs: 2000)
    let run = try start(["--jobs", "2", script], store: "store", environment: ["BVAE_CHECKPOINT_SECONDS": "0"])
    let states = { () -> [String] in
      let place = Path.join(folder.path, "store/grids"), name = (try? Files.list(place))?.first ?? ""
      return (try? Files.list(Path.join(place, name + "/states"))) ?? []
    }
    let store = Path.join(folder.path, "store")
    #expect(waits { ((try? Files.list(store)) ?? []).count { $0.hasSuffix(".checkpoint.safetensors") } == 2 })
    kill(run.child.pid, SIGKILL)
    _ = run.child.wait()
    #expect(waits { states().count { $0.hasSuffix(".stopped") } == 2 })
    let listed = try self.run(["store"], store: "store")
    #expect(listed.output.contains("1 grid: "), "\(listed.output)")
    let removed = try self.run(["store", "remove", "--grids", "--yes"], store: "store")
    #expect(removed.output.contains("removed ") && !removed.output.contains("left alone"), "\(removed)")
    let left = try Files.list(store)
    #expect(!left.contains("grid-data") && left.contains { $0.hasSuffix(".checkpoint.safetensors") }, "\(left)")
    #expect(try Files.list(Path.join(store, "grids")).isEmpty)
  }

  @Test("Ctrl-C stops the workers with their checkpoints; the same script goes on")
  func interrupted() throws {
    let script = try script(epochs: 12)
    #expect(try run([script], store: "alone").status == 0)
    let environment: [String: String?] = ["BVAE_CHECKPOINT_SECONDS": "0"]
    let run = try start(["--jobs", "2", script], store: "local", environment: environment)
    #expect(
      waits { (try? Files.list(Path.join(folder.path, "local")))?.contains { $0.contains("checkpoint") } ?? false })
    run.child.interrupt()
    #expect(run.child.wait() == 130)
    let grid = try grid("local")
    #expect(try self.run(["--grid", grid], store: "local").output.contains("stopped"))
    #expect(try self.run(["--jobs", "2", script], store: "local").status == 0)
    #expect(try models("local") == models("alone"))
  }
}
