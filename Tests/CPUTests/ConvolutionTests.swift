import BVAECPU
import TestSupport
import Testing

/// Convolutions of odd shapes: outputs against the defining sum, gradients against finite differences.
@Suite("Convolutions")
struct ConvolutionTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    let kind: Correlation.Kind, stride: Int, height: Int, width: Int, inputs: Int, outputs: Int, images: Int
    var testDescription: String { "\(kind) stride \(stride), \(height)×\(width)×\(inputs) → \(outputs)" }
    var output: (height: Int, width: Int) {
      switch kind {
      case .direct: ((height + stride - 1) / stride, (width + stride - 1) / stride)
      case .transposed: (height * stride, width * stride)
      }
    }
  }

  static let shapes = [
    Shape(kind: .direct, stride: 1, height: 5, width: 9, inputs: 3, outputs: 5, images: 3),
    Shape(kind: .direct, stride: 1, height: 7, width: 7, inputs: 16, outputs: 33, images: 5),
    Shape(kind: .direct, stride: 2, height: 10, width: 6, inputs: 2, outputs: 17, images: 3),
    Shape(kind: .direct, stride: 2, height: 9, width: 11, inputs: 7, outputs: 16, images: 2),
    Shape(kind: .transposed, stride: 1, height: 6, width: 3, inputs: 5, outputs: 20, images: 2),
    Shape(kind: .transposed, stride: 1, height: 14, width: 14, inputs: 64, outputs: 64, images: 1),
    Shape(kind: .direct, stride: 1, height: 7, width: 7, inputs: 64, outputs: 64, images: 9),
    Shape(kind: .direct, stride: 1, height: 5, width: 8, inputs: 32, outputs: 48, images: 3),
    Shape(kind: .transposed, stride: 1, height: 9, width: 6, inputs: 48, outputs: 33, images: 17),
    Shape(kind: .transposed, stride: 2, height: 7, width: 7, inputs: 1, outputs: 64, images: 3),
    Shape(kind: .transposed, stride: 2, height: 3, width: 5, inputs: 4, outputs: 3, images: 7),
    Shape(kind: .direct, stride: 2, height: 14, width: 14, inputs: 64, outputs: 64, images: 7),
    Shape(kind: .transposed, stride: 2, height: 8, width: 7, inputs: 32, outputs: 64, images: 5),
    Shape(kind: .transposed, stride: 1, height: 10, width: 15, inputs: 32, outputs: 32, images: 25),
    Shape(kind: .direct, stride: 1, height: 14, width: 14, inputs: 32, outputs: 32, images: 9),
    // So many tiles that the filtering sums the weights' gradient in several chunks.
    Shape(kind: .direct, stride: 1, height: 14, width: 14, inputs: 32, outputs: 32, images: 29),
  ]

  /// One layer with its buffers, and the plain arithmetic to compare with.
  final class Layer {
    let shape: Shape
    let compute: Compute
    let plan: ConvolutionPlan, gradientPlan: ConvolutionPlan
    let inputLayout: MapLayout, outputLayout: MapLayout, gradientLayout: MapLayout
    let input: FloatBuffer, weights: FloatBuffer, bias: FloatBuffer, output: FloatBuffer
    let stored: Int

    init(_ shape: Shape, _ kernels: Kernels, isForwardOnly: Bool = false) {
      self.shape = shape
      compute = Compute(threads: 2, kernels: kernels)
      let correlation = Correlation(shape.kind, stride: shape.stride, output: shape.output)
      let adjoint = Correlation(
        shape.kind == .direct ? .transposed : .direct, stride: shape.stride, output: (shape.height, shape.width))
      let margin = correlation.margin(inputHeight: shape.height, inputWidth: shape.width)
      stored = wholePanels(shape.inputs)
      inputLayout = MapLayout(
        height: shape.height, width: shape.width, channels: stored, before: margin.before, after: margin.after)
      let outputs = wholePanels(shape.outputs)
      outputLayout = MapLayout(height: shape.output.height, width: shape.output.width, channels: outputs)
      let gradientMargin = adjoint.margin(inputHeight: shape.output.height, inputWidth: shape.output.width)
      gradientLayout = MapLayout(
        height: shape.output.height, width: shape.output.width, channels: outputs, before: gradientMargin.before,
        after: gradientMargin.after)
      plan = ConvolutionPlan(
        correlation, input: inputLayout, output: outputLayout, companion: gradientLayout, batch: shape.images,
        isForwardOnly: isForwardOnly)
      gradientPlan = ConvolutionPlan(
        adjoint, input: gradientLayout, output: inputLayout, companion: inputLayout, batch: shape.images)
      input = FloatBuffer(count: shape.images * inputLayout.imageStride)
      weights = FloatBuffer(count: plan.weightCount)
      bias = FloatBuffer(count: outputs)
      output = FloatBuffer(count: shape.images * outputLayout.imageStride)
      var random = RandomGenerator(seed: 5, stream: .sample)
      forEachInput { self.input[$0] = Float(random.uniform() - 0.5) }
      for o in 0..<shape.outputs {
        bias[o] = Float(random.uniform() - 0.5)
        for tap in 0..<16 {
          for i in 0..<shape.inputs { weights[weight(tap, i, o)] = Float(random.uniform() - 0.5) }
        }
      }
    }

    func weight(_ tap: Int, _ i: Int, _ o: Int) -> Int { (o / 16 * plan.depth + tap * stored + i) * 16 + o % 16 }

    func forEachInput(_ body: (Int) -> Void) {
      for image in 0..<shape.images {
        for row in 0..<shape.height {
          for column in 0..<shape.width {
            for i in 0..<shape.inputs { body(inputLayout.offset(image: image, row: row, column: column) + i) }
          }
        }
      }
    }

    func forward(slope: Float) {
      plan.apply(
        compute, input: input, weights: weights, output: output, images: shape.images,
        finish: .activate(bias: bias, slope: slope))
    }

    /// The defining sum of one output, without bias.
    func expected(_ image: Int, _ row: Int, _ column: Int, _ o: Int) -> Double {
      var sum = 0.0
      for (index, tap) in plan.correlation.taps.enumerated() {
        let numerators =
          shape.kind == .direct
          ? (row * shape.stride - 1 + tap.row, column * shape.stride - 1 + tap.column, 1)
          : (row + 1 - tap.row, column + 1 - tap.column, shape.stride)
        guard numerators.0 % numerators.2 == 0, numerators.1 % numerators.2 == 0 else { continue }
        let y = numerators.0 / numerators.2, x = numerators.1 / numerators.2
        guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { continue }
        let start = inputLayout.offset(image: image, row: y, column: x)
        for i in 0..<shape.inputs { sum += Double(input[start + i]) * Double(weights[weight(index, i, o)]) }
      }
      return sum
    }
  }

  static let kernels = Kernels.all

  @Test("Outputs are the defining sum, with bias and leaky rectifier", arguments: shapes, kernels)
  func forward(shape: Shape, kernels: Kernels) {
    for isForwardOnly in [false, true] {
      checkOutputs(Layer(shape, kernels, isForwardOnly: isForwardOnly), within: isForwardOnly ? 1e-3 : 2e-4)
    }
  }

  /// Outputs are as large as 10.
  private func checkOutputs(_ layer: Layer, within tolerance: Double) {
    let shape = layer.shape
    layer.forward(slope: 0.3)
    for image in 0..<shape.images {
      for row in 0..<shape.output.height {
        for column in 0..<shape.output.width {
          for o in stride(from: 0, to: shape.outputs, by: 3) {
            let sum = layer.expected(image, row, column, o) + Double(layer.bias[o])
            let found = layer.output[layer.outputLayout.offset(image: image, row: row, column: column) + o]
            #expect(abs(Double(found) - (sum > 0 ? sum : 0.3 * sum)) < tolerance)
          }
        }
      }
    }
  }

  @Test("Gradients are finite differences of the outputs", arguments: shapes, kernels)
  func gradients(shape: Shape, kernels: Kernels) {
    let layer = Layer(shape, kernels)
    let factors = FloatBuffer(count: shape.images * layer.gradientLayout.imageStride)
    var random = RandomGenerator(seed: 6, stream: .sample)
    // The function is Σ factor · output: linear, so that a finite difference of any size is exact but for rounding.
    func objective() -> Double {
      layer.forward(slope: 1)
      var sum = 0.0
      forEachOutput { outputPlace, factorPlace in
        sum += Double(layer.output[outputPlace]) * Double(factors[factorPlace])
      }
      return sum
    }
    func forEachOutput(_ body: (Int, Int) -> Void) {
      for image in 0..<shape.images {
        for row in 0..<shape.output.height {
          for column in 0..<shape.output.width {
            for o in 0..<shape.outputs {
              body(
                layer.outputLayout.offset(image: image, row: row, column: column) + o,
                layer.gradientLayout.offset(image: image, row: row, column: column) + o)
            }
          }
        }
      }
    }
    forEachOutput { _, place in factors[place] = Float(random.uniform() - 0.5) }
    let weightGradient = FloatBuffer(count: layer.weights.count), biasGradient = FloatBuffer(count: layer.bias.count)
    layer.plan.weightGradient(
      layer.compute, input: layer.input, outputGradient: factors, images: shape.images, weights: weightGradient,
      bias: biasGradient)
    let exchanged = FloatBuffer(count: layer.gradientPlan.weightCount)
    let inputGradient = FloatBuffer(count: layer.input.count)
    layer.plan.exchangeChannels(layer.compute, weights: layer.weights, for: layer.gradientPlan, into: exchanged)
    layer.gradientPlan.apply(
      layer.compute, input: factors, weights: exchanged, output: inputGradient, images: shape.images, finish: .store)

    func check(_ buffer: FloatBuffer, _ place: Int, _ gradient: Float, _ what: String) {
      let value = buffer[place]
      buffer[place] = value + 1
      let above = objective()
      buffer[place] = value - 1
      let below = objective()
      buffer[place] = value
      #expect(abs((above - below) / 2 - Double(gradient)) < 2e-3, "\(what) at \(place)")
    }
    for tap in 0..<16 {
      let place = layer.weight(tap, tap % shape.inputs, (tap * 7) % shape.outputs)
      check(layer.weights, place, weightGradient[place], "weight")
    }
    for o in [0, shape.outputs / 2, shape.outputs - 1] { check(layer.bias, o, biasGradient[o], "bias") }
    var places: [Int] = []
    layer.forEachInput { places.append($0) }
    for place in stride(from: 0, to: places.count, by: max(1, places.count / 23)).map({ places[$0] }) {
      check(layer.input, place, inputGradient[place], "input")
    }
  }

  /// The issue of rounding: Winograd's filtering against the direct sum on the network's own shapes.
  @Test(
    "Winograd's filtering agrees with the direct sum within a thousandth of the largest value",
    arguments: shapes.filter { $0.inputs >= 32 }, kernels)
  func winograd(shape: Shape, kernels: Kernels) {
    let layer = Layer(shape, kernels)
    let direct = Compute(threads: 2, kernels: kernels, usesWinograd: false)
    let factors = FloatBuffer(count: shape.images * layer.gradientLayout.imageStride)
    for i in 0..<factors.count { factors[i] = 0 }
    var random = RandomGenerator(seed: 4, stream: .sample)
    for image in 0..<shape.images {
      for row in 0..<shape.output.height {
        for column in 0..<shape.output.width {
          let start = layer.gradientLayout.offset(image: image, row: row, column: column)
          for o in 0..<shape.outputs { factors[start + o] = Float(random.uniform() - 0.5) }
        }
      }
    }
    func results(_ compute: Compute) -> [[Float]] {
      let output = FloatBuffer(count: layer.output.count)
      let weights = FloatBuffer(count: layer.weights.count), bias = FloatBuffer(count: layer.bias.count)
      layer.plan.apply(
        compute, input: layer.input, weights: layer.weights, output: output, images: shape.images,
        finish: .activate(bias: layer.bias, slope: 0.3))
      layer.plan.weightGradient(
        compute, input: layer.input, outputGradient: factors, images: shape.images, weights: weights, bias: bias)
      return [Array(output.values), Array(weights.values)]
    }
    for (filtered, summed) in zip(results(layer.compute), results(direct)) {
      let off = difference(filtered, from: summed)
      #expect(off < 1e-3)
      #expect(off > 0, "the two ways are told apart by their rounding")
    }
  }

  @Test(
    "A plan without gradients takes other products, agrees with the direct sum, and leaves the gradients to it",
    arguments: shapes.filter { $0.kind == .direct && $0.inputs == 64 }, kernels)
  func forwardOnly(shape: Shape, kernels: Kernels) {
    let forwardOnly = Layer(shape, kernels, isForwardOnly: true), trained = Layer(shape, kernels)
    let direct = Compute(threads: 2, kernels: kernels, usesWinograd: false)
    func outputs(_ layer: Layer, _ compute: Compute) -> [Float] {
      layer.plan.apply(
        compute, input: layer.input, weights: layer.weights, output: layer.output, images: shape.images,
        finish: .activate(bias: layer.bias, slope: 0.3))
      return Array(layer.output.values)
    }
    let summed = outputs(trained, direct), filtered = outputs(forwardOnly, forwardOnly.compute)
    #expect(filtered != outputs(trained, trained.compute))
    #expect(difference(filtered, from: summed) < 1e-4)
    func gradient(_ compute: Compute) -> [Float] {
      let factors = FloatBuffer(count: shape.images * forwardOnly.gradientLayout.imageStride)
      let weights = FloatBuffer(count: forwardOnly.weights.count), bias = FloatBuffer(count: forwardOnly.bias.count)
      for image in 0..<shape.images {
        factors[forwardOnly.gradientLayout.offset(image: image, row: 2, column: 3)] = Float(image + 1)
      }
      forwardOnly.plan.weightGradient(
        compute, input: forwardOnly.input, outputGradient: factors, images: shape.images, weights: weights, bias: bias)
      return Array(weights.values)
    }
    #expect(gradient(forwardOnly.compute) == gradient(direct))
  }

  @Test("The gate multiplies the gradient by the rectifier's derivative", arguments: shapes, kernels)
  func gate(shape: Shape, kernels: Kernels) {
    let layer = Layer(shape, kernels)
    let ungated = FloatBuffer(count: layer.input.count), gated = FloatBuffer(count: layer.input.count)
    let factors = FloatBuffer(count: layer.shape.images * layer.gradientLayout.imageStride)
    for i in 0..<factors.count { factors[i] = Float(i % 11) - 5 }
    let weights = FloatBuffer(count: layer.gradientPlan.weightCount)
    layer.plan.exchangeChannels(layer.compute, weights: layer.weights, for: layer.gradientPlan, into: weights)
    for (result, finish) in [
      (ungated, ConvolutionPlan.Finish.store), (gated, .gate(layer.input, slope: 0.25)),
    ] {
      layer.gradientPlan.apply(
        layer.compute, input: factors, weights: weights, output: result, images: layer.shape.images, finish: finish)
    }
    layer.forEachInput {
      #expect(gated[$0] == (layer.input[$0] > 0 ? ungated[$0] : ungated[$0] * 0.25))
    }
  }
}

extension Kernels: CustomTestStringConvertible {
  /// The build's name.
  public var testDescription: String { name }
}
