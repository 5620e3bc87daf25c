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

  package func makeWeights(for operation: Operation, names: [String], input: MapLayout) -> LayerWeights {
    switch operation {
    case .convolution(let geometry, _):
      let taps = geometry.kernel * geometry.kernel, ends = [geometry.output.channels, geometry.input.channels]
      let shape = (geometry.kind == .transposed ? ends.reversed() : ends) + [geometry.kernel, geometry.kernel]
      let weights = HostBuffer(count: taps * ends[0] * ends[1]), bias = HostBuffer(count: ends[0])
      return LayerWeights(
        weights: weights, bias: bias,
        parameters: [
          plainParameter(names[0] + ".weight", shape, weights), plainParameter(names[0] + ".bias", [ends[0]], bias),
        ])
    case .dense(let input, let heads, let outputs, _):
      let weights = HostBuffer(count: heads * outputs * input.count), bias = HostBuffer(count: heads * outputs)
      return LayerWeights(
        weights: weights, bias: bias,
        parameters: (0..<heads).flatMap { head in
          [
            plainParameter(
              names[head] + ".weight", [outputs, input.count], weights, from: head * outputs * input.count),
            plainParameter(names[head] + ".bias", [outputs], bias, from: head * outputs),
          ]
        })
    case .reshape, .activation: preconditionFailure("\(operation) has no weights")
    }
  }

  package func prepare(_ request: Preparation) -> any PreparedOperation { ReferenceOperation(request) }

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
private func plainParameter(_ name: String, _ shape: [Int], _ buffer: any Buffer, from start: Int = 0) -> Parameter {
  let inner = shape.dropFirst().reduce(1, *)
  return Parameter(
    name: name, shape: shape, buffer: buffer, first: (0..<shape[0]).map { start + $0 * inner }, second: [0],
    third: Array(0..<inner))
}

/// Floats in the host's memory.
package final class HostBuffer: Buffer {
  private var storage: [Float]

  package init(count: Int) { storage = Array(repeating: 0, count: count) }

  package var count: Int { storage.count }

  package func withValues<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try storage.withUnsafeMutableBufferPointer { try body($0) }
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
    case .reshape, .activation: break
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
            for o in sums.indices { sums[o] = Double(x[from + inputPlaces[o]]) }
          }
          for o in sums.indices { y[to + outputPlaces[o]] = Float(operation.finish(sums[o])) }
        }
      }
    }
  }

  /// The derivative of a function that is an operation of its own, by what came out of it. That of a rectifier within a
  /// linear operation is the reader's: its gate.
  private static func derivative(_ operation: Operation, _ y: Double) -> Double {
    switch operation {
    case .activation(.sigmoid, _): y * (1 - y)
    case .activation(.tanh, _): 1 - y * y
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
        for i in 0..<inputs {
          sums[i] =
            Double(dy[gradientFrom + outputGradientPlaces[i]])
            * Self.derivative(request.operation, Double(y[to + outputPlaces[i]]))
        }
      }
      guard let inputGradient, let layout = request.inputGradient else { continue }
      inputGradient.withValues { dx in
        for i in 0..<inputs {
          let isPositive = x[from + inputPlaces[i]] > 0
          let gate = request.gate.map { isPositive ? 1 : Double($0) } ?? 1
          dx[image * layout.imageStride + inputGradientPlaces[i]] = Float(sums[i] * gate)
        }
      }
    }
    guard let weights, let use else { return }
    Self.put(weightSums, use.weights, weights.weights)
    Self.put(biasSums, use.bias, weights.bias)
  }

  private static func put(_ sums: [Double], _ use: GradientUse, _ values: any Buffer) {
    switch use {
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
    case .convolution(_, let slope), .dense(_, _, _, let slope): Activation.rectifier(slope: slope).value(at: sum)
    case .activation(let activation, _): activation.value(at: sum)
    case .reshape: sum
    }
  }
}
