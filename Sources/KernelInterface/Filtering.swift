/// The minimal filterings that the kernels know. F(m, r) gives m outputs of a correlation with r taps for m + r − 1
/// products instead of m · r; on a map it is done along both sides.
@frozen
public enum Filtering: CaseIterable, Sendable {
  /// F(4, 2), with the points 0, ±1, 2, ∞: 25 products for 16 outputs of 2×2 taps, where the direct sum takes 64.
  case f42
  /// F(4, 4), with the points 0, ±1, ±2, ½, ∞: 49 products for 16 outputs of 4×4 taps instead of 256.
  case f44
  /// F(5, 4), with the points 0, ±1, ±2, ±½, ∞: 64 products for 25 outputs of 4×4 taps instead of 400.
  case f54
  /// F(7, 2), with the points 0, ±1, ±2, ±½, ∞: 64 products for 49 outputs of 2×2 taps instead of 196.
  case f72
  /// F(7, 4), with the points 0, ±⅜, ±⅞, ±5⁄4, ±2, ∞: 100 products for 49 outputs of 4×4 taps instead of 784.
  case f74

  /// Outputs along a side of a tile.
  public var outputs: Int {
    switch self {
    case .f42, .f44: 4
    case .f54: 5
    case .f72, .f74: 7
    }
  }

  /// Taps along a side of the kernel.
  public var taps: Int {
    switch self {
    case .f42, .f72: 2
    case .f44, .f54, .f74: 4
    }
  }

  /// Whether it only computes outputs: gradients are then computed without it.
  public var isForwardOnly: Bool { self == .f72 || self == .f74 }

  /// Inputs along a side of a tile, and products.
  public var points: Int { outputs + taps - 1 }
}

/// Floats of scratch memory that a tile's transform needs, for sixteen channels. The way out needs most: 10 × 7 values
/// between the two sides of the largest filtering, and its 7 × 7 outputs; the way in has 10 × 10.
public let transformScratch = (10 * 7 + 7 * 7) * panelWidth

/// Where a tile of outputs goes, and what finishes it on its way: `leaky(y + bias)` forward, `y · leaky′(gate)` back.
@frozen
public struct TileTarget: @unchecked Sendable {  // Unchecked: pointers into buffers that outlive the parallel region.
  /// The tile's first output.
  public var map: UnsafeMutablePointer<Float>
  /// From one output to the one below it, and to the one on its right.
  public var rowStride: Int, columnStride: Int
  /// Added to each output, or nil.
  public var bias: UnsafePointer<Float>?
  /// The factor below zero.
  public var slope: Float
  /// The previous layer's output at the tile's first output, or nil; its strides.
  public var gate: UnsafePointer<Float>?
  public var gateRowStride: Int, gateColumnStride: Int
  /// How much of the tile is within the map.
  public var rows: Int, columns: Int

  /// A target without bias, activation and gate.
  public init(map: UnsafeMutablePointer<Float>, rowStride: Int, columnStride: Int) {
    self.map = map
    self.rowStride = rowStride
    self.columnStride = columnStride
    bias = nil
    slope = 1
    gate = nil
    gateRowStride = 0
    gateColumnStride = 0
    rows = 0
    columns = 0
  }
}

/// One tile between a map, or a kernel's taps, and its places, which lie `placeStride` apart; some channels of it, in
/// whole panels.
@frozen
public struct TileTransform: @unchecked Sendable {  // Unchecked: as TileTarget.
  /// Which filtering.
  public var filtering: Filtering
  /// The first value that is read, the first that is written.
  public var source: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>
  /// Of the map or the taps: from one row to the next, from one column to the next.
  public var rowStride: Int, columnStride: Int
  /// From one place to the next.
  public var placeStride: Int
  /// Channels, in whole panels.
  public var channels: Int
  /// Memory of `transformScratch` floats.
  public var scratch: UnsafeMutablePointer<Float>

  /// A transform of one panel, unless more channels are told.
  public init(
    _ filtering: Filtering, _ source: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, rowStride: Int,
    columnStride: Int, placeStride: Int, channels: Int = panelWidth, scratch: UnsafeMutablePointer<Float>
  ) {
    self.filtering = filtering
    self.source = source
    self.result = result
    self.rowStride = rowStride
    self.columnStride = columnStride
    self.placeStride = placeStride
    self.channels = channels
    self.scratch = scratch
  }
}

/// The places of one tile on their way into a map.
@frozen
public struct PlaceTransform: @unchecked Sendable {  // Unchecked: as TileTarget.
  /// Which filtering.
  public var filtering: Filtering
  /// The first place, and the distance from one to the next.
  public var places: UnsafePointer<Float>, placeStride: Int
  /// Channels, in whole panels.
  public var channels: Int
  /// Where the tile goes.
  public var target: TileTarget
  /// Memory of `transformScratch` floats.
  public var scratch: UnsafeMutablePointer<Float>

  /// A transform.
  public init(
    _ filtering: Filtering, _ places: UnsafePointer<Float>, placeStride: Int, channels: Int, into target: TileTarget,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.filtering = filtering
    self.places = places
    self.placeStride = placeStride
    self.channels = channels
    self.target = target
    self.scratch = scratch
  }
}
