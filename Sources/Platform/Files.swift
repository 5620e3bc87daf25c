import Glibc

/// When a file was changed, how large it is, and its number in the file system, another one where it was replaced.
public struct FileState: Hashable, Sendable {
  /// Since the beginning of 1970.
  public let seconds: Int
  /// Beyond the seconds.
  public let nanoseconds: Int
  /// In bytes.
  public let size: Int
  /// The inode's.
  public let number: UInt64
}

/// Reading, writing and looking up files, by POSIX calls.
public enum Files {
  /// Reads a whole file.
  /// - Parameters:
  ///   - limit: the most bytes that are accepted; a larger file is refused before anything is allocated, a pipe as soon
  ///     as it has given more.
  ///   - acceptsPipes: whether what is no regular file is read too, which may wait for whoever writes to it; a signal
  ///     then ends the waiting.
  /// - Throws: `FileProblem` when it cannot be read, is a folder, is larger than `limit`, or is a Git LFS pointer instead of the
  ///   file.
  public static func read(_ path: String, limit: Int = 1 << 31, acceptsPipes: Bool = false) throws -> [UInt8] {
    // Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
    let descriptor = try openFile(path, acceptsPipes ? O_RDONLY : O_RDONLY | O_NONBLOCK, "read", retries: !acceptsPipes)
    defer { close(descriptor) }
    return try readAll(descriptor, path, limit: limit, acceptsPipes: acceptsPipes)
  }

