import BVAEFuzzing
import BVAEPlatform
import Glibc
import Testing

/// The readers on hostile bytes: all that was ever found, and a short round of new ones.
struct FuzzingTests {
  static let tests = Path.absolute(Path.join(Path.parent(#filePath), ".."))

  @Test("Every input of the corpus is accepted or refused", arguments: ReaderUnderTest.all.map(\.name))
  func replay(name: String) throws {
    let reader = try #require(ReaderUnderTest.all.first { $0.name == name })
    let folder = try ScratchFolder()
    for (file, bytes) in try reader.corpus(Self.tests) {
      switch reader.verdict(bytes, folder: folder.path) {
      case .accepted: break
      case .refused(let words):
        #expect(!file.hasPrefix("seed-"), "\(file) is well-formed: \(words)")
        #expect(!words.isEmpty && words.utf8.count < 4000, "\(file)")
      }
    }
  }

  @Test("Inputs follow from seed, reader and number alone")
  func deterministic() throws {
    let reader = try #require(ReaderUnderTest.all.first)
    let seeds = try reader.corpus(Self.tests).map(\.bytes)
    func inputs(_ seed: UInt64) -> [[UInt8]] { (0..<50).map { reader.input($0, seed: seed, seeds: seeds) } }
    #expect(inputs(1) == inputs(1))
    #expect(inputs(1) != inputs(2))
    #expect(Set(inputs(1)).count > 40)
  }

  @Test(
    "Crashes, hangs and large allocations are noticed",
    arguments: [
      // Half a second is more than a fifth of one on any machine; what is not about time has all that it wants.
      ("trial-crash", "ended the process (killed(6))", "60"), ("trial-loop", "took ", "0.2"),
      ("trial-sleep", "took ", "0.2"), ("trial-memory", "took 1,280 MB of memory", "60"),
      ("trial-pieces", "took 1,1", "60"),
    ])
  func trials(name: String, words: String, seconds: String) throws {
    let scratch = try ScratchFolder()
    let findings = Path.join(scratch.path, "findings")
    let child = try ChildProcess(
      try program("fuzz"),
      ["--reader", name, "--count", "2", "--hang", seconds, "--corpus", Self.tests, "--save", findings])
    var output: [UInt8] = []
    while case .bytes(let bytes) = child.read(waiting: 300) { output += bytes }
    let text = String(decoding: output, as: UTF8.self)
    #expect(child.wait() == .exited(1), "\(text) \(child.complaint)")
    #expect(text.contains("/\(name)-1-0: \(words)"), "\(text)")
    #expect(text.hasSuffix("2 inputs in all, 2 findings\n"), "\(text)")
    #expect(try Files.list(findings) == ["\(name)-1-0", "\(name)-1-1"])
  }

  @Test("A short round of mutated files ends without a crash, a hang or a large allocation")
  func shortRound() throws {
    let scratch = try ScratchFolder()
    let child = try ChildProcess(
      try program("fuzz"),
      ["--count", "700", "--seed", "7", "--hang", "60", "--save", Path.join(scratch.path, "findings")])
    var output: [UInt8] = []
    while case .bytes(let bytes) = child.read(waiting: 300) { output += bytes }
    let text = String(decoding: output, as: UTF8.self)
    #expect(child.wait() == .exited(0), "\(text) \(child.complaint)")
    #expect(text.hasSuffix("\((700 * ReaderUnderTest.all.count).grouped) inputs in all, 0 findings\n"), "\(text)")
  }

  @Test("Files that are made to take as much as they can end by themselves, within the memory that is allowed")
  func bombs() throws {
    let scratch = try ScratchFolder()
    // As long as the slowest machine may take: what loops for ever, or for hours, is found all the same.
    let child = try ChildProcess(
      try program("fuzz"), ["--bombs", "--hang", "60", "--save", Path.join(scratch.path, "findings")])
    var output: [UInt8] = []
    while case .bytes(let bytes) = child.read(waiting: 900) { output += bytes }
    let text = String(decoding: output, as: UTF8.self)
    #expect(child.wait() == .exited(0), "\(text) \(child.complaint)")
    #expect(text.hasSuffix("\(ReaderUnderTest.bombs.count) inputs in all, 0 findings\n"), "\(text)")
  }

  /// A program that was built beside these tests.
  private func program(_ name: String) throws -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let size = buffer.count
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink("/proc/self/exe", $0, size) } ?? -1
    }
    let own = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
    let candidates = [own, bundle].map { Path.join(Path.parent($0), name) }
    return try #require(candidates.first(where: Files.exists))
  }
}
