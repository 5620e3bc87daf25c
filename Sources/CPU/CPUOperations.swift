import BVAEDevice
import BVAEKernelInterface

/// A device's buffer as the kernels take it.
func floats(_ buffer: any Buffer) -> FloatBuffer {
  guard let buffer = buffer as? FloatBuffer else { preconditionFailure("a buffer of another device") }
  return buffer
}

extension AdamStep {
  package init(_ update: AdamUpdate) {
    self.init(
      rate: update.rate, secondCorrection: update.secondCorrection, beta1: update.beta1, beta2: update.beta2,
      epsilon: update.epsilon)
  }
}

/// A convolution or transposed convolution: forward, and its part of the way back, which is its adjoint.
final class ConvolutionOperation: PreparedOperation {
  private let compute: Compute
  private let plan: ConvolutionPlan
  private let slope: Float, gate: Float?
  private let adjoint: ConvolutionPlan?
  /// The weights in the adjoint's order.
  private let exchanged: FloatBuffer?
  /// Where a gradient waits that is to be added to another.
  private lazy var summand = (
    weights: FloatBuffer(count: plan.weightCount), bias: FloatBuffer(count: plan.output.channels)
  )

  init(_ compute: Compute, _ geometry: ConvolutionGeometry, slope: Float, _ request: Preparation) {
    self.compute = compute
    self.slope = slope
    gate = request.gate
    let correlation = Correlation(geometry), outputGradient = request.outputGradient
    plan = ConvolutionPlan(
      correlation, input: request.input, output: request.output, companion: outputGradient, batch: request.batch,
      isForwardOnly: request.use == .fastInference)
    adjoint = request.inputGradient.map {
      // The gate is the input, which has the channels of the gradient except where there is none.
      ConvolutionPlan(
        correlation.adjoint(of: geometry), input: outputGradient, output: $0,
        companion: $0.channels == request.input.channels ? request.input : $0, batch: request.batch)
    }
    exchanged = adjoint.map { FloatBuffer(count: $0.weightCount) }
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    guard let weights else { return }
    plan.apply(
      compute, input: floats(input), weights: floats(weights.weights), output: floats(output), images: count,
      finish: .activate(bias: floats(weights.bias), slope: slope), hasSameWeights: hasSameWeights)
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let weights else { return }
    let input = floats(input), outputGradient = floats(outputGradient)
    if let use { weightGradient(input, outputGradient, weights, use, count) }
    guard let inputGradient, let adjoint, let exchanged else { return }
    plan.exchangeChannels(compute, weights: floats(weights.weights), for: adjoint, into: exchanged)
    adjoint.apply(
      compute, input: outputGradient, weights: exchanged, output: floats(inputGradient), images: count,
      finish: gate.map { .gate(input, slope: $0) } ?? .store)
  }

  private func weightGradient(
    _ input: FloatBuffer, _ outputGradient: FloatBuffer, _ weights: LayerWeights, _ use: LayerGradientUse, _ count: Int
  ) {
    func compute(_ weights: FloatBuffer, _ bias: FloatBuffer) {
      plan.weightGradient(
        self.compute, input: input, outputGradient: outputGradient, images: count, weights: weights, bias: bias)
    }
    switch (use.weights, use.bias) {
    case (.none, .none): return
    case (.store(let weights), .store(let bias)): compute(floats(weights), floats(bias))
    default:
      compute(summand.weights, summand.bias)
      finish(summand.weights, use.weights, weights.weights)
      finish(summand.bias, use.bias, weights.bias)
    }
  }

  /// Does with a gradient that was computed what is wanted.
  private func finish(_ gradient: FloatBuffer, _ use: GradientUse, _ values: any Buffer) {
    switch use {
    case .none: break
    case .store(let buffer): floats(buffer).copy(from: gradient)
    case .add(let buffer): for (i, value) in gradient.values.enumerated() { floats(buffer)[i] += value }
    case .step(let step, let moments):
      CPUDevice(compute).update(step, values: values, gradient: gradient, moments: moments)
    }
  }

  /// Weights in panels of sixteen output channels: `[panel][tap][input channel][16]`, see `ConvolutionPlan`.
  static func makeWeights(_ geometry: ConvolutionGeometry, _ name: String, _ input: MapLayout) -> LayerWeights {
    let taps = Correlation(geometry).taps, side = geometry.kernel
    let depth = taps.count * input.channels, stored = wholePanels(geometry.output.channels)
    let weights = FloatBuffer(count: depth * stored), bias = FloatBuffer(count: stored)
    var tapOffset = [Int](repeating: 0, count: taps.count)
    for (i, tap) in taps.enumerated() { tapOffset[tap.row * side + tap.column] = i * input.channels * panelWidth }
    let outputs = (0..<geometry.output.channels).map { $0 / panelWidth * depth * panelWidth + $0 % panelWidth }
    let inputs = (0..<geometry.input.channels).map { $0 * panelWidth }
    // PyTorch: [out, in, row, column], but [in, out, row, column] for a transposed convolution.
    let (first, second) = geometry.kind == .transposed ? (inputs, outputs) : (outputs, inputs)
    return LayerWeights(
      weights: weights, bias: bias,
      parameters: [
        Parameter(
          name: name + ".weight", shape: [first.count, second.count, side, side], buffer: weights, first: first,
          second: second, third: tapOffset),
        Parameter(
          name: name + ".bias", shape: [outputs.count], buffer: bias, first: Array(outputs.indices), second: [0],
          third: [0]),
      ])
  }
}

