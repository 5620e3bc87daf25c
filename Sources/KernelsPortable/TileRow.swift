/// A row of the register tile: the sums of one panel, or of two panels side by side.
protocol TileRow {
  /// Panels side by side.
  static var panels: Int { get }
  /// Zeros.
  init()
  /// Sixteen floats of each panel, `stride` apart.
  init(_ source: UnsafePointer<Float>, stride: Int)
  /// Adds `scale · row`.
  mutating func add(_ scale: Float, _ row: Self)
  /// Stores sixteen floats of each panel, `stride` apart.
  func put(into target: UnsafeMutablePointer<Float>, stride: Int)
  /// Calls `body` with the number of each panel and its sums.
  func forEachPanel(_ body: (Int, Vector) -> Void)
}

/// The widest row that the registers hold twelve sums of.
#if WIDE
  typealias WidestRow = TwoPanels
#else
  typealias WidestRow = OnePanel
#endif

struct OnePanel: TileRow {
  static let panels = 1
  var sums: Vector

  @inline(__always) init() { sums = Vector() }
  @inline(__always) init(_ source: UnsafePointer<Float>, stride: Int) { sums = load(source) }

  @inline(__always) mutating func add(_ scale: Float, _ row: OnePanel) { sums = multiplyAdd(sums, scale, row.sums) }

  @inline(__always) func put(into target: UnsafeMutablePointer<Float>, stride: Int) {
    store(sums, target)
  }

  @inline(__always) func forEachPanel(_ body: (Int, Vector) -> Void) { body(0, sums) }
}

struct TwoPanels: TileRow {
  static let panels = 2
  var left: Vector, right: Vector

  @inline(__always) init() {
    left = Vector()
    right = Vector()
  }

  @inline(__always) init(_ source: UnsafePointer<Float>, stride: Int) {
    left = load(source)
    right = load(source + stride)
  }

  @inline(__always) mutating func add(_ scale: Float, _ row: TwoPanels) {
    let scales = Vector(repeating: scale)
    left = multiplyAdd(left, scales, row.left)
    right = multiplyAdd(right, scales, row.right)
  }

  @inline(__always) func put(into target: UnsafeMutablePointer<Float>, stride: Int) {
    store(left, target)
    store(right, target + stride)
  }

  @inline(__always) func forEachPanel(_ body: (Int, Vector) -> Void) {
    body(0, left)
    body(1, right)
  }
}
