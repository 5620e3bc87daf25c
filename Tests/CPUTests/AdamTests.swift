import BVAECPU
import BVAEKernelInterface
import TestSupport
import Testing

/// Adam against algorithm 1 of Kingma and Ba 2015, computed in Double.
@Suite("Adam")
struct AdamTests {
  /// More than two of the parts that threads share out, the last of them not whole.
  private static let count = 2 * 16_384 + 4_816

  private static func buffer(_ values: [Float]) -> FloatBuffer {
    let buffer = FloatBuffer(count: values.count)
    for (i, value) in values.enumerated() { buffer[i] = value }
    return buffer
  }

  @Test(
    "A step changes values and moments by the paper's formulas, early and late in a training",
    arguments: [1, 2, 10, 1000, 1001, 5000, 1_000_000], ConvolutionTests.kernels)
  func step(number: Int, kernels: Kernels) {
    var random = RandomGenerator(seed: 4, stream: .sample)
    func numbers(_ body: (Double) -> Double) -> [Float] {
      (0..<Self.count).map { _ in Float(body(2 * random.uniform() - 1)) }
    }
    // Gradients from 10⁻¹⁰, where ε counts, to 1.
    let gradient = zip(numbers { $0 }, numbers { $0 }).map { $0 * exponentOfTen(5 * Double($1) - 5) }
    // Before the first step moments are zero; later they are about as large as gradients are.
    let first: [Float] =
      number == 1 ? numbers { _ in 0 } : zip(gradient, numbers { $0 }).map { 0.5 * $0 + 0.2 * $1 * $0 }
    let second: [Float] = number == 1 ? numbers { _ in 0 } : gradient.map { 0.7 * $0 * $0 }
    let values = numbers { 0.01 * $0 }
    var adam = Adam(rate: 2e-3)
    adam.epsilon = 1e-6
    let mean = Self.buffer(first), square = Self.buffer(second), changed = Self.buffer(values)
    CPUDevice(Compute(threads: 2, kernels: kernels)).update(
      adam.update(number), values: changed, gradient: Self.buffer(gradient),
      moments: Moments(first: mean, second: square))

    var steps: [Float] = [], means: [Float] = [], squares: [Float] = []
    // The decays as the nearest numbers that a Float can hold: 1 − 0.999 is then 10⁻³ but for 1.3 parts in 100,000.
    let (beta1, beta2) = (Double(adam.beta1), Double(adam.beta2))
    #expect(abs(beta1 - 0.9) < 1e-7 && abs(beta2 - 0.999) < 1e-7)
    let firstCorrection = 1 - power(beta1, number), secondCorrection = 1 - power(beta2, number)
    for i in 0..<Self.count {
      let g = Double(gradient[i])
      let m = beta1 * Double(first[i]) + (1 - beta1) * g
      let v = beta2 * Double(second[i]) + (1 - beta2) * g * g
      let step = 2e-3 * (m / firstCorrection) / ((v / secondCorrection).squareRoot() + 1e-6)
      means.append(Float(m))
      squares.append(Float(v))
      steps.append(Float(Double(values[i]) - step))
      let own = Double(changed[i]) - Double(values[i])
      guard abs(own + step) > 1e-4 * abs(step) + 2e-9 else { continue }
      Issue.record("step \(number), value \(i): changed by \(own), not by \(-step)")
      return
    }
    #expect(difference(Array(changed.values), from: steps) < 1e-6)
    #expect(difference(Array(mean.values), from: means) < 1e-6)
    #expect(difference(Array(square.values), from: squares) < 1e-6)
  }

  @Test(
    "The step that a dense layer takes on its way back is the step with its gradient", arguments: [1, 1001],
    ConvolutionTests.kernels)
  func fused(number: Int, kernels: Kernels) {
    let compute = Compute(threads: 2, kernels: kernels), images = 37
    let layout = MapLayout(height: 7, width: 7, channels: 32)
    let plan = DensePlan(input: layout, outputs: 96, inputGradient: layout, batch: images)
    var random = RandomGenerator(seed: 5, stream: .sample)
    func filled(_ count: Int) -> FloatBuffer {
      Self.buffer((0..<count).map { _ in Float(random.uniform() - 0.5) })
    }
    let input = filled(images * layout.imageStride), weights = filled(plan.weightCount)
    let outputGradient = filled(images * DensePlan.row(96).imageStride)
    func back(_ weights: FloatBuffer, _ use: WeightGradientUse) {
      plan.backward(
        compute, input: input, gate: nil, weights: weights, outputGradient: outputGradient,
        inputGradient: FloatBuffer(count: images * layout.imageStride), images: images, bias: FloatBuffer(count: 96),
        use: use)
    }
    let gradient = FloatBuffer(count: plan.weightCount), apart = FloatBuffer(count: plan.weightCount)
    let together = FloatBuffer(count: plan.weightCount)
    apart.copy(from: weights)
    together.copy(from: weights)
    let step = Adam(rate: 1e-2).update(number)
    func moments() -> AdamMoments {
      AdamMoments(first: FloatBuffer(count: plan.weightCount), second: FloatBuffer(count: plan.weightCount))
    }
    let momentsApart = moments(), momentsTogether = moments()
    back(weights, .store(gradient))
    CPUDevice(compute).update(
      step, values: apart, gradient: gradient, moments: Moments(first: momentsApart.first, second: momentsApart.second))
    back(together, .adam(AdamStep(step), momentsTogether))
    #expect(difference(Array(together.values), from: Array(apart.values)) < 1e-5)
    #expect(
      difference(Array(momentsTogether.second.values), from: Array(momentsApart.second.values)) < 1e-5)
    #expect(difference(Array(together.values), from: Array(weights.values)) > 1e-3)
  }
}
