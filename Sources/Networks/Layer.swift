import BVAEDevice

/// One layer of a network: a value that says what it makes of a shape, what it trains and how it is called. Nothing is
/// computed by it; lowering turns it into operations of a device.
///
/// A new kind of layer is one type that conforms, in a file of its own.
public protocol Layer: Sendable {
  /// The names of its arrays, before `.weight`, `.bias` and what else there is, as PyTorch has them; none for most.
  var names: [String] { get }
  /// What it makes of a shape.
  /// - Throws: `NetError` where it cannot read that shape.
  func output(for input: Shape) throws(NetError) -> Shape
  /// What it does, in words: `conv 4×4, stride 2`; empty for a layer that is told with the one before it.
  var words: String { get }
  /// A canonical text of everything that determines what it computes, but its names.
  var key: String { get }
  /// Adds its operations.
  func lower(_ input: Shape, into operations: inout [NamedOperation])
}

extension Layer {
  /// No arrays.
  public var names: [String] { [] }
}

/// An operation and the names of what it trains.
public struct NamedOperation: Sendable {
  /// What a device does.
  public var operation: Operation
  /// The names of its weights, one a head; none where it has no weights.
  public var names: [String]
  /// Whether a linear operation has a bias.
  public var hasBias: Bool

  /// An operation with names.
  public init(_ operation: Operation, names: [String] = [], hasBias: Bool = true) {
    self.operation = operation
    self.names = names
    self.hasBias = hasBias
  }
}

/// A network that cannot be built.
public struct NetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What does not fit, in words.
  public let description: String

  /// An error with its words.
  public init(_ description: String) { self.description = description }
}
