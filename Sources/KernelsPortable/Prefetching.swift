import BVAEKernelInterface
import CBVAEProcessor

/// Brings memory near that is wanted soon, a few cache lines at a time between pieces of arithmetic: all at once the
/// requests would stand in the way of the kernel's own.
struct Prefetcher {
  private var linesAtATime = 0
  /// What is left, from the next line on.
  private var next: UnsafePointer<Float>?, linesLeft = 0, runsLeft = 0
  private var linesPerRun = 0, gap = 0
  /// From a line of the first array to that of the second, in floats; 0 where there is none.
  private var toSecond = 0

  /// Spreads the lines over `pieces` calls of `issue`.
  @inline(__always)
  init(_ prefetch: Prefetch?, pieces: Int) {
    guard let prefetch, prefetch.runs > 0, prefetch.linesPerRun > 0 else { return }
    linesAtATime = (prefetch.runs &* prefetch.linesPerRun &+ pieces &- 1) / max(1, pieces)
    next = prefetch.first
    linesPerRun = prefetch.linesPerRun
    linesLeft = linesPerRun
    runsLeft = prefetch.runs
    gap = prefetch.runStride &- linesPerRun &* 16
    toSecond = prefetch.second.map { $0 - prefetch.first } ?? 0
  }

  @inline(__always)
  mutating func issue() {
    var wanted = linesAtATime
    while wanted > 0, var line = next {
      let count = min(wanted, linesLeft), end = line + count &* 16
      if toSecond == 0 {
        while line < end {
          processor_prefetch(line)
          line += 16
        }
      } else {
        while line < end {
          processor_prefetch(line)
          processor_prefetch(line + toSecond)
          line += 16
        }
      }
      wanted &-= count
      linesLeft &-= count
      next = end
      if linesLeft == 0 {
        runsLeft &-= 1
        linesLeft = linesPerRun
        next = runsLeft > 0 ? end + gap : nil
      }
    }
  }
}
