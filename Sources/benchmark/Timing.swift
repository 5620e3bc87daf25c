import ArgumentParser
import BVAECPU
import BVAENetworks
import BVAEPlatform
import BetaVAE

/// Times one model's steps, alone or in turn with the reference program.
struct Timing {
  enum Work: String, ExpressibleByArgument {
    /// A step with one batch.
    case train
    /// 10,000 images, batch by batch.
    case encode
  }

  /// What is trained.
  enum System: String, CaseIterable, ExpressibleByArgument {
    case vae, factorvae, dcign, infogan

    /// With the settings that it is published with.
    func model(_ image: ImageShape, _ network: NetworkKind, latents: Int, _ compute: Compute) throws -> Model {
      let objective: Objective
      switch self {
      case .infogan: return try InfoGAN(image: image, compute: compute)
      case .vae: objective = .paper
      case .factorvae: objective = try .factor()
      case .dcign: objective = try .inverseGraphics(factors: SameImages.names)
      }
      return VariationalAutoencoder(
        try Architecture(image: image, network: network, latents: latents), objective: objective, compute: compute)
    }
  }

  private static let stepsPerRound = 5
  private static let encoded = 10_000
  /// What is timed, in the words of the results and in those of the reference program.
  private let title: String, request: String
  private let batch: Int
  private let model: Model
  private let probe: SystemProbe
  private let images: ByteImages

  /// - Parameter name: what the images are called in the results.
  init(
    _ system: System, _ image: ImageShape, _ network: NetworkKind, latents: Int, name: String, batch: Int,
    compute: Compute
  ) throws {
    self.batch = batch
    model = try system.model(image, network, latents: latents, compute)
    var generator = RandomGenerator(seed: 1, stream: .sample)
    images = ByteImages(
      shape: image, bytes: (0..<Self.encoded * image.count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    let varied = SameImages(images: images)
    probe = SystemProbe(model, images: images, varied: system == .dcign ? varied : nil, batch: batch)
    let made = system == .vae ? "" : " \(system.rawValue)"
    let net = system == .infogan || network == .paper ? "" : " \(network.name)"
    title = "\(name)\(made)\(net)"
    request =
      "\(system.rawValue) \(network.name) \(image.height) \(image.width) \(image.planes) \(batch) \(model.latents) "
      + "\(compute.workers.count)"
  }

  private func images(_ work: Work) -> Int { work == .train ? batch : Self.encoded }

  private func steps(_ work: Work) -> Int { work == .train ? Self.stepsPerRound : 1 }

  /// Milliseconds of a step, or of all images that are encoded: the median of a round.
  private func round(_ work: Work) throws -> Double {
    var times: [Double] = []
    for _ in 0..<steps(work) {
      let start = Machine.seconds
      switch work {
      case .train: probe.step()
      case .encode: _ = try model.encode(images)
      }
      times.append((Machine.seconds - start) * 1e3)
    }
    return median(times)
  }

  /// Times rounds of steps and says what came out.
  func compare(_ work: Work, rounds: Int, with other: Coprocess?) throws -> String {
    let request = "\(work.rawValue) \(request) \(steps(work))"
    _ = try round(work)
    _ = try other?.ask(request)
    var ours: [Double] = [], theirs: [Double] = []
    for _ in 0..<max(1, rounds) {
      ours.append(try round(work))
      if let other { theirs.append(Double(try other.ask(request)) ?? .nan) }
    }
    let rate = Double(images(work)) / median(ours) * 1e3
    let what = work == .train ? "train" : "encode \(Self.encoded.grouped)"
    var text =
      "\(title) \(what), batch \(batch), Z \(model.latents): \(median(ours).formatted(decimals: 1)) ms "
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

/// A DC-IGN's batches without the drawing of them, which is no part of a step.
private struct SameImages: VariedImages {
  static let names = ["x", "y"]
  let images: ByteImages
  let factors = SameImages.names
  let hasOthers = true
  var count: Int { images.count }
  var shape: ImageShape { images.shape }

  func images(
    varying factor: Int?, like image: Int, count: Int, using generator: inout RandomGenerator
  ) -> ByteImages { images.selecting(0..<count) }
}
