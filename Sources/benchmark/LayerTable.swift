import BVAECPU
import BVAENetworks
import BVAEPlatform
import BetaVAE

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

  /// Every linear operation of a model's networks.
  func show(_ architecture: Architecture) {
    print("layers, batch \(batch); measured peak \(peak.formatted(decimals: 0)) GFLOP/s")
    print("layer      forward            input gradient     weight gradient    optimiser")
    for net in [architecture.encoder, architecture.decoder] {
      let operations = net.lowered
      for (i, step) in operations.enumerated() where step.operation.isLinear {
        show(
          step, after: i > 0 ? operations[i - 1].operation : nil, before: operations.dropFirst(i + 1).first?.operation)
      }
    }
  }

  private func show(_ step: NamedOperation, after writer: Operation?, before reader: Operation?) {
    let device = CPUDevice(compute), operation = step.operation, batch = batch
    let input = device.layout(of: operation.input, from: writer, to: operation)
    let output = device.layout(of: operation.output, from: operation, to: reader)
    let outputGradient = device.gradientLayout(of: operation)
    let inputGradient = writer.map { device.gradientLayout(of: $0) }
    let prepared = device.prepare(
      Preparation(
        operation, input: input, output: output, outputGradient: outputGradient, inputGradient: inputGradient,
        gate: writer?.rectifierSlope, batch: batch, use: .training))
    let layer = device.makeWeights(
      for: operation, names: step.names, hasBias: step.hasBias, input: input)
    func filled(_ layout: MapLayout) -> any Buffer { random(batch * layout.imageStride) }
    let x = filled(input), y = filled(output), dy = filled(outputGradient), dx = inputGradient.map(filled)
    let gradient = random(layer.weights.count), bias = random(layer.bias.count)
    let moments = Moments(first: random(layer.weights.count), second: random(layer.weights.count))
    let update = Adam(rate: 1e-4).update(1)
    func back(_ dx: (any Buffer)?, _ use: GradientUse) {
      prepared.backward(
        x, layer, y, outputGradient: dy, inputGradient: dx, use: LayerGradientUse(weights: use, bias: .store(bias)),
        count: batch)
    }
    let forward = { prepared.forward(x, layer, y, count: batch, hasSameWeights: false) }
    var name = step.names[0]
    name.removeFirst(name.firstIndex(of: ".").map { name.distance(from: name.startIndex, to: $0) + 1 } ?? 0)
    switch operation {
    case .convolution(let geometry, _):
      let places = geometry.kind == .direct ? geometry.output : geometry.input
      line(
        name,
        batch * places.height * places.width * geometry.kernel * geometry.kernel * geometry.input.channels
          * geometry.output.channels,
        [
          forward,
          dx.map { dx in
            {
              prepared.backward(
                x, layer, y, outputGradient: dy, inputGradient: dx, use: nil, count: batch)
            }
          }, { back(nil, .store(gradient)) },
        ],
        optimiser: { device.update(update, values: layer.weights, gradient: gradient, moments: moments) })
    default:
      line(
        name, batch * operation.input.count * operation.output.count,
        [forward, nil, { back(dx, .step(update, moments)) }])
    }
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

  private func random(_ count: Int) -> FloatBuffer {
    let buffer = FloatBuffer(count: count)
    var generator = RandomGenerator(seed: UInt64(count), stream: .sample)
    for i in stride(from: 0, to: count, by: 3) { buffer[i] = Float(generator.uniform() - 0.5) }
    return buffer
  }
}
