import BVAEDevice
import BVAEKernelInterface

/// A function of each value, row after row of the maps.
final class ActivationOperation: PreparedOperation, Sendable {
  private let compute: Compute
  private let request: Preparation
  private let activation: Activation
  /// Values of a place that belong to the network; the others fill a panel and stay zero.
  private let channels: Int

  init(_ compute: Compute, _ request: Preparation, _ activation: Activation, _ shape: Shape) {
    self.compute = compute
    self.request = request
    self.activation = activation
    channels = shape.extents.channels
    checkWholePanels(request)
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    let (from, to) = (request.input, request.output), x = floats(input), y = floats(output)
    checkSizes([(x, from), (y, to)], count)
    let length = from.width * from.channels
    // Zeros that only fill a panel stay zeros, but for the sigmoid.
    let filling: Range<Int> = if case .sigmoid = activation { channels..<from.channels } else { 0..<0 }
    compute.forEachRow(of: from, images: count) { image, row in
      let target = y.pointer + to.offset(image: image, row: row)
      target.update(from: x.pointer + from.offset(image: image, row: row), count: length)
      self.compute.kernels.apply(self.activation, to: target, count: length)
      guard !filling.isEmpty else { return }
      for column in 0..<from.width {
        (target + column * from.channels + filling.lowerBound).update(repeating: 0, count: filling.count)
      }
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let inputGradient, let result = request.inputGradient else { return }
    let (from, to, gradient) = (request.input, request.output, request.outputGradient)
    let x = floats(input), y = floats(output), dy = floats(outputGradient), dx = floats(inputGradient)
    checkSizes([(x, from), (y, to), (dy, gradient), (dx, result)], count)
    let function: DerivedRow.Function =
      switch activation {
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      case .rectifier(let slope): .rectifier(slope: slope)
      }
    compute.forEachRow(of: from, images: count) { image, row in
      self.compute.kernels.build.differentiate(
        DerivedRow(
          function, input: x.pointer + from.offset(image: image, row: row),
          output: y.pointer + to.offset(image: image, row: row),
          gradient: dy.pointer + gradient.offset(image: image, row: row),
          result: dx.pointer + result.offset(image: image, row: row), count: from.width * from.channels,
          gate: self.request.gate ?? 1))
    }
  }
}

/// The kernels take all channels of a place together: its maps have equally many, in whole panels.
func checkWholePanels(_ request: Preparation) {
  let layouts = [request.input, request.output, request.outputGradient] + (request.inputGradient.map { [$0] } ?? [])
  precondition(layouts.allSatisfy { $0.channels == request.input.channels && $0.channels % panelWidth == 0 })
}

/// Buffers have room for so many images.
func checkSizes(_ buffers: [(buffer: FloatBuffer, layout: MapLayout)], _ count: Int) {
  precondition(count >= 0 && buffers.allSatisfy { $0.buffer.count >= count * $0.layout.imageStride })
}
