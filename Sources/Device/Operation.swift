/// What lies between two layers, for each image of a batch.
public enum Shape: Hashable, Sendable, CustomStringConvertible {
  /// Feature maps or an image: rows, columns, channels, the last index running fastest.
  case map(height: Int, width: Int, channels: Int)
  /// Numbers side by side.
  case row(Int)
  /// The outputs of several dense layers that read the same input, each of so many numbers.
  case heads(Int, of: Int)

  /// Values an image.
  public var count: Int {
    switch self {
    case .map(let height, let width, let channels): height * width * channels
    case .row(let count): count
    case .heads(let heads, let count): heads * count
    }
  }

  /// `14×14×64`, `24` or `2×12`.
  public var description: String {
    switch self {
    case .map(let height, let width, let channels): "\(height)×\(width)×\(channels)"
    case .row(let count): "\(count)"
    case .heads(let heads, let count): "\(heads)×\(count)"
    }
  }

  /// Rows, columns and channels: a row is one place with as many channels, heads are places side by side.
  package var extents: (height: Int, width: Int, channels: Int) {
    switch self {
    case .map(let height, let width, let channels): (height, width, channels)
    case .row(let count): (1, 1, count)
    case .heads(let heads, let count): (1, heads, count)
    }
  }
}

/// A convolution, or its adjoint, the transposed convolution, with a square kernel:
///
///     direct:       out[o] = Σ over k of  in[stride · o − padding + k] · w[k]
///     transposed:   out[i] = Σ over k, o with stride · o − padding + k = i of  in[o] · w[k]
///
/// Each is the other's input gradient. What lies outside the input counts as zero.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Which of the two sums it is.
  public enum Kind: Hashable, Sendable {
    /// A convolution.
    case direct
    /// A transposed convolution.
    case transposed
  }

  /// The extent of a map.
  public struct Extent: Hashable, Sendable {
    /// Rows, columns and channels.
    public let height: Int, width: Int, channels: Int

    /// An extent.
    public init(height: Int, width: Int, channels: Int) {
      self.height = height
      self.width = width
      self.channels = channels
    }
  }

  /// Which of the two sums it is.
  public let kind: Kind
  /// Rows and columns of the kernel.
  public let kernel: Int
  /// Input positions from one output position to the next (direct), or the reverse (transposed).
  public let stride: Int
  /// Rows and columns of zeros before the first (direct), or outputs cropped before the first (transposed).
  public let padding: Int
  /// The maps that it reads and writes.
  public let input: Extent, output: Extent

  /// A geometry.
  public init(_ kind: Kind, kernel: Int, stride: Int, padding: Int, input: Extent, output: Extent) {
    self.kind = kind
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.input = input
    self.output = output
  }
}

/// What a device does at a time: an operation of a layer's size, on a batch. Made of a network's layers by lowering.
public enum Operation: Hashable, Sendable {
  /// A convolution with a bias, and then a rectifier with this slope below zero: 0 is ReLU, 1 the identity.
  case convolution(ConvolutionGeometry, slope: Float)
  /// Dense layers with biases that read the same input, `outputs` numbers each, and then a rectifier.
  case dense(input: Shape, heads: Int, outputs: Int, slope: Float)
  /// The same numbers as another shape.
  case reshape(from: Shape, to: Shape)
  /// A function of each value.
  case activation(Activation, Shape)
  /// Each channel, or each number of a row, normalised over the batch, and then a rectifier (see `BatchStatistics`).
  case batchNorm(Shape, slope: Float)
  /// The largest value of each square of `side` × `side` places, which lie side by side, and then a rectifier. Rows and
  /// columns that are left over at the end are not read.
  case maxPool(Shape, side: Int, slope: Float)
  /// Each place repeated as a square of `factor` × `factor` places.
  case upsample(Shape, factor: Int)

  /// What it reads.
  public var input: Shape {
    switch self {
    case .convolution(let geometry, _):
      .map(height: geometry.input.height, width: geometry.input.width, channels: geometry.input.channels)
    case .dense(let input, _, _, _): input
    case .reshape(let input, _): input
    case .activation(_, let shape), .batchNorm(let shape, _), .maxPool(let shape, _, _), .upsample(let shape, _): shape
    }
  }

  /// What it writes.
  public var output: Shape {
    switch self {
    case .convolution(let geometry, _):
      .map(height: geometry.output.height, width: geometry.output.width, channels: geometry.output.channels)
    case .dense(_, let heads, let outputs, _): heads == 1 ? .row(outputs) : .heads(heads, of: outputs)
    case .reshape(_, let output): output
    case .activation(_, let shape), .batchNorm(let shape, _): shape
    case .maxPool(let shape, let side, _):
      .map(height: shape.extents.height / side, width: shape.extents.width / side, channels: shape.extents.channels)
    case .upsample(let shape, let factor):
      .map(height: shape.extents.height * factor, width: shape.extents.width * factor, channels: shape.extents.channels)
    }
  }

  /// The slope of the rectifier that its output went through and whose derivative is left to whoever reads it; nil where
  /// there is none. A rectifier that is an operation of its own takes its derivative itself.
  public var rectifierSlope: Float? {
    switch self {
    case .convolution(_, let slope), .dense(_, _, _, let slope), .batchNorm(_, let slope), .maxPool(_, _, let slope):
      slope == 1 ? nil : slope
    case .reshape, .activation, .upsample: nil
    }
  }

  /// The same with a rectifier of this slope behind it; nil where it has no room for one.
  public func rectified(slope: Float) -> Operation? {
    switch self {
    case .convolution(let geometry, _): .convolution(geometry, slope: slope)
    case .dense(let input, let heads, let outputs, _):
      .dense(input: input, heads: heads, outputs: outputs, slope: slope)
    case .batchNorm(let shape, _): .batchNorm(shape, slope: slope)
    case .maxPool(let shape, let side, _): .maxPool(shape, side: side, slope: slope)
    case .reshape, .activation, .upsample: nil
    }
  }

  /// Whether it is a product with weights.
  public var isLinear: Bool {
    switch self {
    case .convolution, .dense: true
    case .reshape, .activation, .batchNorm, .maxPool, .upsample: false
    }
  }

  /// Whether it trains anything.
  public var hasWeights: Bool {
    if case .batchNorm = self { true } else { isLinear }
  }
}

/// A function of each value that is not part of a linear operation.
public enum Activation: Hashable, Sendable {
  /// max(x, 0) + slope · min(x, 0).
  case rectifier(slope: Float)
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
}
