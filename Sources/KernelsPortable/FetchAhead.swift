import CProcessor
import KernelInterface

/// Brings memory near that is wanted soon, a few cache lines at a time between pieces of arithmetic: all at once the
/// requests would stand in the way of the kernel's own.
struct Fetcher {
  private let fetch: Fetch?
  private let linesAtATime: Int
  private var run = 0, line = 0

  /// Spreads the lines over `pieces` calls of `bringSome`.
  @inline(__always)
  init(_ fetch: Fetch?, pieces: Int) {
    self.fetch = fetch
    linesAtATime = fetch.map { ($0.runs &* $0.linesPerRun &+ pieces &- 1) / max(1, pieces) } ?? 0
  }

  @inline(__always)
  mutating func bringSome() {
    guard linesAtATime > 0, let fetch else { return }
    var left = linesAtATime
    while left > 0 && run < fetch.runs {
      let offset = run &* fetch.runStride &+ line &* 16
      processor_prefetch(fetch.first + offset)
      if let second = fetch.second { processor_prefetch(second + offset) }
      line &+= 1
      if line == fetch.linesPerRun {
        line = 0
        run &+= 1
      }
      left &-= 1
    }
  }
}
