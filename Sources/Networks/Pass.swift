import BVAEDevice

/// One way through a network, with room for a batch: what lies between the layers, and the gradients on the way back.
/// All memory is taken once; a step takes none of size.
///
/// Activations belong to a pass and weights to the network, so that a network may be used several times in a step.
package final class Pass {
  package let weights: NetWeights
  /// What the network reads and writes.
  package let input: Values, output: Values
  /// The gradient of the output, which `backward` reads, and of the input, where it is wanted.
  package let outputGradient: Values?, inputGradient: Values?

  private let steps: [any PreparedOperation]
  /// A sigmoid at the end that is applied in place, and whose derivative is the loss's.
  private let squash: Activation?
  /// What each operation reads; then what the last one writes.
  private let values: [Values]
  /// The gradient of what each operation reads, then of what the last one writes; nil where none is wanted.
  private let gradients: [Values?]

  /// A pass.
  /// - Parameters:
  ///   - batch: the most images at a time.
  ///   - wantsInputGradient: whether `backward` gives the input's gradient too.
  ///   - gradientIsBeforeSigmoid: whether `outputGradient` is that before the sigmoid with which the network ends, as
  ///     a likelihood gives it: (y − x) for Bernoulli has no quotient that could be 0 / 0.
  package init(
    _ weights: NetWeights, batch: Int, use: Preparation.Use, wantsInputGradient: Bool = false,
    gradientIsBeforeSigmoid: Bool = false
  ) {
    self.weights = weights
    let device = weights.device
    var operations = weights.operations.map(\.operation)
    if gradientIsBeforeSigmoid, case .activation(.sigmoid, _)? = operations.last,
      operations.dropLast().last?.rectifierSlope == nil
    {
      operations.removeLast()
      squash = .sigmoid
    } else {
      squash = nil
    }
    let hasGradients = use == .training
    let shapes = operations.map(\.input) + [operations.last?.output ?? weights.net.input]
    let layouts = Self.layouts(operations, shapes, device)
    func make(_ i: Int, _ layout: MapLayout) -> Values {
      Values(
        buffer: device.makeBuffer(count: batch * layout.imageStride), layout: layout, shape: shapes[i], device: device)
    }
    values = layouts.indices.map { make($0, layouts[$0]) }
    func gradientLayout(_ i: Int) -> MapLayout? {
      if i > 0 { return device.gradientLayout(of: operations[i - 1]) }
      // Of the input the host knows the gradient in whole panels, as every linear operation writes it.
      return wantsInputGradient ? device.gradientLayout(of: .reshape(from: shapes[0], to: shapes[0])) : nil
    }
    steps = operations.indices.map { i in
      device.prepare(
        Preparation(
          operations[i], input: layouts[i], output: layouts[i + 1],
          outputGradient: device.gradientLayout(of: operations[i]),
          inputGradient: hasGradients ? gradientLayout(i) : nil, gate: i > 0 ? operations[i - 1].rectifierSlope : nil,
          batch: batch, use: use))
    }
    gradients = (0...operations.count).map { i in
      guard hasGradients, let layout = gradientLayout(i) else { return nil }
      return make(i, layout)
    }
    input = values[0]
    output = values[operations.count]
    inputGradient = gradients[0]
    outputGradient = gradients[operations.count]
  }

  private static func layouts(_ operations: [Operation], _ shapes: [Shape], _ device: any Device) -> [MapLayout] {
    shapes.indices.map { i in
      device.layout(
        of: shapes[i], from: i > 0 ? operations[i - 1] : nil, to: i < operations.count ? operations[i] : nil)
    }
  }

  /// Floats that a pass for training takes for each image of a batch.
  package static func floatsPerImage(_ net: Net, on device: any Device) -> Int {
    let operations = net.lowered.map(\.operation)
    let layouts = layouts(operations, operations.map(\.input) + [operations.last?.output ?? net.input], device)
    return (layouts + operations.map(device.gradientLayout)).reduce(0) { $0 + $1.imageStride }
  }

  /// From `input` to `output`, for the first `count` images.
  /// - Parameter hasSameWeights: whether the weights are those of the call before.
  package func forward(count: Int, hasSameWeights: Bool = false) {
    for (i, step) in steps.enumerated() {
      step.forward(
        values[i].buffer, weights.layers[i], values[i + 1].buffer, count: count, hasSameWeights: hasSameWeights)
    }
    if let squash { weights.device.apply(squash, to: output.buffer, output.layout, count: count) }
  }

  /// From `outputGradient` to `inputGradient` and to the gradients of the weights.
  package func backward(count: Int, into use: NetGradients) {
    for i in steps.indices.reversed() { backward(count: count, operation: i, use: use.layers[i]) }
  }

  /// The same for one of several passes of a network in a step.
  /// - Parameters:
  ///   - isFurther: whether the gradients of the weights are added to those of the passes before; they must all be stored.
  ///   - wantsInputGradient: whether the input's gradient is computed, where the pass has room for it.
  package func backward(count: Int, into use: NetGradients, isFurther: Bool, wantsInputGradient: Bool = true) {
    precondition(!isFurther || use.storesAll, "a gradient that was used at once cannot be added to")
    let uses = isFurther ? use.further : use.layers
    for i in steps.indices.reversed() {
      backward(count: count, operation: i, use: uses[i], wantsInputGradient: i > 0 || wantsInputGradient)
    }
  }

  /// From `outputGradient` to `inputGradient`, without the gradients of the weights.
  package func backwardToInput(count: Int) {
    for i in steps.indices.reversed() {
      backward(count: count, operation: i, use: weights.layers[i] == nil ? nil : LayerGradientUse.none)
    }
  }

  /// One operation of the way back.
  package func backward(count: Int, operation i: Int, use: LayerGradientUse?, wantsInputGradient: Bool = true) {
    guard let outputGradient = gradients[i + 1] else { return }
    steps[i].backward(
      values[i].buffer, weights.layers[i], values[i + 1].buffer, outputGradient: outputGradient.buffer,
      inputGradient: wantsInputGradient ? gradients[i]?.buffer : nil, use: use, count: count)
  }
}
