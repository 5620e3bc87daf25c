import Glibc

/// A file operation that failed, in words for the person at the keyboard.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path as the user gave it.
  public let path: String
  /// What went wrong, without the path.
  public let reason: String

  /// An error about `path`.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// `cannot read 'x.gz': No such file or directory`
  public var description: String { reason.contains("'\(path)'") ? reason : "\(reason) '\(path)'" }

  init(_ action: String, _ path: String, code: Int32 = errno) {
    self.init(path: path, reason: "cannot \(action) '\(path)': \(String(cString: strerror(code)))")
  }
}

/// Reading, writing and looking up files, by POSIX calls.
public enum Files {
  /// Reads a whole file.
  /// - Parameter limit: the most bytes that are accepted; a larger file is refused before anything is allocated.
  /// - Throws: `FileError` when it cannot be read, is a folder, or is larger than `limit`.
  public static func read(_ path: String, limit: Int = 1 << 31) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError("read", path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError("read", path, code: EISDIR) }
    var bytes: [UInt8] = []
    if status.st_mode & S_IFMT == S_IFREG { bytes.reserveCapacity(min(Int(status.st_size), limit) + 1) }
    let chunk = 1 << 18
    while true {
      let used = bytes.count
      guard used <= limit else {
        throw FileError(
          path: path, reason: "cannot read '\(path)': it is larger than the \(limit) bytes that are accepted here")
      }
      var failure: Int32 = 0
      // Growing in place keeps one copy of the file in memory.
      bytes.append(contentsOf: repeatElement(0, count: chunk))
      let got = bytes.withUnsafeMutableBytes { buffer -> Int in
        while true {
          let n = Glibc.read(descriptor, buffer.baseAddress! + used, chunk)
          if n < 0 && errno == EINTR { continue }
          if n < 0 { failure = errno }
          return n
        }
      }
      bytes.removeLast(chunk - max(0, got))
      guard got >= 0 else { throw FileError("read", path, code: failure) }
      if got == 0 { return bytes }
    }
  }

  /// Reads a whole file as UTF-8 text; invalid sequences become U+FFFD.
  public static func readText(_ path: String, limit: Int = 1 << 28) throws -> String {
    String(decoding: try read(path, limit: limit), as: UTF8.self)
  }

  /// Writes a file so that readers see either the old content or the whole new one: the bytes go to a temporary
  /// name in the same folder, reach the disk, and take the final name last.
  /// - Throws: `FileError`; the temporary file is removed and an earlier file of that name is untouched.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    if isDirectory(path) { throw FileError("write", path, code: EISDIR) }
    let temporary = "\(path).\(getpid())-\(temporaryCounter.next()).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError("write", path) }
    do {
      defer { close(descriptor) }
      let whole: Void? = try bytes.withContiguousStorageIfAvailable { try writeAll($0, to: descriptor, path: path) }
      if whole == nil { try Array(bytes).withUnsafeBufferPointer { try writeAll($0, to: descriptor, path: path) } }
      guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError("write", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw FileError("write", path, code: code)
    }
  }

  /// Writes text as UTF-8, see `write(_:to:)`.
  public static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  private static func writeAll(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32, path: String) throws {
    var done = 0
    while done < bytes.count {
      let n = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else { throw FileError("write", path) }
      done += n
    }
  }

  /// Makes a folder and those above it; a folder that is there already is fine.
  public static func makeDirectory(_ path: String) throws {
    if path.isEmpty || isDirectory(path) { return }
    let parent = Path.parent(path)
    if parent != path { try makeDirectory(parent) }
    guard mkdir(path, 0o755) == 0 || (errno == EEXIST && isDirectory(path)) else {
      throw FileError("make the folder", path)
    }
  }

  /// The names in a folder, sorted, without `.` and `..`.
  public static func list(_ path: String) throws -> [String] {
    guard let directory = opendir(path) else { throw FileError("list", path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether there is a file or folder at `path`.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether `path` is a folder.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Removes a file; that it is not there is no error.
  public static func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileError("remove", path) }
  }

  private static let temporaryCounter = Counter()
}
