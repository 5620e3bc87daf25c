import BVAEDevice
import BVAEPlatform

/// max(x, 0) + slope · min(x, 0): ReLU where the slope is 0, else a leaky ReLU (Maas, Hannun and Ng 2013).
public struct Rectifier: Layer {
  /// The factor below zero, 0…1.
  public let slope: Float

  /// ReLU, unless a slope is given.
  public init(slope: Float = 0) { self.slope = slope }

  /// What it does, in words.
  public var words: String { slope == 0 ? "ReLU" : "leaky ReLU, \(Double(slope).formatted(digits: 3))" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "rectifier \(slope.bitPattern)" }

  /// What it makes of a shape.
  public func output(for input: Shape) -> Shape { input }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(NamedOperation(.activation(.rectifier(slope: slope), input)))
  }
}

/// 1 / (1 + e⁻ˣ).
public struct Sigmoid: Layer {
  /// A sigmoid.
  public init() {}

  /// What it does, in words.
  public var words: String { "sigmoid" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "sigmoid" }

  /// What it makes of a shape.
  public func output(for input: Shape) -> Shape { input }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(NamedOperation(.activation(.sigmoid, input)))
  }
}

/// The hyperbolic tangent.
public struct Tanh: Layer {
  /// A hyperbolic tangent.
  public init() {}

  /// What it does, in words.
  public var words: String { "tanh" }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "tanh" }

  /// What it makes of a shape.
  public func output(for input: Shape) -> Shape { input }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    operations.append(NamedOperation(.activation(.tanh, input)))
  }
}
