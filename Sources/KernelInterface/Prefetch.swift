/// Memory that is wanted soon, for a kernel to bring near while it keeps the arithmetic units busy: cache lines of
/// sixteen floats, in runs a stride apart, of one or two arrays that are laid out alike. Any address is allowed.
@frozen
public struct Prefetch: @unchecked Sendable {  // Unchecked: as Product.
  /// The arrays.
  public var first: UnsafePointer<Float>, second: UnsafePointer<Float>?
  /// Consecutive lines a run.
  public var linesPerRun: Int
  /// Runs, and the distance from one to the next.
  public var runs: Int, runStride: Int

  /// One run, unless more are told.
  public init(
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>? = nil, linesPerRun: Int, runs: Int = 1,
    runStride: Int = 0
  ) {
    self.first = first
    self.second = second
    self.linesPerRun = linesPerRun
    self.runs = runs
    self.runStride = runStride
  }
}
