import BVAEPlatform

/// Does the tasks by job arrays of Slurm. What was submitted is noted in the grid, so that whoever comes back to it, after
/// Ctrl-C or on another day, submits only what is missing.
///
/// Slurm is asked by `squeue` alone, which needs no accounting. An answer that does not come, or is empty, says nothing of
/// the tasks: what is done is known by the stored models, what failed by the workers' notes. A task that is in the queue
/// no more, and whose worker has ended without a word, was killed: it is submitted again, at most twice. One that nobody
/// was at was taken out of the queue by somebody, and is only told.
public struct SlurmEngine: Engine {
  /// `slurm`
  public static let word = "slurm"
  /// What it does, in a few words.
  public static let summary = "job arrays of Slurm"

  private let program: String
  private let jobs: Int?
  private let options: [String]
  private let isDetached: Bool
  private let interval: Double, patience: Double
  private let slurm: SlurmQueue

  /// Looks at the queue, one after another, that must agree that a task is in none before it counts as lost.
  private static let looks = 3
  /// How often a task is submitted whose worker was killed.
  private static let mostTries = 3
  /// Seconds of warning that a job gets before its time ends.
  private static let warning = 120
  /// The pause between two looks grows with the time that the tasks take, up to so many intervals.
  private static let largestPause = 12.0, pauseShare = 0.05

  /// - Parameters:
  ///   - program: the program's own file, which the nodes must see under the same path.
  ///   - jobs: how many tasks may run at once; nil for as many as Slurm lets.
  ///   - options: further ones for `sbatch`, such as `--partition=long` and `--cpus-per-task=4`.
  ///   - isDetached: whether tasks are submitted and not waited for.
  ///   - interval: seconds between two looks in the beginning; later they grow to a twentieth of the time so far, and to
  ///     twelve intervals at most.
  ///   - patience: for how long what has become of a task may be seen late, in seconds.
  ///   - commands: the folder with Slurm's commands; nil for those in `PATH`.
  public init(
    program: String, jobs: Int?, options: [String], isDetached: Bool, interval: Double = 5,
    patience: Double = SharedFolder.patience, commands: String? = nil
  ) {
    (self.program, self.jobs, self.options) = (program, jobs, options)
    (self.isDetached, self.interval, self.patience) = (isDetached, max(0, interval), patience)
    slurm = SlurmQueue(folder: commands)
  }

  /// See `Engine`.
  public func run(
    _ grid: Grid, _ tasks: [GridTask], progress: ([TaskState]) throws -> Void
  ) throws -> EngineOutcome {
    var submissions: [Submission] = [], rest: [Int] = []
    do {
      // Two runs of one script at once hand over what is missing once.
      let lock = try Submission.claim(grid)
      defer { withExtendedLifetime(lock) {} }
      submissions = Submission.all(of: grid)
      let queued = try slurm.tasks(of: submissions, among: Set(tasks.map(\.number)))
      guard let queued else {
        return .lost(["Slurm does not answer, and parts of this grid may still be in its queue; try again later"])
      }
      rest = tasks.map(\.number).filter { !queued.contains($0) }
      let refusal = try submit(&rest, of: grid, &submissions)
      if let refusal, isDetached || rest.count == tasks.count { throw refusal }
    }
    if isDetached {
      return .detached(submissions.filter { !$0.isCancelled && $0.holds(tasks.map(\.number)) }.map(\.job))
    }

    let start = Machine.seconds
    var absences = Absences(), tries: [Int: Int] = [:], given: Set<Int> = []
    while true {
      let look = Machine.seconds, states = grid.states(withNotes: false)
      try progress(states)
      let open = Set(tasks.map(\.number).filter { states[$0 - 1].isOpen })
      if open.isEmpty { return .finished }
      if open.isSubset(of: given) { return .lost(complaints(grid, open)) }
      let pause = min(Self.largestPause * interval, max(interval, Self.pauseShare * (look - start)))
      // Looking through a large folder shall not be all that is done.
      Machine.sleep(seconds: max(pause, 20 * (Machine.seconds - look)))
      // Ctrl-C ends the sleep, and is not to wait for Slurm's answer.
      try progress(states)
      guard let queue = try slurm.tasks(of: submissions, among: open) else { continue }
      let absent = open.subtracting(queue).subtracting(rest).subtracting(given)
      let lost = absences.lasting(absent, looks: Self.looks, seconds: patience)
      let cancelled = lost.isEmpty ? [] : Submission.cancelledTasks(of: grid)
      for number in lost {
        switch grid.state(of: grid.tasks[number - 1]) {
        case .done, .failed: break
        case .running where tries[number, default: 1] < Self.mostTries && !cancelled.contains(number):
          tries[number, default: 1] += 1
          rest.append(number)
        case .waiting, .stopped, .running: given.insert(number)
        }
      }
      // What was refused before may be taken when the queue is shorter.
      if !rest.isEmpty, queue.isEmpty || absences.isDue(every: Self.largestPause * interval) {
        rest.sort()
        let lock = try Submission.claim(grid)
        defer { withExtendedLifetime(lock) {} }
        if let refusal = try submit(&rest, of: grid, &submissions), queue.isEmpty { throw refusal }
      }
    }
  }

