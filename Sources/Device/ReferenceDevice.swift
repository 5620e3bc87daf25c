import Glibc

/// The living definition of what a device does: every operation in plain loops, sums in double precision, one image
/// after the other, weights in PyTorch's order. Slow, and what the tests hold every other device against.
package final class ReferenceDevice: Device {
  package init() {}

  package var arithmetic: String { "reference" }

  package func makeBuffer(count: Int) -> any Buffer { HostBuffer(count: count) }

  package func layout(of shape: Shape, from writer: Operation?, to reader: Operation?) -> MapLayout {
    let (height, width, channels) = shape.extents
    return MapLayout(height: height, width: width, channels: channels, gap: 0)
  }

  package func gradientLayout(of operation: Operation) -> MapLayout {
    layout(of: operation.output, from: nil, to: nil)
  }

  package func makeWeights(
    for operation: Operation, names: [String], hasBias: Bool, input: MapLayout
  ) -> LayerWeights {
    switch operation {
    case .convolution(let geometry, _):
      let taps = geometry.kernel * geometry.kernel, ends = [geometry.output.channels, geometry.input.channels]
      let shape = (geometry.kind == .transposed ? ends.reversed() : ends) + [geometry.kernel, geometry.kernel]
      let weights = HostBuffer(count: taps * ends[0] * ends[1]), bias = HostBuffer(count: ends[0])
      let weight = plainParameter(names[0] + ".weight", shape, .weight, weights)
      let own = plainParameter(names[0] + ".bias", [ends[0]], .bias, bias)
      return LayerWeights(weights: weights, bias: bias, parameters: hasBias ? [weight, own] : [weight])
    case .dense(let input, let heads, let outputs, _):
      let size = outputs * input.count
      let weights = HostBuffer(count: heads * size), bias = HostBuffer(count: heads * outputs)
      let parameters = (0..<heads).flatMap { head -> [Parameter] in
        let weight = plainParameter(
          names[head] + ".weight", [outputs, input.count], .weight, weights, from: head * size)
        let own = plainParameter(names[head] + ".bias", [outputs], .bias, bias, from: head * outputs)
        return hasBias ? [weight, own] : [weight]
      }
      return LayerWeights(weights: weights, bias: bias, parameters: parameters)
    case .batchNorm(let shape, _):
      let channels = shape.extents.channels
      func values() -> HostBuffer { HostBuffer(count: channels) }
      let scale = values(), bias = values(), running = RunningStatistics(mean: values(), variance: values())
      return LayerWeights(
        weights: scale, bias: bias, running: running,
        parameters: Parameter.batchNorm(names[0], channels: channels, scale: scale, bias: bias, running: running))
    case .reshape, .activation, .maxPool, .upsample: preconditionFailure("\(operation) has no weights")
    }
  }

  package func prepare(_ request: Preparation) -> any PreparedOperation {
    if case .batchNorm(let shape, let slope) = request.operation {
      ReferenceBatchNorm(request, shape, slope: slope)
    } else {
      ReferenceOperation(request)
    }
  }

  package func apply(_ activation: Activation, to buffer: any Buffer, _ layout: MapLayout, count: Int) {
    buffer.withValues { values in
      for i in 0..<count * layout.imageStride { values[i] = Float(activation.value(at: Double(values[i]))) }
    }
  }

  package func update(_ step: AdamUpdate, values: any Buffer, gradient: any Buffer, moments: Moments) {
    values.withValues { values in
      gradient.withValues { gradient in
        moments.first.withValues { first in
          moments.second.withValues { second in
            for i in values.indices {
              first[i] = step.beta1 * first[i] + (1 - step.beta1) * gradient[i]
              second[i] = step.beta2 * second[i] + (1 - step.beta2) * (gradient[i] * gradient[i])
              let root = second[i].squareRoot() * step.secondCorrection + step.epsilon
              values[i] -= step.rate * (first[i] / root)
            }
          }
        }
      }
    }
  }
}

/// An array that lies in PyTorch's own order.
private func plainParameter(
  _ name: String, _ shape: [Int], _ kind: Parameter.Kind, _ buffer: any Buffer, from start: Int = 0
) -> Parameter {
  let inner = shape.dropFirst().reduce(1, *)
  return Parameter(
    name: name, shape: shape, kind: kind, buffer: buffer, first: (0..<shape[0]).map { start + $0 * inner }, second: [0],
    third: Array(0..<inner))
}

