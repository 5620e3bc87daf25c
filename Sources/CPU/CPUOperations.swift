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
  /// A faster way forward, where there is one.
  private let scattered: ScatteredConvolution?
  private let slope: Float, gate: Float?
  private let adjoint: ConvolutionPlan?
  /// The weights in the adjoint's order.
  private let exchanged: FloatBuffer?
  /// Where an output has fewer channels than a panel: its gradient without those that only fill the panel, so that the
  /// adjoint does not multiply zeros.
  private let compact: (layout: MapLayout, buffer: FloatBuffer)?
  /// Whether the weights' gradient is computed as that of the adjoint's, whose panels are those of the input: many of
  /// them, where the output's only one would be nearly empty.
  private let usesAdjointGradient: Bool
  /// Where a gradient waits that is to be added to another.
  private lazy var summand = (
    weights: FloatBuffer(count: plan.weightCount), bias: FloatBuffer(count: plan.output.channels)
  )

  init(_ compute: Compute, _ geometry: ConvolutionGeometry, slope: Float, _ request: Preparation) {
    self.compute = compute
    self.slope = slope
    gate = request.gate
    let correlation = Correlation(geometry), outputGradient = request.outputGradient
    let channels = geometry.output.channels
    plan = ConvolutionPlan(
      correlation, input: request.input, output: request.output, companion: outputGradient, batch: request.batch,
      isForwardOnly: request.use == .fastInference)
    scattered = ScatteredConvolution(geometry, input: request.input, output: request.output)
    compact =
      request.inputGradient == nil || channels >= panelWidth
      ? nil
      : {
        let layout = MapLayout(
          height: outputGradient.height, width: outputGradient.width, channels: channels,
          before: outputGradient.before, after: outputGradient.after)
        return (layout, FloatBuffer(count: request.batch * layout.imageStride))
      }()
    let gradient = compact?.layout ?? outputGradient
    // The paper's models, whose layers have as many channels on both sides, are stored by the bits that the usual order of
    // additions gives.
    usesAdjointGradient =
      compact != nil && (geometry.kernel > 4 || geometry.input.channels >= panelWidth && channels <= 4)
      && request.input.channels == request.inputGradient?.channels
    adjoint = request.inputGradient.map {
      // The gate is the input, which has the channels of the gradient except where there is none.
      ConvolutionPlan(
        correlation.adjoint(of: geometry), input: gradient, output: $0,
        companion: $0.channels == request.input.channels ? request.input : $0, batch: request.batch)
    }
    exchanged = adjoint.map { FloatBuffer(count: $0.weightCount) }
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    guard let weights else { return }
    if let scattered {
      scattered.apply(
        compute, input: floats(input), weights: floats(weights.weights), bias: floats(weights.bias), slope: slope,
        output: floats(output), images: count, hasSameWeights: hasSameWeights)
      return
    }
    plan.apply(
      compute, input: floats(input), weights: floats(weights.weights), output: floats(output), images: count,
      finish: .activate(bias: floats(weights.bias), slope: slope), hasSameWeights: hasSameWeights)
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let weights else { return }
    let input = floats(input), outputGradient = floats(outputGradient), reduced = compacted(outputGradient, count)
    if let use { weightGradient(input, outputGradient, reduced, weights, use, count) }
    guard let inputGradient, let adjoint, let exchanged else { return }
    plan.exchangeChannels(compute, weights: floats(weights.weights), for: adjoint, into: exchanged)
    adjoint.apply(
      compute, input: reduced, weights: exchanged, output: floats(inputGradient), images: count,
      finish: gate.map { .gate(input, slope: $0) } ?? .store)
  }

  /// The output's gradient as the adjoint reads it.
  private func compacted(_ gradient: FloatBuffer, _ count: Int) -> FloatBuffer {
    guard let (layout, buffer) = compact else { return gradient }
    let from = plan.companion, channels = layout.channels
    precondition(gradient.count >= count * from.imageStride && buffer.count >= count * layout.imageStride)
    compute.forEachRow(of: from, images: count) { image, row in
      let source = gradient.pointer + from.offset(image: image, row: row)
      let target = buffer.pointer + layout.offset(image: image, row: row)
      for column in 0..<from.width {
        for channel in 0..<channels { target[column * channels + channel] = source[column * from.channels + channel] }
      }
    }
    return buffer
  }

  private func weightGradient(
    _ input: FloatBuffer, _ outputGradient: FloatBuffer, _ reduced: FloatBuffer, _ weights: LayerWeights,
    _ use: LayerGradientUse, _ count: Int
  ) {
    guard use.weights.isWanted || use.bias.isWanted else { return }
    let bias = use.bias.isWanted ? use.bias.target ?? summand.bias : nil
    let target = use.weights.target ?? summand.weights
    if usesAdjointGradient, let adjoint, let exchanged {
      if use.weights.isWanted {
        adjoint.weightGradient(
          compute, input: reduced, outputGradient: input, images: count, weights: exchanged, bias: nil)
        plan.exchangeBack(compute, exchanged, of: adjoint, into: target)
      }
      if let bias { plan.biasGradient(compute, outputGradient, images: count, into: bias) }
    } else {
      plan.weightGradient(
        compute, input: input, outputGradient: outputGradient, images: count, weights: target, bias: bias)
    }
    use.weights.finish(compute, target, values: weights.weights)
    if let bias { use.bias.finish(compute, bias, values: weights.bias) }
  }

  /// Weights in panels of sixteen output channels: `[panel][tap][input channel][16]`, see `ConvolutionPlan`.
  static func makeWeights(
    _ geometry: ConvolutionGeometry, _ name: String, hasBias: Bool, _ input: MapLayout
  ) -> LayerWeights {
    let taps = Correlation(geometry).taps, side = geometry.kernel
    let depth = taps.count * input.channels, stored = wholePanels(geometry.output.channels)
    let weights = FloatBuffer(count: depth * stored), bias = FloatBuffer(count: stored)
    var tapOffset = [Int](repeating: 0, count: taps.count)
    for (i, tap) in taps.enumerated() { tapOffset[tap.row * side + tap.column] = i * input.channels * panelWidth }
    let outputs = (0..<geometry.output.channels).map { $0 / panelWidth * depth * panelWidth + $0 % panelWidth }
    let inputs = (0..<geometry.input.channels).map { $0 * panelWidth }
    // PyTorch: [out, in, row, column], but [in, out, row, column] for a transposed convolution.
    let (first, second) = geometry.kind == .transposed ? (inputs, outputs) : (outputs, inputs)
    let weight = Parameter(
      name: name + ".weight", shape: [first.count, second.count, side, side], kind: .weight, buffer: weights,
      first: first, second: second, third: tapOffset)
    let own = Parameter(
      name: name + ".bias", shape: [outputs.count], kind: .bias, buffer: bias, first: Array(outputs.indices),
      second: [0], third: [0])
    return LayerWeights(weights: weights, bias: bias, parameters: hasBias ? [weight, own] : [weight])
  }
}

