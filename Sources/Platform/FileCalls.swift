import Glibc

/// The POSIX calls behind `Files`, with what each needs to be safe.
extension Files {
  /// Opens a file. A path with a zero byte in it is refused: the system would read it only up to there.
  static func openFile(_ path: String, _ flags: Int32, _ action: String, retries: Bool = true) throws -> Int32 {
    guard !path.utf8.contains(0) else { throw FileProblem(action, path, code: EINVAL) }
    let (descriptor, code) =
      retries
      ? retrying { Int(open(path, flags | O_CLOEXEC)) } : (Int(open(path, flags | O_CLOEXEC)), errno)
    guard descriptor >= 0 else { throw FileProblem(action, path, code: code) }
    return Int32(descriptor)
  }

  /// A new file under a name of its own in the folder of `target`; `path` is the name for errors.
  /// - Parameter access: whether it is written only, or read too.
  static func openTemporary(
    beside target: String, path: String, _ access: Int32 = O_WRONLY
  ) throws -> (path: String, descriptor: Int32) {
    // An earlier process of the same number may have left files behind when the machine stopped.
    let folder = Path.parent(target)
    Leftovers.clear(folder)
    for _ in 0..<100 {
      let name = Path.join(folder, Leftovers.name(process: getpid(), number: temporaryCounter.next()))
      let descriptor = Leftovers.create(name, access)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST || errno == EINTR else { break }
    }
    throw FileProblem("write", path)
  }

  /// Where symbolic links lead; the last one may lead to a file that is not there yet.
  static func followingLinks(_ path: String) throws -> String {
    guard !path.utf8.contains(0) else { throw FileProblem("write", path, code: EINVAL) }
    var target = path
    // Linux itself gives up after forty.
    for _ in 0...40 {
      guard let link = link(at: target) else { return target }
      target = Path.join(Path.parent(target), link)
    }
    throw FileProblem("write", path, code: ELOOP)
  }

  /// What a symbolic link holds; nil where there is none.
  static func link(at path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let size = buffer.count
    let count = buffer.withUnsafeMutableBytes { $0.baseAddress.map { readlink(path, $0, size) } ?? -1 }
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
  }

  /// Has the names in a folder reach the disk. A file system that cannot do so is left to itself.
  static func syncFolder(_ path: String) {
    let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32, path: String) throws {
    let whole: Void? = try bytes.withContiguousStorageIfAvailable {
      try writeBuffer(UnsafeRawBufferPointer($0), to: descriptor, path: path)
    }
    if whole == nil {
      try Array(bytes).withUnsafeBytes { try writeBuffer($0, to: descriptor, path: path) }
    }
  }

  static func writeBuffer(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let (count, code) = retrying { Glibc.write(descriptor, piece.baseAddress, piece.count) }
      guard count > 0 else { throw FileProblem("write", path, code: count == 0 ? EIO : code) }
      rest = rest.dropFirst(count)
    }
  }

  static func isKind(_ kind: mode_t, _ status: stat) -> Bool { status.st_mode & S_IFMT == kind }

  /// Calls until no signal interrupts; the result and, where it is negative, the reason.
  static func retrying(_ call: () -> Int) -> (result: Int, code: Int32) {
    while true {
      let result = call()
      let code = errno
      if result >= 0 || code != EINTR { return (result, code) }
    }
  }

  private static let temporaryCounter = Counter()
}
