import BVAEDevice

/// A convolution, or a transposed convolution, with a bias.
///
/// Padding "same" is TensorFlow's: a convolution gives ⌈side / stride⌉ rows and columns, a transposed one
/// side · stride; what is missing before the first and after the last is split evenly, the odd one after.
public struct Convolution: Layer {
  /// The layer's name.
  public let name: String
  /// A convolution or a transposed one.
  public let kind: ConvolutionGeometry.Kind
  /// Channels of the output.
  public let channels: Int
  /// Rows and columns of the kernel, and its step.
  public let kernel: Int, stride: Int

  /// A convolution.
  package init(_ name: String, _ channels: Int, kernel: Int = 4, stride: Int = 1) {
    self.init(name, .direct, channels, kernel: kernel, stride: stride)
  }

  /// A transposed convolution.
  package static func transposed(_ name: String, _ channels: Int, kernel: Int = 4, stride: Int = 1) -> Convolution {
    Convolution(name, .transposed, channels, kernel: kernel, stride: stride)
  }

  private init(_ name: String, _ kind: ConvolutionGeometry.Kind, _ channels: Int, kernel: Int, stride: Int) {
    self.name = name
    self.kind = kind
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
  }

  /// The names of its arrays.
  public var names: [String] { [name] }

  /// What it does, in words.
  public var words: String {
    "\(kind == .direct ? "conv" : "transposed conv") \(kernel)×\(kernel), stride \(stride)"
  }

  /// A canonical text of everything that determines what it computes, but its names.
  public var key: String { "\(kind == .direct ? "conv" : "deconv") \(channels) \(kernel) \(stride) same" }

  /// What it makes of a shape.
  public func output(for input: Shape) throws(NetError) -> Shape {
    guard case .map(let height, let width, _) = input else {
      throw NetError("'\(name)' is a convolution and reads maps, not \(input) numbers")
    }
    return switch kind {
    case .direct:
      .map(height: (height + stride - 1) / stride, width: (width + stride - 1) / stride, channels: channels)
    case .transposed: .map(height: height * stride, width: width * stride, channels: channels)
    }
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
    let missing = max(0, (small.height - 1) * stride + kernel - large.height)
    let geometry = ConvolutionGeometry(
      kind, kernel: kernel, stride: stride, padding: missing / 2, input: from, output: to)
    operations.append(NamedOperation(.convolution(geometry, slope: 1), names: names))
  }
}
