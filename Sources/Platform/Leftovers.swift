import Glibc
import Synchronization

/// The temporary names under which files are written, `.PID-N.partial`, and clearing away those that processes which
/// ended in the middle have left behind.
enum Leftovers {
  /// The folders that this process has looked through; its lock keeps making files and looking through folders apart.
  private static let seen = Mutex<Set<String>>([])

  /// The temporary name of a process's n-th file.
  static func name(process: Int32, number: Int) -> String { ".\(process)-\(number).partial" }

  /// The process in a name that `name(process:number:)` makes; nil for every other name.
  static func process(of name: String) -> Int32? {
    guard name.hasPrefix("."), name.hasSuffix(".partial") else { return nil }
    let numbers = name.dropFirst().dropLast(".partial".count).split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let process = Int32(numbers[0]), let number = Int(numbers[1]) else { return nil }
    return process > 0 && number >= 0 && self.name(process: process, number: number) == name ? process : nil
  }

  /// Makes a new file and claims it for as long as the descriptor is open.
  /// - Returns: the descriptor, or -1 with the reason in `errno`.
  static func create(_ path: String, _ access: Int32 = O_WRONLY) -> Int32 {
    seen.withLock { _ in
      let descriptor = open(path, access | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { _ = flock(descriptor, LOCK_EX | LOCK_NB) }
      return descriptor
    }
  }

  /// Removes what ended processes have left in a folder, the first time that this process writes there. What cannot be
  /// removed stays without an error.
  static func clear(_ folder: String) {
    let folder = folder.isEmpty ? "." : folder
    seen.withLock { seen in
      guard seen.insert(folder).inserted else { return }
      for name in (try? Files.list(folder)) ?? [] {
        // What this process is writing it has claimed; the rest under its number comes from an earlier one.
        guard let process = process(of: name), process == getpid() || hasEnded(process) else {
          continue
        }
        removeUnclaimed(Path.join(folder, name))
      }
    }
  }

  /// Whether there is no such process any more, or only its entry, for which nobody has asked: in containers whose first
  /// process never does so it stays for ever.
  private static func hasEnded(_ process: Int32) -> Bool {
    if kill(process, 0) != 0 { return errno == ESRCH }
    let status = (try? Files.readText("/proc/\(process)/stat", limit: 1 << 16)) ?? ""
    // The state follows the name, which stands in brackets and may hold any character.
    let state = status.lastIndex(of: ")").map { status[$0...].dropFirst(2).first }
    return state == "Z" || state == "X"
  }

  /// In another container the process may live, where its number means nothing here: its claim does.
  private static func removeUnclaimed(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, Files.isKind(S_IFREG, status) else { return }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
  }
}
