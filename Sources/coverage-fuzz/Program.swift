import Fuzzing
import Glibc
import Platform

/// libFuzzer (LLVM, "libFuzzer – a library for coverage-guided fuzz testing") on one of the program's readers.
@main
enum Program {
  private typealias Test = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

  @_silgen_name("LLVMFuzzerRunDriver")
  private static func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, _ test: Test
  ) -> Int32

  // libFuzzer's function takes no context.
  private static let reader = ReaderUnderTest.all.first { $0.name == Machine.environment("BVAE_READER") }
  private static let folder = Result { try ScratchFolder().path }

  static func main() {
    guard reader != nil, case .success = folder else {
      print("BVAE_READER names no reader: \(ReaderUnderTest.all.map(\.name).joined(separator: ", "))")
      exit(2)
    }
    var count = CommandLine.argc, arguments = CommandLine.unsafeArgv
    exit(
      runDriver(&count, &arguments) { bytes, count in
        guard let reader = Program.reader, case .success(let folder) = Program.folder else { return 0 }
        _ = reader.verdict(Array(UnsafeBufferPointer(start: bytes, count: count)), folder: folder)
        return 0
      })
  }
}
