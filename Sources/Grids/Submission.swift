import BVAEPlatform

/// An array of jobs that was handed to Slurm, as it is noted in the grid.
package struct Submission {
  /// The note's number, from 1.
  package let place: Int
  /// Slurm's number.
  package let job: String
  /// The tasks, by their place in the array.
  package let tasks: [Int]
  /// Whether it was taken back.
  package let isCancelled: Bool

  /// A submission.
  package init(place: Int, job: String, tasks: [Int], isCancelled: Bool = false) {
    (self.place, self.job, self.tasks, self.isCancelled) = (place, job, tasks, isCancelled)
  }

  /// Whether one of some tasks is among them.
  func holds(_ tasks: [Int]) -> Bool { !Set(tasks).isDisjoint(with: self.tasks) }

  private static func folder(of grid: Grid) -> String { Path.join(grid.folder, "jobs") }

  /// A file of a submission: `sh`, what a node runs; `tasks`, a task for each place in the array; `json`, the note.
  static func path(_ place: Int, _ kind: String, of grid: Grid) -> String {
    Path.join(folder(of: grid), "\(place).\(kind)")
  }

  /// All that were handed over, in their order.
  package static func all(of grid: Grid) -> [Submission] {
    var found: [Submission] = []
    while let bytes = try? Files.read(path(found.count + 1, "json", of: grid), limit: 1 << 24),
      let json = JSON(bytes), let job = json["job"]?.text, let tasks = json["tasks"]?.list?.compactMap(\.whole)
    {
      found.append(
        Submission(
          place: found.count + 1, job: job, tasks: tasks, isCancelled: json["cancelled"]?.truth ?? false))
    }
    return found
  }

  /// The tasks that were handed over last in an array which was taken back.
  static func cancelledTasks(of grid: Grid) -> Set<Int> {
    all(of: grid).reduce(into: []) { found, one in
      if one.isCancelled { found.formUnion(one.tasks) } else { found.subtract(one.tasks) }
    }
  }

  /// Notes it.
  package func write(to grid: Grid) throws {
    var json: [String: JSON] = ["job": .text(job), "tasks": .list(tasks.map { JSON($0) })]
    if isCancelled { json["cancelled"] = .truth(true) }
    try Files.write(JSON.object(json).bytes + [UInt8(ascii: "\n")], to: Self.path(place, "json", of: grid))
  }

  /// The claim that one process at a time hands tasks over; nil where the folder knows no locks.
  /// - Throws: `FileProblem` where another process does so for minutes.
  package static func claim(_ grid: Grid) throws -> FileLock? {
    try Files.makeDirectory(folder(of: grid))
    let path = Path.join(folder(of: grid), "submit.lock"), deadline = Machine.seconds + 300
    while let attempt = try? FileLock.attempt(path) {
      switch attempt {
      case .taken(let lock): return lock
      case .held(let process):
        guard Machine.seconds < deadline else {
          let other = process.map { " (process \($0))" } ?? ""
          throw FileProblem("another program\(other) is handing this grid over", of: grid.folder, action: "submit")
        }
        Machine.sleep(seconds: 0.2)
      }
    }
    return nil
  }

  /// The last lines that some tasks wrote, for people: at most three.
  static func lastLines(of grid: Grid, _ tasks: Set<Int>) -> [String] {
    var found: [String] = []
    for submission in all(of: grid).reversed() {
      for (place, task) in submission.tasks.enumerated() where tasks.contains(task) {
        guard found.count < 3 else { return found }
        let log = Path.join(grid.folder, "logs/\(submission.job)_\(place + 1).log")
        let text = try? Files.readText(log, limit: 1 << 24)
        if let line = text.flatMap(LocalEngine.lastLine) { found.append("task \(task): \(line)") }
      }
    }
    return found
  }
}
