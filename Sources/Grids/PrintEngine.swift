import BVAEPlatform

/// Says what is to be run, a line for each task, for whatever runs lines: GNU parallel, a scheduler's array, a shell.
public struct PrintEngine: Engine {
  /// `print`
  public static let word = "print"
  /// What it does, in a few words.
  public static let summary = "only prints a command for each task"

  private let program: String

  /// - Parameter program: the program's own file.
  public init(program: String) { self.program = program }

  /// See `Engine`.
  public func run(
    _ grid: Grid, _ tasks: [GridTask], progress: ([TaskState]) throws -> Void
  ) throws -> EngineOutcome {
    .printed(tasks.map { "\(Self.quoted(program)) --work \(Self.quoted(grid.folder)) --task \($0.number)" })
  }

  /// A word of the shell.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "/._-+=:@%".utf8.contains($0)
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