/// Floats in the host's memory.
package final class HostBuffer: Buffer {
  private var storage: [Float]

  package init(count: Int) { storage = Array(repeating: 0, count: count) }

  package var count: Int { storage.count }

  package func withValues<Result>(
    _ range: Range<Int>, _ access: BufferAccess, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try storage.withUnsafeMutableBufferPointer { try body(UnsafeMutableBufferPointer(rebasing: $0[range])) }
  }
}

/// One operation, forward and back.
private final class ReferenceOperation: PreparedOperation {
  private let request: Preparation
  private let inputPlaces: [Int], outputPlaces: [Int], outputGradientPlaces: [Int], inputGradientPlaces: [Int]

  init(_ request: Preparation) {
    self.request = request
    let operation = request.operation
    inputPlaces = request.input.places(of: operation.input)
    outputPlaces = request.output.places(of: operation.output)
    outputGradientPlaces = request.outputGradient.places(of: operation.output)
    inputGradientPlaces = request.inputGradient?.places(of: operation.input) ?? []
  }

  /// The pairs of input and output values that a weight joins: output o ← input i · weight w.
  private func forEachProduct(_ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void) {
    switch request.operation {
    case .convolution(let g, _):
      let (small, large) = g.kind == .direct ? (g.output, g.input) : (g.input, g.output)
      for row in 0..<small.height {
        for column in 0..<small.width {
          for tap in 0..<g.kernel * g.kernel {
            let down = g.stride * row - g.padding + tap / g.kernel
            let across = g.stride * column - g.padding + tap % g.kernel
            guard (0..<large.height).contains(down), (0..<large.width).contains(across) else { continue }
            let near = (row * small.width + column) * small.channels,
              far = (down * large.width + across) * large.channels
            // PyTorch: [out, in, row, column], but [in, out, row, column] for a transposed convolution: either way the
            // channels of the small map come first.
            for s in 0..<small.channels {
              for l in 0..<large.channels {
                let weight = (s * large.channels + l) * g.kernel * g.kernel + tap
                if g.kind == .direct { body(near + s, far + l, weight) } else { body(far + l, near + s, weight) }
              }
            }
          }
        }
      }
    case .dense(let input, let heads, let outputs, _):
      for output in 0..<heads * outputs {
        for i in 0..<input.count { body(output, i, output * input.count + i) }
      }
    case .reshape, .activation, .batchNorm, .maxPool, .upsample: break
    }
  }

  /// For each output of an operation without weights the input that it is made of.
  /// - Parameter value: the value of an input.
  private func sources(_ value: (Int) -> Float) -> [Int] {
    let (_, width, channels) = request.operation.input.extents
    switch request.operation {
    case .maxPool(_, let side, _):
      return request.operation.output.places { row, column, channel in
        // The first of equal ones, and a NaN before all numbers, as PyTorch has it.
        var largest = (row * side * width + column * side) * channels + channel
        for down in 0..<side {
          for across in 0..<side {
            let place = ((row * side + down) * width + column * side + across) * channels + channel
            if value(place) > value(largest) || value(place).isNaN { largest = place }
          }
        }
        return largest
      }
    case .upsample(_, let factor):
      return request.operation.output.places { row, column, channel in
        (row / factor * width + column / factor) * channels + channel
      }
    default: return Array(inputPlaces.indices)
    }
  }

  func forward(_ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, count: Int, hasSameWeights: Bool) {
    let operation = request.operation
    input.withValues { x in
      output.withValues { y in
        for image in 0..<count {
          let from = image * request.input.imageStride, to = image * request.output.imageStride
          var sums = [Double](repeating: 0, count: outputPlaces.count)
          if let weights {
            weights.weights.withValues { w in
              forEachProduct { o, i, k in sums[o] += Double(x[from + inputPlaces[i]]) * Double(w[k]) }
            }
            weights.bias.withValues { b in for o in sums.indices { sums[o] += Double(b[o % b.count]) } }
          } else {
            for (o, i) in sources({ x[from + inputPlaces[$0]] }).enumerated() {
              sums[o] = Double(x[from + inputPlaces[i]])
            }
          }
          for o in sums.indices { y[to + outputPlaces[o]] = Float(operation.finish(sums[o])) }
        }
      }
    }
  }

