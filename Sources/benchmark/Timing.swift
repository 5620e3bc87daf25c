import ArgumentParser
import BVAECPU
import BVAEPlatform
import BetaVAE

/// Times one network's steps, alone or in turn with the reference program.
struct Timing {
  enum Work: String, ExpressibleByArgument {
    /// A step with one batch.
    case train
    /// 10,000 images, batch by batch.
    case encode
  }

  /// What is trained.
  enum System: String, CaseIterable, ExpressibleByArgument {
    case vae, factorvae

    /// With the settings that it is published with.
    var objective: Objective {
      get throws {
        switch self {
        case .vae: .paper
        case .factorvae: try .factor()
        }
      }
    }
  }

  private static let stepsPerRound = 5
  private static let encoded = 10_000
  private let name: String
  private let system: System
  private let batch: Int
  private let model: VariationalAutoencoder
  private let probe: StepProbe
  private let images: Tensor, noise: Tensor, bytes: ByteImages
  /// Of a second batch, which image's value of a latent each image is given: one place further for each latent.
  private let order: Tensor

  /// - Parameter name: what the images are called in the results.
  init(_ system: System, _ architecture: Architecture, name: String, batch: Int, compute: Compute) throws {
    self.system = system
    self.name = name
    self.batch = batch
    let image = architecture.image, latents = architecture.latents
    model = VariationalAutoencoder(architecture, objective: try system.objective, compute: compute)
    probe = StepProbe(model, batch: batch)
    var generator = RandomGenerator(seed: 1, stream: .sample)
    bytes = ByteImages(
      shape: image, bytes: (0..<Self.encoded * image.count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    images = Tensor(
      shape: [batch, image.height, image.width, image.planes],
      values: bytes.bytes.prefix(batch * image.count).map { Float($0) / 255 })
    noise = Tensor(shape: [batch, latents], values: (0..<batch * latents).map { _ in Float(generator.uniform()) })
    order = Tensor(
      shape: [batch, latents], values: (0..<batch * latents).map { Float(($0 / latents + $0 % latents) % batch) })
  }

  private func images(_ work: Work) -> Int { work == .train ? batch : Self.encoded }

  private func steps(_ work: Work) -> Int { work == .train ? Self.stepsPerRound : 1 }

  /// Milliseconds of a step, or of all images that are encoded: the median of a round.
  private func round(_ work: Work) throws -> Double {
    var times: [Double] = []
    for _ in 0..<steps(work) {
      let start = Machine.seconds
      switch work {
      case .train:
        if system == .factorvae { probe.show(second: images, noise: noise, order: order) }
        _ = probe.train(images: images, noise: noise)
      case .encode: _ = try model.encode(bytes)
      }
      times.append((Machine.seconds - start) * 1e3)
    }
    return median(times)
  }

  /// Times rounds of steps and says what came out.
  func compare(_ work: Work, rounds: Int, with other: Coprocess?) throws -> String {
    let architecture = model.architecture, image = architecture.image
    let network = architecture.network.name
    let request =
      "\(work.rawValue) \(system.rawValue) \(network) \(image.height) \(image.width) \(image.planes) \(batch) \(architecture.latents) "
      + "\(model.compute.workers.count) \(steps(work))"
    _ = try round(work)
    _ = try other?.ask(request)
    var ours: [Double] = [], theirs: [Double] = []
    for _ in 0..<max(1, rounds) {
      ours.append(try round(work))
      if let other { theirs.append(Double(try other.ask(request)) ?? .nan) }
    }
    let rate = Double(images(work)) / median(ours) * 1e3
    let what = work == .train ? "train" : "encode \(Self.encoded.grouped)"
    let made = system == .vae ? "" : " \(system.rawValue)"
    var text =
      "\(name)\(made)\(architecture.network == .paper ? "" : " \(network)") \(what), batch \(batch), Z \(architecture.latents): \(median(ours).formatted(decimals: 1)) ms "
      + "(best \(ours.min()!.formatted(decimals: 1))), \(Int(rate).grouped) images/s"
    if other != nil {
      let ratios = zip(theirs, ours).map { $0 / $1 }
      text +=
        "; PyTorch \(median(theirs).formatted(decimals: 1)) ms (best \(theirs.min()!.formatted(decimals: 1))); ratio \(median(ratios).formatted(decimals: 2))"
      text += " (\(ratios.min()!.formatted(decimals: 2)) to \(ratios.max()!.formatted(decimals: 2)))"
    }
    return text
  }
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
