import BVAEDevice
import BVAEGPU
import BVAENetworks
import BVAEPlatform
import BetaVAE

/// Checks a graphics processor against the reference device, and times what models do on it: what Scripts/gpu runs on a
/// machine that has one.
struct GraphicsBench {
  let device: GPUDevice
  let batches: [Int]
  /// Seconds that each timing may take.
  let seconds: Double
  private var compute: Compute { Compute().with(device) }

  func run() throws {
    let hardware = device.hardware
    print(
      "\(hardware.name), \(hardware.platform), driver \(hardware.driver), \(hardware.version), \(hardware.units) units, "
        + "\(hardware.memory >> 30) GB; tiles \(device.tiles.map(\.description).joined(separator: " "))")
    let checks = [try check(), try repeatSteps()]
    for (name, system, image, network) in Self.models {
      for batch in batches { try time(name, system, image, network, batch) }
    }
    try encode()
    try train()
    guard checks.allSatisfy({ $0 }) else { throw DeviceProblem("the device computes something else; see WRONG above") }
  }

  private static let models: [(String, Timing.System, ImageShape, NetworkKind)] = [
    ("MNIST paper", .vae, .mnist, .paper), ("SVHN paper", .vae, .svhn, .paper),
    ("64x64x3 burgess", .vae, ImageShape(height: 64, width: 64, planes: 3), .burgess),
    ("MNIST InfoGAN", .infogan, .mnist, .paper),
  ]

  // MARK: Checks

  /// Networks in which every operation has odd shapes, and shapes that fill tiles.
  private static var nets: [(String, Net, Int)] {
    get throws {
      [
        (
          "convolutions",
          try Net(.map(height: 11, width: 6, channels: 3)) {
            Convolution("a", 7)
            Rectifier(slope: 0.3)
            Convolution("b", 18, kernel: 5, stride: 2)
            Rectifier()
            Convolution("c", 5, kernel: 3, padding: .valid)
          }, 5
        ),
        (
          "wide convolutions",
          try Net(.map(height: 14, width: 14, channels: 64)) {
            Convolution("a", 64)
            Rectifier(slope: 0.3)
            Convolution("b", 128, stride: 2)
            Rectifier()
            Convolution.transposed("c", 64, stride: 2)
            Rectifier()
            Convolution.transposed("d", 1)
            Sigmoid()
          }, 9
        ),
        (
          "transposed convolutions behind a dense layer",
          try Net(.row(3)) {
            Dense("a", 30)
            Rectifier(slope: 0.1)
            Reshape(height: 5, width: 3, channels: 2)
            Convolution.transposed("b", 17, kernel: 5, stride: 2)
            Rectifier()
            Convolution.transposed("c", 3)
            Sigmoid()
          }, 4
        ),
        (
          "heads, pooling, up-sampling",
          try Net(.map(height: 23, width: 18, channels: 3)) {
            Convolution("a", 7, kernel: 5, padding: .valid, bias: false)
            MaxPool()
            Rectifier()
            Upsample()
            Tanh()
            MaxPool(3)
            Flatten()
            Dense(["mean", "variance"], 5)
          }, 5
        ),
        (
          "batch norm",
          try Net(.map(height: 9, width: 7, channels: 2)) {
            Convolution("a", 20, stride: 2, bias: false)
            BatchNorm("b")
            Rectifier(slope: 0.1)
            Flatten()
            Dense("c", 300, bias: false)
            BatchNorm("d")
            Rectifier()
            Dense("e", 784)
            Sigmoid()
          }, 64
        ),
      ]
    }
  }

