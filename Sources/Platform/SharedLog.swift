import Glibc

/// A text file to which several processes add lines, each of them whole, and which one of them may write anew.
public struct SharedLog: Sendable {
  /// Where it is.
  public let path: String

  /// A file that need not be there yet.
  public init(_ path: String) { self.path = path }

  /// How long another process is waited for, in seconds.
  private static let patience = 0.5

  /// The end of the file: at most `limit` bytes, from the beginning of a line on; nothing where there is no file.
  /// - Throws: `FileProblem` when it cannot be read or is no regular file.
  public func tail(limit: Int) throws -> [UInt8] {
    guard !path.utf8.contains(0), Files.exists(path) else { return [] }
    let descriptor = try Files.openFile(path, O_RDONLY | O_NONBLOCK, "read")
    defer { close(descriptor) }
    return try Self.tail(descriptor, limit: limit, path: path)
  }

  /// Adds text, which ends with a line break, behind what is there; a last line that has no end gets one. The folder is
  /// made where it is missing. A new file can be read by its owner alone.
  /// - Throws: `FileProblem`; where another process holds the file too long, too.
  public func append(_ text: String) throws {
    try Files.makeDirectory(Path.parent(path))
    let descriptor = try claim()
    defer { close(descriptor) }
    var last: UInt8 = 0
    let size = lseek(descriptor, 0, SEEK_END)
    let isOpen = size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != UInt8(ascii: "\n")
    try Files.writeAll(Array(((isOpen ? "\n" : "") + text).utf8), to: descriptor, path: path)
  }

  /// Writes the file anew from its end, under a temporary name that is renamed, while nobody else adds to it.
  /// - Parameter change: the new content from at most `limit` bytes of the old.
  /// - Throws: `FileProblem`, and what `change` throws; the file is as before.
  public func rewrite(limit: Int, _ change: ([UInt8]) throws -> String) throws {
    let descriptor = try claim()
    defer { close(descriptor) }
    let text = try change(try Self.tail(descriptor, limit: limit, path: path))
    try Files.write(text, to: path)
  }

  /// Opens the file under a lock. Whoever had it before may have given the name to another file: then that one.
  private func claim() throws -> Int32 {
    guard !path.utf8.contains(0) else { throw FileProblem("write", path, code: EINVAL) }
    let deadline = Machine.seconds + Self.patience
    while true {
      let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0o600)
      guard descriptor >= 0 else { throw FileProblem("write", path) }
      do {
        var own = stat(), named = stat()
        guard fstat(descriptor, &own) == 0 else { throw FileProblem("write", path) }
        guard Files.isKind(S_IFREG, own) else {
          throw FileProblem("it is no regular file", of: path, action: "write")
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
          if stat(path, &named) == 0, own.st_ino == named.st_ino, own.st_dev == named.st_dev { return descriptor }
        } else if errno != EWOULDBLOCK && errno != EINTR {
          // A file system without locks: lines are added whole all the same.
          return descriptor
        }
      } catch {
        close(descriptor)
        throw error
      }
      close(descriptor)
      guard Machine.seconds < deadline else {
        throw FileProblem("another process holds it", of: path, action: "write")
      }
      usleep(5000)
    }
  }

  private static func tail(_ descriptor: Int32, limit: Int, path: String) throws -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileProblem("read", path) }
    guard !Files.isKind(S_IFDIR, status) else { throw FileProblem("read", path, code: EISDIR) }
    guard Files.isKind(S_IFREG, status) else {
      throw FileProblem("it is no regular file", of: path)
    }
    let start = max(0, Int(status.st_size) - limit)
    var bytes = [UInt8](repeating: 0, count: min(limit, Int(status.st_size)))
    var done = 0
    while done < bytes.count {
      let wanted = bytes.count - done
      let (count, code) = bytes.withUnsafeMutableBytes { buffer in
        Files.retrying { pread(descriptor, buffer.baseAddress.map { $0 + done }, wanted, start + done) }
      }
      guard count >= 0 else { throw FileProblem("read", path, code: code) }
      if count == 0 { break }
      done += count
    }
    bytes.removeLast(bytes.count - done)
    // The first line may have begun further in front.
    if start > 0 { bytes.removeFirst(bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count) }
    return bytes
  }
}
