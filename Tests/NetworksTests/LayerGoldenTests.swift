import BVAEArrays
import BVAECPU
import BVAEDevice
import BVAENetworks
import BVAEPlatform
import BetaVAE
import TestSupport
import Testing

/// Single layers and small networks against PyTorch's numbers (Scripts/reference/make_layer_fixture.py).
@Suite("Layers agree with PyTorch")
struct LayerGoldenTests {
  /// The networks by the names that the file gives them.
  static let networks: [(name: String, net: Net)] = {
    func net(_ shape: [Int], @LayerList _ layers: () -> [any Layer]) -> Net {
      try! Net(.map(height: shape[0], width: shape[1], channels: shape[2]), layers())
    }
    return [
      ("conv5", net([9, 7, 2]) { Convolution("a", 3, kernel: 5, padding: .valid) }),
      ("conv5same", net([7, 6, 2]) { Convolution("a", 3, kernel: 5) }),
      ("conv7", net([12, 9, 2]) { Convolution("a", 3, kernel: 7, stride: 2, padding: .valid) }),
      ("conv7same", net([8, 5, 2]) { Convolution("a", 3, kernel: 7) }),
      ("deconv4", net([5, 4, 3]) { Convolution.transposed("a", 5, kernel: 4, stride: 2) }),
      ("deconv5", net([4, 3, 3]) { Convolution.transposed("a", 2, kernel: 5, stride: 2, padding: .valid) }),
      ("pool", net([7, 6, 3]) { MaxPool(2) }),
      (
        "pooled",
        net([8, 7, 2]) {
          Convolution("a", 5, kernel: 3)
          MaxPool(2)
          Rectifier()
          Convolution("b", 2, kernel: 3)
        }
      ),
      (
        "upsampled",
        net([4, 3, 2]) {
          Upsample(2)
          Convolution("a", 3, kernel: 7)
          Tanh()
          Upsample(2)
          Rectifier(slope: 0.2)
          Convolution("b", 1, kernel: 5, padding: .valid)
          Sigmoid()
        }
      ),
      (
        "normed",
        net([8, 6, 2]) {
          Convolution("a", 5, stride: 2, bias: false)
          BatchNorm("bn1")
          Rectifier(slope: 0.1)
          Flatten()
          Dense("b", 7, bias: false)
          BatchNorm("bn2")
          Rectifier(slope: 0.1)
          Dense("c", 3)
        }
      ),
      (
        "norm",
        net([3, 5, 3]) {
          BatchNorm("bn")
          Rectifier()
        }
      ),
    ]
  }()

