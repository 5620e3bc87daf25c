import BVAEArrays
import BVAECPU
import BVAEDevice
import BVAENetworks
import TestSupport
import Testing

/// Every operation on the processor against its definition, the reference device, forward and back, at odd shapes.
@Suite("Devices agree with the reference device")
struct DeviceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let net: Net
    let batch: Int
    /// Of the largest value; minimal filtering rounds more.
    let tolerance: Float

    init(
      _ name: String, _ input: Shape, batch: Int, tolerance: Float = 1e-4, @LayerList _ layers: () -> [any Layer]
    ) {
      self.name = name
      self.batch = batch
      self.tolerance = tolerance
      do { net = try Net(input, layers()) } catch { fatalError("\(name): \(error)") }
    }

    var testDescription: String { name }
  }

  static let cases = small + wide

  /// Those that finite differences go through.
  static let small = linear + further + kernels + lastLayers

  static let linear = [
    Case("convolutions at strides 1 and 2", .map(height: 11, width: 6, channels: 3), batch: 5) {
      Convolution("a", 7)
      Rectifier(slope: 0.3)
      Convolution("b", 18, stride: 2)
      Rectifier()
      Convolution("c", 5, stride: 2)
    },
    Case("transposed convolutions behind a dense layer", .row(3), batch: 4) {
      Dense("a", 30)
      Rectifier(slope: 0.1)
      Reshape(height: 5, width: 3, channels: 2)
      Convolution.transposed("b", 17, stride: 2)
      Rectifier()
      Convolution.transposed("c", 3)
      Sigmoid()
    },
    Case("heads behind maps", .map(height: 4, width: 6, channels: 1), batch: 19) {
      Convolution("a", 33, stride: 2)
      Rectifier(slope: 0.3)
      Flatten()
      Dense(["mean", "variance"], 5)
    },
    Case("dense layers on an image, tanh between", .map(height: 3, width: 5, channels: 3), batch: 7) {
      Flatten()
      Dense("a", 21)
      Tanh()
      Dense("b", 18)
      Rectifier(slope: 0.2)
      Dense("c", 1)
    },
    Case("maps of a network's own width", .map(height: 14, width: 14, channels: 32), batch: 3) {
      Convolution("a", 32)
      Rectifier()
      Convolution("b", 32, stride: 2)
    },
  ]

  static let further = [
    Case(
      "pooling behind convolutions without padding", .map(height: 23, width: 18, channels: 3), batch: 5, tolerance: 1e-5
    ) {
      Convolution("a", 7, kernel: 5, padding: .valid)
      MaxPool()
      Rectifier()
      Convolution("b", 18, kernel: 3, bias: false)
      Rectifier(slope: 0.2)
      MaxPool(3)
      Flatten()
      Dense(["mean", "variance"], 5, bias: false)
    },
    Case("up-sampling before 7×7 convolutions", .row(4), batch: 3, tolerance: 1e-5) {
      Dense("a", 30)
      Rectifier()
      Reshape(height: 5, width: 3, channels: 2)
      Upsample()
      Convolution("b", 17, kernel: 7)
      Rectifier(slope: 0.1)
      Upsample()
      Convolution("c", 3, kernel: 7, padding: .valid)
      Sigmoid()
    },
    Case("batch norm between convolutions", .map(height: 9, width: 7, channels: 2), batch: 5, tolerance: 1e-5) {
      Convolution("a", 20, stride: 2, bias: false)
      BatchNorm("b")
      Rectifier(slope: 0.1)
      Convolution("c", 5, stride: 2, bias: false)
      BatchNorm("d")
      Rectifier()
      Flatten()
      Dense("e", 21, bias: false)
      BatchNorm("f")
      Rectifier(slope: 0.2)
    },
    Case("a generator with batch norm", .row(6), batch: 7, tolerance: 1e-5) {
      Dense("a", 24, bias: false)
      BatchNorm("b")
      Rectifier()
      Dense("c", 3 * 5 * 18, bias: false)
      BatchNorm("d")
      Rectifier()
      Reshape(height: 3, width: 5, channels: 18)
      Convolution.transposed("e", 17, stride: 2, bias: false)
      BatchNorm("f")
      Rectifier()
      Convolution.transposed("g", 3, stride: 2)
      Tanh()
    },
    Case("functions between maps", .map(height: 6, width: 5, channels: 3), batch: 3, tolerance: 1e-5) {
      BatchNorm("a")
      Convolution("b", 5, kernel: 3)
      Rectifier(slope: 0.3)
      Tanh()
      Convolution("c", 18, kernel: 2)
      Sigmoid()
      MaxPool()
      Upsample(3)
      Rectifier(slope: 0.4)
      Convolution("d", 4, kernel: 5)
      Rectifier(slope: 0.2)
      BatchNorm("e")
      Convolution("f", 4)
      Rectifier(slope: 0.2)
      Upsample()
      MaxPool()
      Sigmoid()
      Flatten()
      Dense("g", 3)
      Rectifier(slope: 0.5)
      Rectifier(slope: 0.5)
    },
  ]

  static let wide = [
    Case(
      "7×7 and 5×5 convolutions to few channels", .map(height: 35, width: 19, channels: 17), batch: 3, tolerance: 1e-5
    ) {
      Convolution("a", 3, kernel: 7)
      Rectifier(slope: 0.3)
      Convolution("b", 20, kernel: 5)
      Rectifier()
      Convolution("c", 4, kernel: 5, padding: .valid)
      Rectifier(slope: 0.2)
      Convolution("d", 18, kernel: 3, stride: 2)
      Convolution.transposed("e", 2, kernel: 6, stride: 2)
      Convolution("f", 33, kernel: 2)
      Convolution("g", 1, kernel: 7, bias: false)
    },
    Case("many units of batch norm", .map(height: 40, width: 33, channels: 3), batch: 19, tolerance: 1e-5) {
      MaxPool()
      Convolution("a", 40, kernel: 3, bias: false)
      BatchNorm("b")
      Rectifier()
      MaxPool()
      Convolution("c", 2, kernel: 2, stride: 2)
    },
    Case("filtered convolutions without padding", .map(height: 17, width: 15, channels: 32), batch: 3) {
      Convolution("a", 32, kernel: 2)
      Rectifier(slope: 0.3)
      Convolution("b", 33, padding: .valid)
      Rectifier()
      Convolution("c", 32, stride: 2, padding: .valid)
      Rectifier(slope: 0.1)
      Convolution.transposed("d", 40, padding: .valid)
      Rectifier(slope: 0.2)
      Convolution.transposed("e", 32, stride: 2, padding: .valid)
    },
  ]

  /// Every kernel and stride, with and without padding, of both kinds, with an odd number of channels on both sides.
  static let kernels = [ConvolutionGeometry.Kind.direct, .transposed].flatMap { kind in
    [Convolution.Padding.same, .valid].flatMap { padding in
      (1...2).flatMap { stride in
        [2, 3, 5, 6, 7].map { kernel in
          let name = "\(kind) \(kernel)×\(kernel), stride \(stride), \(padding)"
          return Case(name, .map(height: 9, width: 8, channels: 3), batch: 3, tolerance: 1e-5) {
            switch kind {
            case .direct: Convolution("a", 18, kernel: kernel, stride: stride, padding: padding)
            case .transposed:
              Convolution.transposed("a", 18, kernel: kernel, stride: stride, padding: padding)
            }
            Rectifier(slope: 0.3)
            Convolution("b", 5, kernel: 2)
          }
        }
      }
    }
  }

  /// The last layer of a decoder: from many channels to few, whatever the kernel, and more rows than are computed together.
  static let lastLayers = [ConvolutionGeometry.Kind.direct, .transposed].flatMap { kind in
    [(4, 2, 1), (3, 2, 3), (2, 2, 4), (5, 2, 2), (4, 1, 3), (7, 1, 1), (6, 1, 4)].flatMap { kernel, stride, channels in
      [Convolution.Padding.same, .valid].map { padding in
        let name = "last: \(kind) \(kernel)×\(kernel), stride \(stride), \(padding), \(channels) channels"
        return Case(name, .map(height: 19, width: 8, channels: 3), batch: 2, tolerance: 1e-5) {
          Convolution("a", 32, kernel: 3)
          Rectifier(slope: 0.3)
          switch kind {
          case .direct: Convolution("b", channels, kernel: kernel, stride: stride, padding: padding)
          case .transposed: Convolution.transposed("b", channels, kernel: kernel, stride: stride, padding: padding)
          }
        }
      }
    }
  }

  /// A network on a device, with weights, a batch and an output gradient that follow from a seed.
  struct Run {
    let weights: NetWeights, pass: Pass, gradients: NetGradients

    init(_ test: Case, on device: any Device) {
      weights = NetWeights(test.net, on: device)
      weights.initialize(seed: 4)
      for (i, parameter) in weights.parameters.enumerated() where parameter.shape.count == 1 {
        let numbers = Run.numbers(parameter.count, seed: UInt64(50 + i))
        parameter.set(parameter.kind == .runningVariance ? numbers.map { $0 + 2 } : numbers)
      }
      pass = Pass(weights, batch: test.batch, use: .training, wantsInputGradient: true)
      gradients = NetGradients(weights, storesAll: true)
      for image in 0..<test.batch {
        pass.input.set(image, to: Run.numbers(test.net.input.count, seed: UInt64(100 + image))[...])
        pass.outputGradient?.set(image, to: Run.numbers(test.net.output.count, seed: UInt64(900 + image))[...])
      }
      pass.forward(count: test.batch)
      pass.backward(count: test.batch, into: gradients)
    }

    static func numbers(_ count: Int, seed: UInt64) -> [Float] {
      var random = RandomGenerator(seed: seed, stream: .sample)
      return (0..<count).map { _ in Float(random.uniform() * 2 - 1) }
    }

    func list(_ values: Values?, _ batch: Int) -> [Float] {
      var list: [Float] = []
      for image in 0..<batch { values?.append(image, to: &list) }
      return list
    }
  }

  private func expectClose(_ found: [Float], _ expected: [Float], _ what: String, _ tolerance: Float = 1e-4) {
    #expect(found.count == expected.count && !found.isEmpty, "\(what)")
    let largest = expected.map(abs).max() ?? 0
    let worst = zip(found, expected).map { abs($0 - $1) }.reduce(Float(0)) { $1.isNaN ? .infinity : max($0, $1) }
    #expect(worst <= tolerance * max(largest, 1e-3), "\(what): off by \(worst) where the largest is \(largest)")
  }

  @Test("The norm of a network's gradients is that of all their values, and scaling scales it")
  func norm() throws {
    try norm(on: CPUDevice(Compute(threads: 2)), within: 1e-9)
  }

  @Test("The same on OpenCL", .needsOpenCL)
  func normOnOpenCL() throws { try norm(on: try #require(TestGPU.device), within: 1e-6) }

  private func norm(on device: any Device, within tolerance: Double) throws {
    let run = Run(Self.cases[0], on: device)
    func sum() -> Double {
      run.weights.parameters.flatMap { parameter in
        run.gradients.buffer(for: parameter).map { parameter.values(in: $0) } ?? []
      }.reduce(0) { $0 + Double($1) * Double($1) }
    }
    let before = sum()
    #expect(before > 0 && abs(run.gradients.squaredNorm - before) < tolerance * before)
    run.gradients.scale(by: 0.5)
    #expect(abs(sum() - before / 4) < 1e-6 * before && abs(run.gradients.squaredNorm - before / 4) < 1e-6 * before)
  }

  @Test("Outputs and all gradients", arguments: cases, Kernels.all)
  func agree(test: Case, kernels: Kernels) {
    agree(test, on: CPUDevice(Compute(threads: 2, kernels: kernels)), within: test.tolerance)
  }

  @Test("Outputs and all gradients on OpenCL", .needsOpenCL, arguments: cases)
  func agreeOnOpenCL(test: Case) throws {
    let device = try #require(TestGPU.device)
    agree(test, on: device, within: 1e-4)
    try device.check()
  }

  @Test(
    "Outputs and all gradients on OpenCL, with a graphics processor's groups of many items", .needsOpenCL,
    arguments: linear + further + wide + kernels.filter { $0.name.contains("5×5") } + lastLayers.prefix(2))
  func agreeInGroups(test: Case) throws {
    let device = try #require(TestGPU.wide)
    agree(test, on: device, within: 1e-4)
    try device.check()
  }

  @Test("OpenCL gives the same bits twice", .needsOpenCL, arguments: linear + further)
  func sameBitsOnOpenCL(test: Case) throws {
    let device = try #require(TestGPU.device)
    let results = (0..<2).map { _ in
      let run = Run(test, on: device)
      return run.list(run.pass.output, test.batch) + run.list(run.pass.inputGradient, test.batch)
        + run.weights.parameters.flatMap { $0.values(in: run.gradients.buffer(for: $0) ?? $0.buffer) }
    }
    #expect(results[0].map(\.bitPattern) == results[1].map(\.bitPattern))
  }

  private func agree(_ test: Case, on device: any Device, within tolerance: Float) {
    let reference = Run(test, on: ReferenceDevice()), found = Run(test, on: device)
    func compare(_ found: [Float], _ expected: [Float], _ what: String) {
      expectClose(found, expected, what, tolerance)
    }
    compare(found.list(found.pass.output, test.batch), reference.list(reference.pass.output, test.batch), "output")
    compare(
      found.list(found.pass.inputGradient, test.batch), reference.list(reference.pass.inputGradient, test.batch),
      "input gradient")
    for (own, other) in zip(found.weights.parameters, reference.weights.parameters) {
      guard own.isTrained else {
        compare(own.values(in: own.buffer), other.values(in: other.buffer), own.name)
        continue
      }
      guard let ours = found.gradients.buffer(for: own), let theirs = reference.gradients.buffer(for: other) else {
        Issue.record("\(own.name) has no gradient")
        continue
      }
      compare(own.values(in: ours), other.values(in: theirs), own.name)
    }
    // Without training, and with fewer images.
    let outputs = [found, reference].map { run in
      let pass = Pass(run.weights, batch: test.batch, use: .inference), count = test.batch - 1
      for image in 0..<count { pass.input.set(image, to: Run.numbers(test.net.input.count, seed: UInt64(image))[...]) }
      pass.forward(count: count)
      return run.list(pass.output, count)
    }
    compare(outputs[0], outputs[1], "output of an inference pass")
  }

  @Test("Results have the same bits on any number of threads", arguments: further + wide + lastLayers.prefix(6))
  func threads(test: Case) {
    let results = (1...4).map { threads in
      let run = Run(test, on: CPUDevice(Compute(threads: threads)))
      return run.list(run.pass.output, test.batch) + run.list(run.pass.inputGradient, test.batch)
        + run.weights.parameters.flatMap { $0.values(in: run.gradients.buffer(for: $0) ?? $0.buffer) }
    }
    for other in results.dropFirst() { #expect(other.map(\.bitPattern) == results[0].map(\.bitPattern)) }
  }

  @Test("What only fills a panel takes no part in training")
  func filling() throws {
    let test = Case("sigmoid between dense layers", .row(3), batch: 4) {
      Dense("a", 5)
      Sigmoid()
      Dense("b", 2)
    }
    let outputs = [ReferenceDevice() as any Device, CPUDevice(Compute(threads: 2))].map { device in
      let run = Run(test, on: device)
      for number in 1...3 {
        run.gradients.finish(Adam(rate: 0.1).update(number))
        run.pass.forward(count: test.batch)
        run.pass.backward(count: test.batch, into: run.gradients)
      }
      return run.list(run.pass.output, test.batch)
    }
    expectClose(outputs[1], outputs[0], "output after three steps")
  }

  @Test("Maps of 256 × 256 places")
  func large() throws {
    // Pooled first, where both devices have the same values: of two that are equal but for rounding they may choose
    // different ones. Sums over 131,000 places round more than others.
    let test = Case("large", .map(height: 256, width: 256, channels: 1), batch: 2, tolerance: 3e-5) {
      MaxPool()
      Upsample()
      Convolution("a", 3, kernel: 5, bias: false)
      BatchNorm("b")
      Rectifier(slope: 0.9)
      Convolution("c", 2, stride: 2)
      Convolution.transposed("d", 1, stride: 2)
      Sigmoid()
    }
    agree(test: test, kernels: .best)
  }

  @Test("The reference device's gradients are those of its outputs, by finite differences", arguments: small)
  func finiteDifferences(test: Case) {
    let run = Run(test, on: ReferenceDevice())
    let gradient = run.list(run.pass.outputGradient, test.batch)
    func objective() -> Double {
      run.pass.forward(count: test.batch)
      return zip(run.list(run.pass.output, test.batch), gradient).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for parameter in run.weights.parameters {
      guard let buffer = run.gradients.buffer(for: parameter) else { continue }
      let gradients = parameter.values(in: buffer), values = parameter.values(in: parameter.buffer)
      for index in [0, values.count / 2, values.count - 1] {
        func moved(_ by: Float) -> Double {
          var changed = values
          changed[index] += by
          parameter.set(changed)
          return objective()
        }
        let step: Float = 1e-3, slope = (moved(step) - moved(-step)) / Double(2 * step)
        parameter.set(values)
        let scale = gradients.map { Double(abs($0)) }.max() ?? 0
        #expect(
          abs(slope - Double(gradients[index])) <= 0.05 * max(scale, 0.1),
          "\(parameter.name)[\(index)]: \(gradients[index]), by differences \(slope)")
      }
    }
  }

  @Test("A gradient can be left out, added to another or used for a step", arguments: [true, false])
  func gradientUses(isReference: Bool) throws {
    try gradientUses(on: isReference ? ReferenceDevice() : CPUDevice(Compute(threads: 2)))
  }

  @Test("The same on OpenCL, by single sums and by parts", .needsOpenCL)
  func gradientUsesOnOpenCL() throws {
    try gradientUses(on: try #require(TestGPU.device))
    try gradientUses(on: try #require(TestGPU.wide))
  }

  private func gradientUses(on device: any Device) throws {
    for test in [Self.cases[0], Self.cases[3]] {
      let run = Run(test, on: device)
      let step = Adam(rate: 1e-2).update(1)
      for case (let i, let layer?) in run.weights.layers.enumerated() {
        let first = try #require(layer.parameters.first)
        let stored = first.values(in: try #require(run.gradients.buffer(for: first)))
        let sum = device.makeBuffer(count: layer.weights.count)
        let before = first.values(in: layer.weights)
        let moments = Moments(
          first: device.makeBuffer(count: layer.weights.count), second: device.makeBuffer(count: layer.weights.count))
        run.pass.backward(count: test.batch, operation: i, use: LayerGradientUse(weights: .add(sum), bias: .none))
        run.pass.backward(count: test.batch, operation: i, use: LayerGradientUse(weights: .add(sum), bias: .none))
        expectClose(first.values(in: sum), stored.map { 2 * $0 }, "\(first.name), added twice")
        run.pass.backward(count: test.batch, operation: i, use: LayerGradientUse.none)
        #expect(first.values(in: layer.weights) == before)
        run.pass.backward(
          count: test.batch, operation: i, use: LayerGradientUse(weights: .step(step, moments), bias: .none))
        // The first step of Adam is the rate, against the gradient's sign.
        let moved = zip(first.values(in: layer.weights), before).map { $0 - $1 }
        for (move, gradient) in zip(moved, stored) where abs(gradient) > 1e-3 {
          #expect(abs(move + (gradient > 0 ? 1e-2 : -1e-2)) < 1e-4)
        }
        first.set(before)
      }
    }
  }
}
