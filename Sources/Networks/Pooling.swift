import BVAEDevice

/// The largest value of each square of `side` × `side` places, which lie side by side: a map of a `side`-th of the rows and
/// columns. What is left over at the end is not read, and the gradient goes to the first of equal values, both as in
/// PyTorch.
public struct MaxPool: Layer {
  /// Rows and columns of a square, and from one to the next.
  public let side: Int

  /// Squares of 2 × 2 places, unless another side is given.
  public init(_ side: Int = 2) { self.side = side }

  /// What it does, in words.
  public var words: String { "max pool \(side)×\(side)" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "maxpool \(side)" }

  /// What it makes of a shape.
  public func output(for input: Shape) throws(NetError) -> Shape {
    guard case .map(let height, let width, let channels) = input else {
      throw NetError("max pooling reads maps, not \(input) numbers")
    }
    guard side > 0, height >= side, width >= side else {
      throw NetError("maps of \(input) cannot be pooled in squares of \(side)×\(side)")
    }
    return .map(height: height / side, width: width / side, channels: channels)
  }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(NamedOperation(.maxPool(input, side: side, slope: 1)))
  }
}

/// Nearest-neighbour up-sampling: each place becomes a square of `factor` × `factor` equal places.
public struct Upsample: Layer {
  /// Rows and columns that a place becomes.
  public let factor: Int

  /// Twice the rows and columns, unless another factor is given.
  public init(_ factor: Int = 2) { self.factor = factor }

  /// What it does, in words.
  public var words: String { "up-sampled ×\(factor)" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "upsample \(factor)" }

  /// What it makes of a shape.
  public func output(for input: Shape) throws(NetError) -> Shape {
    guard case .map(let height, let width, let channels) = input else {
      throw NetError("up-sampling reads maps, not \(input) numbers")
    }
    guard factor > 0 else { throw NetError("maps cannot be up-sampled ×\(factor)") }
    return .map(height: height * factor, width: width * factor, channels: channels)
  }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(NamedOperation(.upsample(input, factor: factor)))
  }
}
