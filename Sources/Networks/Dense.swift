import BVAEDevice

/// A dense layer with a bias or without, or several that read the same input and are computed as one, as an encoder's heads are.
public struct Dense: Layer {
  /// A name for each.
  public let names: [String]
  /// The numbers that each gives.
  public let outputs: Int
  /// Whether something is added to each sum: in front of a batch norm it would have no effect.
  public let hasBias: Bool

  /// One dense layer.
  public init(_ name: String, _ outputs: Int, bias: Bool = true) { self.init([name], outputs, bias: bias) }

  /// Dense layers side by side.
  public init(_ names: [String], _ outputs: Int, bias: Bool = true) {
    self.names = names
    self.outputs = outputs
    hasBias = bias
  }

  /// What it does, in words.
  public var words: String { "dense" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "dense \(names.count) \(outputs)" + (hasBias ? "" : " without bias") }

  /// What it makes of a shape.
  public func output(for input: Shape) throws(NetError) -> Shape {
    if case .heads = input { throw NetError("'\(names[0])' cannot read several heads at once") }
    return names.count == 1 ? .row(outputs) : .heads(names.count, of: outputs)
  }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(
      NamedOperation(
        .dense(input: input, heads: names.count, outputs: outputs, slope: 1), names: names, hasBias: hasBias))
  }
}

/// Reads maps as plain numbers, in the order (row, column, channel). A dense layer reads maps by itself in that order;
/// this says so.
public struct Flatten: Layer {
  /// A flattening.
  public init() {}

  /// What it does, in words.
  public var words: String { "flatten" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "flatten" }

  /// What it makes of a shape.
  public func output(for input: Shape) -> Shape { .row(input.count) }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(NamedOperation(.reshape(from: input, to: .row(input.count))))
  }
}

/// Reads numbers as maps, in the order (row, column, channel).
public struct Reshape: Layer {
  /// The maps.
  public let shape: Shape

  /// Maps of so many rows, columns and channels.
  public init(height: Int, width: Int, channels: Int) {
    shape = .map(height: height, width: width, channels: channels)
  }

  /// What it does, in words.
  public var words: String { "reshaped" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "reshape \(shape)" }

  /// What it makes of a shape.
  public func output(for input: Shape) throws(NetError) -> Shape {
    guard input.count == shape.count else {
      throw NetError("\(input) cannot be read as \(shape): \(input.count) numbers are not \(shape.count)")
    }
    return shape
  }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(NamedOperation(.reshape(from: input, to: shape)))
  }
}
