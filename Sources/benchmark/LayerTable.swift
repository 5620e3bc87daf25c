import Numerics
import Platform

/// Times every large layer of the network by itself, the fastest of fifteen: forward, input gradient, weight gradient
/// and optimiser, in milliseconds and as a share of the machine's measured peak. Of a dense layer, whose gradients and
/// Adam are one pass over its weights, all three are in the third column. The share counts the multiply-adds of the
/// direct sum, so that Winograd's filtering, which needs fewer, can exceed 100 %.
struct LayerTable {
  private let compute: Compute
  private let batch: Int
  private let peak: Double

  init(compute: Compute, batch: Int) {
    self.compute = compute
    self.batch = batch
    peak = Self.measurePeak(compute)
  }

  /// Giga floating-point operations a second, all threads: a product whose operands stay in the first-level cache.
  private static func measurePeak(_ compute: Compute) -> Double {
    let layout = MapLayout(height: 1, width: 1, channels: 64)
    let rows = 96 * 16 * compute.workers.count
    let plan = DensePlan(input: layout, outputs: 32, inputGradient: layout, batch: rows)
    let input = FloatBuffer(count: rows * layout.imageStride), weights = FloatBuffer(count: plan.weightCount)
    let bias = FloatBuffer(count: 32), output = FloatBuffer(count: rows * DensePlan.row(32).imageStride)
    var best = 0.0
    for _ in 0..<20 {
      let start = Machine.seconds
      for _ in 0..<20 {
        plan.apply(compute, input: input, weights: weights, bias: bias, slope: 1, output: output, images: rows)
      }
      best = max(best, 20 * 2 * Double(rows * 64 * 32) / (Machine.seconds - start) / 1e9)
    }
    return best
  }

  func show(_ image: ImageShape) {
    print("layers, batch \(batch); measured peak \(peak.formatted(decimals: 0)) GFLOP/s")
    print("layer      forward            input gradient     weight gradient    optimiser")
    let half = (image.height / 2, image.width / 2), quarter = (image.height / 4, image.width / 4)
    convolution("conv1", .direct, 2, (image.height, image.width), image.planes, half, hasInputGradient: false)
    convolution("conv2", .direct, 2, half, 64, quarter)
    convolution("conv3", .direct, 1, quarter, 64, quarter)
    dense("heads", MapLayout(height: quarter.0, width: quarter.1, channels: 64), 32)
    convolution("deconv1", .transposed, 2, (7, 7), 1, (14, 14))
    convolution("deconv2", .transposed, 1, (14, 14), 64, (14, 14))
    dense("output", MapLayout(height: 14, width: 14, channels: 64), image.count)
  }

  private func line(_ name: String, _ operations: Int, _ parts: [(() -> Void)?], optimiser: (() -> Void)? = nil) {
    var text = name + String(repeating: " ", count: max(1, 11 - name.count))
    for (index, part) in (parts + [optimiser]).enumerated() {
      var cell = "–"
      if let part, index == parts.count {
        cell = "\(time(part).formatted(decimals: 2)) ms"
      } else if let part {
        let milliseconds = time(part)
        let share = 2 * Double(operations) / milliseconds / 1e6 / peak
        cell = "\(milliseconds.formatted(decimals: 2)) ms \((share * 100).formatted(decimals: 0)) %"
      }
      text += cell + String(repeating: " ", count: max(1, 19 - cell.count))
    }
    print(text)
  }

  private func time(_ work: () -> Void) -> Double {
    work()
    return (0..<15).map { _ in
      let start = Machine.seconds
      work()
      return (Machine.seconds - start) * 1e3
    }.min() ?? .nan
  }

  private func convolution(
    _ name: String, _ kind: Correlation.Kind, _ stride: Int, _ from: (Int, Int), _ inputs: Int, _ to: (Int, Int),
    hasInputGradient: Bool = true
  ) {
    let correlation = Correlation(kind, stride: stride, output: (to.0, to.1))
    let adjoint = Correlation(kind == .direct ? .transposed : .direct, stride: stride, output: (from.0, from.1))
    let margin = correlation.margin(inputHeight: from.0, inputWidth: from.1)
    let back = adjoint.margin(inputHeight: to.0, inputWidth: to.1)
    let input = MapLayout(
      height: from.0, width: from.1, channels: inputs, before: margin.before, after: margin.after)
    let output = MapLayout(height: to.0, width: to.1, channels: 64)
    let outputGradient = MapLayout(
      height: to.0, width: to.1, channels: 64, before: back.before, after: back.after)
    let inputGradient = MapLayout(height: from.0, width: from.1, channels: wholePanels(inputs))
    let plan = ConvolutionPlan(correlation, input: input, output: output, companion: outputGradient, batch: batch)
    let gradientPlan = ConvolutionPlan(
      adjoint, input: outputGradient, output: inputGradient, companion: inputGradient, batch: batch)
    let x = random(batch * input.imageStride), y = random(batch * output.imageStride)
    let dy = random(batch * outputGradient.imageStride), dx = random(batch * inputGradient.imageStride)
    let weights = random(plan.weightCount), gradient = random(plan.weightCount), bias = random(64)
    let exchanged = random(gradientPlan.weightCount)
    let compute = compute, batch = batch, moments = AdamMoments(count: plan.weightCount)
    line(
      name, batch * (kind == .direct ? to.0 * to.1 : from.0 * from.1) * plan.depth * 64,
      [
        {
          plan.apply(
            compute, input: x, weights: weights, output: y, images: batch,
            finish: .activate(bias: bias, slope: 0.3))
        },
        hasInputGradient
          ? {
            plan.exchangeChannels(compute, weights: weights, for: gradientPlan, into: exchanged)
            gradientPlan.apply(
              compute, input: dy, weights: exchanged, output: dx, images: batch, finish: .gate(dx, slope: 0.3))
          } : nil,
        {
          plan.weightGradient(
            compute, input: x, outputGradient: dy, images: batch, weights: gradient, bias: bias)
        },
      ],
      optimiser: {
        Adam(rate: 1e-4).update(compute, step: 1, values: weights, gradient: gradient, moments: moments)
      })
  }

  private func dense(_ name: String, _ input: MapLayout, _ outputs: Int) {
    let plan = DensePlan(input: input, outputs: outputs, inputGradient: input, batch: batch)
    let outputStride = DensePlan.row(outputs).imageStride
    let x = random(batch * input.imageStride), y = random(batch * outputStride), dy = random(batch * outputStride)
    let dx = random(batch * input.imageStride), weights = random(plan.weightCount), bias = random(outputs)
    let moments = AdamMoments(count: plan.weightCount)
    let compute = compute, batch = batch
    line(
      name, batch * plan.inputs * outputs,
      [
        {
          plan.apply(compute, input: x, weights: weights, bias: bias, slope: 1, output: y, images: batch)
        },
        nil,
        {
          plan.backward(
            compute, input: x, gate: (x, 0), weights: weights, outputGradient: dy, inputGradient: dx, images: batch,
            bias: bias, use: Adam(rate: 1e-4).step(1, moments))
        },
      ])
  }

  private func random(_ count: Int) -> FloatBuffer {
    let buffer = FloatBuffer(count: count)
    var generator = RandomGenerator(seed: UInt64(count), stream: .sample)
    for i in stride(from: 0, to: count, by: 3) { buffer[i] = Float(generator.uniform() - 0.5) }
    return buffer
  }
}
