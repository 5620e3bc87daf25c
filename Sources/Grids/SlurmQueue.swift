import BVAEPlatform

/// Slurm's own commands.
struct SlurmQueue {
  /// The folder that they are in; nil for those in `PATH`.
  let folder: String?

  private func call(_ name: String, _ arguments: [String]) throws -> FinishedCommand {
    try FinishedCommand(folder.map { Path.join($0, name) } ?? name, arguments)
  }

  /// What Slurm says of jobs that it has forgotten, or that have ended.
  private static let pastWords = ["Invalid job id", "already completing or completed"]

  /// States of jobs that Slurm still tells of for minutes after their end.
  private static let ended: Set<Substring> = [
    "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE", "REVOKED",
  ]

  /// The tasks among some that are in Slurm's queue; nil where Slurm does not say.
  func tasks(of submissions: [Submission], among open: Set<Int>) throws -> Set<Int>? {
    // Arrays of which nothing is open need not be asked for: the list stays short in a grid of many submissions.
    let asked = submissions.filter { $0.tasks.contains(where: open.contains) }
    guard !asked.isEmpty else { return [] }
    let answer = try call(
      "squeue", ["--noheader", "--array", "--format=%F %K %T", "--jobs=\(asked.map(\.job).joined(separator: ","))"])
    guard answer.isGood || Self.pastWords.contains(where: answer.complaint.contains) else { return nil }
    let byJob = Dictionary(asked.map { ($0.job, $0.tasks) }) { _, last in last }
    var found: Set<Int> = []
    for line in answer.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, !Self.ended.contains(words[2]), let place = Int(words[1]),
        let tasks = byJob[String(words[0])], tasks.indices.contains(place - 1), open.contains(tasks[place - 1])
      else { continue }
      found.insert(tasks[place - 1])
    }
    return found
  }

  /// What came of handing an array over.
  enum Answer {
    case taken(job: String)
    case refused(reason: String)
  }

  /// Hands an array over.
  func submit(_ script: String, _ options: [String]) throws -> Answer {
    let answer = try call("sbatch", ["--parsable"] + options + [script])
    guard answer.isGood, let job = answer.output.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first else {
      return .refused(reason: answer.reason ?? "no reason given")
    }
    return .taken(job: String(job))
  }

  /// Takes jobs out of the queue; those that are in it no more are none of it.
  /// - Throws: `FileProblem` where Slurm refuses.
  func cancel(_ jobs: [String]) throws {
    let answer = try call("scancel", jobs)
    let complaints = answer.complaint.split(separator: "\n")
    let isPast = complaints.allSatisfy { line in Self.pastWords.contains { line.contains($0) } }
    guard answer.isGood || !complaints.isEmpty && isPast else {
      throw FileProblem(answer.reason ?? "it failed", of: "scancel", action: "run")
    }
  }

  /// How many tasks an array may have: a job's numbers stay below Slurm's MaxArraySize, 1001 unless it is set.
  var largestArray: Int {
    let answer = try? call("scontrol", ["show", "config"])
    let line = answer?.output.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    let size = line?.split(whereSeparator: { $0 == "=" || $0 == " " }).last.flatMap { Int($0) } ?? 1001
    return max(1, min(size, 100_000) - 1)
  }
}