  /// The derivative of a function that is an operation of its own, by what came out of it. That of a rectifier within
  /// another operation is the reader's: its gate.
  private static func derivative(_ operation: Operation, _ y: Double) -> Double {
    switch operation {
    case .activation(.sigmoid, _): y * (1 - y)
    case .activation(.tanh, _): 1 - y * y
    case .activation(.rectifier(let slope), _): y > 0 ? 1 : Double(slope)
    default: 1
    }
  }

  func backward(
    _ input: any Buffer, _ weights: LayerWeights?, _ output: any Buffer, outputGradient: any Buffer,
    inputGradient: (any Buffer)?, use: LayerGradientUse?, count: Int
  ) {
    let inputs = inputPlaces.count
    var weightSums = [Double](repeating: 0, count: weights?.weights.count ?? 0)
    var biasSums = [Double](repeating: 0, count: weights?.bias.count ?? 0)
    let x = input.values, y = output.values, dy = outputGradient.values, w = weights?.weights.values ?? []
    for image in 0..<count {
      let from = image * request.input.imageStride, to = image * request.output.imageStride
      let gradientFrom = image * request.outputGradient.imageStride
      var sums = [Double](repeating: 0, count: inputs)
      if weights != nil {
        forEachProduct { o, i, k in
          let d = Double(dy[gradientFrom + outputGradientPlaces[o]])
          sums[i] += d * Double(w[k])
          weightSums[k] += d * Double(x[from + inputPlaces[i]])
        }
        for o in outputPlaces.indices {
          biasSums[o % biasSums.count] += Double(dy[gradientFrom + outputGradientPlaces[o]])
        }
      } else {
        for (o, i) in sources({ x[from + inputPlaces[$0]] }).enumerated() {
          sums[i] +=
            Double(dy[gradientFrom + outputGradientPlaces[o]])
            * Self.derivative(request.operation, Double(y[to + outputPlaces[o]]))
        }
      }
      guard let inputGradient, let layout = request.inputGradient else { continue }
      inputGradient.withValues { dx in
        for i in 0..<inputs {
          dx[image * layout.imageStride + inputGradientPlaces[i]] = Float(
            sums[i] * request.gateFactor(x[from + inputPlaces[i]]))
        }
      }
    }
    guard let weights, let use else { return }
    use.weights.put(weightSums, values: weights.weights)
    use.bias.put(biasSums, values: weights.bias)
  }
}

extension Preparation {
  /// The derivative of the rectifier that made an input.
  func gateFactor(_ input: Float) -> Double { gate.map { input > 0 ? 1 : Double($0) } ?? 1 }
}

extension GradientUse {
  /// Does with a gradient what is wanted.
  func put(_ sums: [Double], values: any Buffer) {
    switch self {
    case .none: break
    case .store(let buffer): buffer.withValues { for i in sums.indices { $0[i] = Float(sums[i]) } }
    case .add(let buffer): buffer.withValues { for i in sums.indices { $0[i] += Float(sums[i]) } }
    case .step(let step, let moments):
      let gradient = HostBuffer(count: sums.count)
      gradient.withValues { for i in sums.indices { $0[i] = Float(sums[i]) } }
      ReferenceDevice().update(step, values: values, gradient: gradient, moments: moments)
    }
  }
}

extension Shape {
  /// A number for each value, in the values' order.
  fileprivate func places(_ number: (_ row: Int, _ column: Int, _ channel: Int) -> Int) -> [Int] {
    let (height, width, channels) = extents
    return (0..<height).flatMap { row in
      (0..<width).flatMap { column in (0..<channels).map { number(row, column, $0) } }
    }
  }
}

extension Activation {
  /// The function.
  package func value(at x: Double) -> Double {
    switch self {
    case .rectifier(let slope): x > 0 ? x : x * Double(slope)
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Glibc.tanh(x)
    }
  }
}

extension Operation {
  /// What is done with a sum before it is written.
  fileprivate func finish(_ sum: Double) -> Double {
    switch self {
    case .convolution(_, let slope), .dense(_, _, _, let slope), .maxPool(_, _, let slope):
      Activation.rectifier(slope: slope).value(at: sum)
    case .activation(let activation, _): activation.value(at: sum)
    case .reshape, .batchNorm, .upsample: sum
    }
  }
}
