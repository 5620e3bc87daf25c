import BVAEDevice

/// Operations that look at each value, or at a few around it: functions, max pooling, up-sampling, and reshaping, which
/// moves nothing as maps lie without margins.
final class GPUSweep: PreparedOperation {
  private let device: GPUDevice
  private let operation: Operation
  private let gate: Float

  init(_ device: GPUDevice, _ request: Preparation) {
    self.device = device
    operation = request.operation
    gate = request.gate ?? 1
  }

  private static func kind(_ activation: Activation) -> (number: Int, slope: Float) {
    switch activation {
    case .rectifier(let slope): (0, slope)
    case .sigmoid: (1, 1)
    case .tanh: (2, 1)
    }
  }

  static func apply(_ device: GPUDevice, _ activation: Activation, from x: any Buffer, to y: any Buffer, size: Int) {
    let (kind, slope) = kind(activation)
    device.run(
      device.sweep(
        "activate", items: size, [.values(x), .values(y), .whole(size), .whole(kind), .number(slope)], traffic: 2 * size
      ))
  }

  /// Rows, columns and channels of what it reads.
  private var extents: [GPUDevice.Argument] {
    let (height, width, channels) = operation.input.extents
    return [.whole(height), .whole(width), .whole(channels)]
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    guard count > 0 else { return }
    let from = count * operation.input.count, to = count * operation.output.count
    switch operation {
    case .activation(let activation, _): Self.apply(device, activation, from: input, to: output, size: to)
    case .maxPool(_, let side, let slope):
      device.run(
        device.sweep(
          "pool", items: to, [.values(input), .values(output), .whole(to)] + extents + [.whole(side), .number(slope)],
          traffic: from + to))
    case .upsample(_, let factor):
      device.run(
        device.sweep(
          "enlarge", items: to, [.values(input), .values(output), .whole(to)] + extents + [.whole(factor)],
          traffic: from + to))
    case .reshape: device.copy(input, to: output, count: to)
    case .convolution, .dense, .batchNorm: preconditionFailure("\(operation) is no sweep")
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let inputGradient, count > 0 else { return }
    let from = count * operation.input.count, to = count * operation.output.count
    let maps: [GPUDevice.Argument] = [.values(input), .values(outputGradient), .values(inputGradient), .whole(from)]
    switch operation {
    case .activation(let activation, _):
      let (kind, slope) = Self.kind(activation)
      device.run(
        device.sweep(
          "activate_back", items: from,
          [
            .values(input), .values(output), .values(outputGradient), .values(inputGradient), .whole(from),
            .whole(kind),
            .number(slope), .number(gate),
          ], traffic: 4 * from))
    case .maxPool(_, let side, _):
      device.run(
        device.sweep("pool_back", items: from, maps + extents + [.whole(side), .number(gate)], traffic: 2 * from + to))
    case .upsample(_, let factor):
      device.run(
        device.sweep(
          "enlarge_back", items: from, maps + extents + [.whole(factor), .number(gate)], traffic: 2 * from + to))
    case .reshape:
      if gate == 1 {
        device.copy(outputGradient, to: inputGradient, count: from)
      } else {
        device.run(device.sweep("pass_back", items: from, maps + [.number(gate)], traffic: 3 * from))
      }
    case .convolution, .dense, .batchNorm: preconditionFailure("\(operation) is no sweep")
    }
  }
}
