import BVAEDevice
import BVAEKernelInterface

/// Batch normalisation (formulas: `BatchStatistics`, `ReferenceBatchNorm`), a unit of rows at a time.
///
/// A unit's sums are computed while its rows are in the cache, in single precision around a centre of its own, and the
/// units' sums are added up in double precision, in their order. What a unit is follows from the shape alone, so that the
/// bits do not depend on the number of threads.
final class BatchNormOperation: PreparedOperation, Sendable {
  private let compute: Compute
  private let request: Preparation
  private let slope: Float
  /// Values of a place, in whole panels.
  private let channels: Int
  /// Rows of maps of a unit: about sixteen thousand values, which stay in the second-level cache.
  private let unitRows: Int
  /// Of each unit and channel: two sums.
  private let partial: FloatBuffer
  /// Of each channel: the mean that was taken, 1 / √(variance + ε), and the factors of a sweep.
  private let mean: FloatBuffer, deviationScale: FloatBuffer
  private let scale: FloatBuffer, shift: FloatBuffer, gradientScale: FloatBuffer
  /// The gradients of γ and β.
  private let scaleGradient: FloatBuffer, shiftGradient: FloatBuffer

  init(_ compute: Compute, _ request: Preparation, _ shape: Shape, slope: Float) {
    checkWholePanels(request)
    self.compute = compute
    self.request = request
    self.slope = slope
    let input = request.input, channels = input.channels
    self.channels = channels
    unitRows = max(1, (1 << 14) / (input.width * channels))
    partial = FloatBuffer(
      count: request.use == .training ? units(request.batch * input.height, by: unitRows) * 2 * channels : 0)
    func values() -> FloatBuffer { FloatBuffer(count: channels) }
    (mean, deviationScale, scale, shift, gradientScale) = (values(), values(), values(), values(), values())
    (scaleGradient, shiftGradient) = (values(), values())
  }

  /// γ, β and the running statistics, in whole panels.
  static func makeWeights(_ shape: Shape, _ name: String) -> LayerWeights {
    let channels = shape.extents.channels
    func values() -> FloatBuffer { FloatBuffer(count: wholePanels(channels)) }
    let scale = values(), bias = values(), running = RunningStatistics(mean: values(), variance: values())
    return LayerWeights(
      weights: scale, bias: bias, running: running,
      parameters: Parameter.batchNorm(name, channels: channels, scale: scale, bias: bias, running: running))
  }

  /// Calls `body` with each row of a unit, in their order.
  private func forEachRow(_ unit: Int, _ images: Int, _ body: (_ image: Int, _ row: Int) -> Void) {
    let height = request.input.height
    for row in unit * unitRows..<min(images * height, (unit + 1) * unitRows) { body(row / height, row % height) }
  }

  /// Places of a unit.
  private func positions(_ unit: Int, _ images: Int) -> Int {
    (min(images * request.input.height, (unit + 1) * unitRows) - unit * unitRows) * request.input.width
  }

  /// The sums of one unit.
  private func sums(_ unit: Int) -> (first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>) {
    let first = partial.pointer + unit * 2 * channels
    return (first, first + channels)
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    guard let weights, let running = weights.running, count > 0 else { return }
    let (from, to) = (request.input, request.output), x = floats(input), y = floats(output)
    precondition(count <= request.batch)
    checkSizes([(x, from), (y, to)], count)
    if request.use == .training {
      takeStatistics(of: x, count, floats(running.mean), floats(running.variance))
    } else {
      let variance = floats(running.variance)
      mean.copy(from: floats(running.mean))
      for channel in 0..<channels { deviationScale[channel] = Float(BatchStatistics.scale(Double(variance[channel]))) }
    }
    let gamma = floats(weights.weights), beta = floats(weights.bias)
    for channel in 0..<channels { scale[channel] = gamma[channel] * deviationScale[channel] }
    let units = units(count * from.height, by: unitRows)
    compute.workers.run(units: units) { [self] unit in
      forEachRow(unit, count) { image, row in
        let values = UnsafePointer(x.pointer) + from.offset(image: image, row: row)
        compute.kernels.build.normalize(
          NormalizedRow(
            values: values, gradients: values, result: y.pointer + to.offset(image: image, row: row),
            positions: from.width, channels: channels, center: mean.pointer, scale: scale.pointer, shift: beta.pointer,
            gradientScale: scale.pointer, slope: slope))
      }
    }
  }

