import BVAEPlatform

/// Does the tasks by job arrays of Slurm. What was submitted is noted in the grid, so that whoever comes back to it, after
/// Ctrl-C or on another day, submits only what is missing.
///
/// Slurm is asked by `squeue` alone, which needs no accounting. An answer that does not come, or is empty, says nothing of
/// the tasks: what is done is known by the stored models, what failed by the workers' notes.
public struct SlurmEngine: Engine {
  /// `slurm`
  public static let word = "slurm"
  /// What it does, in a few words.
  public static let summary = "job arrays of Slurm"

  private let program: String
  private let jobs: Int?
  private let options: [String]
  private let isDetached: Bool
  private let interval: Double

  /// Looks at the queue, one after another, that must agree that a task is in none before it counts as lost.
  private static let looks = 3
  /// Seconds of warning that a job gets before its time ends.
  private static let warning = 120

  /// - Parameters:
  ///   - program: the program's own file, which the nodes must see under the same path.
  ///   - jobs: how many tasks may run at once; nil for as many as Slurm lets.
  ///   - options: further ones for `sbatch`, such as `--partition=long` and `--cpus-per-task=4`.
  ///   - isDetached: whether tasks are submitted and not waited for.
  ///   - interval: seconds between two looks.
  public init(program: String, jobs: Int?, options: [String], isDetached: Bool, interval: Double = 5) {
    (self.program, self.jobs, self.options) = (program, jobs, options)
    (self.isDetached, self.interval) = (isDetached, interval)
  }

  /// See `Engine`.
  public func run(
    _ grid: Grid, _ tasks: [GridTask], progress: ([TaskState]) throws -> Void
  ) throws -> EngineOutcome {
    let queued = try Self.queue(of: grid)
    let missing = tasks.filter { !(queued?.contains($0.number) ?? false) }
    // Where Slurm does not answer nothing is submitted twice.
    guard queued != nil || Submission.all(of: grid).isEmpty else {
      return .lost(["Slurm does not answer, and parts of this grid may still be in its queue; try again later"])
    }
    if !missing.isEmpty { try submit(missing, of: grid) }
    if isDetached { return .detached(Submission.all(of: grid).map(\.job)) }
    var absent = 0
    while true {
      let states = grid.states()
      try progress(states)
      let open = tasks.filter { states[$0.number - 1].isOpen }
      if open.isEmpty { return .finished }
      Machine.sleep(seconds: interval)
      let isAbsent = try Self.queue(of: grid).map { queue in !open.contains { queue.contains($0.number) } } ?? false
      absent = isAbsent ? absent + 1 : 0
      if absent >= Self.looks, grid.states() == states {
        return .lost(
          ["\(counted(open.count, "task")) are neither done nor in Slurm's queue; the same script submits them again"]
            + Submission.lastLines(of: grid, open.map(\.number)))
      }
    }
  }

