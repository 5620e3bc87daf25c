import Fuzzing
import Glibc
import Platform

/// The process that reads mutated inputs, one after the other, and dies of the first that is too much for it.
struct Worker {
  /// How much memory an input may take beyond what the process has, in bytes.
  static let memoryLimit = 1 << 30
  /// How long an input may keep the processor, in seconds.
  static let timeLimit = 2.0

  let reader: ReaderUnderTest
  let seed: UInt64
  let inputs: Range<Int>
  let seeds: [[UInt8]]
  let status: Status

  /// Reads the inputs; what takes too long or too much is told on standard output, a line each.
  func run() throws {
    let folder = try ScratchFolder()
    Self.limitMemory()
    var peak = Machine.peakMemory
    for index in inputs {
      let input = reader.input(index, seed: seed, seeds: seeds)
      status[.index] = index
      status[.start] = Status.milliseconds
      let start = Self.processorSeconds
      if case .accepted = reader.verdict(input, folder: folder.path) { status[.accepted] += 1 }
      let seconds = Self.processorSeconds - start
      if seconds > Self.timeLimit { print("\(index) took \(duration(seconds: seconds))") }
      let memory = Machine.peakMemory
      if memory > max(peak, Self.memoryLimit) {
        print("\(index) took \((memory >> 20).grouped) MB of memory")
        peak = memory
      }
      status[.done] += 1
    }
  }

  /// Beyond it, allocations fail and end the process.
  private static func limitMemory() {
    let pages = (try? Files.readText("/proc/self/statm", limit: 4096)).flatMap { $0.split(separator: " ").first }
    let used = (pages.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    var limit = rlimit(rlim_cur: rlim_t(used + memoryLimit), rlim_max: rlim_t(used + memoryLimit))
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
