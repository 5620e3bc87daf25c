/// A block of floats where a device computes. What the values mean says a `MapLayout` or a `Parameter`.
package protocol Buffer: AnyObject {
  /// The number of values.
  var count: Int { get }
  /// Calls `body` with some of the values, in place. On a device with memory of its own they are copied to the host, from
  /// there, or both, and only reading waits for what the device has been told before.
  func withValues<Result>(
    _ range: Range<Int>, _ access: BufferAccess, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result
}

/// What is done with a buffer's values.
package enum BufferAccess {
  /// They are read.
  case read
  /// All of them are set; what they were is not known.
  case write
  /// They are read, or some of them are set, or both.
  case change
}

extension Buffer {
  /// Calls `body` with all values, for reading or writing in place.
  package func withValues<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withValues(0..<count, .change, body)
  }

  /// A copy of the values.
  package var values: [Float] { withValues(0..<count, .read) { Array($0) } }

  /// Sets every value to zero.
  package func clear() { withValues { $0.update(repeating: 0) } }
}

/// What a machine can do, in operations of a layer's size.
///
/// `ReferenceDevice` defines each of them by plain loops; every other device agrees with it within rounding. A device is
/// used by one thread at a time, which may share the work out.
package protocol Device: AnyObject {
  /// What makes the same operations give the same bits: part of every key of a stored model.
  var arithmetic: String { get }

  /// Whether all weights had best take their step as their gradient is computed, and not only those of large dense layers.
  var takesStepsAtOnce: Bool { get }

  /// A buffer of zeros.
  func makeBuffer(count: Int) -> any Buffer

  /// How a batch of `shape` lies between the operation that writes it and the one that reads it; nil is the host.
  func layout(of shape: Shape, from writer: Operation?, to reader: Operation?) -> MapLayout
  /// How the gradient of an operation's output lies.
  func gradientLayout(of operation: Operation) -> MapLayout

  /// The weights of a linear operation or a batch norm, all zero, under PyTorch's names: one name for each head of a
  /// dense layer.
  /// - Parameters:
  ///   - hasBias: whether a linear operation has a bias; without one it adds zeros, which are no array of the network.
  ///   - input: the layout of what it reads.
  func makeWeights(for operation: Operation, names: [String], hasBias: Bool, input: MapLayout) -> LayerWeights
  /// Prepares an operation for batches.
  func prepare(_ request: Preparation) -> any PreparedOperation

  /// Applies a function to each of the first `count` images' values, in place.
  func apply(_ activation: Activation, to buffer: any Buffer, _ layout: MapLayout, count: Int)
  /// A step of an optimiser on values whose gradient is known.
  func update(_ step: AdamUpdate, values: any Buffer, gradient: any Buffer, moments: Moments)

  /// Throws what has gone wrong on the device since it was last asked: its memory is full, its driver failed. Everything
  /// that was computed since then is worth nothing.
  func check() throws

  /// Keeps images, which are given as bytes, where the device has them at hand; nil where that is no gain, or there is no
  /// room.
  func keep(_ count: Int, imagesOf size: Int, _ bytes: (_ image: Int) -> ArraySlice<UInt8>) -> (any DeviceImages)?
  /// Sets the first images of a batch to those of these numbers.
  func load(_ kept: any DeviceImages, _ numbers: [Int], _ levels: ByteLevels, into values: Values)
  /// Sets the first images of a batch from bytes.
  func load(_ count: Int, _ levels: ByteLevels, into values: Values, _ bytes: (_ row: Int) -> ArraySlice<UInt8>)
  /// Sets the first `count` images to the sums of those of other values of the same shape, added in their order.
  func add(_ sources: [Values], into sum: Values, count: Int)
  /// The loss of decoded images, and its gradient before the sigmoid that they came out of.
  /// - Parameter scale: of the gradient.
  /// - Returns: gives the error of each image, and waits for it: to be called when the device has been told what comes next.
  func measure(
    _ loss: ImageLoss, of decoded: Values, for target: Values, scale: Float, gradient: Values, count: Int
  ) -> () -> [Double]
  /// The sum of the squares of all gradients, always in the same order.
  func squaredNorm(_ gradients: [(parameter: Parameter, buffer: any Buffer)]) -> Double
  /// Multiplies all values.
  func scale(_ buffer: any Buffer, by factor: Float)
  /// Copies the values of a buffer to another of the same size.
  func copy(_ source: any Buffer, to target: any Buffer)
}

