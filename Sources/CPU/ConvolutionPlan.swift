import BVAEDevice
import BVAEKernelInterface

/// A convolution or transposed convolution of batches of maps, prepared once: where each output's inputs lie.
///
/// Weights are kept in panels of sixteen output channels: `[panel][tap][input channel][16]`, the taps in the order of
/// `Correlation.taps`.
package final class ConvolutionPlan: Sendable {
  /// The geometry.
  package let correlation: Correlation
  /// Layout of the input.
  package let input: MapLayout
  /// Layout of the output; its channels are whole panels.
  package let output: MapLayout
  /// Layout of the second map of the output's size.
  let companion: MapLayout
  private let phases: [PhasePlan]
  private let panelOffsets: Offsets
  private let batch: Int
  /// Where the shape is one that Winograd's filtering computes faster.
  private let winograd: WinogradPlan?

  private struct PhasePlan: Sendable {
    let runs: Int, runLength: Int, firstDepth: Int, positions: Int
    let inputRows: Offsets, outputRows: Offsets, companionRows: Offsets
  }

  /// Prepares a plan.
  /// - Parameters:
  ///   - input: a layout with the margin that the correlation needs.
  ///   - companion: the layout of a second map of the output's size: the output's gradient on the way forward (for
  ///     `weightGradient`; where it has the margin that whole tiles reach into, that is faster), the gate on the way back.
  ///   - batch: the most images at a time.
  ///   - isForwardOnly: whether `weightGradient` will not be wanted: `apply` may then take fewer products, which round
  ///     otherwise.
  package init(
    _ correlation: Correlation, input: MapLayout, output: MapLayout, companion: MapLayout, batch: Int,
    isForwardOnly: Bool = false
  ) {
    let margin = correlation.margin(inputHeight: input.height, inputWidth: input.width)
    precondition(input.before >= margin.before && input.after >= margin.after, "the input's margin is too narrow")
    precondition((output.height, output.width) == correlation.output && output.channels % panelWidth == 0)
    precondition(
      (companion.height, companion.width, companion.channels) == (output.height, output.width, output.channels))
    self.correlation = correlation
    self.input = input
    self.output = output
    self.companion = companion
    self.batch = batch
    var firstDepth = 0
    phases = correlation.phases.map { phase in
      let runLength = phase.taps[0].count * input.channels
      defer { firstDepth += phase.taps.count * runLength }
      func rows(_ offset: (Int, Correlation.Phase.Position) -> Int) -> Offsets {
        Offsets((0..<batch).flatMap { image in phase.positions.map { offset(image, $0) } })
      }
      return PhasePlan(
        runs: phase.taps.count, runLength: runLength, firstDepth: firstDepth, positions: phase.positions.count,
        inputRows: rows { input.offset(image: $0, row: $1.inputRow, column: $1.inputColumn) },
        outputRows: rows { output.offset(image: $0, row: $1.outputRow, column: $1.outputColumn) },
        companionRows: rows { companion.offset(image: $0, row: $1.outputRow, column: $1.outputColumn) })
    }
    panelOffsets = Offsets((0..<output.channels / panelWidth).map { $0 * panelWidth })
    winograd = WinogradPlan(
      correlation, input: input, output: output, companion: companion, batch: batch, isForwardOnly: isForwardOnly)
  }

  /// Products a channel of output takes: taps × input channels.
  package var depth: Int { correlation.kernel * correlation.kernel * input.channels }

  /// Floats of the weights.
  package var weightCount: Int { depth * output.channels }

  private var panels: Int { output.channels / panelWidth }

  /// What is done with the sums of a product before they are stored.
  package enum Finish: Sendable {
    /// Add the bias and apply the (leaky) rectifier of this slope; slope 1 is the identity.
    case activate(bias: FloatBuffer, slope: Float)
    /// Multiply by the rectifier's derivative at the output that the companion map holds.
    case gate(FloatBuffer, slope: Float)
    /// Nothing.
    case store
  }

  /// Computes the outputs of the first `images` images.
  /// - Parameter hasSameWeights: whether the weights are those of the call before, and prepared already.
  package func apply(
    _ compute: Compute, input: FloatBuffer, weights: FloatBuffer, output: FloatBuffer, images: Int, finish: Finish,
    hasSameWeights: Bool = false
  ) {
    precondition(images <= batch && input.count >= images * self.input.imageStride)
    precondition(output.count >= images * self.output.imageStride && weights.count == weightCount)
    if case .activate(let bias, _) = finish { precondition(bias.count == self.output.channels) }
    if case .gate(let gate, _) = finish { precondition(gate.count >= images * companion.imageStride) }
    if compute.usesWinograd, let winograd {
      if !hasSameWeights { winograd.transformWeights(compute, weights) }
      winograd.apply(compute, input: input, output: output, images: images, finish: finish)
      return
    }
    let products = phases.map { phase in
      var product = Product(
        a: input.pointer, aRows: phase.inputRows.pointer, aRunStride: self.input.rowStride, runs: phase.runs,
        runLength: phase.runLength, b: weights.pointer + phase.firstDepth * panelWidth,
        bPanelStride: depth * panelWidth, c: output.pointer, cRows: phase.outputRows.pointer,
        cPanels: panelOffsets.pointer)
      switch finish {
      case .activate(let bias, let slope):
        product.bias = UnsafePointer(bias.pointer)
        product.slope = slope
      case .gate(let gate, let slope):
        product.gate = UnsafePointer(gate.pointer)
        product.gateRows = UnsafePointer(phase.companionRows.pointer)
        product.slope = slope
      case .store: break
      }
      return product
    }
    // All phases have as many positions as the first, or fewer.
    let rows = images * phases[0].positions
    let unitsPerPhase = units(rows, by: unitRows), panels = panels
    let positions = phases.map { $0.positions * images }
    compute.workers.run(units: unitsPerPhase * phases.count) { unit in
      let phase = unit / unitsPerPhase, first = unit % unitsPerPhase * unitRows
      guard first < positions[phase] else { return }
      compute.kernels.build.multiply(
        products[phase], rows: first..<min(positions[phase], first + unitRows), panels: 0..<panels)
    }
  }

  /// Computes the gradients of weights and bias from the input and the output's gradient, which lies in the
  /// companion layout.
  /// - Parameter bias: where the bias's gradient goes; nil where it is not wanted.
  package func weightGradient(
    _ compute: Compute, input: FloatBuffer, outputGradient: FloatBuffer, images: Int, weights: FloatBuffer,
    bias: FloatBuffer?
  ) {
    precondition(images <= batch && input.count >= images * self.input.imageStride)
    precondition(outputGradient.count >= images * companion.imageStride)
    precondition(weights.count == weightCount)
    if let bias {
      precondition(bias.count == output.channels)
      biasGradient(compute, outputGradient, images: images, into: bias)
    }
    if compute.usesWinograd, let winograd, winograd.canComputeWeightGradient {
      winograd.weightGradient(compute, input: input, outputGradient: outputGradient, images: images, weights: weights)
      return
    }
    struct Unit { let phase: Int, run: Int, first: Int, last: Int }
    // Two units a run of 256: enough for a few threads, each with whole tiles but the last.
    let unitDepth = 22 * tileHeight
    let work = phases.indices.flatMap { phase in
      (0..<phases[phase].runs).flatMap { run in
        stride(from: 0, to: phases[phase].runLength, by: unitDepth).map {
          Unit(phase: phase, run: run, first: $0, last: min(phases[phase].runLength, $0 + unitDepth))
        }
      }
    }
    let gradients = phases.map { phase in
      WeightGradient(
        a: input.pointer, aRows: phase.inputRows.pointer, aRunStride: self.input.rowStride,
        runLength: phase.runLength, d: outputGradient.pointer, dRows: phase.companionRows.pointer,
        dPanels: panelOffsets.pointer, rows: images * phase.positions, result: weights.pointer,
        resultStride: depth * panelWidth)
    }
    let panels = panels
    compute.workers.run(units: work.count) { index in
      let unit = work[index], phase = self.phases[unit.phase]
      var gradient = gradients[unit.phase]
      gradient.result += (phase.firstDepth + unit.run * phase.runLength + unit.first) * panelWidth
      compute.kernels.build.multiplyTransposed(
        gradient, run: unit.run, depth: unit.first..<unit.last, panels: 0..<panels)
    }
  }

  /// The gradient of the bias alone.
  func biasGradient(
    _ compute: Compute, _ outputGradient: FloatBuffer, images: Int, into bias: FloatBuffer
  ) {
    bias.clear()
    compute.workers.run(units: panels) { panel in
      for phase in self.phases {
        compute.kernels.build.sumColumns(
          ColumnSum(
            outputGradient.pointer + panel * panelWidth, rowOffsets: phase.companionRows.pointer,
            rows: images * phase.positions, result: bias.pointer + panel * panelWidth))
      }
    }
  }

  /// Rearranges this plan's weights for `gradientPlan`, which computes the input's gradient: the same numbers with
  /// input and output channels exchanged and the taps in that plan's order. It may read fewer channels than this plan
  /// writes: those that do not only fill a panel.
  package func exchangeChannels(
    _ compute: Compute, weights: FloatBuffer, for gradientPlan: ConvolutionPlan, into result: FloatBuffer
  ) {
    precondition(weights.count == weightCount && result.count == gradientPlan.weightCount)
    let outputs = gradientPlan.input.channels, stride = depth * panelWidth
    forEachExchanged(compute, gradientPlan) { own, other in
      let source = weights.pointer + own, target = result.pointer + other
      for i in 0..<outputs { target[i * panelWidth] = source[i / panelWidth * stride + i % panelWidth] }
    }
  }

  /// The way back: this plan's weights, or their gradient, from those of `gradientPlan`.
  func exchangeBack(
    _ compute: Compute, _ exchanged: FloatBuffer, of gradientPlan: ConvolutionPlan, into weights: FloatBuffer
  ) {
    precondition(weights.count == weightCount && exchanged.count == gradientPlan.weightCount)
    let outputs = gradientPlan.input.channels, stride = depth * panelWidth
    forEachExchanged(compute, gradientPlan) { own, other in
      let target = weights.pointer + own, source = exchanged.pointer + other
      for i in 0..<outputs { target[i / panelWidth * stride + i % panelWidth] = source[i * panelWidth] }
    }
  }

  /// Calls `body` with each tap and input channel: where the weights of its first output lie, here and in the plan of the
  /// input's gradient.
  @inline(__always)
  private func forEachExchanged(
    _ compute: Compute, _ gradientPlan: ConvolutionPlan, _ body: @Sendable (_ own: Int, _ other: Int) -> Void
  ) {
    let inputs = input.channels, outputs = gradientPlan.input.channels
    precondition(outputs <= output.channels)
    let order = Dictionary(
      uniqueKeysWithValues: correlation.taps.enumerated().map { ($1.row * correlation.kernel + $1.column, $0) })
    let sources = gradientPlan.correlation.taps.map { order[$0.row * correlation.kernel + $0.column]! }
    let otherStride = gradientPlan.depth * panelWidth
    compute.workers.run(units: sources.count) { tap in
      for channel in 0..<inputs {
        body(
          (sources[tap] * inputs + channel) * panelWidth,
          channel / panelWidth * otherStride + tap * outputs * panelWidth + channel % panelWidth)
      }
    }
  }
}
