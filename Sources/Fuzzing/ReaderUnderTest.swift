import BVAEPlatform
import Glibc

/// One of the program's readers and how it is given hostile bytes.
package struct ReaderUnderTest: Sendable {
  /// Its name, which is that of its folder in the corpus too.
  package let name: String
  /// Reads bytes; what it throws is a refusal and as good as an acceptance. The folder is one for this process alone.
  let read: @Sendable (_ bytes: [UInt8], _ folder: String) throws -> Void
  /// Words that mean something to it.
  package internal(set) var words: [String] = []
  /// The ending of the test fixtures that are seeds too.
  var fixtures: String?
  /// The folder of its corpus, where that is not its name.
  var corpusName: String?
  /// Makes mutated bytes pass the first checks; half of the inputs go through it.
  package internal(set) var repair: (@Sendable ([UInt8]) -> [UInt8])?
  /// The longest input that it is given, in bytes.
  package internal(set) var limit = 1 << 17

  /// What reading came to.
  package enum Verdict: Sendable {
    /// It was taken for well-formed.
    case accepted
    /// It was refused, with these words.
    case refused(String)
  }

  /// Reads an input.
  package func verdict(_ bytes: [UInt8], folder: String) -> Verdict {
    do {
      try read(bytes, folder)
      return .accepted
    } catch {
      // The words too are made from hostile bytes.
      return .refused("\(error)")
    }
  }

  /// The input of a number: the same for the same seed and the same corpus.
  package func input(_ index: Int, seed: UInt64, seeds: [[UInt8]]) -> [UInt8] {
    var generator = FuzzGenerator(seed: seed, reader: name, index: index)
    let bytes = Mutator(words: words.map { Array($0.utf8) }, limit: limit).mutated(seeds, &generator)
    guard let repair, generator.once(in: 2) else { return bytes }
    return repair(bytes)
  }

  /// The files of the corpus for this reader and then the fixtures, each in the order of their names. Files of the
  /// corpus are called `seed-…` where they are well-formed and `found-…` where they were too much once.
  /// - Parameter tests: the folder of the tests.
  /// - Throws: `FileProblem` where there are none.
  package func corpus(_ tests: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = Path.join(tests, "FuzzingTests/Corpus/\(corpusName ?? name)")
    var files = Files.exists(folder) ? try Self.files(folder) { _ in true } : []
    if let fixtures {
      files += try Self.files(Path.join(tests, "DatasetsTests/Fixtures")) { Path.fileExtension($0) == fixtures }
    }
    guard !files.isEmpty else { throw FileProblem("there are no files in it", of: folder) }
    return files
  }

  private static func files(_ folder: String, where isWanted: (String) -> Bool) throws -> [(String, [UInt8])] {
    try Files.list(folder).filter(isWanted).map { ($0, try Files.read(Path.join(folder, $0))) }
  }
}

extension Files {
  /// Writes bytes over a file, fast and without care: for files that nobody else reads.
  static func overwrite(_ bytes: [UInt8], _ path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileProblem("it cannot be made", of: path, action: "write") }
    defer { close(descriptor) }
    guard bytes.withUnsafeBytes({ Glibc.write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
      throw FileProblem("it is not whole", of: path, action: "write")
    }
  }
}

/// A folder of a process's own, in memory where the system has such a place, that is removed with it.
package final class ScratchFolder {
  /// Where it is.
  package let path: String

  /// Makes one.
  package init() throws {
    let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : Machine.environment("TMPDIR") ?? "/tmp"
    var template = Array("\(base)/bvae-fuzz-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileProblem("it takes no folder", of: base, action: "write into") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.removeAll(path) }

  private static func removeAll(_ path: String) {
    guard Glibc.remove(path) != 0 else { return }
    for name in (try? Files.list(path)) ?? [] { removeAll(Path.join(path, name)) }
    _ = Glibc.remove(path)
  }
}

extension ReaderUnderTest {
  /// Readers that are too much on purpose: whether the driver notices is tested with them.
  package static let trials: [ReaderUnderTest] = [
    trial("trial-crash") { abort() },
    trial("trial-loop") {
      let end = clock() + clock_t(0.5 * Double(CLOCKS_PER_SEC))
      while clock() < end {}
    },
    trial("trial-sleep") { usleep(500_000) },
    trial("trial-memory") {
      // Shown to the system, or the compiler leaves it out.
      let block = malloc(5 << 28)
      _ = write(-1, block, 1)
      free(block)
    },
    trial("trial-pieces") {
      let pieces = (0..<1100).map { _ in malloc(1 << 20) }
      for piece in pieces { free(piece) }
    },
  ]

  private static func trial(_ name: String, _ act: @escaping @Sendable () -> Void) -> ReaderUnderTest {
    ReaderUnderTest(name: name, read: { _, _ in act() }, corpusName: "preset")
  }
}
