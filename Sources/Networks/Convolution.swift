import BVAEDevice

/// A convolution, or a transposed convolution, with a bias or without.
public struct Convolution: Layer {
  /// What lies around the maps.
  public enum Padding: String, Hashable, Sendable {
    /// TensorFlow's "same": a convolution gives ⌈side / stride⌉ rows and columns, a transposed one side · stride; what is
    /// missing before the first and after the last is split evenly, the odd one after. For a kernel of 4 and a stride of 2
    /// it is PyTorch's padding 1, for an odd kernel and a stride of 1 PyTorch's (kernel − 1) / 2.
    case same
    /// Nothing, PyTorch's padding 0: a convolution gives ⌊(side − kernel) / stride⌋ + 1 rows and columns, a transposed one
    /// (side − 1) · stride + kernel.
    case valid
  }

  /// The layer's name.
  public let name: String
  /// A convolution or a transposed one.
  public let kind: ConvolutionGeometry.Kind
  /// Channels of the output.
  public let channels: Int
  /// Rows and columns of the kernel, and its step.
  public let kernel: Int, stride: Int
  /// What lies around the maps.
  public let padding: Padding
  /// Whether something is added to each sum: in front of a batch norm it would have no effect.
  public let hasBias: Bool

  /// Rows and columns of the kernels that devices compute, and their steps.
  private static let kernels = 2...7, strides = 1...2

  /// A convolution.
  package init(
    _ name: String, _ channels: Int, kernel: Int = 4, stride: Int = 1, padding: Padding = .same, bias: Bool = true
  ) {
    self.init(name, .direct, channels, kernel, stride, padding, bias)
  }

  /// A transposed convolution.
  package static func transposed(
    _ name: String, _ channels: Int, kernel: Int = 4, stride: Int = 1, padding: Padding = .same, bias: Bool = true
  ) -> Convolution {
    Convolution(name, .transposed, channels, kernel, stride, padding, bias)
  }

  private init(
    _ name: String, _ kind: ConvolutionGeometry.Kind, _ channels: Int, _ kernel: Int, _ stride: Int, _ padding: Padding,
    _ hasBias: Bool
  ) {
    self.name = name
    self.kind = kind
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.hasBias = hasBias
  }

  /// The names of its arrays.
  public var names: [String] { [name] }

  /// What it does, in words.
  public var words: String {
    "\(kind == .direct ? "conv" : "transposed conv") \(kernel)×\(kernel), stride \(stride)"
      + (padding == .same ? "" : ", no padding")
  }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String {
    "\(kind == .direct ? "conv" : "deconv") \(channels) \(kernel) \(stride) \(padding)"
      + (hasBias ? "" : " without bias")
  }

  /// What it makes of a shape.
  public func output(for input: Shape) throws(NetError) -> Shape {
    guard case .map(let height, let width, _) = input else {
      throw NetError("'\(name)' is a convolution and reads maps, not \(input) numbers")
    }
    guard Self.kernels.contains(kernel), Self.strides.contains(stride) else {
      throw NetError(
        "'\(name)': kernels have 2 to 7 rows and a stride of 1 or 2, not \(kernel) rows and a stride of \(stride)")
    }
    guard kind == .transposed || padding == .same || min(height, width) >= kernel else {
      throw NetError("'\(name)': maps of \(input) are smaller than the kernel of \(kernel)×\(kernel)")
    }
    func side(_ side: Int) -> Int {
      switch (kind, padding) {
      case (.direct, .same): (side + stride - 1) / stride
      case (.direct, .valid): (side - kernel) / stride + 1
      case (.transposed, .same): side * stride
      case (.transposed, .valid): (side - 1) * stride + kernel
      }
    }
    return .map(height: side(height), width: side(width), channels: channels)
  }

  /// Adds its operations.
  public func lower(_ input: Shape, into operations: inout [NamedOperation]) {
    guard let output = try? output(for: input) else { return }
    func extent(_ shape: Shape) -> ConvolutionGeometry.Extent {
      let (height, width, channels) = shape.extents
      return .init(height: height, width: width, channels: channels)
    }
    let from = extent(input), to = extent(output)
    let (small, large) = kind == .direct ? (to, from) : (from, to)
    // Rows and columns share the padding: it differs only where a side is no multiple of the stride.
    let missing = padding == .same ? max(0, (small.height - 1) * stride + kernel - large.height) : 0
    let geometry = ConvolutionGeometry(
      kind, kernel: kernel, stride: stride, padding: missing / 2, input: from, output: to)
    operations.append(NamedOperation(.convolution(geometry, slope: 1), names: names, hasBias: hasBias))
  }
}
