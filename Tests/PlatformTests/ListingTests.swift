import BVAEPlatform
import Testing

struct ListingTests {
  @Test("The names in a folder come in the order of their bytes, whatever order they were made in")
  func order() throws {
    let folder = try Folder(), names = ["b", "a10", "Z", "ä", "a2", "-", "0"]
    for name in names { try Files.write(name, to: folder(name)) }
    #expect(try Files.list(folder.path) == ["-", "0", "Z", "a10", "a2", "b", "ä"])
  }

  @Test("A file may have as many bytes as are accepted, and not one more")
  func limit() throws {
    let folder = try Folder()
    try Files.write([UInt8](repeating: 7, count: 70_000), to: folder("a"))
    #expect(try Files.read(folder("a"), limit: 70_000).count == 70_000)
    #expect(throws: FileProblem.self) { try Files.read(folder("a"), limit: 69_999) }
  }
}
