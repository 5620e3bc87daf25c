import BVAEPlatform

/// A description for HTCondor's `condor_submit`. A worker that was stopped, or killed, is begun again; exit codes 1 and 2
/// say that trying again would not help.
struct CondorFile: TaskList {
  static let word = "htcondor"

  static func lines(_ listing: TaskListing) -> [String] {
    let folder = listing.grid.folder
    let limit = listing.jobs.map { "max_materialize = \($0)\n" } ?? ""
    return """
      # \(counted(listing.tasks.count, "training")) of grid \(listing.grid.name): condor_submit FILE
      # All machines share the folder of the grid and have the program under the same path.
      universe = vanilla
      executable = \(listing.program)
      arguments = "--work \(argument(folder)) --task $(task) --threads $(request_cpus)"
      should_transfer_files = NO
      request_cpus = \(listing.threads ?? 1)
      request_memory = 2GB
      log = \(folder)/logs/condor.log
      output = \(folder)/logs/condor-$(task).out
      error = \(folder)/logs/condor-$(task).err
      # A worker that is to stop has so many seconds for its checkpoint.
      kill_sig = SIGTERM
      job_max_vacate_time = 120
      # 75 is "stopped with a checkpoint": into the queue again, as is what was killed; 1 and 2 stay out of it.
      success_exit_code = 0
      max_retries = 20
      retry_until = ExitCode =?= 1 || ExitCode =?= 2
      \(limit)queue task from (
      \(listing.tasks.map { "  \($0.number)" }.joined(separator: "\n"))
      )
      """.lines
  }

  /// A word in the new form of `arguments`: in single quotes, with single and double ones doubled.
  private static func argument(_ word: String) -> String {
    let isPlain = !word.contains { $0.isWhitespace || $0 == "'" || $0 == "\"" }
    let doubled = word.replacing("\"", with: "\"\"")
    return isPlain ? word : "'" + doubled.replacing("'", with: "''") + "'"
  }
}
