import Glibc

/// A claim that one process has at a time: an advisory lock (flock) on a file that exists for it alone. It ends with
/// the process, however that ends.
public final class FileLock: Sendable {
  private let path: String
  private let descriptor: Int32

  /// What came of asking for a claim.
  public enum Attempt: Sendable {
    /// It is ours until it is released.
    case taken(FileLock)
    /// Another holds it: the number of its process, where it can be read.
    case held(process: Int?)
  }

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Asks for the claim, without waiting.
  /// - Throws: `FileProblem` where the file cannot be made or the file system knows no locks.
  public static func attempt(_ path: String) throws -> Attempt {
    // Who releases removes the file, so that what was opened before may no longer be what has the name.
    for _ in 0..<1000 {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw FileProblem("lock", path) }
      guard Files.retrying({ Int(flock(descriptor, LOCK_EX | LOCK_NB)) }).result == 0 else {
        let code = errno
        defer { close(descriptor) }
        guard code == EWOULDBLOCK else { throw FileProblem("lock", path, code: code) }
        return .held(process: holder(descriptor))
      }
      var own = stat(), named = stat()
      if fstat(descriptor, &own) == 0, lstat(path, &named) == 0, own.st_ino == named.st_ino, own.st_dev == named.st_dev
      {
        // Only for the note of those who wait: whether it can be written does not matter.
        _ = ftruncate(descriptor, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
        return .taken(FileLock(path: path, descriptor: descriptor))
      }
      close(descriptor)
    }
    return .held(process: nil)
  }

  private static func holder(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Int(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).prefix { $0.isNumber })
  }

  deinit {
    unlink(path)
    close(descriptor)
  }
}
