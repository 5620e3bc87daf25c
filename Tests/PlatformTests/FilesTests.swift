import BVAEPlatform
import Glibc
import Testing

struct FilesTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  private func error(_ action: () throws -> Void) -> String? {
    do {
      try action()
      return nil
    } catch { return "\(error)" }
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test("what was written is read back, and nothing else is left in the folder", arguments: [0, 1, 65_536, 1_000_003])
  func roundTrip(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Files.write(bytes, to: folder("a"))
    #expect(try Files.read(folder("a")) == bytes)
    try Files.write(bytes.lazy.map { $0 ^ 1 }, to: folder("a"))
    #expect(try Files.read(folder("a")) == bytes.map { $0 ^ 1 })
    #expect(try Files.list(folder.path) == ["a"])
  }

  @Test("text is written as UTF-8, and what is not UTF-8 is read as U+FFFD")
  func text() throws {
    try Files.write("β = 4\n", to: folder("a"))
    #expect(try Files.readText(folder("a")) == "β = 4\n")
    try Files.write([0x61, 0xFF], to: folder("a"))
    #expect(try Files.readText(folder("a")) == "a\u{FFFD}")
  }

  @Test("a file larger than the limit is refused")
  func limit() throws {
    try Files.write([UInt8](repeating: 1, count: 1001), to: folder("a"))
    #expect(try Files.read(folder("a"), limit: 1001).count == 1001)
    #expect(
      error { _ = try Files.read(folder("a"), limit: 1000) }
        == "cannot read '\(folder("a"))': it is larger than the 1,000 bytes that are accepted here")
    #expect(
      error { _ = try Files.read("/dev/zero", limit: 100_000, acceptsPipes: true) }
        == "cannot read '/dev/zero': it is larger than the 100,000 bytes that are accepted here")
    let sparse = folder("sparse")
    try Files.write([], to: sparse)
    #expect(truncate(sparse, 1 << 40) == 0)
    #expect(error { _ = try Files.read(sparse) }?.contains("2,147,483,648 bytes") == true)
  }

  @Test("files without a size are read whole")
  func proc() throws {
    #expect(try Files.readText("/proc/self/status").contains("Cpus_allowed:"))
  }

  @Test("errors of reading name the file and the reason")
  func readErrors() throws {
    let file = folder("a")
    try Files.write([1], to: file)
    #expect(error { _ = try Files.read(folder("b")) } == "cannot read '\(folder("b"))': No such file or directory")
    #expect(error { _ = try Files.read(folder.path) } == "cannot read '\(folder.path)': Is a directory")
    #expect(error { _ = try Files.read(file + "/x") } == "cannot read '\(file)/x': Not a directory")
    #expect(error { _ = try Files.read("") } == "cannot read '': No such file or directory")
    #expect(error { _ = try Files.read(file + "\0.png") }?.hasSuffix("Invalid argument") == true)
    #expect(error { _ = try Files.list(folder("b")) } == "cannot list '\(folder("b"))': No such file or directory")
  }

  @Test("errors of writing name the file and the reason, and leave nothing behind")
  func writeErrors() throws {
    let file = folder("a")
    try Files.write([1], to: file)
    let long = folder(String(repeating: "n", count: 300))
    #expect(error { try Files.write([1], to: file + "/x") } == "cannot write '\(file)/x': Not a directory")
    #expect(error { try Files.write([1], to: folder("no/x")) }?.hasSuffix("No such file or directory") == true)
    #expect(error { try Files.write([1], to: folder.path) } == "cannot write '\(folder.path)': Is a directory")
    #expect(error { try Files.write([1], to: long) } == "cannot write '\(long)': File name too long")
    #expect(error { try Files.write([1], to: folder("a\0b")) }?.hasSuffix("Invalid argument") == true)
    #expect(error { try Files.write([1], to: "") } == "cannot write '': No such file or directory")
    #expect(try Files.list(folder.path) == ["a"])
    #expect(try Files.read(file) == [1])
  }

  @Test("a name as long as the system allows can be written")
  func longName() throws {
    let name = String(repeating: "n", count: 255)
    try Files.write([1], to: folder(name))
    #expect(try Files.list(folder.path) == [name])
  }

  @Test("a pipe or a device is no file to read, and a pipe without a reader none to write")
  func waiting() throws {
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    #expect(error { _ = try Files.read(folder("pipe")) }?.contains("it is a device or a pipe, not a file") == true)
    #expect(error { _ = try Files.read("/dev/zero") }?.contains("it is a device or a pipe, not a file") == true)
    #expect(error { try Files.write([1], to: folder("pipe")) }?.contains("No such device") == true)
  }

  @Test("devices are written to, not replaced")
  func devices() throws {
    #expect(error { try Files.write([1, 2], to: "/dev/full") } == "cannot write '/dev/full': No space left on device")
    try Files.write([1, 2], to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("a pipe is written to under the name that the system gives it")
  func pipes() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    try Files.write("through", to: "/proc/self/fd/\(ends[1])")
    close(ends[1])
    #expect(try Files.read("/proc/self/fd/\(ends[0])", acceptsPipes: true) == Array("through".utf8))
    close(ends[0])
  }

  @Test("a symbolic link is followed, also one that leads nowhere yet")
  func links() throws {
    try Files.makeDirectory(folder("real"))
    #expect(symlink("real/target", folder("link")) == 0)
    for byte: UInt8 in [1, 2] {
      try Files.write([byte], to: folder("link"))
      #expect(try Files.read(folder("real/target")) == [byte])
    }
    var status = stat()
    #expect(lstat(folder("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(try Files.list(folder("real")) == ["target"])
    #expect(symlink("loop", folder("loop")) == 0)
    #expect(error { try Files.write([1], to: folder("loop")) }?.contains("symbolic links") == true)
  }

  @Test("an earlier file keeps its permissions", arguments: [0o600, 0o755, 0o664] as [mode_t])
  func permissions(_ wanted: mode_t) throws {
    try Files.write([1], to: folder("a"))
    #expect(chmod(folder("a"), wanted) == 0)
    try Files.write([2], to: folder("a"))
    #expect(mode(folder("a")) == wanted)
    #expect(try Files.read(folder("a")) == [2])
  }

  @Test("a file that may not be written to is not replaced either", .enabled(if: geteuid() != 0))
  func protected() throws {
    try Files.write([1], to: folder("a"))
    #expect(chmod(folder("a"), 0o444) == 0)
    #expect(Files.obstacle(toWriting: folder("a"))?.description.hasSuffix("Permission denied") == true)
    #expect(error { try Files.write([2], to: folder("a")) } == "cannot write '\(folder("a"))': Permission denied")
    #expect(try Files.read(folder("a")) == [1])
    #expect(try Files.list(folder.path) == ["a"])
  }

  @Test("what fails half-way leaves the old file, its link, and nothing else")
  func halfWay() throws {
    struct Failure: Error {}
    try Files.write([1, 2, 3], to: folder("old"))
    #expect(symlink("old", folder("link")) == 0)
    for name in ["old", "link", "new"] {
      #expect(throws: Failure.self) {
        try Files.write(to: folder(name)) { sink in
          try sink.write([9, 9])
          throw Failure()
        }
      }
    }
    #expect(try Files.list(folder.path) == ["link", "old"])
    #expect(try Files.read(folder("link")) == [1, 2, 3])
  }

  @Test("folders that were made for a file which then could not be written are removed again, others are not")
  func foldersOfNothing() throws {
    try Files.makeDirectory(folder("there"))
    let path = folder("there/a/b/\(String(repeating: "n", count: 300))")
    #expect(
      error { try Files.makingFolders(for: path) { try Files.write([1], to: path) } }?.hasSuffix("too long") == true)
    #expect(try Files.list(folder("there")) == [])
    let mixed = folder("there/a/b/c")
    _ = error {
      try Files.makingFolders(for: mixed) {
        try Files.write([1], to: folder("there/a/other"))
        throw FileProblem("full", of: mixed)
      }
    }
    #expect(try Files.list(folder("there/a")) == ["other"])
    try Files.makingFolders(for: mixed) { try Files.write([1], to: mixed) }
    #expect(try Files.read(mixed) == [1])
  }

  @Test("all names of a file resolve to one, whether it is there yet or not")
  func resolved() throws {
    let real = Files.canonical(folder.path) ?? ""
    try Files.makeDirectory(folder("a/b"))
    #expect(symlink("a/b", folder("link")) == 0 && symlink("b/late.png", folder("a/dangling")) == 0)
    #expect(symlink("loop", folder("loop")) == 0)
    for (path, wanted) in [
      ("x.png", "x.png"), ("./x.png", "x.png"), ("a/../x.png", "x.png"), ("a//b/x.png", "a/b/x.png"),
      ("link/x.png", "a/b/x.png"), ("link/../x.png", "a/x.png"), ("link/new/../x.png", "a/b/x.png"),
      ("a/dangling", "a/b/late.png"), ("link/new/deep/x.png", "a/b/new/deep/x.png"), ("link", "a/b"), ("link/.", "a/b"),
    ] {
      #expect(Files.resolved(folder(path)) == Path.join(real, wanted), "\(path)")
      #expect(Files.areSame(folder(path), Path.join(real, wanted)), "\(path)")
    }
    #expect(!Files.areSame(folder("link/../x.png"), folder("x.png")))
    #expect(Files.resolved("/") == "/" && Files.resolved("/..") == "/")
    #expect(Files.resolved("never/there.png") == Path.absolute("never/there.png"))
    #expect(!Files.resolved(folder("loop")).isEmpty && !Files.resolved("a\0b").isEmpty)
  }

  @Test("folders are made with those above them, and may be there already")
  func makeDirectory() throws {
    for _ in 0..<2 { try Files.makeDirectory(folder("x/y//z/")) }
    #expect(Files.isDirectory(folder("x/y/z")) && Files.exists(folder("x")))
    try Files.makeDirectory("")
    try Files.write([1], to: folder("file"))
    #expect(
      error { try Files.makeDirectory(folder("file/sub")) }
        == "cannot make the folder '\(folder("file"))': File exists")
  }

  @Test("a folder's names are sorted")
  func list() throws {
    for name in ["b", "a", ".c", "β"] { try Files.write([], to: folder(name)) }
    #expect(try Files.list(folder.path) == [".c", "a", "b", "β"])
  }

  @Test("removing what is not there is no error")
  func remove() throws {
    try Files.write([1], to: folder("a"))
    for _ in 0..<2 { try Files.remove(folder("a")) }
    #expect(!Files.exists(folder("a")))
    #expect(error { try Files.remove(folder.path) } == "cannot remove '\(folder.path)': Is a directory")
  }

  @Test("an error is a sentence about its path, whoever made it")
  func description() {
    #expect(FileProblem("it is empty", of: "a").description == "cannot read 'a': it is empty")
    #expect(
      FileProblem("0 rows", at: .byte(8, of: "the inflated data"), expected: "1 to 9", advice: "fetch it again").within(
        "x"
      ).of("a")
        .of("b").description
        == "cannot read 'a': in 'x', at byte 8 of the inflated data: 0 rows; expected 1 to 9; fetch it again")
  }
}