  /// The tasks of a grid that are in Slurm's queue; nil where Slurm does not say.
  static func queue(of grid: Grid) throws -> Set<Int>? {
    let submissions = Submission.all(of: grid)
    guard !submissions.isEmpty else { return [] }
    let jobs = submissions.map(\.job).joined(separator: ",")
    let answer = try FinishedCommand(
      "squeue", ["--noheader", "--array", "--format=%F %K %T", "--jobs=\(jobs)"])
    // Of jobs that it has forgotten Slurm says that their number is wrong.
    let isForgotten = answer.complaint.contains("Invalid job id")
    guard answer.isGood || isForgotten else { return nil }
    var found: Set<Int> = []
    for line in answer.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, let place = Int(words[1]),
        let submission = submissions.first(where: { $0.job == words[0] }),
        submission.tasks.indices.contains(place - 1)
      else { continue }
      found.insert(submission.tasks[place - 1])
    }
    return found
  }

  /// Takes what was submitted out of Slurm's queue.
  /// - Returns: Slurm's numbers of it.
  public static func cancel(_ grid: Grid) throws -> [String] {
    let jobs = Submission.all(of: grid).map(\.job)
    guard !jobs.isEmpty else { return [] }
    let answer = try FinishedCommand("scancel", jobs)
    guard answer.isGood else {
      throw FileProblem(answer.reason ?? "it failed", of: "scancel", action: "run")
    }
    return jobs
  }

  private func submit(_ tasks: [GridTask], of grid: Grid) throws {
    let size = Self.largestArray
    for start in stride(from: 0, to: tasks.count, by: size) {
      let numbers = tasks[start..<min(tasks.count, start + size)].map(\.number)
      let place = Submission.all(of: grid).count + 1
      let script = Path.join(Submission.folder(of: grid), "\(place).sh")
      let list = Path.join(Submission.folder(of: grid), "\(place).tasks")
      try Files.makeDirectory(Path.join(grid.folder, "logs"))
      try Files.makeDirectory(Submission.folder(of: grid))
      try Files.write(numbers.map { "\($0)\n" }.joined(), to: list)
      try Files.write(self.script(grid, list: list, count: numbers.count), to: script)
      let answer = try FinishedCommand("sbatch", ["--parsable"] + options + [script])
      guard answer.isGood, let job = answer.output.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first else {
        throw FileProblem(
          "sbatch refused it: \(answer.reason ?? "no reason given")", of: script, action: "submit")
      }
      try Submission(job: String(job), tasks: numbers).write(to: grid, place)
    }
  }

  /// What a node runs: one task by its line of the list, with the threads that Slurm gives it. Before the job's time ends
  /// Slurm sends SIGUSR1, the worker writes its checkpoint and ends with 75, and the task goes into the queue again.
  private func script(_ grid: Grid, list: String, count: Int) -> String {
    let limit = jobs.map { "%\($0)" } ?? ""
    let logs = Path.join(grid.folder, "logs"), worker = PrintEngine.quoted(program)
    return """
      #!/bin/sh
      #SBATCH --job-name=bvae-\(grid.name.prefix(8))
      #SBATCH --array=1-\(count)\(limit)
      #SBATCH --signal=B:USR1@\(Self.warning)
      #SBATCH --requeue
      #SBATCH --open-mode=append
      #SBATCH --output=\(logs)/%A_%a.log
      task=$(sed -n "${SLURM_ARRAY_TASK_ID}p" \(PrintEngine.quoted(list)))
      \(worker) --work \(PrintEngine.quoted(grid.folder)) --task "$task" --threads "${SLURM_CPUS_PER_TASK:-1}" &
      worker=$!
      trap 'kill -USR1 $worker' USR1
      trap 'kill -TERM $worker' TERM
      while :; do
        wait $worker
        code=$?
        kill -0 $worker 2>/dev/null || break
      done
      if [ $code = \(WorkerEnding.stopped.rawValue) ]; then
        scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
        sleep 60
      fi
      exit $code

      """
  }

  /// How many tasks an array may have: a job's numbers stay below Slurm's MaxArraySize, 1001 unless it is set.
  private static var largestArray: Int {
    let answer = try? FinishedCommand("scontrol", ["show", "config"])
    let line = answer?.output.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    let size = line?.split(whereSeparator: { $0 == "=" || $0 == " " }).last.flatMap { Int($0) } ?? 1001
    return max(1, min(size, 100_000) - 1)
  }
}

/// An array of jobs that was handed to Slurm.
struct Submission {
  /// Slurm's number.
  let job: String
  /// The tasks, by their place in the array.
  let tasks: [Int]

  static func folder(of grid: Grid) -> String { Path.join(grid.folder, "jobs") }

  /// All that were handed over, in their order.
  static func all(of grid: Grid) -> [Submission] {
    var found: [Submission] = []
    while let bytes = try? Files.read(Path.join(folder(of: grid), "\(found.count + 1).json"), limit: 1 << 24),
      let json = JSON(bytes), let job = json["job"]?.text, let tasks = json["tasks"]?.list?.compactMap(\.whole)
    { found.append(Submission(job: job, tasks: tasks)) }
    return found
  }

  func write(to grid: Grid, _ place: Int) throws {
    let json: JSON = ["job": .text(job), "tasks": .list(tasks.map { JSON($0) })]
    try Files.write(json.bytes + [UInt8(ascii: "\n")], to: Path.join(Self.folder(of: grid), "\(place).json"))
  }

  /// The last lines that some tasks wrote, for people.
  static func lastLines(of grid: Grid, _ tasks: [Int]) -> [String] {
    all(of: grid).flatMap { submission in
      submission.tasks.enumerated().filter { tasks.contains($0.element) }.prefix(3).compactMap { place, task in
        let log = Path.join(grid.folder, "logs/\(submission.job)_\(place + 1).log")
        let text = try? Files.readText(log, limit: 1 << 24)
        return text?.split(separator: "\n").last.map { "task \(task): \($0)" }
      }
    }
  }
}