extension GradientUse {
  /// Whether the gradient is computed.
  var isWanted: Bool { if case .none = self { false } else { true } }

  /// Where a gradient may be computed that is only to be stored.
  var target: FloatBuffer? { if case .store(let buffer) = self { floats(buffer) } else { nil } }

  /// Does with a gradient that was computed what is wanted; nothing where it was computed in the place where it is stored.
  func finish(_ compute: Compute, _ gradient: FloatBuffer, values: any Buffer) {
    switch self {
    case .none: break
    case .store(let buffer): if buffer !== gradient { floats(buffer).copy(from: gradient) }
    case .add(let buffer):
      let sum = floats(buffer)
      precondition(sum.count == gradient.count)
      for i in 0..<sum.count { sum.pointer[i] += gradient.pointer[i] }
    case .step(let step, let moments):
      CPUDevice(compute).update(step, values: values, gradient: gradient, moments: moments)
    }
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
    let bias = use.bias.isWanted ? use.bias.target ?? FloatBuffer(count: plan.outputs) : nil
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
    if let bias { use.bias.finish(compute, bias, values: weights.bias) }
  }

  /// Weights in panels of sixteen outputs, `[panel][input][16]`, see `DensePlan`; each head begins with a whole panel.
  static func makeWeights(
    _ shape: Shape, outputs: Int, _ names: [String], hasBias: Bool, _ input: MapLayout
  ) -> LayerWeights {
    let (height, width, channels) = shape.extents, positions = height * width
    let inputs = positions * input.channels, stored = names.count * wholePanels(outputs)
    let weights = FloatBuffer(count: inputs * stored), bias = FloatBuffer(count: stored)
    let parameters = names.enumerated().flatMap { head, name -> [Parameter] in
      let columns = (0..<outputs).map { head * wholePanels(outputs) + $0 }
      let weight = Parameter(
        name: name + ".weight", shape: [outputs, shape.count], kind: .weight, buffer: weights,
        first: columns.map { $0 / panelWidth * inputs * panelWidth + $0 % panelWidth },
        second: (0..<positions).map { $0 * input.channels * panelWidth },
        third: (0..<channels).map { $0 * panelWidth })
      let own = Parameter(
        name: name + ".bias", shape: [outputs], kind: .bias, buffer: bias, first: columns, second: [0], third: [0])
      return hasBias ? [weight, own] : [weight]
    }
    return LayerWeights(weights: weights, bias: bias, parameters: parameters)
  }
}

