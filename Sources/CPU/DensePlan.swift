import BVAEDevice
import BVAEKernelInterface

/// A dense layer for batches, prepared once. Weights are kept in panels of sixteen outputs: `[panel][input][16]`.
///
/// The way back goes over the weights once. For a block of inputs it computes, a few panels at a time, the input's
/// gradient with the weights as they are, then the weights' gradient, which is handed on at once: to Adam, while
/// weights and gradient are in the cache. For the large output layer (38 million weights for SVHN) the gradient never
/// goes through memory, and the weights only once in each direction. Both operands of the weights' gradient are laid
/// out beforehand in the order in which it reads them, so that the processor sees what is coming.
///
/// The input gradient needs the weights' other side as vectors. Instead of transposing the weights, the roles are
/// exchanged: rows of the weights are broadcast, sixteen images of the batch are the vector, and the result of a block
/// is transposed back when it is complete.
package final class DensePlan: Sendable {
  /// Values of one image on the way in.
  package let inputs: Int
  /// Values of one image on the way out, in whole panels.
  package let outputs: Int
  private let batch: Int
  private let inputStride: Int, outputStride: Int, gradientStride: Int
  private let inputRows: Offsets, outputRows: Offsets, outputPanels: Offsets, weightRows: Offsets
  private let gradientPositions: Offsets, imageMajorRows: Offsets, imagePanels: Offsets
  private let tileRows: Offsets, gradientRows: Offsets, gradientPanels: Offsets
  /// The output's gradient: `[panel of images][output][16 images]` and `[panel of outputs][image][16 outputs]`.
  private let imageMajor: FloatBuffer, outputMajor: FloatBuffer

  /// Prepares a plan.
  /// - Parameters:
  ///   - input: the layout of the input, without margin; a plain row of n values is a map of 1×1 with n channels.
  ///   - outputs: the number of outputs, in whole panels; the output of an image follows at once on the one before.
  ///   - inputGradient: the layout of the input's gradient, of the input's size.
  ///   - batch: the most images at a time.
  package init(input: MapLayout, outputs: Int, inputGradient: MapLayout, batch: Int) {
    precondition(input.before == 0 && input.after == 0 && outputs % panelWidth == 0)
    let positions = inputGradient.flattened
    inputs = input.height * input.width * input.channels
    precondition(positions.count == inputs && input.channels % panelWidth == 0)
    self.outputs = outputs
    self.batch = batch
    inputStride = input.imageStride
    outputStride = DensePlan.row(outputs).imageStride
    gradientStride = inputGradient.imageStride
    let outputStride = outputStride
    inputRows = Offsets((0..<batch).map { $0 * input.imageStride })
    outputRows = Offsets((0..<batch).map { $0 * outputStride })
    outputPanels = Offsets((0..<outputs / panelWidth).map { $0 * panelWidth })
    weightRows = Offsets((0..<DensePlan.unitInputs).map { $0 * panelWidth })
    let imageMajorStride = wholePanels(batch)
    imageMajorRows = Offsets((0..<DensePlan.unitInputs).map { $0 * imageMajorStride })
    imagePanels = Offsets((0..<imageMajorStride / panelWidth).map { $0 * panelWidth })
    gradientPositions = Offsets(positions)
    tileRows = Offsets((0..<batch).map { $0 * tileHeight })
    gradientRows = Offsets((0..<batch).map { $0 * panelWidth })
    gradientPanels = Offsets((0..<outputs / panelWidth).map { $0 * batch * panelWidth })
    imageMajor = FloatBuffer(count: wholePanels(batch) * outputs)
    outputMajor = FloatBuffer(count: batch * outputs)
  }

  /// The layout of a plain row of values for each image.
  package static func row(_ count: Int) -> MapLayout { MapLayout(height: 1, width: 1, channels: count) }

  /// Floats of the weights.
  package var weightCount: Int { inputs * outputs }

  private var panels: Int { outputs / panelWidth }

  /// Computes `leaky(input · weights + bias)` for the first `images` images; slope 1 is the identity.
  package func apply(
    _ compute: Compute, input: FloatBuffer, weights: FloatBuffer, bias: FloatBuffer, slope: Float,
    output: FloatBuffer, images: Int
  ) {
    precondition(images <= batch && input.count >= images * inputStride && output.count >= images * outputStride)
    precondition(weights.count == weightCount && bias.count == outputs)
    var product = Product(
      a: input.pointer, aRows: inputRows.pointer, aRunStride: 0, runs: 1, runLength: inputs, b: weights.pointer,
      bPanelStride: inputs * panelWidth, c: output.pointer, cRows: outputRows.pointer, cPanels: outputPanels.pointer)
    product.bias = UnsafePointer(bias.pointer)
    product.slope = slope
    let rowUnits = units(images, by: unitRows), prepared = product, panels = panels
    compute.workers.run(units: units(panels, by: Self.unitPanels) * rowUnits) { unit in
      let panel = unit / rowUnits * Self.unitPanels, first = unit % rowUnits * unitRows
      compute.kernels.build.multiply(
        prepared, rows: first..<min(images, first + unitRows), panels: panel..<min(panels, panel + Self.unitPanels))
    }
  }

  /// Panels that are computed together: as many as the widest register tile has.
  private static let unitPanels = 2
  /// Inputs of a unit of work on the way back: 40 tiles, 15 panels.
  private static let unitInputs = 40 * tileHeight
  /// Panels whose weights a unit takes together: 64 KB of them.
  private static let groupPanels = 4

  /// Computes the input's gradient and the gradients of weights and bias.
  /// - Parameters:
  ///   - gate: the input itself and the slope of the rectifier that made it, whose derivative multiplies the input's
  ///     gradient; nil where the input did not come out of a rectifier.
  ///   - inputGradient: where the input's gradient goes; nil where it is not wanted.
  ///   - bias: where the bias's gradient goes; nil where it is not wanted.
  ///   - use: what becomes of the weights' gradient.
  package func backward(
    _ compute: Compute, input: FloatBuffer, gate: (input: FloatBuffer, slope: Float)?, weights: FloatBuffer,
    outputGradient: FloatBuffer, inputGradient: FloatBuffer?, images: Int, bias: FloatBuffer?,
    use: WeightGradientUse
  ) {
    precondition(images <= batch && input.count >= images * inputStride)
    if let bias { precondition(bias.count == outputs) }
    precondition(outputGradient.count >= images * outputStride && weights.count == weightCount)
    if let inputGradient { precondition(inputGradient.count >= images * gradientStride) }
    if let gate { precondition(gate.input.count >= images * inputStride) }
    switch use {
    case .none: break
    case .store(let buffer), .add(let buffer): precondition(buffer.count == weightCount)
    case .adam(_, let moments):
      precondition(moments.first.count == weightCount && moments.second.count == weightCount)
    }
    arrange(compute, outputGradient, images: images)
    if let bias { biasGradient(compute, images: images, into: bias) }
    if case .none = use, inputGradient == nil { return }
    let panels = panels, inputs = inputs, imageMajorStride = wholePanels(batch), unitInputs = Self.unitInputs
    let panelStride = inputs * panelWidth, lastStart = max(0, weightCount - panelWidth)
    let partSize = Self.unitPanels * unitInputs * panelWidth, tilesSize = unitInputs * batch + panelWidth
    let scratch = compute.scratch.blocks(of: unitInputs * imageMajorStride + partSize + tilesSize)
    compute.workers.run(units: units(inputs, by: unitInputs)) { unit, worker in
      let first = unit * unitInputs, count = min(unitInputs, inputs - first)
      let imageMajorResult = scratch[worker].pointer, part = imageMajorResult + unitInputs * imageMajorStride
      let tiles = part + partSize
      compute.kernels.build.packTiles(
        TilePacking(
          input.pointer + first, imageStride: self.inputStride, count: count, images: images, result: tiles))
      var gradient = WeightGradient(
        a: tiles, aRows: self.tileRows.pointer, aRunStride: 0, runLength: count, d: self.outputMajor.pointer,
        dRows: self.gradientRows.pointer, dPanels: self.gradientPanels.pointer, rows: images, result: part,
        resultStride: count * panelWidth)
      gradient.aTileStride = tileHeight * images
      for firstPanel in stride(from: 0, to: panels, by: Self.groupPanels) {
        let lastPanel = min(panels, firstPanel + Self.groupPanels)
        let start = firstPanel * panelStride + first * panelWidth
        var product = Product(
          a: weights.pointer + start, aRows: self.weightRows.pointer, aRunStride: panelStride,
          runs: lastPanel - firstPanel, runLength: panelWidth,
          b: self.imageMajor.pointer + firstPanel * panelWidth * panelWidth, bPanelStride: self.outputs * panelWidth,
          c: imageMajorResult, cRows: self.imageMajorRows.pointer, cPanels: self.imagePanels.pointer)
        product.accumulates = firstPanel > 0
        if case .adam(_, let moments) = use {
          product.prefetch = Prefetch(
            moments.first.pointer + start, moments.second.pointer + start, linesPerRun: count,
            runs: lastPanel - firstPanel, runStride: panelStride)
        }
        if inputGradient != nil {
          compute.kernels.build.multiply(product, rows: 0..<count, panels: 0..<units(images, by: panelWidth))
        }
        for panel in stride(from: firstPanel, to: lastPanel, by: Self.unitPanels) {
          let end = min(lastPanel, panel + Self.unitPanels), start = panel * panelStride + first * panelWidth
          // Soon the weights of the next group are wanted.
          gradient.prefetch = Prefetch(
            weights.pointer + min(start + Self.groupPanels * panelStride, lastStart), linesPerRun: count,
            runs: end - panel, runStride: panelStride)
          switch use {
          case .none: continue
          case .store(let buffer), .add(let buffer):
            gradient.result = buffer.pointer + start
            gradient.resultStride = panelStride
            if case .add = use { gradient.accumulates = true }
          case .adam(let step, let moments):
            gradient.adam = AdamTarget(
              step, weights: weights.pointer + start, first: moments.first.pointer + start,
              second: moments.second.pointer + start, panelStride: panelStride)
          }
          compute.kernels.build.multiplyTransposed(gradient, run: 0, depth: 0..<count, panels: panel..<end)
        }
      }
      guard let inputGradient else { return }
      var block = TransposedBlock(
        imageMajorResult, sourceStride: imageMajorStride, count: count, images: images, result: inputGradient.pointer,
        resultStride: self.gradientStride, positions: self.gradientPositions.pointer + first)
      if let gate {
        block.gate = UnsafePointer(gate.input.pointer + first)
        block.gateStride = self.inputStride
        block.slope = gate.slope
      }
      compute.kernels.build.transposeAndGate(block)
    }
  }

  /// Lays the output's gradient out in the two orders in which it is read.
  private func arrange(_ compute: Compute, _ outputGradient: FloatBuffer, images: Int) {
    let outputs = outputs, batch = batch
    compute.workers.run(units: units(images, by: panelWidth)) { panel in
      for lane in 0..<panelWidth {
        let image = panel * panelWidth + lane
        let target = self.imageMajor.pointer + panel * outputs * panelWidth + lane
        let source = outputGradient.pointer + image * self.outputStride
        for output in 0..<outputs { target[output * panelWidth] = image < images ? source[output] : 0 }
        guard image < images else { continue }
        for first in stride(from: 0, to: outputs, by: panelWidth) {
          let target = self.outputMajor.pointer + first * batch + image * panelWidth
          target.update(from: source + first, count: panelWidth)
        }
      }
    }
  }

  private func biasGradient(_ compute: Compute, images: Int, into bias: FloatBuffer) {
    bias.clear()
    compute.workers.run(units: panels) { panel in
      compute.kernels.build.sumColumns(
        ColumnSum(
          self.outputMajor.pointer + Int(self.gradientPanels.pointer[panel]), rowOffsets: self.gradientRows.pointer,
          rows: images, result: bias.pointer + panel * panelWidth))
    }
  }
}

/// What becomes of the gradient of a dense layer's weights.
package enum WeightGradientUse: Sendable {
  /// It is not computed.
  case none
  /// It is stored, in a buffer of the weights' size.
  case store(FloatBuffer)
  /// It is added to what the buffer holds.
  case add(FloatBuffer)
  /// The weights take an Adam step with it as it is computed; it goes through no memory.
  case adam(AdamStep, AdamMoments)
}

/// The next multiple of a panel's sixteen columns. Every layer's outputs are kept in whole panels; the ones that are
/// only there to fill a panel have zero weights and zero bias, and stay zero.
package func wholePanels(_ count: Int) -> Int { (count + panelWidth - 1) / panelWidth * panelWidth }

/// What Adam remembers of one buffer of weights.
package final class AdamMoments: Sendable {
  /// The running mean of the gradient.
  package let first: FloatBuffer
  /// The running mean of the squared gradient.
  package let second: FloatBuffer

  /// Moments in two buffers of the weights' size.
  package init(first: FloatBuffer, second: FloatBuffer) {
    self.first = first
    self.second = second
  }
}
