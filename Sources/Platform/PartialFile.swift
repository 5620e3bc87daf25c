import Glibc

/// The beginning of a file whose rest is still to come, kept on the disk from run to run. While it is open no other
/// process can open it as such.
public final class PartialFile {
  /// Where it is.
  public let path: String
  /// How many bytes are there.
  public private(set) var count = 0
  /// The digest of these bytes.
  public private(set) var digest = SHA256()
  /// The first bytes, at most sixteen.
  public private(set) var beginning: [UInt8] = []
  private let descriptor: Int32

  /// Another process has the file open.
  public struct Busy: Error, Equatable {}

  /// Opens a file, or makes an empty one.
  /// - Parameter limit: a file of more bytes than this is begun anew.
  /// - Throws: `FileProblem`, `PartialFile.Busy`.
  public init(_ path: String, limit: Int) throws {
    self.path = path
    descriptor = try Self.open(path)
    // From here on deinit closes it.
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileProblem("read", path) }
    guard Files.isKind(S_IFREG, status) else {
      throw FileProblem("it is no regular file", of: path, action: "write")
    }
    if Int(status.st_size) > limit { try restart() } else { try readBeginning() }
  }

  deinit { close(descriptor) }

  /// Puts bytes behind those that are there.
  /// - Throws: `FileProblem`; then what is on the disk may be longer than `count`, and the next run reads it all.
  public func append(_ bytes: [UInt8]) throws {
    try Files.writeAll(bytes, to: descriptor, path: path)
    take(bytes)
  }

  /// Forgets all bytes.
  public func restart() throws {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileProblem("write", path) }
    count = 0
    digest = SHA256()
    beginning = []
  }

  /// Gives the whole file its name, on the disk too.
  public func rename(to target: String) throws {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileProblem("write", path) }
    guard Glibc.rename(path, target) == 0 else { throw FileProblem("write", target) }
  }

  private func take(_ bytes: [UInt8]) {
    if beginning.count < 16 { beginning += bytes.prefix(16 - beginning.count) }
    digest.add(bytes)
    count += bytes.count
  }

  private func readBeginning() throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let (got, code) = Files.retrying { read(descriptor, &buffer, buffer.count) }
      guard got >= 0 else { throw FileProblem("read", path, code: code) }
      if got == 0 { return }
      take(Array(buffer.prefix(got)))
    }
  }

  private static func open(_ path: String) throws -> Int32 {
    guard !path.utf8.contains(0) else { throw FileProblem("write", path, code: EINVAL) }
    while true {
      let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileProblem("write", path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw Busy()
      }
      // Whoever had it until now may have given it its final name.
      var opened = stat(), named = stat()
      if fstat(descriptor, &opened) == 0, lstat(path, &named) == 0, opened.st_ino == named.st_ino,
        opened.st_dev == named.st_dev
      {
        return descriptor
      }
      close(descriptor)
    }
  }
}

/// A file that is being written, piece after piece.
public struct FileSink {
  let descriptor: Int32
  let path: String

  /// Appends bytes.
  /// - Throws: `FileProblem`.
  public func write(_ bytes: some Collection<UInt8>) throws {
    try Files.writeAll(bytes, to: descriptor, path: path)
  }

  /// Appends the bits of float32 values, little-endian.
  /// - Throws: `FileProblem`.
  public func write(floats values: [Float]) throws {
    try values.withUnsafeBufferPointer { try write(floats: $0) }
  }

  /// Appends the bits of float32 values, little-endian.
  /// - Throws: `FileProblem`.
  public func write(floats values: UnsafeBufferPointer<Float>) throws {
    #if _endian(little)
      try Files.writeBuffer(UnsafeRawBufferPointer(values), to: descriptor, path: path)
    #else
      try values.map(\.bitPattern.littleEndian).withUnsafeBytes {
        try Files.writeBuffer($0, to: descriptor, path: path)
      }
    #endif
  }

  /// Replaces bytes that were written before, from a place on.
  /// - Throws: `FileProblem`, also where the file is none in which there are places: a pipe.
  public func overwrite(_ bytes: [UInt8], at place: Int) throws {
    let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(place)) }
    guard written == bytes.count else { throw FileProblem("write", path, code: written < 0 ? errno : EIO) }
  }
}
