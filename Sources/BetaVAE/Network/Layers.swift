import Numerics

/// A convolution or transposed convolution with its weights: forward, and its part of the way back.
final class ConvolutionLayer {
  let name: String
  let plan: ConvolutionPlan
  private let layer: Parameters.Layer
  private let slope: Float
  private let gradientPlan: ConvolutionPlan?
  private let exchanged: FloatBuffer?

  /// - Parameters:
  ///   - outputGradient: the layout of the output's gradient.
  ///   - inputGradient: the layout of the input's gradient and of the gate; nil where it is not wanted.
  ///   - isForwardOnly: whether no gradient is wanted.
  init(
    _ shape: Blueprint.Convolution, _ parameters: Parameters, input: MapLayout, output: MapLayout,
    outputGradient: MapLayout, inputGradient: MapLayout?, batch: Int, isForwardOnly: Bool = false
  ) {
    name = shape.name
    layer = parameters[shape.name]
    slope = shape.slope
    plan = ConvolutionPlan(
      shape.correlation, input: input, output: output, companion: outputGradient, batch: batch,
      isForwardOnly: isForwardOnly)
    // The gate is the layer's input, which has the channels of the gradient except where there is none.
    gradientPlan = (isForwardOnly ? nil : inputGradient).map {
      let gate = $0.channels == input.channels ? input : $0
      return ConvolutionPlan(shape.gradient, input: outputGradient, output: $0, companion: gate, batch: batch)
    }
    exchanged = gradientPlan.map { FloatBuffer(count: $0.weightCount) }
  }

  /// - Parameter hasSameWeights: whether the weights are those of the call before.
  func forward(
    _ compute: Compute, _ input: FloatBuffer, _ output: FloatBuffer, images: Int, hasSameWeights: Bool
  ) {
    plan.apply(
      compute, input: input, weights: layer.weights, output: output, images: images,
      finish: .activate(bias: layer.bias, slope: slope), hasSameWeights: hasSameWeights)
  }

  /// - Parameter gate: the layer's input and the slope of the rectifier that made it, or nil where it is none.
  func inputGradient(
    _ compute: Compute, outputGradient: FloatBuffer, gate: (input: FloatBuffer, slope: Float)?, result: FloatBuffer,
    images: Int
  ) {
    guard let gradientPlan, let exchanged else { preconditionFailure("\(name) has no input gradient") }
    plan.exchangeChannels(compute, weights: layer.weights, for: gradientPlan, into: exchanged)
    gradientPlan.apply(
      compute, input: outputGradient, weights: exchanged, output: result, images: images,
      finish: gate.map { .gate($0.input, slope: $0.slope) } ?? .store)
  }

  func weightGradient(
    _ compute: Compute, input: FloatBuffer, outputGradient: FloatBuffer, images: Int, into gradient: Parameters.Layer
  ) {
    plan.weightGradient(
      compute, input: input, outputGradient: outputGradient, images: images, weights: gradient.weights,
      bias: gradient.bias)
  }
}

extension Blueprint.Convolution {
  /// The correlation that computes the input's gradient: the adjoint.
  var gradient: Correlation {
    Correlation(
      correlation.kind == .direct ? .transposed : .direct, stride: correlation.stride, padding: correlation.padding,
      output: (inputHeight, inputWidth))
  }

  /// The layout of an input of this layer, with the margin that it needs.
  var inputLayout: MapLayout {
    let margin = correlation.margin(inputHeight: inputHeight, inputWidth: inputWidth)
    return MapLayout(
      height: inputHeight, width: inputWidth, channels: inputStride, before: margin.before, after: margin.after)
  }

  /// The layout of the gradient of this layer's output, with the margin that the input's gradient needs.
  var outputGradientLayout: MapLayout {
    let (height, width) = correlation.output
    let margin = gradient.margin(inputHeight: height, inputWidth: width)
    return MapLayout(
      height: height, width: width, channels: wholePanels(outputChannels), before: margin.before, after: margin.after)
  }
}

/// A dense layer with its weights: forward, and its part of the way back.
final class DenseLayer {
  let name: String
  let plan: DensePlan
  private let layer: Parameters.Layer
  private let slope: Float

  init(_ shape: Blueprint.Dense, _ parameters: Parameters, inputGradient: MapLayout? = nil, batch: Int) {
    name = shape.names[0]
    layer = parameters[name]
    slope = shape.slope
    plan = DensePlan(
      input: shape.input, outputs: shape.storedOutputs, inputGradient: inputGradient ?? shape.input, batch: batch)
  }

  func forward(_ compute: Compute, _ input: FloatBuffer, _ output: FloatBuffer, images: Int) {
    plan.apply(
      compute, input: input, weights: layer.weights, bias: layer.bias, slope: slope, output: output, images: images)
  }

  /// The input's gradient into `result`, the parameters' gradients into or through `gradients`.
  /// - Parameter gate: the slope of the rectifier that made the input, or nil where it is none.
  func backward(
    _ compute: Compute, input: FloatBuffer, gate slope: Float?, outputGradient: FloatBuffer, result: FloatBuffer,
    images: Int, gradients: ParameterGradients
  ) {
    plan.backward(
      compute, input: input, gate: slope.map { (input, $0) }, weights: layer.weights, outputGradient: outputGradient,
      inputGradient: result, images: images, bias: gradients[name].bias,
      use: gradients.use(name))
  }
}