  /// Outputs and all gradients on a device, from a seed.
  private func results(_ net: Net, _ batch: Int, on device: any Device) -> [(String, [Float])] {
    func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
      var random = RandomGenerator(seed: seed, stream: .sample)
      return (0..<count).map { _ in Float(random.uniform() * 2 - 1) }
    }
    let weights = NetWeights(net, on: device)
    weights.initialize(seed: 4)
    let pass = Pass(weights, batch: batch, use: .training, wantsInputGradient: true)
    let gradients = NetGradients(weights, storesAll: true, hasMoments: false)
    pass.input.set(to: numbers(batch * net.input.count, 1)[...])
    pass.outputGradient?.set(to: numbers(batch * net.output.count, 2)[...])
    pass.forward(count: batch)
    pass.backward(count: batch, into: gradients)
    return [("output", pass.output.list(batch)), ("input gradient", pass.inputGradient?.list(batch) ?? [])]
      + weights.parameters.map { ($0.name, $0.values(in: gradients.buffer(for: $0) ?? $0.buffer)) }
  }

  private func check() throws -> Bool {
    let start = Machine.seconds
    var worst = 0.0, isRight = true
    for (name, net, batch) in try Self.nets {
      let wanted = results(net, batch, on: ReferenceDevice()), found = results(net, batch, on: device)
      try device.check()
      for ((what, expected), (_, values)) in zip(wanted, found) {
        let largest = expected.reduce(1e-3) { max($0, abs(Double($1))) }
        let off = zip(expected, values).reduce(0) {
          max($0, abs(Double($1.0) - Double($1.1)), $1.1.isNaN ? .infinity : 0)
        }
        worst = max(worst, off / largest)
        isRight = isRight && off <= 1e-4 * largest
        if off > 1e-4 * largest { print("WRONG: \(name), \(what): off by \(off) where the largest is \(largest)") }
      }
    }
    print(
      "all operations within \(worst) of the reference device (1e-4 is asked for), "
        + "\((Machine.seconds - start).formatted(decimals: 1)) s with compiling")
    return isRight
  }

  /// Whether 20 steps give the same bits twice.
  private func repeatSteps() throws -> Bool {
    let fingerprints = try (0..<2).map { _ in
      let model = try Timing.System.vae.model(.mnist, .paper, latents: 12, compute)
      let probe = SystemProbe(model, images: images(64, .mnist), batch: device.hardware.isCPU ? 4 : 64)
      for _ in 0..<20 { probe.step() }
      try device.finish()
      return model.weightsFingerprint.description
    }
    print(fingerprints[0] == fingerprints[1] ? "20 steps twice: the same bits" : "WRONG: 20 steps twice differ")
    return fingerprints[0] == fingerprints[1]
  }

  // MARK: Times

  private func images(_ count: Int, _ shape: ImageShape) -> ByteImages {
    var generator = RandomGenerator(seed: 1, stream: .sample)
    return ByteImages(
      shape: shape, bytes: (0..<count * shape.count).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  private func time(
    _ name: String, _ system: Timing.System, _ image: ImageShape, _ network: NetworkKind, _ batch: Int
  ) throws {
    let model = try system.model(image, network, latents: 12, compute)
    let probe = SystemProbe(model, images: images(batch, image), batch: batch)
    for _ in 0..<(device.hardware.isCPU ? 1 : 3) { probe.step() }
    try device.finish()
    var times: [Double] = []
    let counts = device.counts, begin = Machine.seconds
    while times.isEmpty || Machine.seconds - begin < seconds && times.count < 1000 {
      let start = Machine.seconds
      probe.step()
      try device.finish()
      times.append(Machine.seconds - start)
    }
    let done = device.counts - counts, steps = Double(times.count), step = median(times)
    let flop = Double(done.flop) / steps, bytes = Double(done.bytes) / steps
    print(
      "\(name), batch \(batch): \((step * 1e3).formatted(decimals: 3)) ms a step "
        + "(best \((times.min()! * 1e3).formatted(decimals: 3))); \(done.launches / times.count) launches, "
        + "\(done.reads / times.count) waits, \((flop / 1e9).formatted(decimals: 2)) GFLOP, "
        + "\((bytes / 1e6).formatted(decimals: 0)) MB, \(done.bytesRead / times.count) bytes back; "
        + "\((flop / step / 1e12).formatted(decimals: 2)) TFLOP/s, \((bytes / step / 1e9).formatted(decimals: 0)) GB/s"
        + (Roofline.of(device).map { "; roofline \(($0.seconds(flop, bytes) * 1e3).formatted(decimals: 3)) ms" } ?? ""))
  }

  private func encode() throws {
    let images = images(60_000, .mnist), model = try Timing.System.vae.model(.mnist, .paper, latents: 12, compute)
    let part = images.selecting(0..<1920)
    _ = try model.encode(part)
    var start = Machine.seconds
    _ = try model.encode(part)
    guard Machine.seconds - start < 1 else { return print("encoding 60,000 images: left out, it would take minutes") }
    start = Machine.seconds
    _ = try model.encode(images)
    print("encode 60,000 MNIST images: \((Machine.seconds - start).formatted(decimals: 2)) s")
  }

  private func train() throws {
    let images = images(2000, .mnist), model = try Timing.System.vae.model(.mnist, .paper, latents: 12, compute)
    let options = TrainingOptions(epochs: 200, batch: 64)
    let start = Machine.seconds
    var isTooSlow = false
    try Trainer(model, images: images, options: options).run { progress in
      isTooSlow = progress.epoch == 1 && Machine.seconds - start > 2
      return !isTooSlow
    }
    print(
      isTooSlow
        ? "training 2,000 × 200 epochs: left out, it would take minutes"
        : "training 2,000 × 200 epochs: \((Machine.seconds - start).formatted(decimals: 1)) s in all")
  }
}

/// What a device's maker says that it can do at most: for the least time that a step could take.
private struct Roofline {
  /// Float32 operations, without tensor cores, and bytes of its memory, a second.
  let flop: Double, bytes: Double

  /// By the name; nil for one that is not known.
  static func of(_ device: GPUDevice) -> Roofline? {
    let known: [(String, Double, Double)] = [
      ("H200", 67e12, 4.8e12), ("H100", 67e12, 3.35e12), ("A100", 19.5e12, 2.0e12), ("L40", 90e12, 0.86e12),
      ("RTX 4090", 82e12, 1.0e12), ("RTX 3090", 35e12, 0.94e12), ("T4", 8.1e12, 0.32e12), ("V100", 15.7e12, 0.9e12),
    ]
    return known.first { device.hardware.name.contains($0.0) }.map { Roofline(flop: $0.1, bytes: $0.2) }
  }

  func seconds(_ flop: Double, _ bytes: Double) -> Double { max(flop / self.flop, bytes / self.bytes) }
}
