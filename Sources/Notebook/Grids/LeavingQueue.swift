import BVAEGrids
import BVAELanguage
import BVAEPlatform

/// Ctrl-C while trainings are in Slurm's queue: the first leaves them there, a second one soon after it takes them out.
struct LeavingQueue {
  private let grid: Grid
  private let host: any Host

  /// For how long a second Ctrl-C is waited for, in seconds.
  private static let patience = 3.0

  init(_ grid: Grid, _ host: any Host) { (self.grid, self.host) = (grid, host) }

  /// Says what becomes of the trainings, and waits for whether that is wanted.
  /// - Throws: `ScriptFailure` where Slurm does not take them out.
  func run() throws {
    host.progress(nil)
    let isTyped = host.interruptions > 0
    host.note(
      "the trainings go on in Slurm's queue; the same script comes back to them, 'bvae-script --grid \(grid.name)' shows "
        + "where they are, with --cancel it ends them" + (isTyped ? ", as Ctrl-C does once more" : ""))
    guard isTyped else { return }
    let before = host.interruptions, deadline = Machine.seconds + Self.patience
    while Machine.seconds < deadline {
      if host.interruptions > before {
        do {
          let jobs = try SlurmEngine.cancel(grid)
          host.note("cancelled: \(jobs.joined(separator: ", "))")
        } catch {
          throw ScriptFailure("the trainings are still in Slurm's queue: \(error)")
        }
        return
      }
      Machine.sleep(seconds: 0.1)
    }
  }
}
