import BVAEFuzzing
import BVAEPlatform
import Glibc

/// libFuzzer on one of the program's readers (LLVM, "libFuzzer – a library for coverage-guided fuzz testing"). The
/// arguments are libFuzzer's; the environment names the reader, and a folder for it alone.
@main
enum Program {
  // libFuzzer's functions take no context.
  fileprivate static let reader = ReaderUnderTest.all.first { $0.name == Machine.environment("BVAE_READER") }
  private static let folder = Machine.environment("BVAE_FOLDER") ?? ""

  static func main() throws {
    guard let reader, Files.isDirectory(folder) else {
      let names = ReaderUnderTest.all.map(\.name).joined(separator: ", ")
      print("BVAE_FOLDER is no folder, or BVAE_READER names no reader: \(names)")
      exit(2)
    }
    if let start = Machine.environment("BVAE_START") { return try prepare(start, reader) }
    var count = CommandLine.argc, arguments = CommandLine.unsafeArgv
    exit(
      runDriver(&count, &arguments) { bytes, count in
        _ = Program.reader?.verdict(Array(UnsafeBufferPointer(start: bytes, count: count)), folder: Program.folder)
        return 0
      })
  }

  /// Writes what a search begins with: the reader's seeds, and the words that mean something to it. Says the arguments
  /// that go with them.
  private static func prepare(_ folder: String, _ reader: ReaderUnderTest) throws {
    let tests = Path.absolute(Path.join(Path.parent(#filePath), "../../Tests"))
    for (name, bytes) in try reader.corpus(tests) {
      // A reader that refuses everything, for whatever reason, would be searched in vain.
      if name.hasPrefix("seed-"), case .refused(let words) = reader.verdict(bytes, folder: Program.folder) {
        throw FileProblem("'\(name)' is well-formed: \(words)")
      }
      try Files.write(bytes, to: Path.join(folder, "seeds/\(name)"))
    }
    print("-max_len=\(reader.limit)")
    if reader.words.isEmpty { return }
    let words = reader.words.map { word in
      "\"\(word.utf8.map { "\\x" + hexadecimal($0) }.joined())\"\n"
    }
    try Files.write(words.joined(), to: Path.join(folder, "words"))
    print("-dict=\(folder)/words")
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  private typealias Test = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

  @_silgen_name("LLVMFuzzerRunDriver")
  private static func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, _ test: Test
  ) -> Int32
}

@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int) -> Int

/// libFuzzer's mutations, after half of which checksums are put right as for the other fuzz driver.
@_cdecl("LLVMFuzzerCustomMutator")
func mutated(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: UInt32) -> Int {
  let count = mutate(bytes, count, room)
  guard seed % 2 == 0, let repair = Program.reader?.repair else { return count }
  let whole = repair(Array(UnsafeBufferPointer(start: bytes, count: count)))
  guard !whole.isEmpty, whole.count <= room else { return count }
  bytes.update(from: whole, count: whole.count)
  return whole.count
}
