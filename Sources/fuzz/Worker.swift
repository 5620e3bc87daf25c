import BVAEArrays
import BVAEFuzzing
import BVAEPlatform
import CBVAEAllocations
import Glibc

/// The process that reads mutated inputs, one after the other, and dies of the first that is too much for it.
struct Worker {
  /// How much memory an input may have in use at a time, in bytes.
  static let memoryLimit = 1 << 30

  let reader: ReaderUnderTest
  let seed: UInt64
  let inputs: Range<Int>
  let seeds: [[UInt8]]
  let status: Status
  /// How long an input may take, in seconds.
  let timeLimit: Double

  /// Reads the inputs; what takes too long or too much is told on standard output, a line each.
  func run() throws {
    let folder = try ScratchFolder()
    Self.limitMemory()
    // Of what is said to be free, readers take three quarters for what they keep; the rest is for what they do with it.
    Machine.memoryCeiling.withLock { $0 = Self.memoryLimit / 3 * 2 }
    ImageStorage.fileCeiling.withLock { $0 = 0 }
    for index in inputs {
      let input = reader.input(index, seed: seed, seeds: seeds)
      status[.index] = index
      var time = read(input, folder)
      // Other work on the machine may have made it wait, hardly twice.
      if time.wall > timeLimit && time.processor <= timeLimit { time = read(input, folder) }
      if max(time.wall, time.processor) > timeLimit {
        tell(
          "\(index) took \(time.wall.formatted(decimals: 1)) s, the processor \(time.processor.formatted(decimals: 1)) s"
        )
      }
      let memory = allocations_peak()
      status[.memory] = max(status[.memory], memory)
      if memory > Self.memoryLimit { tell("\(index) took \((memory >> 20).grouped) MB of memory") }
      if time.isAccepted { status[.accepted] += 1 }
      status[.done] += 1
    }
  }

  private func read(
    _ input: [UInt8], _ folder: ScratchFolder
  ) -> (isAccepted: Bool, wall: Double, processor: Double) {
    status[.start] = Status.milliseconds
    allocations_begin()
    let wall = Machine.seconds, processor = Self.processorSeconds
    let verdict = reader.verdict(input, folder: folder.path)
    let isAccepted = if case .accepted = verdict { true } else { false }
    return (isAccepted, Machine.seconds - wall, Self.processorSeconds - processor)
  }

  /// Far beyond what is allowed, allocations fail and end the process rather than the machine.
  private static func limitMemory() {
    let pages = (try? Files.readText("/proc/self/statm", limit: 4096)).flatMap { $0.split(separator: " ").first }
    let used = (pages.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    let most = rlim_t(used + 4 * memoryLimit)
    var limit = rlimit(rlim_cur: most, rlim_max: most)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
