import Glibc

/// A file that stays open and is read at any place, by several threads if need be, without being in memory as a whole.
public final class ReadableFile: Sendable {
  /// The path, for messages.
  public let path: String
  /// The number of its bytes when it was opened.
  public let count: Int
  private let descriptor: Int32

  /// Opens a file.
  /// - Throws: `FileProblem` when it cannot be read, is a folder, a device or a pipe, or is a Git LFS pointer instead of the
  ///   file.
  public init(_ path: String) throws {
    self.path = path
    // Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
    descriptor = try Files.openFile(path, O_RDONLY | O_NONBLOCK, "read")
    do {
      count = try Self.size(descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    // From here on deinit closes it.
    if count <= 1024, let pointer = LargeFilePointer(try read(0..<count)) {
      throw FileProblem(pointer.description, of: path)
    }
  }

  deinit { close(descriptor) }

  private static func size(_ descriptor: Int32, _ path: String) throws -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileProblem("read", path) }
    guard !Files.isKind(S_IFDIR, status) else { throw FileProblem("read", path, code: EISDIR) }
    guard Files.isKind(S_IFREG, status) else { throw FileProblem("it is a device or a pipe, not a file", of: path) }
    return Int(status.st_size)
  }

  /// The bytes of a range; fewer where the file has become shorter.
  /// - Throws: `FileProblem` where the disk cannot be read.
  public func read(_ range: Range<Int>) throws(FileProblem) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      (filled, code) = Files.readBuffer(UnsafeMutableRawBufferPointer(buffer), from: descriptor, at: range.lowerBound)
    }
    guard code == 0 else { throw FileProblem("read", path, code: code) }
    return bytes
  }
}

/// A file for bytes that have no room in memory, written and read at any place. It has no name: nothing of it is left when
/// the program ends, however it ends, and its room on the disk is free again as soon as nobody uses it.
public final class ScratchFile: Sendable {
  /// The folder on whose disk it is.
  public let folder: String
  private let descriptor: Int32

  /// Makes an empty file.
  /// - Parameter folder: where; it is made where it is missing.
  /// - Throws: `FileProblem` where no file can be made there.
  public init(in folder: String) throws(FileProblem) {
    self.folder = folder
    do {
      try Files.makeDirectory(folder)
      let path: String
      (path, descriptor) = try Files.openTemporary(
        beside: Path.join(folder, "images"), path: Path.join(folder, "images"), O_RDWR)
      unlink(path)
    } catch let problem as FileProblem {
      throw problem
    } catch {
      throw FileProblem("\(error)", of: folder, action: "write")
    }
  }

  deinit { close(descriptor) }

  /// How many bytes a folder's disk has room for; nil where that cannot be told, as where there is no such folder yet nor
  /// one above it.
  public static func room(in folder: String) -> Int? {
    var folder = folder
    while !Files.exists(folder), !folder.isEmpty, folder != "/" { folder = Path.parent(folder) }
    var status = statvfs()
    guard statvfs(folder.isEmpty ? "." : folder, &status) == 0 else { return nil }
    let (bytes, overflows) = Int(status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
    return overflows ? nil : bytes
  }

  /// Writes bytes from a place on.
  /// - Throws: `FileProblem`, also where the disk is full.
  public func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(FileProblem) {
    var rest = bytes[...], place = place
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let (count, code) = Files.retrying { pwrite(descriptor, piece.baseAddress, piece.count, off_t(place)) }
      guard count > 0 else { throw FileProblem("write", folder, code: count == 0 ? EIO : code) }
      rest = rest.dropFirst(count)
      place += count
    }
  }

  /// Fills a buffer with the bytes from a place on.
  /// - Throws: `FileProblem`, also where there are fewer.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at place: Int) throws(FileProblem) {
    let (count, code) = Files.readBuffer(buffer, from: descriptor, at: place)
    guard code == 0 else { throw FileProblem("read", folder, code: code) }
    guard count == buffer.count else { throw FileProblem("read", folder, code: EIO) }
  }

  /// Has the system fetch bytes that will be read soon, without waiting for them.
  public func prefetch(_ range: Range<Int>) {
    _ = posix_fadvise(descriptor, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
  }
}

extension Files {
  /// Reads at a place until a buffer is full or the file ends.
  /// - Returns: how many bytes, and 0 or why no more could be read.
  static func readBuffer(
    _ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, at place: Int
  ) -> (count: Int, code: Int32) {
    var filled = 0
    while filled < buffer.count {
      let (got, code) = retrying {
        pread(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(place + filled))
      }
      if got < 0 { return (filled, code) }
      if got == 0 { break }
      filled += got
    }
    return (filled, 0)
  }
}