  /// The batch's mean and variance of each channel.
  private func takeStatistics(
    of x: FloatBuffer, _ count: Int, _ runningMean: FloatBuffer, _ runningVariance: FloatBuffer
  ) {
    let from = request.input, units = units(count * from.height, by: unitRows)
    compute.workers.run(units: units) { [self] unit in
      let (center, squares) = sums(unit), number = Float(positions(unit, count))
      center.update(repeating: 0, count: 2 * channels)
      func forEach(_ add: (ChannelSums) -> Void) {
        forEachRow(unit, count) { image, row in
          let values = UnsafePointer(x.pointer) + from.offset(image: image, row: row)
          add(
            ChannelSums(
              values: values, gradients: values, positions: from.width, channels: channels, center: center,
              first: center, second: squares))
        }
      }
      forEach(compute.kernels.build.sumChannels)
      for channel in 0..<channels { center[channel] /= number }
      forEach(compute.kernels.build.sumSquares)
    }
    let total = Double(count * from.height * from.width)
    compute.workers.run(units: channels / panelWidth) { [self] panel in
      for channel in panel * panelWidth..<(panel + 1) * panelWidth {
        // Of all values of two groups the squares of the distances from their mean are those within the groups and those of
        // the groups' means (Chan, Golub and LeVeque 1983).
        var sum = 0.0, squares = 0.0
        for unit in 0..<units { sum += Double(positions(unit, count)) * Double(sums(unit).first[channel]) }
        let mean = sum / total
        for unit in 0..<units {
          let (center, own) = sums(unit), distance = Double(center[channel]) - mean
          squares += Double(own[channel]) + Double(positions(unit, count)) * distance * distance
        }
        let batch = BatchStatistics(mean: mean, variance: squares / total, count: count * from.height * from.width)
        self.mean.pointer[channel] = Float(mean)
        deviationScale.pointer[channel] = Float(batch.scale)
        batch.update(mean: &runningMean.pointer[channel], variance: &runningVariance.pointer[channel])
      }
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    guard let weights, request.use == .training, count > 0 else { return }
    let (from, gradient) = (request.input, request.outputGradient), x = floats(input), dy = floats(outputGradient)
    precondition(count <= request.batch)
    checkSizes([(x, from), (dy, gradient)], count)
    let units = units(count * from.height, by: unitRows)
    compute.workers.run(units: units) { [self] unit in
      let (first, second) = sums(unit)
      first.update(repeating: 0, count: 2 * channels)
      forEachRow(unit, count) { image, row in
        compute.kernels.build.sumGradients(
          ChannelSums(
            values: x.pointer + from.offset(image: image, row: row),
            gradients: dy.pointer + gradient.offset(image: image, row: row), positions: from.width,
            channels: channels, center: mean.pointer, first: first, second: second))
      }
    }
    let gamma = floats(weights.weights), total = Double(count * from.height * from.width)
    compute.workers.run(units: channels / panelWidth) { [self] panel in
      for channel in panel * panelWidth..<(panel + 1) * panelWidth {
        var sum = 0.0, products = 0.0
        for unit in 0..<units {
          sum += Double(sums(unit).first[channel])
          products += Double(sums(unit).second[channel])
        }
        let inverse = Double(deviationScale.pointer[channel]), factor = Double(gamma.pointer[channel]) * inverse
        shiftGradient.pointer[channel] = Float(sum)
        scaleGradient.pointer[channel] = Float(products * inverse)
        gradientScale.pointer[channel] = Float(factor)
        scale.pointer[channel] = Float(-factor * products * inverse * inverse / total)
        shift.pointer[channel] = Float(-factor * sum / total)
      }
    }
    if let inputGradient, let result = request.inputGradient {
      let dx = floats(inputGradient), slope = request.gate ?? 1
      checkSizes([(dx, result)], count)
      compute.workers.run(units: units) { [self] unit in
        forEachRow(unit, count) { image, row in
          compute.kernels.build.normalizeGradient(
            NormalizedRow(
              values: x.pointer + from.offset(image: image, row: row),
              gradients: dy.pointer + gradient.offset(image: image, row: row),
              result: dx.pointer + result.offset(image: image, row: row), positions: from.width, channels: channels,
              center: mean.pointer, scale: scale.pointer, shift: shift.pointer, gradientScale: gradientScale.pointer,
              slope: slope))
        }
      }
    }
    for (use, gradient, values) in [
      (use?.weights, scaleGradient, weights.weights), (use?.bias, shiftGradient, weights.bias),
    ] {
      use?.finish(compute, gradient, values: values)
    }
  }
}
