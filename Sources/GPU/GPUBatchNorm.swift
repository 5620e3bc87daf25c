import BVAEDevice

/// Batch normalisation (formulas: `BatchStatistics`, `ReferenceBatchNorm`). Sums over places are cut into blocks, each
/// around a centre of its own, which are added up in their order.
final class GPUBatchNorm: PreparedOperation {
  private let device: GPUDevice
  private let request: Preparation
  private let slope: Float, channels: Int, placesPerImage: Int
  /// Mean and 1 / √(variance + ε) of each channel; the factors of the way back.
  private let statistics: any Buffer, factors: any Buffer
  private let scaleGradient: any Buffer, shiftGradient: any Buffer

  init(_ device: GPUDevice, _ request: Preparation, _ shape: Shape, slope: Float) {
    (self.device, self.request, self.slope) = (device, request, slope)
    let extents = shape.extents
    channels = extents.channels
    placesPerImage = extents.height * extents.width
    statistics = device.makeBuffer(count: 2 * channels)
    factors = device.makeBuffer(count: 3 * channels)
    scaleGradient = device.makeBuffer(count: channels)
    shiftGradient = device.makeBuffer(count: channels)
  }

  static func makeWeights(_ device: GPUDevice, _ shape: Shape, _ name: String) -> LayerWeights {
    let channels = shape.extents.channels
    func values() -> any Buffer { device.makeBuffer(count: channels) }
    let scale = values(), bias = values(), running = RunningStatistics(mean: values(), variance: values())
    return LayerWeights(
      weights: scale, bias: bias, running: running,
      parameters: Parameter.batchNorm(name, channels: channels, scale: scale, bias: bias, running: running))
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    guard let weights, let running = weights.running, count > 0 else { return }
    let places = count * placesPerImage, size = places * channels
    if request.use == .training {
      let cut = PlaceBlocks(places: places, channels: channels, on: device), room = 2 * cut.blocks * channels
      device.run(
        device.sweep(
          "norm_blocks", groups: cut.groups,
          [
            .values(input), .whole(places), .whole(channels), .whole(cut.block), .whole(cut.span), .scratch(room),
          ], traffic: size),
        device.sweep(
          "norm_statistics", items: channels,
          [
            .values(input), .scratch(room), .whole(places), .whole(channels), .whole(cut.block), .whole(cut.blocks),
            .number(BatchStatistics.epsilon), .number(BatchStatistics.momentum), .values(running.mean),
            .values(running.variance), .values(statistics),
          ], traffic: room))
    } else {
      device.run(
        device.sweep(
          "norm_running", items: channels,
          [
            .values(running.mean), .values(running.variance), .whole(channels), .number(BatchStatistics.epsilon),
            .values(statistics),
          ], traffic: 4 * channels))
    }
    device.run(
      device.sweep(
        "normalise", items: size,
        [
          .values(input), .values(output), .whole(size), .whole(channels), .values(statistics),
          .values(weights.weights),
          .values(weights.bias), .number(slope),
        ], traffic: 2 * size))
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let weights, request.use == .training, count > 0 else { return }
    let places = count * placesPerImage, size = places * channels
    let cut = PlaceBlocks(places: places, channels: channels, on: device), room = 2 * cut.blocks * channels
    device.run(
      device.sweep(
        "norm_gradient_blocks", groups: cut.groups,
        [
          .values(input), .values(outputGradient), .whole(places), .whole(channels), .whole(cut.block),
          .whole(cut.span), .values(statistics), .scratch(room),
        ], traffic: 2 * size),
      device.sweep(
        "norm_factors", items: channels,
        [
          .scratch(room), .whole(places), .whole(channels), .whole(cut.blocks), .values(statistics),
          .values(weights.weights), .values(factors), .values(scaleGradient), .values(shiftGradient),
        ], traffic: room))
    if let inputGradient {
      device.run(
        device.sweep(
          "normalise_back", items: size,
          [
            .values(input), .values(outputGradient), .values(inputGradient), .whole(size), .whole(channels),
            .values(statistics), .values(factors), .number(request.gate ?? 1),
          ], traffic: 3 * size))
    }
    guard let use else { return }
    device.use(scaleGradient, use.weights, values: weights.weights)
    device.use(shiftGradient, use.bias, values: weights.bias)
  }
}
