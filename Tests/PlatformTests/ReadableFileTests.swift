import BVAEPlatform
import Glibc
import Testing

@Suite("Files that stay open")
struct ReadableFileTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  @Test("A file is read at any place; what is beyond its end is not there")
  func reading() throws {
    let bytes = (0..<5000).map { UInt8($0 % 251) }
    try Files.write(bytes, to: folder("a"))
    let file = try ReadableFile(folder("a"))
    #expect(file.count == 5000)
    #expect(try file.read(0..<5000) == bytes && file.read(4321..<4400) == Array(bytes[4321..<4400]))
    #expect(try file.read(4990..<5100) == Array(bytes[4990...]) && file.read(6000..<6001).isEmpty)
    // It has become shorter since.
    #expect(truncate(folder("a"), 100) == 0)
    #expect(try file.read(90..<200) == Array(bytes[90..<100]))
    // Its name may go.
    try Files.remove(folder("a"))
    #expect(try file.read(0..<3) == [0, 1, 2])
  }

  @Test("What cannot be read says why, as reading the whole does")
  func errors() throws {
    try Files.write("version https://git-lfs.github.com/spec/v1\nsize 1234\n", to: folder("pointer"))
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    for path in ["", folder.path, folder("missing"), folder("pointer"), folder("pipe"), "/dev/zero", folder("a\0b")] {
      var messages: [String] = []
      do { _ = try ReadableFile(path) } catch { messages.append("\(error)") }
      do { _ = try Files.read(path) } catch { messages.append("\(error)") }
      #expect(messages.count == 2 && messages[0] == messages[1], "\(messages)")
    }
  }

  @Test("A scratch file has no name, and gives back what was written")
  func scratch() throws {
    let inner = folder("made/for/it")
    let file = try ScratchFile(in: inner)
    #expect(try Files.isDirectory(inner) && Files.list(inner).isEmpty)
    let bytes = (0..<300_000).map { UInt8($0 % 253) }
    try bytes.withUnsafeBytes { try file.write(UnsafeRawBufferPointer(rebasing: $0[100_000...]), at: 100_000) }
    try bytes.withUnsafeBytes { try file.write(UnsafeRawBufferPointer(rebasing: $0[..<100_000]), at: 0) }
    file.prefetch(0..<300_000)
    #expect(try Self.read(file, 1000, at: 99_500) == Array(bytes[99_500..<100_500]))
    #expect(throws: FileProblem.self) { try Self.read(file, 1000, at: 299_500) }
    let room = try #require(ScratchFile.room(in: folder("not/there/yet")))
    #expect(room > 0 && room == ScratchFile.room(in: folder.path))
    #expect(throws: FileProblem.self) { try ScratchFile(in: "/proc/nothing") }
  }

  private static func read(_ file: ScratchFile, _ count: Int, at place: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: place) }
    return bytes
  }
}
