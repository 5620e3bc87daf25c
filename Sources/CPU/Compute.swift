import BVAEDevice
import BVAEPlatform
import Glibc
import Synchronization

/// Where the arithmetic is done: a team of threads and the kernels that they run. Several tasks may share one; whoever
/// finds the team busy computes alone.
public struct Compute: Sendable {
  /// The threads.
  public let workers: Workers
  /// The build of the kernels.
  public let kernels: Kernels
  /// Whether convolutions may be computed by Winograd's filtering where that is faster; it rounds a little more.
  public let usesWinograd: Bool
  /// What computes models in the processor's place; nil for the processor itself.
  package let accelerator: (any Device & Sendable)?
  let scratch: Scratch
  /// One block for all threads together.
  let sharedScratch = Scratch(workers: 1)

  /// By default all processors and the fastest kernels that they run.
  public init(threads: Int? = nil, kernels: Kernels = .best, usesWinograd: Bool = true) {
    self.init(threads: threads, kernels: kernels, usesWinograd: usesWinograd, accelerator: nil)
  }

  /// The same with something else that models are computed by, as a graphics processor.
  package init(
    threads: Int? = nil, kernels: Kernels = .best, usesWinograd: Bool = true, accelerator: (any Device & Sendable)?
  ) {
    workers = threads.map { Workers(count: $0) } ?? Workers()
    self.kernels = kernels
    self.usesWinograd = usesWinograd
    scratch = Scratch(workers: workers.count)
    self.accelerator = accelerator
  }

  /// The same team and kernels with another accelerator, or none.
  package func with(_ accelerator: (any Device & Sendable)?) -> Compute { Compute(self, accelerator) }

  private init(_ other: Compute, _ accelerator: (any Device & Sendable)?) {
    (workers, kernels, usesWinograd, scratch) = (other.workers, other.kernels, other.usesWinograd, other.scratch)
    self.accelerator = accelerator
  }

  /// Where models are computed.
  package var device: any Device { accelerator ?? CPUDevice(self) }

  /// What the bits of a model's training depend on, as its key has it.
  package var arithmetic: [String] {
    accelerator.map { [$0.arithmetic] } ?? [kernels.arithmetic, usesWinograd ? "filtered" : "direct"]
  }
}

/// Rows of a unit of work: what one thread computes at a time.
let unitRows = 96

/// Number of units of `size` that cover `count`.
func units(_ count: Int, by size: Int) -> Int { (count + size - 1) / size }

extension Compute {
  /// A function of each of the first `count` values, a multiple of sixteen, in place.
  package func apply(_ activation: Activation, to buffer: FloatBuffer, count: Int) {
    precondition(count >= 0 && count <= buffer.count && count % 16 == 0)
    let part = 1 << 13
    workers.run(units: units(count, by: part)) { unit in
      kernels.apply(activation, to: buffer.pointer + unit * part, count: min(part, count - unit * part))
    }
  }

  /// Calls `body` with each row of the maps of some images. A thread takes as many rows at a time as have about
  /// sixteen thousand values.
  func forEachRow(
    of layout: MapLayout, images: Int, _ body: @Sendable (_ image: Int, _ row: Int) -> Void
  ) {
    let height = layout.height, rows = images * height, part = max(1, (1 << 14) / layout.rowStride)
    workers.run(units: units(rows, by: part)) { unit in
      for row in unit * part..<min(rows, (unit + 1) * part) { body(row / height, row % height) }
    }
  }
}

/// Memory for what a unit of work needs on its way, one block for each thread of the team, kept from use to use. Whoever
/// begins a loop has blocks of its own, so that two loops at once do not share any.
final class Scratch: Sendable {
  private let workers: Int
  private let blocks = Mutex<[pthread_t: [FloatBuffer]]>([:])

  init(workers: Int) { self.workers = workers }

  /// The calling thread's blocks for all threads of the team, each of at least `count` floats.
  func blocks(of count: Int) -> [FloatBuffer] {
    blocks.withLock { all in
      if let own = all[pthread_self()], own[0].count >= count { return own }
      let own = (0..<workers).map { _ in FloatBuffer(count: count) }
      all[pthread_self()] = own
      return own
    }
  }
}
