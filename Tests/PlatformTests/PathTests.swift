import BVAEPlatform
import Testing

struct PathTests {
  @Test(
    "a path's folder, name and extension",
    arguments: [
      ("a/b/c.PNG", "a/b", "c.PNG", "png"), ("c.png", "", "c.png", "png"), ("/c.png", "/", "c.png", "png"),
      ("a/b/", "a", "b", ""), ("a//b", "a", "b", ""), ("/", "/", "", ""), ("", "", "", ""), (".gz", "", ".gz", ""),
      ("a.b/c", "a.b", "c", ""), ("x.", "", "x.", ""), ("a/\u{301}b.gz", "a", "\u{301}b.gz", "gz"), ("//", "/", "", ""),
    ])
  func parts(path: String, folder: String, name: String, ending: String) {
    #expect(Path.parent(path) == folder)
    #expect(Path.name(path) == name)
    #expect(Path.fileExtension(path) == ending)
  }

  @Test("joining")
  func join() {
    #expect(Path.join("a", "b") == "a/b")
    #expect(Path.join("a/", "b") == "a/b")
    #expect(Path.join("", "b") == "b")
    #expect(Path.join("a", "/b") == "/b")
    #expect(Path.join("/", "b") == "/b")
  }

  @Test("a path as seen from a folder")
  func relative() {
    #expect(Path.relative("out/fig/a.png", from: "out") == "fig/a.png")
    #expect(Path.relative("fig/a.png", from: "out/report") == "../../fig/a.png")
    #expect(Path.relative("/x/a.png", from: "/x/y/../z") == "../a.png")
    #expect(Path.relative("./a/./b", from: "a/b") == ".")
    #expect(Path.relative("ab/c", from: "a") == "../ab/c")
    #expect(Path.absolute("/a/../../b//c/.") == "/b/c")
    #expect(Path.absolute("x") == Path.join(Path.workingDirectory, "x"))
  }
}
