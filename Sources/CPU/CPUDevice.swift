import BVAEDevice
import BVAEKernelInterface

/// The processor as a device: plans over the threads and kernels of a `Compute`.
package final class CPUDevice: Device, Sendable {
  package let compute: Compute

  package init(_ compute: Compute) { self.compute = compute }

  package var arithmetic: String {
    "\(compute.kernels.arithmetic), \(compute.usesWinograd ? "filtered" : "direct")"
  }

  package func makeBuffer(count: Int) -> any Buffer { FloatBuffer(count: count) }

  /// All operations but reshaping write whole panels, and all but it and convolutions read them; a convolution's input has
  /// the margin that it needs.
  package func layout(of shape: Shape, from writer: Operation?, to reader: Operation?) -> MapLayout {
    let (height, width, channels) = shape.extents
    var stored = wholePanels(channels), margin = (before: 0, after: 0)
    switch writer {
    case .convolution, .dense, .activation, .batchNorm, .maxPool, .upsample: break
    case nil, .reshape:
      switch reader {
      case nil, .reshape, .convolution: stored = channels
      case .dense, .activation, .batchNorm, .maxPool, .upsample: break
      }
    }
    if case .convolution(let geometry, _) = reader {
      margin = Correlation(geometry).margin(inputHeight: height, inputWidth: width)
    }
    return MapLayout(height: height, width: width, channels: stored, before: margin.before, after: margin.after)
  }

  package func gradientLayout(of operation: Operation) -> MapLayout {
    let (height, width, channels) = operation.output.extents
    var margin = (before: 0, after: 0)
    if case .convolution(let geometry, _) = operation {
      margin = Correlation(geometry).adjoint(of: geometry).margin(inputHeight: height, inputWidth: width)
    }
    return MapLayout(
      height: height, width: width, channels: wholePanels(channels), before: margin.before, after: margin.after)
  }

  package func makeWeights(
    for operation: Operation, names: [String], hasBias: Bool, input: MapLayout
  ) -> LayerWeights {
    switch operation {
    case .convolution(let geometry, _):
      ConvolutionOperation.makeWeights(geometry, names[0], hasBias: hasBias, input)
    case .dense(let shape, _, let outputs, _):
      DenseOperation.makeWeights(shape, outputs: outputs, names, hasBias: hasBias, input)
    case .batchNorm(let shape, _): BatchNormOperation.makeWeights(shape, names[0])
    case .reshape, .activation, .maxPool, .upsample: preconditionFailure("\(operation) has no weights")
    }
  }

  package func prepare(_ request: Preparation) -> any PreparedOperation {
    switch request.operation {
    case .convolution(let geometry, let slope): ConvolutionOperation(compute, geometry, slope: slope, request)
    case .dense(_, let heads, let outputs, let slope):
      DenseOperation(compute, stored: heads * wholePanels(outputs), slope: slope, request)
    case .reshape(let from, let to): ReshapingOperation(compute, request, from: from, to: to)
    case .activation(let activation, let shape): ActivationOperation(compute, request, activation, shape)
    case .batchNorm(let shape, let slope): BatchNormOperation(compute, request, shape, slope: slope)
    case .maxPool(let shape, let side, let slope):
      MaxPoolOperation(compute, request, shape, side: side, slope: slope)
    case .upsample(let shape, let factor): UpsampleOperation(compute, request, shape, factor: factor)
    }
  }

  package func apply(_ activation: Activation, to buffer: any Buffer, _ layout: MapLayout, count: Int) {
    let buffer = floats(buffer), size = count * layout.imageStride
    if size % panelWidth == 0 { return compute.apply(activation, to: buffer, count: size) }
    for i in 0..<size { buffer[i] = Float(activation.value(at: Double(buffer[i]))) }
  }

  package func update(_ step: AdamUpdate, values: any Buffer, gradient: any Buffer, moments: Moments) {
    let values = floats(values), gradient = floats(gradient), step = AdamStep(step)
    let first = floats(moments.first), second = floats(moments.second)
    let part = 1 << 14, count = values.count
    precondition(gradient.count == count && first.count == count && second.count == count && count % panelWidth == 0)
    compute.workers.run(units: units(count, by: part)) { unit in
      let start = unit * part
      let target = AdamTarget(
        step, weights: values.pointer + start, first: first.pointer + start, second: second.pointer + start)
      self.compute.kernels.build.adam(target, gradient: gradient.pointer + start, count: min(part, count - start))
    }
  }
}