  /// Reads what an open file holds, see `read`; `path` is the name for errors.
  static func readAll(
    _ descriptor: Int32, _ path: String, limit: Int, acceptsPipes: Bool = false
  ) throws -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileProblem("read", path) }
    guard !isKind(S_IFDIR, status) else { throw FileProblem("read", path, code: EISDIR) }
    guard acceptsPipes || isKind(S_IFREG, status) else {
      throw FileProblem("it is a device or a pipe, not a file", of: path)
    }
    let expected = isKind(S_IFREG, status) ? Int(status.st_size) : 0
    let tooLarge = FileProblem("it is larger than the \(limit.grouped) bytes that are accepted here", of: path)
    guard expected <= limit else { throw tooLarge }
    // Room for one chunk more than is expected, so that finding the end does not move what is there.
    var bytes: [UInt8] = []
    let chunk = 1 << 16
    bytes.reserveCapacity(expected + chunk)
    while true {
      let used = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: chunk))
      let (got, code) = bytes.withUnsafeMutableBytes { buffer in
        retrying { Glibc.read(descriptor, buffer.baseAddress.map { $0 + used }, chunk) }
      }
      bytes.removeLast(chunk - max(0, got))
      guard got >= 0 else { throw FileProblem("read", path, code: code) }
      guard bytes.count <= limit else { throw tooLarge }
      guard got == 0 else { continue }
      if let pointer = LargeFilePointer(bytes) {
        throw FileProblem(pointer.description, of: path)
      }
      return bytes
    }
  }

  /// Reads a whole file as UTF-8 text; invalid sequences become U+FFFD.
  public static func readText(_ path: String, limit: Int = 1 << 28) throws -> String {
    String(decoding: try read(path, limit: limit), as: UTF8.self)
  }

  /// Writes a file so that readers see either the old content or the whole new one: the bytes go to a temporary
  /// name in the same folder, reach the disk, and take the final name last. A symbolic link is followed, the
  /// permissions of an earlier file are kept, and one that may not be written to is not replaced either; what is no
  /// regular file (a device, a pipe) is written to as it is. What earlier processes that were killed have left in the
  /// folder under temporary names is removed.
  /// - Throws: `FileProblem`; the temporary file is removed and an earlier file of that name is untouched.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    try write(to: path) { try $0.write(bytes) }
  }

  /// Writes a file piece by piece, for content that is not in memory as a whole; see `write(_:to:)`.
  /// - Parameters:
  ///   - fill: writes the content. What it throws ends the writing, and the file is as before.
  ///   - beforeNaming: what is done when the content is on the disk, before it takes its name.
  public static func write(
    to path: String, beforeNaming: () throws -> Void = {}, _ fill: (FileSink) throws -> Void
  ) throws {
    let target = try followingLinks(path)
    var earlier = stat()
    let exists = stat(path, &earlier) == 0
    // A new file could take the name of one that its owner has protected.
    if exists && access(path, W_OK) != 0 { throw FileProblem("write", path) }
    if exists && isKind(S_IFDIR, earlier) { throw FileProblem("write", path, code: EISDIR) }
    if exists && !isKind(S_IFREG, earlier) {
      // By the path as given: what /dev/stdout leads to may have no name of its own.
      let descriptor = try openFile(path, O_WRONLY | O_NONBLOCK, "write")
      defer { close(descriptor) }
      _ = fcntl(descriptor, F_SETFL, 0)
      return try fill(FileSink(descriptor: descriptor, path: path))
    }
    let (temporary, descriptor) = try openTemporary(beside: target, path: path)
    do {
      defer { close(descriptor) }
      if exists {
        // The owner first, for that can clear bits of the mode; only the superuser may give files away.
        _ = fchown(descriptor, earlier.st_uid, earlier.st_gid)
        _ = fchmod(descriptor, earlier.st_mode & 0o7777)
      }
      try fill(FileSink(descriptor: descriptor, path: path))
      guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileProblem("write", path) }
      try beforeNaming()
    } catch {
      unlink(temporary)
      throw error
    }
    guard Glibc.rename(temporary, target) == 0 else {
      let code = errno
      unlink(temporary)
      throw FileProblem("write", path, code: code)
    }
    syncFolder(Path.parent(target))
  }

  /// Writes text as UTF-8, see `write(_:to:)`.
  public static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  /// Makes a folder and those above it; a folder that is there already is fine.
  public static func makeDirectory(_ path: String) throws {
    var made: [String] = []
    try makeDirectory(path, &made)
  }

  /// Makes the folders that a file at `path` needs and writes it. When that fails, the folders that were made for it are
  /// removed again, unless something else has come into them.
  public static func makingFolders<Result>(for path: String, _ write: () throws -> Result) throws -> Result {
    var made: [String] = []
    do {
      try makeDirectory(Path.parent(path), &made)
      return try write()
    } catch {
      for folder in made.reversed() { rmdir(folder) }
      throw error
    }
  }

  private static func makeDirectory(_ path: String, _ made: inout [String]) throws {
    if path.isEmpty || isDirectory(path) { return }
    let parent = Path.parent(path)
    if parent != path { try makeDirectory(parent, &made) }
    if mkdir(path, 0o755) == 0 { return made.append(path) }
    guard errno == EEXIST && isDirectory(path) else { throw FileProblem("make the folder", path) }
  }

  /// Makes a folder the working folder, from which relative paths are seen.
  /// - Throws: `FileProblem` when there is no such folder or it cannot be entered.
  public static func enter(_ folder: String) throws {
    guard chdir(folder) == 0 else { throw FileProblem("go to", folder) }
  }

  /// The names in a folder, sorted, without `.` and `..`.
  public static func list(_ path: String) throws -> [String] {
    guard let directory = opendir(path) else { throw FileProblem("list", path) }
    defer { closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw FileProblem("list", path) }
    return names.sorted()
  }

  /// What is in the way of writing a file, as far as can be told without writing; nil where nothing is. Folders that are
  /// missing are none, for they can be made.
  public static func obstacle(toWriting path: String) -> FileProblem? {
    var status = stat()
    if lstat(path, &status) == 0 {
      // Where a link leads to is for the writing itself to find out.
      if isKind(S_IFLNK, status) { return nil }
      if isKind(S_IFDIR, status) { return FileProblem("write", path, code: EISDIR) }
      if !isKind(S_IFREG, status) { return nil }
      if access(path, W_OK) != 0 { return FileProblem("write", path) }
    } else if errno != ENOENT && errno != ENOTDIR {
      return FileProblem("write", path)
    }
    if path.isEmpty { return FileProblem("write", path, code: ENOENT) }
    var folder = Path.parent(path)
    while !folder.isEmpty && folder != "/" && !exists(folder) { folder = Path.parent(folder) }
    if folder.isEmpty { folder = "." }
    guard isDirectory(folder) else { return FileProblem("write", path, code: ENOTDIR) }
    return access(folder, W_OK | X_OK) == 0 ? nil : FileProblem("write", path)
  }

  /// The one absolute path of a file, links resolved. What is not there yet is taken as it is written, behind the folders
  /// that are there.
  public static func resolved(_ path: String) -> String {
    resolved(Path.join(Path.workingDirectory, path), linksLeft: 40) ?? Path.absolute(path)
  }

  private static func resolved(_ path: String, linksLeft: Int) -> String? {
    guard linksLeft > 0, !path.utf8.contains(0) else { return nil }
    if let there = canonical(path) { return there }
    let parent = Path.parent(path), name = Path.name(path)
    if let link = link(at: path) { return resolved(Path.join(parent, link), linksLeft: linksLeft - 1) }
    guard parent != path, let folder = resolved(parent, linksLeft: linksLeft) else { return nil }
    switch name {
    case "", ".": return folder
    case "..": return Path.parent(folder)
    default: return Path.join(folder, name)
    }
  }

  /// Whether two paths name one file, whether or not it is there yet: `./a.png` and `a.png`, a link and what it leads to.
  public static func areSame(_ path: String, _ other: String) -> Bool {
    if path == other || resolved(path) == resolved(other) { return true }
    // In file systems that take capitals for small letters both names may lead to one file.
    var first = stat(), second = stat()
    return stat(path, &first) == 0 && stat(other, &second) == 0 && first.st_ino == second.st_ino
      && first.st_dev == second.st_dev
  }

  /// The one path of a file that is there, links resolved; nil where there is none.
  public static func canonical(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Gives a file another name in the same file system; a file that has that name is replaced.
  /// - Throws: `FileProblem` when there is no such file or it cannot be renamed.
  public static func rename(_ path: String, to other: String) throws {
    guard Glibc.rename(path, other) == 0 else { throw FileProblem("rename", path) }
  }

  /// Whether there is a file or folder at `path`.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether `path` is a folder.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && isKind(S_IFDIR, status)
  }

  /// Whether `path` is a file with content of its own: no folder, device or pipe.
  public static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && isKind(S_IFREG, status)
  }

  /// What tells one version of a file from another without reading it; nil where there is no file.
  public static func state(_ path: String) -> FileState? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return FileState(
      seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec), size: Int(status.st_size),
      number: UInt64(status.st_ino))
  }

  /// The bytes of a file, zero where there is none.
  public static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Removes a file; that it is not there is no error.
  public static func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileProblem("remove", path) }
  }

  /// Removes a folder if there is nothing in it.
  public static func removeEmptyDirectory(_ path: String) { rmdir(path) }
}
