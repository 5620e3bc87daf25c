import BVAECPU
import Glibc
import Testing

@Suite("Dense layers")
struct DenseTests {
  struct Shape: Sendable {
    let height: Int, width: Int, channels: Int, outputs: Int, images: Int
    /// The margin of the input gradient's layout.
    let margin: Int
  }

  static let shapes = [
    Shape(height: 1, width: 1, channels: 16, outputs: 16, images: 1, margin: 0),
    Shape(height: 1, width: 1, channels: 32, outputs: 64, images: 19, margin: 0),
    Shape(height: 3, width: 5, channels: 48, outputs: 32, images: 97, margin: 2),
    Shape(height: 7, width: 7, channels: 64, outputs: 48, images: 64, margin: 1),
    // More than the panels of a group, and more images than two units have.
    Shape(height: 2, width: 3, channels: 16, outputs: 176, images: 201, margin: 0),
  ]

  @Test(
    "Outputs, input gradients and weight gradients are the defining sums", arguments: shapes, ConvolutionTests.kernels)
  func sums(shape: Shape, kernels: Kernels) {
    let compute = Compute(threads: 2, kernels: kernels)
    let input = MapLayout(height: shape.height, width: shape.width, channels: shape.channels)
    let gradient = MapLayout(
      height: shape.height, width: shape.width, channels: shape.channels, before: shape.margin, after: shape.margin)
    let plan = DensePlan(input: input, outputs: shape.outputs, inputGradient: gradient, batch: shape.images)
    let outputStride = DensePlan.row(shape.outputs).imageStride
    var random = RandomGenerator(seed: 9, stream: .sample)
    func filled(_ count: Int) -> FloatBuffer {
      let buffer = FloatBuffer(count: count)
      for i in 0..<count { buffer[i] = Float(random.uniform() - 0.5) }
      return buffer
    }
    let x = filled(shape.images * input.imageStride), w = filled(plan.weightCount), b = filled(shape.outputs)
    let y = FloatBuffer(count: shape.images * outputStride), d = filled(shape.images * outputStride)
    let dx = FloatBuffer(count: shape.images * gradient.imageStride), db = FloatBuffer(count: shape.outputs)
    let dw = FloatBuffer(count: plan.weightCount)
    func weight(_ i: Int, _ o: Int) -> Int { (o / 16 * plan.inputs + i) * 16 + o % 16 }

    plan.apply(compute, input: x, weights: w, bias: b, slope: 0.3, output: y, images: shape.images)
    plan.backward(
      compute, input: x, gate: (x, 0.3), weights: w, outputGradient: d, inputGradient: dx, images: shape.images,
      bias: db, use: .store(dw))

    for image in Array(stride(from: 0, to: shape.images, by: 5)) + [shape.images - 1] {
      for o in stride(from: 0, to: shape.outputs, by: 7) {
        let sum = (0..<plan.inputs).reduce(Double(b[o])) {
          $0 + Double(x[image * input.imageStride + $1]) * Double(w[weight($1, o)])
        }
        #expect(abs(Double(y[image * outputStride + o]) - (sum > 0 ? sum : 0.3 * sum)) < 1e-4)
      }
      for i in stride(from: 0, to: plan.inputs, by: 13) {
        let sum = (0..<shape.outputs).reduce(0.0) {
          $0 + Double(d[image * outputStride + $1]) * Double(w[weight(i, $1)])
        }
        let position = i / shape.channels
        let place =
          gradient.offset(image: image, row: position / shape.width, column: position % shape.width)
          + i % shape.channels
        let slope = x[image * input.imageStride + i] > 0 ? 1 : 0.3
        #expect(abs(Double(dx[place]) - sum * slope) < 1e-4)
      }
    }
    for o in stride(from: 0, to: shape.outputs, by: 5) {
      for i in stride(from: 0, to: plan.inputs, by: 11) {
        let sum = (0..<shape.images).reduce(0.0) {
          $0 + Double(x[$1 * input.imageStride + i]) * Double(d[$1 * outputStride + o])
        }
        #expect(abs(Double(dw[weight(i, o)]) - sum) < 1e-4)
      }
      let sum = (0..<shape.images).reduce(0.0) { $0 + Double(d[$1 * outputStride + o]) }
      #expect(abs(Double(db[o]) - sum) < 1e-4)
    }
  }

  @Test("The sigmoid is that of the mathematics library", arguments: ConvolutionTests.kernels)
  func sigmoid(kernels: Kernels) {
    let buffer = FloatBuffer(count: 4000 * 16)
    func argument(_ i: Int) -> Double { (Double(i) - 32000) / 320 }
    for i in 0..<buffer.count { buffer[i] = Float(argument(i)) }
    Compute(threads: 2, kernels: kernels).apply(.sigmoid, to: buffer, count: buffer.count)
    for i in stride(from: 0, to: buffer.count, by: 37) {
      let exact = 1 / (1 + exponential(-Double(Float(argument(i)))))
      #expect(abs(Double(buffer[i]) - exact) <= 3e-7 * exact + 1e-37)
    }
  }

  @Test("The hyperbolic tangent is the mathematics library's for doubles, rounded", arguments: ConvolutionTests.kernels)
  func hyperbolicTangent(kernels: Kernels) {
    // Every thousandth float from 2⁻³¹ to 12, of both signs, and what is special.
    var arguments: [Float] = [0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 100, -1e30]
    for bits in stride(from: Float(0x1p-31).bitPattern, to: Float(12).bitPattern, by: 1009) {
      arguments.append(Float(bitPattern: bits) * (bits % 2 == 0 ? 1 : -1))
    }
    let buffer = FloatBuffer(count: wholePanels(arguments.count))
    for (i, argument) in arguments.enumerated() { buffer[i] = argument }
    Compute(threads: 2, kernels: kernels).apply(.tanh, to: buffer, count: buffer.count)
    let wrong = arguments.indices.filter { i in
      let exact = Float(tanh(Double(arguments[i])))
      return exact.isNaN ? !buffer[i].isNaN : buffer[i].bitPattern != exact.bitPattern
    }
    #expect(wrong.isEmpty, "tanh \(wrong.prefix(5).map { arguments[$0] })")
  }
}
