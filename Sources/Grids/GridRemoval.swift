import BVAEPlatform
import Glibc

/// The grids of a store, which are not needed any more once their models are there.
public struct StoredGrids: Sendable {
  private let folder: String, data: String
  /// Their names.
  public let names: [String]

  /// Those of a store.
  public init(in store: String) {
    folder = Path.join(Path.absolute(store), "grids")
    data = Grid.dataFolder(in: store)
    names = ((try? Files.list(folder)) ?? []).sorted()
  }

  /// The bytes of them and of their data.
  public var bytes: Int { Self.bytes(folder) + Self.bytes(data) }

  private static func bytes(_ path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0 else { return 0 }
    guard status.st_mode & S_IFMT == S_IFDIR else { return Int(status.st_size) }
    return ((try? Files.list(path)) ?? []).reduce(0) { $0 + bytes(Path.join(path, $1)) }
  }

  /// Removes them, and their data where none is left; of those that a worker is at, or that may be in Slurm's queue, nothing.
  /// - Returns: the names of those that were left alone.
  /// - Throws: `FileProblem` where a file cannot be removed.
  public func remove() throws -> [String] {
    var kept: [String] = []
    for name in names {
      let place = Path.join(folder, name)
      if try isInUse(place) { kept.append(name) } else { try Self.remove(place) }
    }
    if kept.isEmpty { try Self.remove(data) }
    return kept
  }

  private func isInUse(_ place: String) throws -> Bool {
    for name in (try? Files.list(place)) ?? [] where name.hasSuffix(".lock") {
      if case .held? = try? FileLock.attempt(Path.join(place, name)) { return true }
    }
    guard let grid = try? Grid(place, in: Path.parent(folder)) else { return false }
    let submissions = Submission.all(of: grid), states = grid.states(withNotes: false)
    let open = Set(zip(grid.tasks, states).filter { $1.isOpen }.map { $0.0.number })
    guard !submissions.isEmpty, !open.isEmpty else { return false }
    // Where Slurm does not answer, they may be waiting.
    let queued = try? SlurmQueue(folder: nil).tasks(of: submissions, among: open)
    return queued.map { !$0.isEmpty } ?? true
  }

  /// Removes a folder and what is in it; links are removed, not followed.
  private static func remove(_ path: String) throws {
    guard Glibc.remove(path) != 0, errno != ENOENT else { return }
    guard errno == ENOTEMPTY || errno == EEXIST else { throw FileProblem("remove", path) }
    for name in try Files.list(path) { try remove(Path.join(path, name)) }
    guard Glibc.remove(path) == 0 || errno == ENOENT else { throw FileProblem("remove", path) }
  }
}
