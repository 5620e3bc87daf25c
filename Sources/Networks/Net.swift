import BVAEDevice

/// A network: a list of layers, each reading what the one before it writes. A value; the shapes between the layers are
/// inferred and checked when it is made.
///
///     let encoder = try Net(.map(height: 28, width: 28, channels: 1)) {
///       Convolution("encoder.conv1", 64, stride: 2)
///       Rectifier(slope: 0.3)
///       Flatten()
///       Dense(["encoder.mean", "encoder.log_variance"], 12)
///     }
public struct Net: Sendable {
  /// What it reads.
  public let input: Shape
  /// Its layers, from the input to the output.
  public let layers: [any Layer]
  /// What lies between the layers: what each of them writes.
  public let shapes: [Shape]

  /// A network of layers.
  /// - Throws: `NetError` where a layer cannot read what the one before it writes.
  public init(_ input: Shape, _ layers: [any Layer]) throws(NetError) {
    self.input = input
    self.layers = layers
    var shapes: [Shape] = [], shape = input
    for layer in layers {
      shape = try layer.output(for: shape)
      shapes.append(shape)
    }
    self.shapes = shapes
  }

  /// The same, as a list without commas.
  public init(_ input: Shape, @LayerList _ layers: () -> [any Layer]) throws(NetError) {
    try self.init(input, layers())
  }

  /// What it writes.
  public var output: Shape { shapes.last ?? input }

  /// A canonical text of everything that determines what it computes: equal texts, equal networks, whatever their
  /// sizes. Part of the key of a stored model.
  public var key: String { ([input.description] + layers.map(\.key)).joined(separator: "; ") }

  /// The names and PyTorch shapes of all arrays, layer by layer: of what is trained, and of a batch norm's running
  /// statistics.
  public var parameters: [(name: String, shape: [Int])] { arrays.map { ($0.name, $0.shape) } }

  /// The number of trained values.
  public var parameterCount: Int { arrays.reduce(0) { $0 + ($1.isTrained ? $1.shape.reduce(1, *) : 0) } }

  private var arrays: [(name: String, shape: [Int], isTrained: Bool)] {
    lowered.flatMap { step -> [(name: String, shape: [Int], isTrained: Bool)] in
      switch step.operation {
      case .convolution(let geometry, _):
        let ends = [geometry.output.channels, geometry.input.channels]
        let shape = (geometry.kind == .transposed ? ends.reversed() : ends) + [geometry.kernel, geometry.kernel]
        return [(step.names[0] + ".weight", shape, true)]
          + (step.hasBias ? [(step.names[0] + ".bias", [geometry.output.channels], true)] : [])
      case .dense(let input, _, let outputs, _):
        return step.names.flatMap {
          [($0 + ".weight", [outputs, input.count], true)] + (step.hasBias ? [($0 + ".bias", [outputs], true)] : [])
        }
      case .batchNorm(let shape, _):
        return [("weight", true), ("bias", true), ("running_mean", false), ("running_var", false)].map {
          ("\(step.names[0]).\($0)", [shape.extents.channels], $1)
        }
      case .reshape, .activation, .maxPool, .upsample: return []
      }
    }
  }
}

/// Layers one after the other, with `for` and `if` between them.
@resultBuilder
public enum LayerList {
  /// One layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// Layers one after the other.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// Layers of a loop.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
  /// Layers that are there on a condition.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// Layers of one branch.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// Layers of the other branch.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
}