/// The same values in another layout.
final class ReshapingOperation: PreparedOperation, Sendable {
  private let compute: Compute
  private let request: Preparation
  private let runs: [Run]

  /// Values that lie one after the other on both sides.
  private struct Run {
    let input: Int, output: Int, outputGradient: Int, inputGradient: Int
    var length: Int

    func follows(_ other: Run) -> Bool {
      input == other.input + other.length && output == other.output + other.length
        && outputGradient == other.outputGradient + other.length
        && inputGradient == other.inputGradient + other.length
    }
  }

  init(_ compute: Compute, _ request: Preparation, from input: Shape, to output: Shape) {
    self.compute = compute
    self.request = request
    let layouts = (request.input, request.output, request.outputGradient, request.inputGradient ?? request.input)
    /// Where a value of a shape lies.
    func place(_ number: Int, _ shape: Shape, _ layout: MapLayout) -> Int {
      let (_, width, channels) = shape.extents, (position, channel) = number.quotientAndRemainder(dividingBy: channels)
      return layout.offset(row: position / width, column: position % width) + channel
    }
    var runs: [Run] = [], number = 0
    while number < input.count {
      let run = Run(
        input: place(number, input, layouts.0), output: place(number, output, layouts.1),
        outputGradient: place(number, output, layouts.2), inputGradient: place(number, input, layouts.3),
        length: [input, output].map { $0.extents.channels - number % $0.extents.channels }.min() ?? 1)
      number += run.length
      if let last = runs.last, run.follows(last) {
        runs[runs.count - 1].length += run.length
      } else {
        runs.append(run)
      }
    }
    self.runs = runs
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    let input = floats(input), output = floats(output)
    compute.workers.run(units: count) { image in
      let source = input.pointer + image * self.request.input.imageStride
      let target = output.pointer + image * self.request.output.imageStride
      for run in self.runs { (target + run.output).update(from: source + run.input, count: run.length) }
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let inputGradient, let layout = request.inputGradient else { return }
    let x = floats(input), dy = floats(outputGradient), dx = floats(inputGradient)
    compute.workers.run(units: count) { image in
      let gate = x.pointer + image * self.request.input.imageStride
      let source = dy.pointer + image * self.request.outputGradient.imageStride
      let target = dx.pointer + image * layout.imageStride
      for run in self.runs {
        (target + run.inputGradient).update(from: source + run.outputGradient, count: run.length)
        guard let slope = self.request.gate else { continue }
        for i in 0..<run.length where !(gate[run.input + i] > 0) { target[run.inputGradient + i] *= slope }
      }
    }
  }
}
