import KernelInterface

/// A dense layer for batches, prepared once. Weights are kept in panels of sixteen outputs: `[panel][input][16]`.
///
/// The input gradient needs the weights' other side as vectors. Instead of turning the weights around (38 million of
/// them for SVHN's output layer), the roles are exchanged: rows of the weights are broadcast, sixteen images of the
/// batch are the vector, and the result is stored transposed.
public final class DensePlan: Sendable {
  /// Values of one image on the way in.
  public let inputs: Int
  /// Values of one image on the way out, in whole panels.
  public let outputs: Int
  private let batch: Int
  private let inputStride: Int, outputStride: Int, gradientStride: Int
  private let inputRows: Offsets, outputRows: Offsets, outputPanels: Offsets, weightRows: Offsets
  private let gradientRows: Offsets, inputPositions: Offsets
  private let turned: FloatBuffer

  /// Prepares a plan.
  /// - Parameters:
  ///   - input: the layout of the input, without margin; a plain row of n values is a map of 1×1 with n channels.
  ///   - outputs: the number of outputs, in whole panels; the output of an image follows at once on the one before.
  ///   - inputGradient: the layout of the input's gradient, of the input's size.
  ///   - batch: the most images at a time.
  public init(input: MapLayout, outputs: Int, inputGradient: MapLayout, batch: Int) {
    precondition(input.before == 0 && input.after == 0 && outputs % panelWidth == 0)
    let positions = inputGradient.flattened
    inputs = input.height * input.width * input.channels
    precondition(positions.count == inputs)
    self.outputs = outputs
    self.batch = batch
    inputStride = input.imageStride
    outputStride = DensePlan.row(outputs).imageStride
    gradientStride = inputGradient.imageStride
    let outputStride = outputStride
    inputRows = Offsets((0..<batch).map { $0 * input.imageStride })
    outputRows = Offsets((0..<batch).map { $0 * outputStride })
    outputPanels = Offsets((0..<outputs / panelWidth).map { $0 * panelWidth })
    weightRows = Offsets((0..<inputs).map { $0 * panelWidth })
    gradientRows = Offsets(positions)
    inputPositions = Offsets(input.flattened)
    turned = FloatBuffer(count: wholePanels(batch) * outputs)
  }

  /// The layout of a plain row of values for each image.
  public static func row(_ count: Int) -> MapLayout { MapLayout(height: 1, width: 1, channels: count) }

  /// Floats of the weights.
  public var weightCount: Int { inputs * outputs }

  private var panels: Int { outputs / panelWidth }

  /// Computes `leaky(input · weights + bias)` for the first `images` images; slope 1 is the identity.
  public func apply(
    _ compute: Compute, input: FloatBuffer, weights: FloatBuffer, bias: FloatBuffer, slope: Float,
    output: FloatBuffer, images: Int
  ) {
    precondition(images <= batch && input.count >= images * inputStride && output.count >= images * outputStride)
    precondition(weights.count == weightCount && bias.count == outputs)
    var product = Product(
      a: input.pointer, aRows: inputRows.pointer, aRunStride: 0, runs: 1, runLength: inputs, b: weights.pointer,
      bPanelStride: inputs * panelWidth, c: output.pointer, cRows: outputRows.pointer, cPanels: outputPanels.pointer,
      columns: outputs)
    product.bias = UnsafePointer(bias.pointer)
    product.slope = slope
    let rowUnits = units(images, by: unitRows), prepared = product
    compute.workers.run(units: panels * rowUnits) { unit in
      let panel = unit / rowUnits, first = unit % rowUnits * unitRows
      compute.kernels.multiply(prepared, first, min(images, first + unitRows), panel, panel + 1)
    }
  }

  /// Computes the input's gradient.
  /// - Parameter gate: the input itself and the slope of the rectifier that made it, whose derivative multiplies the
  ///   gradient; nil where the input did not come out of a rectifier.
  public func inputGradient(
    _ compute: Compute, outputGradient: FloatBuffer, weights: FloatBuffer, gate: (input: FloatBuffer, slope: Float)?,
    result: FloatBuffer, images: Int
  ) {
    precondition(images <= batch && outputGradient.count >= images * outputStride && weights.count == weightCount)
    precondition(result.count >= images * gradientStride)
    turnAround(outputGradient, images: images)
    var product = Product(
      a: weights.pointer, aRows: weightRows.pointer, aRunStride: inputs * panelWidth, runs: panels,
      runLength: panelWidth, b: turned.pointer, bPanelStride: outputs * panelWidth, c: result.pointer,
      cRows: gradientRows.pointer, cPanels: outputPanels.pointer, columns: images)
    product.cLaneStride = gradientStride
    if let gate {
      precondition(gate.input.count >= images * inputStride)
      product.gate = UnsafePointer(gate.input.pointer)
      product.gateRows = UnsafePointer(inputPositions.pointer)
      product.gateLaneStride = inputStride
      product.slope = gate.slope
    }
    let prepared = product, inputs = inputs, imagePanels = units(images, by: panelWidth)
    compute.workers.run(units: units(inputs, by: unitRows)) { unit in
      let first = unit * unitRows
      compute.kernels.multiply(prepared, first, min(inputs, first + unitRows), 0, imagePanels)
    }
  }

  /// The gradient of the output with sixteen images side by side: `[panel of images][output][16]`.
  private func turnAround(_ outputGradient: FloatBuffer, images: Int) {
    for image in 0..<wholePanels(images) {
      let target = turned.pointer + image / panelWidth * outputs * panelWidth + image % panelWidth
      let source = outputGradient.pointer + image * outputStride
      for output in 0..<outputs { target[output * panelWidth] = image < images ? source[output] : 0 }
    }
  }

  /// Inputs whose weights' gradient a unit computes: 32 KB of it, which stays in the first-level cache.
  private static let unitInputs = 85 * tileHeight

  /// Computes the gradients of weights and bias.
  /// - Parameter use: takes each finished part of the weights' gradient, `count` values from `start` on, while it is
  ///   still in the cache; called on any thread.
  public func weightGradient(
    _ compute: Compute, input: FloatBuffer, outputGradient: FloatBuffer, images: Int, bias: FloatBuffer,
    use: @Sendable (_ part: UnsafePointer<Float>, _ start: Int, _ count: Int) -> Void
  ) {
    precondition(images <= batch && input.count >= images * inputStride && bias.count == outputs)
    precondition(outputGradient.count >= images * outputStride)
    let gradient = WeightGradient(
      a: input.pointer, aRows: inputRows.pointer, aRunStride: 0, runLength: inputs, d: outputGradient.pointer,
      dRows: outputRows.pointer, dPanels: outputPanels.pointer)
    bias.clear()
    let panels = panels, inputs = inputs
    // The panels of one block of inputs follow each other, so that the block stays in the second-level cache.
    compute.workers.run(units: units(inputs, by: Self.unitInputs) * panels) { unit in
      let panel = unit % panels, first = unit / panels * Self.unitInputs
      let last = min(inputs, first + Self.unitInputs), count = (last - first) * panelWidth
      withUnsafeTemporaryAllocation(byteCount: count * 4, alignment: 64) { memory in
        let part = memory.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
        compute.kernels.multiplyTransposed(gradient, 0, first, last, panel, panel + 1, images, part, 0, false)
        use(part, (panel * inputs + first) * panelWidth, count)
      }
      if first == 0 {
        let offset = panel * panelWidth
        compute.kernels.sumColumns(
          outputGradient.pointer + offset, self.outputRows.pointer, images, bias.pointer + offset)
      }
    }
  }
}