/// What went wrong on a device, for the person at the keyboard.
package struct DeviceProblem: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Images that a device keeps.
package protocol DeviceImages: AnyObject {}

/// What an operation is prepared for.
package struct Preparation: Sendable {
  package let operation: Operation
  /// The layouts of what it reads and writes.
  package let input: MapLayout, output: MapLayout
  /// The layout of its output's gradient.
  package let outputGradient: MapLayout
  /// The layout of its input's gradient; nil where that is not wanted.
  package let inputGradient: MapLayout?
  /// The slope of the rectifier that made the input: the gradient that goes back is that before the rectifier.
  package let gate: Float?
  /// The most images at a time.
  package let batch: Int
  /// What will be asked of it.
  package let use: Use

  /// What a pass is for.
  package enum Use: Sendable {
    /// Forward, and back.
    case training
    /// Forward with the arithmetic of training.
    case inference
    /// Forward with whatever arithmetic is fastest.
    case fastInference
  }

  package init(
    _ operation: Operation, input: MapLayout, output: MapLayout, outputGradient: MapLayout,
    inputGradient: MapLayout?, gate: Float?, batch: Int, use: Use
  ) {
    self.operation = operation
    self.input = input
    self.output = output
    self.outputGradient = outputGradient
    self.inputGradient = inputGradient
    self.gate = gate
    self.batch = batch
    self.use = use
  }
}

/// An operation with the memory that it needs for a batch.
package protocol PreparedOperation: AnyObject {
  /// From `input` to `output`, for the first `count` images. Where it was prepared for training, a batch norm moves its
  /// running statistics on.
  /// - Parameter hasSameWeights: whether the weights are those of the call before.
  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool)

  /// From the output's gradient to the weights' and the input's.
  /// - Parameters:
  ///   - output: what `forward` wrote.
  ///   - inputGradient: where the input's gradient goes; nil where it is not wanted.
  ///   - use: what becomes of the weights' gradient; nil for an operation without weights.
  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int)
}

/// The weights and biases of one linear operation, or the scales and shifts of a batch norm, in a device's own order.
package struct LayerWeights {
  package let weights: any Buffer, bias: any Buffer
  /// What a batch norm knows of the batches so far; nil for all others.
  package let running: RunningStatistics?
  /// The arrays under PyTorch's names: of each head the weight, then the bias, if it has one.
  package let parameters: [Parameter]

  package init(
    weights: any Buffer, bias: any Buffer, running: RunningStatistics? = nil, parameters: [Parameter]
  ) {
    self.weights = weights
    self.bias = bias
    self.running = running
    self.parameters = parameters
  }

  /// Whether the bias is an array of the network; the zeros of an operation without one take no steps.
  package var hasBias: Bool { parameters.contains { $0.buffer === bias } }

  /// All that belongs to the network, in an order that all devices have.
  package var buffers: [any Buffer] { [weights, bias] + (running.map { [$0.mean, $0.variance] } ?? []) }

  /// What is in the weights of an equal operation in the place of one of these buffers.
  package func counterpart(of buffer: any Buffer, in other: LayerWeights) -> any Buffer {
    guard let pair = zip(buffers, other.buffers).first(where: { $0.0 === buffer }) else {
      preconditionFailure("a buffer of another operation")
    }
    return pair.1
  }
}

/// The running mean and variance of each channel, which training passes move on and inference passes read. They are
/// saved with the weights, but not trained: no gradient, no moments.
package struct RunningStatistics {
  package let mean: any Buffer, variance: any Buffer

  package init(mean: any Buffer, variance: any Buffer) {
    self.mean = mean
    self.variance = variance
  }
}

/// What becomes of the gradients of an operation with weights.
package struct LayerGradientUse {
  package let weights: GradientUse, bias: GradientUse

  package init(weights: GradientUse, bias: GradientUse) {
    self.weights = weights
    self.bias = bias
  }

  /// The gradients are not computed.
  package static var none: LayerGradientUse { LayerGradientUse(weights: .none, bias: .none) }
}

/// What becomes of a gradient.
package enum GradientUse {
  /// It is not computed.
  case none
  /// It is stored, in a buffer of the weights' size and order.
  case store(any Buffer)
  /// It is added to what the buffer holds.
  case add(any Buffer)
  /// The values take a step with it, at once where the device can.
  case step(AdamUpdate, Moments)
}