  static let file = try! Safetensors(
    bytes: Files.read(Path.join(Path.join(Path.parent(#filePath), "Golden"), "layers.safetensors")))

  /// The reference device, the processor with each build of the kernels, and OpenCL where there is one.
  static let devices = ["reference"] + Kernels.all.map(\.name) + (TestGPU.device == nil ? [] : ["opencl"])

  private func device(_ name: String) -> any Device {
    if name == "opencl", let device = TestGPU.device { return device }
    guard let kernels = Kernels.all.first(where: { $0.name == name }) else { return ReferenceDevice() }
    return CPUDevice(Compute(threads: 2, kernels: kernels))
  }

  private func expect(_ found: [Float], _ name: String) throws {
    let expected = try #require(Self.file.tensors[name], "\(name)").values
    #expect(found.count == expected.count, "\(name)")
    let largest = expected.map(abs).max() ?? 0
    let worst = zip(found, expected).map { abs($0 - $1) }.reduce(Float(0)) { $1.isNaN ? .infinity : max($0, $1) }
    #expect(worst <= 5e-6 * max(largest, 1e-3), "\(name): off by \(worst) where the largest is \(largest)")
  }

  @Test("Outputs, gradients and running statistics", arguments: networks.map(\.name), devices)
  func agree(name: String, deviceName: String) throws {
    let net = try #require(Self.networks.first { $0.name == name }).net
    let tensors = Self.file.tensors
    let weights = NetWeights(net, on: device(deviceName)), gradients = NetGradients(weights, storesAll: true)
    #expect(
      Set(net.parameters.map(\.name))
        == Set(tensors.keys.filter { $0.hasPrefix("\(name).weights.") }.map { String($0.dropFirst(name.count + 9)) }))
    for parameter in weights.parameters {
      let tensor = try #require(tensors["\(name).weights.\(parameter.name)"])
      #expect(tensor.shape == parameter.shape)
      parameter.set(tensor.values)
    }
    // Real and generated images go through a network in passes of their own; their gradients are added up.
    let suffixes = ["", "2"].filter { tensors["\(name).in.x\($0)"] != nil }
    func list(_ values: Values?, _ count: Int) -> [Float] {
      var list: [Float] = []
      for image in 0..<count { values?.append(image, to: &list) }
      return list
    }
    func pass(_ suffix: String, _ use: Preparation.Use) throws -> (Pass, Int) {
      let x = try #require(tensors["\(name).in.x\(suffix)"]), dy = try #require(tensors["\(name).in.dy\(suffix)"])
      let count = x.shape[0]
      let pass = Pass(weights, batch: count, use: use, wantsInputGradient: use == .training)
      for image in 0..<count {
        let values = x.values.count / count, outputs = dy.values.count / count
        pass.input.set(image, to: x.values[image * values..<(image + 1) * values])
        pass.outputGradient?.set(image, to: dy.values[image * outputs..<(image + 1) * outputs])
      }
      pass.forward(count: count)
      return (pass, count)
    }
    let passes = try suffixes.map { try pass($0, .training) }
    var sums: [String: [Float]] = [:]
    for (suffix, (pass, count)) in zip(suffixes, passes) {
      try expect(list(pass.output, count), "\(name).out.y\(suffix)")
      pass.backward(count: count, into: gradients)
      try expect(list(pass.inputGradient, count), "\(name).grad.x\(suffix)")
      for parameter in weights.parameters where parameter.isTrained {
        let own = parameter.values(in: try #require(gradients.buffer(for: parameter)))
        sums[parameter.name] = sums[parameter.name].map { zip($0, own).map { $0 + $1 } } ?? own
      }
    }
    for parameter in weights.parameters {
      if parameter.isTrained {
        try expect(sums[parameter.name] ?? [], "\(name).grad.\(parameter.name)")
      } else {
        try expect(parameter.values(in: parameter.buffer), "\(name).after.\(parameter.name)")
      }
    }
    if tensors["\(name).inference.y"] != nil {
      for use in [Preparation.Use.inference, .fastInference] {
        let (pass, count) = try pass("", use)
        try expect(list(pass.output, count), "\(name).inference.y")
      }
    }
  }

  @Test("Batch norm's running statistics belong to the weights and are not trained")
  func untrained() throws {
    let net = try #require(Self.networks.first { $0.name == "norm" }).net
    #expect(net.parameters.map(\.name) == ["bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"])
    #expect(net.parameterCount == 6)
    let weights = NetWeights(net, on: CPUDevice(Compute(threads: 2)))
    weights.initialize(seed: 1)
    #expect(weights.parameters.map { $0.values(in: $0.buffer)[0] } == [1, 0, 0, 1])
    #expect(weights.parameters.map(\.isTrained) == [true, true, false, false])
    let gradients = NetGradients(weights)
    #expect(weights.parameters.map { gradients.buffer(for: $0) != nil } == [true, true, false, false])
    weights.parameters[3].set([2, 3, 4])
    let copy = NetWeights(net, on: weights.device)
    copy.copy(from: weights)
    #expect(copy.parameters[3].values(in: copy.parameters[3].buffer) == [2, 3, 4] && copy.areFinite)
    copy.parameters[2].set([0, .nan, 0])
    #expect(!copy.areFinite)
  }

  @Test("A single value of a channel leaves the running statistics as they are", arguments: devices)
  func single(deviceName: String) throws {
    let net = try Net(.row(3)) { BatchNorm("a") }
    let weights = NetWeights(net, on: device(deviceName))
    weights.initialize(seed: 1)
    weights.parameters[1].set([5, 6, 7])
    let pass = Pass(weights, batch: 2, use: .training)
    pass.input.set(0, to: [Float]([1, 2, 3])[...])
    pass.forward(count: 1)
    var output: [Float] = []
    pass.output.append(0, to: &output)
    #expect(output == [5, 6, 7])
    #expect(weights.parameters[3].values(in: weights.parameters[3].buffer) == [1, 1, 1])
  }

  @Test("Batch norm is as exact where the mean is far from zero", arguments: devices.dropFirst())
  func farFromZero(deviceName: String) throws {
    let net = try Net(.map(height: 16, width: 16, channels: 2)) { BatchNorm("a") }
    let outputs = [ReferenceDevice() as any Device, device(deviceName)].map { device in
      let weights = NetWeights(net, on: device)
      weights.initialize(seed: 1)
      let pass = Pass(weights, batch: 40, use: .training)
      for image in 0..<40 {
        let values = DeviceTests.Run.numbers(512, seed: UInt64(image)).map { 100 + $0 }
        pass.input.set(image, to: values[...])
      }
      pass.forward(count: 40)
      var list: [Float] = []
      for image in 0..<40 { pass.output.append(image, to: &list) }
      return list + weights.parameters[3].values(in: weights.parameters[3].buffer)
    }
    let worst = zip(outputs[0], outputs[1]).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst < 1e-4)
  }
}
