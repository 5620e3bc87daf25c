import BVAEPlatform
import Glibc
import Testing

struct LeftoversTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  @Test("what killed processes have left is removed, and nothing else")
  func leftovers() throws {
    let sub = folder("sub")
    try Files.makeDirectory(sub)
    // No process has so large a number: the system's limit is 2²² or less.
    let stale = [".4194305-0.partial", ".2000000000-17.partial", ".\(getpid())-999999.partial"]
    let others = [
      ".1-0.partial", ".2000000000-x.partial", ".2000000000.partial", "2000000000-1.partial", ".2000000000-1.partial.b",
      ".-5-1.partial", ".0-1.partial", ".002000000000-1.partial", ".2000000000-3.partial", ".2000000000-4.partial",
    ]
    for name in stale + others where !name.hasSuffix("-4.partial") {
      close(open(sub + "/" + name, O_WRONLY | O_CREAT, 0o600))
    }
    // Of another container, for all that can be told: it is being written. And a folder is no file.
    let busy = open(sub + "/.2000000000-3.partial", O_WRONLY)
    #expect(flock(busy, LOCK_EX) == 0)
    try Files.makeDirectory(sub + "/.2000000000-4.partial")
    try Files.write([1], to: sub + "/a")
    #expect(try Files.list(sub) == (others + ["a"]).sorted())
    close(busy)
  }
}
