/// The kernels, built once for each kind of processor: `Build` in the folder that all builds share is the one type that
/// conforms, and each build's module has its own.
public protocol KernelSet: Sendable {
  /// What the build is called: `AVX-512`, `AVX2+FMA` or `portable`.
  static var name: String { get }
  /// Some rows and panels of a product. At most 96 rows where the depth is above 1024.
  static func multiply(_ product: Product, rows: Range<Int>, panels: Range<Int>)
  /// Some depth of one run, and some panels, of a product's weight gradient, summed over all rows.
  static func multiplyTransposed(_ gradient: WeightGradient, run: Int, depth: Range<Int>, panels: Range<Int>)
  /// Adds the columns of one panel over all rows to sixteen values: the gradient of a bias.
  static func sumColumns(_ sum: ColumnSum)
  /// One Adam step on `count` values, a multiple of sixteen, whose gradients are known.
  static func adam(_ target: AdamTarget, gradient: UnsafePointer<Float>, count: Int)
  /// Packs values of each image in tiles of six, for the weights' gradient.
  static func packTiles(_ packing: TilePacking)
  /// Transposes a block back to rows of images, through the derivative of the rectifier.
  static func transposeAndGate(_ block: TransposedBlock)
  /// `1 / (1 + e⁻ˣ)` in place, for `count` values, a multiple of sixteen.
  static func sigmoid(_ values: UnsafeMutablePointer<Float>, count: Int)
  /// The hyperbolic tangent in place, for `count` values, a multiple of sixteen: as the C library's for doubles, rounded.
  static func tanh(_ values: UnsafeMutablePointer<Float>, count: Int)
  /// `max(x, 0) + slope · min(x, 0)` in place, for `count` values, a multiple of sixteen.
  static func rectify(_ values: UnsafeMutablePointer<Float>, count: Int, slope: Float)
  /// The gradient of a function of each value.
  static func differentiate(_ row: DerivedRow)
  /// Adds each channel's values to `first`.
  static func sumChannels(_ sums: ChannelSums)
  /// Adds the squares of each channel's distances from its centre to `second`.
  static func sumSquares(_ sums: ChannelSums)
  /// Adds each channel's gradients to `first`, and their products with the distances from its centre to `second`.
  static func sumGradients(_ sums: ChannelSums)
  /// `leaky((x − centre) · scale + shift)` of each channel.
  static func normalize(_ row: NormalizedRow)
  /// `(g · gradientScale + (x − centre) · scale + shift) · leaky′(x)` of each channel.
  static func normalizeGradient(_ row: NormalizedRow)
  /// The largest value of each square of a row of squares.
  static func pool(_ row: SquareRow)
  /// A row of gradients to the first largest value of each square.
  static func poolGradient(_ row: SquareRow)
  /// A row of places to a row of squares.
  static func repeatSquares(_ row: SquareRow)
  /// The sums of each square's gradients to a row of places.
  static func sumSquareGradients(_ row: SquareRow)
  /// `Bᵀ d B`: a tile of a map to its places.
  static func winogradInput(_ tile: TileTransform)
  /// `A ∂Y Aᵀ`: a tile of an output's gradient to its places.
  static func winogradGradient(_ tile: TileTransform)
  /// `G g Gᵀ`: the taps of sixteen output channels and one input channel to their places.
  static func winogradWeights(_ taps: TileTransform)
  /// `Aᵀ m A`: the places of a tile, finished as a product's result is, into the part of the tile within the map.
  static func winogradOutput(_ places: PlaceTransform)
  /// `Gᵀ u G`: the places of the gradient of sixteen output channels and one input channel back to their taps.
  static func winogradWeightGradient(_ places: TileTransform)
}

/// The columns of one panel, sixteen of them, to be added up.
@frozen
public struct ColumnSum: @unchecked Sendable {  // Unchecked: as Product.
  /// The panel's first value.
  public var values: UnsafePointer<Float>
  /// The offset of each row.
  public var rowOffsets: UnsafePointer<Int32>
  /// Rows.
  public var rows: Int
  /// Sixteen values, to which the sums are added.
  public var result: UnsafeMutablePointer<Float>

  /// A sum.
  public init(
    _ values: UnsafePointer<Float>, rowOffsets: UnsafePointer<Int32>, rows: Int, result: UnsafeMutablePointer<Float>
  ) {
    self.values = values
    self.rowOffsets = rowOffsets
    self.rows = rows
    self.result = result
  }
}

/// Some values of each image, to be packed as `[tile][image][6]`. Up to seven values behind the last are read, up to two
/// behind the result are written.
@frozen
public struct TilePacking: @unchecked Sendable {  // Unchecked: as Product.
  /// The first image's first value.
  public var source: UnsafePointer<Float>
  /// From one image to the next.
  public var imageStride: Int
  /// Values of an image.
  public var count: Int
  /// Images.
  public var images: Int
  /// The tiles.
  public var result: UnsafeMutablePointer<Float>

  /// A packing.
  public init(
    _ source: UnsafePointer<Float>, imageStride: Int, count: Int, images: Int, result: UnsafeMutablePointer<Float>
  ) {
    self.source = source
    self.imageStride = imageStride
    self.count = count
    self.images = images
    self.result = result
  }
}

/// A block that has a row of images for each of `count` values, to be transposed into rows of values for each image,
/// times the derivative of the rectifier that made the gate's values, which lie one after the other.
///
/// The count is a multiple of sixteen, and so are the lengths of the pieces in which `positions` is consecutive.
@frozen
public struct TransposedBlock: @unchecked Sendable {  // Unchecked: as Product.
  /// The first value of the first image, and the distance from one value to the next.
  public var source: UnsafePointer<Float>, sourceStride: Int
  /// Values of an image, and images.
  public var count: Int, images: Int
  /// The first image of the result, and the distance from one image to the next.
  public var result: UnsafeMutablePointer<Float>, resultStride: Int
  /// Where each value goes within an image of the result.
  public var positions: UnsafePointer<Int32>
  /// The rectifier's output for the first image's first value, or nil; from one image to the next.
  public var gate: UnsafePointer<Float>?, gateStride: Int
  /// The rectifier's slope below zero.
  public var slope: Float

  /// A block without a gate.
  public init(
    _ source: UnsafePointer<Float>, sourceStride: Int, count: Int, images: Int, result: UnsafeMutablePointer<Float>,
    resultStride: Int, positions: UnsafePointer<Int32>
  ) {
    self.source = source
    self.sourceStride = sourceStride
    self.count = count
    self.images = images
    self.result = result
    self.resultStride = resultStride
    self.positions = positions
    gate = nil
    gateStride = 0
    slope = 1
  }
}
