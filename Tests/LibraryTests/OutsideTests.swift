import BVAEPlatform
import Glibc
import Testing

/// Files are compiled against the modules that were built beside these tests, under the name of another package, as SwiftPM
/// compiles whoever depends on this one. What is `package` is then as far away as what is internal, which the other tests,
/// being of this package, cannot show. Only types are checked: that takes a second, where a package that depends on this
/// one would build all of it anew.
@Suite("The package as a library, seen from another package")
struct OutsideTests {
  private let root = Path.parent(Path.parent(Path.parent(#filePath)))

  /// The folder of the build that these tests are of.
  private static let build: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if Files.isDirectory(Path.join(Path.parent(path), "Modules")) { return Path.parent(path) }
    // Where the tests are a bundle loaded by another program, its path is an argument.
    return Path.parent(CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? "")
  }()

  /// What the compiler says of a file of another package; empty where there is nothing wrong with it.
  private func complaint(about file: String) throws -> String {
    let compiler = try #require(Machine.program("swiftc"), "the compiler that built these tests is not on the PATH")
    // The modules in C that ours are built on, as SwiftPM names them to whoever depends on these.
    let folders =
      ["CPNG", "CZlib"].map { Path.join(root, "Sources/\($0)") }
      + ["CBVAEPNGReader", "CBVAEProcessor", "BVAEResources"].map { Path.join(Self.build, "\($0).build") }
    let child = try ChildProcess(
      compiler,
      [
        "-typecheck", "-swift-version", "6", "-package-name", "outside", "-diagnostic-style", "llvm", "-I",
        Path.join(Self.build, "Modules"),
      ] + folders.flatMap { ["-Xcc", "-fmodule-map-file=\($0)/module.modulemap"] } + [file])
    let ending = child.wait()
    #expect((ending == .exited(0)) == !child.complaint.contains("error:"))
    return child.complaint
  }

  @Test("The README's example compiles")
  func readme() throws {
    let readme = try Files.readText(Path.join(root, "README.md"))
    let block = try #require(readme.split(separator: "```swift\n").dropFirst().first?.split(separator: "\n```").first)
    let parts = block.split(separator: "\n\n")
    try #require(parts.count == 2, "the example is imports, an empty line and what is done")
    let path = Path.join(
      Machine.environment("TMPDIR") ?? "/tmp", "example-\(UInt64.random(in: 0 ... .max)).swift")
    defer { try? Files.remove(path) }
    try Files.write("\(parts[0])\n\nfunc example(in folder: String) throws {\n\(parts[1])\n}\n", to: path)
    #expect(try complaint(about: path) == "")
  }

  @Test("What the product is for can be done with what is public: load, train, interpret, draw")
  func caller() throws {
    #expect(try complaint(about: Path.join(root, "Tests/LibraryTests/Outside/Caller.swift")) == "")
    let (sentences, figure) = try trainAndDraw()
    #expect(sentences.count == 2 && sentences.allSatisfy { $0.hasPrefix("Z") })
    #expect(figure.starts(with: [0x89] + Array("PNG".utf8)))
  }

  @Test("What is not public cannot be reached")
  func trespasser() throws {
    let path = Path.join(root, "Tests/LibraryTests/Outside/Trespasser.swift")
    let lines = try Files.readText(path).split(separator: "\n", omittingEmptySubsequences: false)
    let refused = lines.indices.filter { lines[$0].hasSuffix("// refused") }.map { $0 + 1 }
    let errors = try complaint(about: path).split(separator: "\n").filter { $0.contains(": error: ") }
    #expect(errors.compactMap { Int($0.split(separator: ":")[1]) } == refused)
    #expect(refused.count == 3)
  }
}