  /// Takes what was submitted out of Slurm's queue.
  /// - Returns: Slurm's numbers of it.
  public static func cancel(_ grid: Grid) throws -> [String] {
    let open = zip(grid.tasks, grid.states(withNotes: false)).filter { $1.isOpen }.map(\.0.number)
    let submissions = Submission.all(of: grid).filter { !$0.isCancelled && $0.holds(open) }
    guard !submissions.isEmpty else { return [] }
    // First the note: whoever waits for these tasks is not to submit them again.
    for one in submissions {
      try Submission(place: one.place, job: one.job, tasks: one.tasks, isCancelled: true).write(to: grid)
    }
    try SlurmQueue(folder: nil).cancel(submissions.map(\.job))
    return submissions.map(\.job)
  }

  private func complaints(_ grid: Grid, _ lost: Set<Int>) -> [String] {
    let reasons = lost.sorted().compactMap { number in
      grid.state(of: grid.tasks[number - 1]).note.flatMap { note in
        note.reason.isEmpty ? nil : "task \(number), \(note.host): \(note.reason)"
      }
    }
    let words = reasons.isEmpty ? Submission.lastLines(of: grid, lost) : Array(reasons.prefix(3))
    let are = lost.count == 1 ? "is" : "are"
    return [
      "\(counted(lost.count, "task")) \(are) neither done nor in Slurm's queue; the same script submits them again"
    ] + words
  }

  /// Hands tasks over, and takes those that were handed over out of `tasks`.
  /// - Returns: why Slurm has refused what is left.
  private func submit(_ tasks: inout [Int], of grid: Grid, _ submissions: inout [Submission]) throws -> FileProblem? {
    guard !tasks.isEmpty else { return nil }
    submissions = Submission.all(of: grid)
    let size = slurm.largestArray
    try Files.makeDirectory(Path.join(grid.folder, "logs"))
    while !tasks.isEmpty {
      let numbers = Array(tasks.prefix(size)), place = submissions.count + 1
      let script = Submission.path(place, "sh", of: grid), list = Submission.path(place, "tasks", of: grid)
      try Files.write(numbers.map { "\($0)\n" }.joined(), to: list)
      try Files.write(self.script(grid, list: list, count: numbers.count), to: script)
      switch try slurm.submit(script, options) {
      case .refused(let reason):
        return FileProblem("sbatch refused it: \(reason)", of: script, action: "submit")
      case .taken(let job):
        let submission = Submission(place: place, job: job, tasks: numbers)
        try submission.write(to: grid)
        submissions.append(submission)
        tasks.removeFirst(numbers.count)
      }
    }
    return nil
  }

  /// What a node runs: one task by its line of the list, with the threads that Slurm gives it. Before the job's time ends
  /// Slurm sends SIGUSR1, the worker writes its checkpoint and ends with 75, and the task goes into the queue again.
  /// SIGTERM comes with scancel, after which nothing is to be queued again, and with preemption, after which Slurm itself
  /// does so.
  private func script(_ grid: Grid, list: String, count: Int) -> String {
    let limit = jobs.map { "%\($0)" } ?? ""
    let logs = Path.join(grid.folder, "logs"), worker = PlainLines.quoted(program)
    return """
      #!/bin/sh
      #SBATCH --job-name=bvae-\(grid.name.prefix(8))
      #SBATCH --array=1-\(count)\(limit)
      #SBATCH --signal=B:USR1@\(Self.warning)
      #SBATCH --requeue
      #SBATCH --open-mode=append
      #SBATCH --output=\(logs)/%A_%a.log
      task=$(sed -n "${SLURM_ARRAY_TASK_ID}p" \(PlainLines.quoted(list)))
      again=
      \(worker) --work \(PlainLines.quoted(grid.folder)) --task "$task" --threads "${SLURM_CPUS_PER_TASK:-1}" &
      worker=$!
      trap 'again=1; kill -USR1 $worker 2>/dev/null' USR1
      trap 'kill -TERM $worker 2>/dev/null' TERM
      while :; do
        wait $worker
        code=$?
        kill -0 $worker 2>/dev/null || break
      done
      if [ $code = \(WorkerEnding.stopped.rawValue) ] && [ "$again" ]; then
        scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
        sleep 60
      fi
      exit $code

      """
  }
}

/// For how long tasks have been in no queue.
private struct Absences {
  private var looks: [Int: (count: Int, since: Double)] = [:]
  private var next = 0.0

  /// Notes what is absent in this look.
  /// - Returns: those that were absent in so many looks and for so long.
  mutating func lasting(_ absent: Set<Int>, looks most: Int, seconds: Double) -> [Int] {
    let now = Machine.seconds
    looks = looks.filter { absent.contains($0.key) }
    for task in absent { looks[task, default: (0, now)].count += 1 }
    let found = looks.filter { $0.value.count >= most && now - $0.value.since >= seconds }.map(\.key).sorted()
    for task in found { looks[task] = nil }
    return found
  }

  /// Whether so many seconds have gone since it was last so.
  mutating func isDue(every seconds: Double) -> Bool {
    guard Machine.seconds >= next else { return false }
    next = Machine.seconds + seconds
    return true
  }
}
