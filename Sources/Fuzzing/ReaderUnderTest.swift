import Platform

/// One of the program's readers and how it is given hostile bytes.
public struct ReaderUnderTest: Sendable {
  /// Its name, which is that of its folder in the corpus too.
  public let name: String
  /// Reads bytes; what it throws is a refusal and as good as an acceptance. The folder is one for this process alone.
  let read: @Sendable (_ bytes: [UInt8], _ folder: String) throws -> Void
  /// Words that mean something to it.
  var words: [String] = []
  /// Makes mutated bytes pass the first checks; half of the inputs go through it.
  var repair: (@Sendable ([UInt8]) -> [UInt8])?

  /// What reading came to.
  public enum Verdict: Sendable {
    /// It was taken for well-formed.
    case accepted
    /// It was refused, with these words.
    case refused(String)
  }

  /// Reads an input.
  public func verdict(_ bytes: [UInt8], folder: String) -> Verdict {
    do {
      try read(bytes, folder)
      return .accepted
    } catch {
      // The words too are made from hostile bytes.
      return .refused("\(error)")
    }
  }

  /// The input of a number: the same for the same seed and the same corpus.
  public func input(_ index: Int, seed: UInt64, seeds: [[UInt8]]) -> [UInt8] {
    var generator = FuzzGenerator(seed: seed, reader: name, index: index)
    let bytes = Mutator(words: words.map { Array($0.utf8) }).mutated(seeds, &generator)
    guard let repair, generator.once(in: 2) else { return bytes }
    return repair(bytes)
  }

  /// The files of the corpus for this reader, in the order of their names.
  /// - Throws: `FileError` where there are none.
  public func corpus(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = Path.join(folder, name)
    let files = try Files.list(folder).map { (name: $0, bytes: try Files.read(Path.join(folder, $0))) }
    guard !files.isEmpty else { throw FileError(path: folder, reason: "there are no files in '\(folder)'") }
    return files
  }
}
