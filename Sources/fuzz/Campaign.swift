import BVAEFuzzing
import BVAEPlatform
import Glibc

/// Many inputs for one reader, read by worker processes of which each crash costs one.
struct Campaign {
  /// An input that was too much.
  struct Finding {
    let reader: String
    let seed: UInt64
    let index: Int
    let what: String
  }

  let reader: ReaderUnderTest
  let seed: UInt64
  let corpus: String
  let seeds: [[UInt8]]
  let scratch: String
  /// How long an input may take, in seconds.
  let timeLimit: Double
  /// How long an input is waited for: what takes longer than it may is told by the worker, if it ever ends.
  let patience: Double

  private(set) var done = 0
  private(set) var accepted = 0
  /// The most bytes that an input had in use.
  private(set) var memory = 0
  private(set) var findings: [Finding] = []

  init(reader: ReaderUnderTest, seed: UInt64, corpus: String, scratch: String, timeLimit: Double) throws {
    self.reader = reader
    self.seed = seed
    self.corpus = corpus
    self.scratch = scratch
    self.timeLimit = timeLimit
    patience = 10 * timeLimit + 5
    seeds = try reader.corpus(corpus).map(\.bytes)
  }

  /// Reads inputs, going on after crashes, until all are read or a moment has come.
  mutating func run(_ inputs: Range<Int>, until deadline: Double) throws {
    var next = inputs.lowerBound
    while next < inputs.upperBound && Machine.seconds < deadline {
      // A process is begun anew from time to time, so that leaks would show, and no state builds up.
      let end = min(inputs.upperBound, next + 50_000)
      next = try runWorker(next..<end, until: deadline)
    }
  }

  /// - Returns: the input to go on with.
  private mutating func runWorker(_ inputs: Range<Int>, until deadline: Double) throws -> Int {
    let statusPath = Path.join(scratch, "status")
    try Files.remove(statusPath)
    let status = try Status(statusPath)
    status[.start] = Status.milliseconds
    status[.index] = inputs.lowerBound
    let process = try ChildProcess(
      "/proc/self/exe",
      [
        "--worker", statusPath, "--reader", reader.name, "--seed", String(seed), "--from", String(inputs.lowerBound),
        "--count", String(inputs.count), "--corpus", corpus, "--hang", String(timeLimit),
      ])
    var output: [UInt8] = []
    waiting: while true {
      switch process.read(waiting: 0.2) {
      case .bytes(let bytes): output += bytes
      case .end: break waiting
      case .nothing: break
      }
      if Status.milliseconds - status[.start] > Int(patience * 1000) {
        _ = process.stop()
        note(status[.index], "hung for \(duration(seconds: patience))")
        break
      }
      if Machine.seconds > deadline {
        _ = process.stop()
        break
      }
    }
    let wasStopped = Machine.seconds > deadline
    let ending = process.wait()
    done += status[.done]
    accepted += status[.accepted]
    memory = max(memory, status[.memory])
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      if parts.count == 2, let index = Int(parts[0]) { note(index, String(parts[1])) }
    }
    if ending == .exited(0) { return inputs.upperBound }
    if wasStopped { return inputs.upperBound }
    if findings.last?.index != status[.index] {
      let words = process.complaint.split(separator: "\n").prefix(3).joined(separator: " | ")
      note(status[.index], "ended the process (\(ending)): \(words)")
    }
    done += 1
    return status[.index] + 1
  }

  private mutating func note(_ index: Int, _ what: String) {
    findings.append(Finding(reader: reader.name, seed: seed, index: index, what: what))
  }
}

/// Numbers that a worker leaves in memory shared with whoever watches it, where they outlive its crash.
final class Status {
  enum Field: Int, CaseIterable {
    /// The number of the input that is being read.
    case index
    /// When its reading began, in milliseconds of the monotonic clock.
    case start
    /// How many were read, and how many of these were accepted.
    case done, accepted
    /// The most bytes that one of them had in use.
    case memory
  }

  private let numbers: UnsafeMutablePointer<Int>

  /// The numbers in a file, which is made where it is not there.
  init(_ path: String) throws {
    let size = Field.allCases.count * MemoryLayout<Int>.stride
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, ftruncate(descriptor, size) == 0,
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED
    else { throw FileProblem("memory cannot be shared by it", of: path, action: "write") }
    close(descriptor)
    numbers = memory.bindMemory(to: Int.self, capacity: Field.allCases.count)
  }

  deinit { munmap(numbers, Field.allCases.count * MemoryLayout<Int>.stride) }

  subscript(field: Field) -> Int {
    get { numbers[field.rawValue] }
    set { numbers[field.rawValue] = newValue }
  }

  static var milliseconds: Int { Int(Machine.seconds * 1000) }
}

/// Writes a line to standard output at once: a process that ends a moment later has still said it.
func tell(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = write(STDOUT_FILENO, bytes, bytes.count)
}
