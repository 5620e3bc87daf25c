import BVAEDevice

/// Batch normalisation (Ioffe and Szegedy 2015) of each channel over images, rows and columns, or, behind a dense layer, of
/// each number over the images, with a trained scale γ and shift β:
///
///     y = γ (x − mean) / √(variance + 10⁻⁵) + β
///
/// In training, mean and variance are those of the batch of each pass forward, which also moves the running ones on:
/// running ← 0.9 running + 0.1 batch. Otherwise they are the running ones. The arrays are PyTorch's: `.weight` (γ), `.bias`
/// (β) and, saved but not trained, `.running_mean` and `.running_var`.
///
/// The layer before it needs no bias, which the mean would take away again.
public struct BatchNorm: Layer {
  /// The layer's name.
  public let name: String

  /// A batch normalisation.
  public init(_ name: String) { self.name = name }

  /// The names of its arrays.
  public var names: [String] { [name] }

  /// What it does, in words.
  public var words: String { "batch norm" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "batchnorm" }

  /// What it makes of a shape.
  public func output(for input: Shape) throws(NetError) -> Shape {
    if case .heads = input { throw NetError("'\(name)' cannot read several heads at once") }
    return input
  }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(NamedOperation(.batchNorm(input, slope: 1), names: names))
  }
}
