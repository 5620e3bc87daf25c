import BVAEPlatform

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
