// What the kernels need of maps that they go through value by value. All rows are places one after the other, each of
// `channels` values, which are whole panels.

/// A row of a function's results, and of their gradients, which become those of its inputs. `count` is a multiple of
/// sixteen.
@frozen
public struct DerivedRow: @unchecked Sendable {  // Unchecked: pointers into buffers that outlive the parallel region.
  /// Functions whose derivative follows from the result.
  @frozen
  public enum Function: Sendable {
    /// y (1 − y).
    case sigmoid
    /// 1 − y².
    case tanh
    /// 1, or the slope where y is not positive.
    case rectifier(slope: Float)
  }

  /// Which.
  public var function: Function
  /// What it was applied to, what came out, and the gradient of that.
  public var input: UnsafePointer<Float>, output: UnsafePointer<Float>, gradient: UnsafePointer<Float>
  /// Where the input's gradient goes.
  public var result: UnsafeMutablePointer<Float>
  /// Values.
  public var count: Int
  /// The slope of the rectifier that made the input; 1 where there was none.
  public var gate: Float

  /// A row.
  public init(
    _ function: Function, input: UnsafePointer<Float>, output: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
    result: UnsafeMutablePointer<Float>, count: Int, gate: Float
  ) {
    self.function = function
    self.input = input
    self.output = output
    self.gradient = gradient
    self.result = result
    self.count = count
    self.gate = gate
  }
}

/// Sums over a row of places, for each channel.
@frozen
public struct ChannelSums: @unchecked Sendable {  // Unchecked: as DerivedRow.
  /// The first place's values, and their gradients where they are summed.
  public var values: UnsafePointer<Float>, gradients: UnsafePointer<Float>
  /// Places, and values of each.
  public var positions: Int, channels: Int
  /// What is subtracted from each channel's values.
  public var center: UnsafePointer<Float>
  /// Where the sums are added, one for each channel.
  public var first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>

  /// Sums.
  public init(
    values: UnsafePointer<Float>, gradients: UnsafePointer<Float>, positions: Int, channels: Int,
    center: UnsafePointer<Float>, first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
  ) {
    self.values = values
    self.gradients = gradients
    self.positions = positions
    self.channels = channels
    self.center = center
    self.first = first
    self.second = second
  }
}

/// A row of places to be normalised, or of gradients to be brought back through it.
@frozen
public struct NormalizedRow: @unchecked Sendable {  // Unchecked: as DerivedRow.
  /// The first place's values, and their gradients on the way back.
  public var values: UnsafePointer<Float>, gradients: UnsafePointer<Float>
  /// Where the results go.
  public var result: UnsafeMutablePointer<Float>
  /// Places, and values of each.
  public var positions: Int, channels: Int
  /// For each channel what is subtracted from a value, what that is multiplied by, and what is added.
  public var center: UnsafePointer<Float>, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>
  /// For each channel what a gradient is multiplied by.
  public var gradientScale: UnsafePointer<Float>
  /// The slope of the rectifier behind it, or, on the way back, of that before it; 1 where there is none.
  public var slope: Float

  /// A row.
  public init(
    values: UnsafePointer<Float>, gradients: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, positions: Int,
    channels: Int, center: UnsafePointer<Float>, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>,
    gradientScale: UnsafePointer<Float>, slope: Float
  ) {
    self.values = values
    self.gradients = gradients
    self.result = result
    self.positions = positions
    self.channels = channels
    self.center = center
    self.scale = scale
    self.shift = shift
    self.gradientScale = gradientScale
    self.slope = slope
  }
}

/// A row of squares of places, which lie side by side, and a row of places, one for each square: from the squares to the
/// places or back.
@frozen
public struct SquareRow: @unchecked Sendable {  // Unchecked: as DerivedRow.
  /// Rows and columns of a square.
  public var side: Int
  /// The first value of the squares' first row, and the distance to the row below.
  public var squares: UnsafePointer<Float>, squareStride: Int
  /// The first place.
  public var places: UnsafePointer<Float>
  /// Where the results go; from one row of squares to the next as `resultStride` says where they are squares.
  public var result: UnsafeMutablePointer<Float>, resultStride: Int
  /// Squares, and values of each place.
  public var columns: Int, channels: Int
  /// The slope of the rectifier behind a pooling, or, on the way back, of that before it; 1 where there is none.
  public var slope: Float

  /// A row.
  public init(
    side: Int, squares: UnsafePointer<Float>, squareStride: Int, places: UnsafePointer<Float>,
    result: UnsafeMutablePointer<Float>, resultStride: Int, columns: Int, channels: Int, slope: Float
  ) {
    self.side = side
    self.squares = squares
    self.squareStride = squareStride
    self.places = places
    self.result = result
    self.resultStride = resultStride
    self.columns = columns
    self.channels = channels
    self.slope = slope
  }
}
