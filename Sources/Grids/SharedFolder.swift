import BVAEPlatform
import Glibc

/// Files in a folder that several machines share. On NFS and Lustre what one machine has written or renamed is seen by
/// another only after a while: until then there is no such file (ENOENT), or a handle of one that was replaced (ESTALE).
public enum SharedFolder {
  /// For how long what must be there is looked for, in seconds: `BVAE_FOLDER_SECONDS`, 60 unless it is set.
  public static let patience = Machine.environment("BVAE_FOLDER_SECONDS").flatMap(Double.init).map { max(0, $0) } ?? 60

  private static let pause = 0.25
  private static let lateness = [ENOENT, ESTALE].map { String(cString: strerror($0)) }

  /// Whether a problem may only mean that a file is seen late.
  static func isLate(_ problem: FileProblem) -> Bool { lateness.contains { problem.found.contains($0) } }

  /// Reads what must be there, again where it cannot be seen yet.
  /// - Parameters:
  ///   - seconds: for how long.
  ///   - goesOn: told before each further try what the problem is; whether it is to be made.
  /// - Throws: what the last try has thrown.
  public static func patiently<Result>(
    seconds: Double = patience, _ goesOn: (FileProblem) -> Bool = { _ in true }, _ read: () throws -> Result
  ) throws -> Result {
    let deadline = Machine.seconds + seconds
    while true {
      do {
        return try read()
      } catch let problem as FileProblem where isLate(problem) && Machine.seconds < deadline && goesOn(problem) {
        Machine.sleep(seconds: pause)
      }
    }
  }

  /// Waits until something can be seen that must be there.
  /// - Parameter goesOn: asked before each further look.
  /// - Returns: whether it came to be so.
  public static func waits(
    seconds: Double = patience, while goesOn: () -> Bool = { true }, until isSo: () -> Bool
  ) -> Bool {
    let deadline = Machine.seconds + seconds
    while !isSo() {
      guard Machine.seconds < deadline, goesOn() else { return false }
      Machine.sleep(seconds: pause)
    }
    return true
  }
}

/// When the folder of a grid is looked at next: as often as asked for, but never so that looking takes more than a
/// twentieth of the time, as in a folder of many thousand files over a slow network it would.
struct LookTimer {
  private let interval: Double
  private var next = 0.0

  init(every interval: Double) { self.interval = interval }

  /// Looks where it is time to.
  mutating func whenDue(_ look: () throws -> Void) rethrows {
    let start = Machine.seconds
    guard start >= next else { return }
    try look()
    next = Machine.seconds + max(interval, 20 * (Machine.seconds - start))
  }
}