/// Dense layers that read the same input: forward, and their part of the way back.
final class DenseOperation: PreparedOperation {
  private let compute: Compute
  private let plan: DensePlan
  private let slope: Float, gate: Float?

  /// - Parameter stored: outputs, each head's in whole panels.
  init(_ compute: Compute, stored: Int, slope: Float, _ request: Preparation) {
    self.compute = compute
    self.slope = slope
    gate = request.gate
    plan = DensePlan(
      input: request.input, outputs: stored, inputGradient: request.inputGradient ?? request.input,
      batch: request.batch)
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    guard let weights else { return }
    plan.apply(
      compute, input: floats(input), weights: floats(weights.weights), bias: floats(weights.bias), slope: slope,
      output: floats(output), images: count)
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let weights else { return }
    let input = floats(input), use = use ?? .none
    let bias: FloatBuffer? =
      switch use.bias {
      case .none: nil
      case .store(let buffer): floats(buffer)
      case .add, .step: FloatBuffer(count: plan.outputs)
      }
    let weightUse: WeightGradientUse =
      switch use.weights {
      case .none: .none
      case .store(let buffer): .store(floats(buffer))
      case .add(let buffer): .add(floats(buffer))
      case .step(let step, let moments):
        .adam(AdamStep(step), AdamMoments(first: floats(moments.first), second: floats(moments.second)))
      }
    plan.backward(
      compute, input: input, gate: gate.map { (input, $0) }, weights: floats(weights.weights),
      outputGradient: floats(outputGradient), inputGradient: inputGradient.map(floats), images: count, bias: bias,
      use: weightUse)
    switch use.bias {
    case .none, .store: break
    case .add(let buffer): for i in 0..<plan.outputs { floats(buffer)[i] += bias?[i] ?? 0 }
    case .step(let step, let moments):
      if let bias { CPUDevice(compute).update(step, values: weights.bias, gradient: bias, moments: moments) }
    }
  }

  /// Weights in panels of sixteen outputs, `[panel][input][16]`, see `DensePlan`; each head begins with a whole panel.
  static func makeWeights(_ shape: Shape, outputs: Int, _ names: [String], _ input: MapLayout) -> LayerWeights {
    let (height, width, channels) = shape.extents, positions = height * width
    let inputs = positions * input.channels, stored = names.count * wholePanels(outputs)
    let weights = FloatBuffer(count: inputs * stored), bias = FloatBuffer(count: stored)
    let parameters = names.enumerated().flatMap { head, name in
      let columns = (0..<outputs).map { head * wholePanels(outputs) + $0 }
      return [
        Parameter(
          name: name + ".weight", shape: [outputs, shape.count], buffer: weights,
          first: columns.map { $0 / panelWidth * inputs * panelWidth + $0 % panelWidth },
          second: (0..<positions).map { $0 * input.channels * panelWidth },
          third: (0..<channels).map { $0 * panelWidth }),
        Parameter(
          name: name + ".bias", shape: [outputs], buffer: bias, first: columns, second: [0], third: [0]),
      ]
    }
    return LayerWeights(weights: weights, bias: bias, parameters: parameters)
  }
}

/// The same values in another layout, through a function or none.
final class RearrangingOperation: PreparedOperation, Sendable {
  private let compute: Compute
  private let request: Preparation
  private let activation: Activation?
  private let inputPlaces: [Int], outputPlaces: [Int], outputGradientPlaces: [Int], inputGradientPlaces: [Int]

  init(_ compute: Compute, _ request: Preparation) {
    self.compute = compute
    self.request = request
    if case .activation(let activation, _) = request.operation {
      self.activation = activation
    } else {
      activation = nil
    }
    let (input, output) = (request.operation.input, request.operation.output)
    inputPlaces = request.input.places(of: input)
    outputPlaces = request.output.places(of: output)
    outputGradientPlaces = request.outputGradient.places(of: output)
    inputGradientPlaces = request.inputGradient?.places(of: input) ?? []
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    let input = floats(input), output = floats(output)
    compute.workers.run(units: count) { image in
      let source = input.pointer + image * self.request.input.imageStride
      let target = output.pointer + image * self.request.output.imageStride
      for i in self.inputPlaces.indices {
        let value = source[self.inputPlaces[i]]
        target[self.outputPlaces[i]] = self.activation.map { Float($0.value(at: Double(value))) } ?? value
      }
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let inputGradient, let layout = request.inputGradient else { return }
    let x = floats(input), y = floats(output), dy = floats(outputGradient), dx = floats(inputGradient)
    compute.workers.run(units: count) { image in
      let xs = x.pointer + image * self.request.input.imageStride
      let ys = y.pointer + image * self.request.output.imageStride
      let source = dy.pointer + image * self.request.outputGradient.imageStride
      let target = dx.pointer + image * layout.imageStride
      for i in self.inputPlaces.indices {
        var gradient = source[self.outputGradientPlaces[i]]
        switch self.activation {
        case .sigmoid: gradient *= ys[self.outputPlaces[i]] * (1 - ys[self.outputPlaces[i]])
        case .tanh: gradient *= 1 - ys[self.outputPlaces[i]] * ys[self.outputPlaces[i]]
        case .rectifier, nil: break
        }
        if let gate = self.request.gate, !(xs[self.inputPlaces[i]] > 0) { gradient *= gate }
        target[self.inputGradientPlaces[i]] = gradient
      }
    }
  }
}
