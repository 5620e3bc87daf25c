import BVAECPU
import BVAEPlatform

/// The keys under which versions before 0.2 stored models, so that what they have trained is found. They hashed worded
/// descriptions, and the name of the kernels instead of their arithmetic; the texts here are theirs and must stay.
enum FormerKeys {
  /// The names that the kernels had.
  private static let builds = ["AVX2+FMA", "AVX-512", "portable"]

  /// One lineage for every build of the kernels.
  static func lineages(_ lineage: String) -> [String: String] {
    Dictionary(uniqueKeysWithValues: builds.map { ($0, lineage) })
  }

  /// The lineage of fresh weights.
  static func fresh(_ architecture: Architecture, seed: UInt64) -> String {
    var fingerprint = Fingerprint()
    fingerprint.add("fresh weights 1, \(text(architecture)), seed \(seed)")
    return fingerprint.description
  }

  /// The keys of a training by the builds of the kernels that give the bits of the model's own.
  static func all(
    of model: Model, data: String, validation: String?, options: TrainingOptions
  ) -> [String: String] {
    // These versions knew no others.
    guard let model = model as? VariationalAutoencoder, model.objective.isToldByBeta,
      model.objective.likelihood != .laplace, model.architecture.network == .paper, model.compute.accelerator == nil
    else { return [:] }
    let same = builds.filter { ($0 == "portable") == (model.compute.kernels.arithmetic == "portable") }
    let keys = same.compactMap { build -> (String, String)? in
      guard let lineage = model.formerLineages[build] else { return nil }
      var fingerprint = Fingerprint()
      for text in [
        "training 3", lineage, text(model.architecture), text(model.objective), data, validation ?? "none", build,
        model.compute.usesWinograd ? "filtered" : "direct",
      ] {
        fingerprint.add(text)
      }
      for number in [
        options.epochs, options.batch, Int(options.rate.bitPattern), Int(truncatingIfNeeded: options.seed),
        Int((model.objective.beta ?? -1).bitPattern),
      ] {
        fingerprint.add(number)
      }
      if options.warmup > 0 { fingerprint.add("warm-up \(options.warmup)") }
      return (build, fingerprint.description)
    }
    return Dictionary(uniqueKeysWithValues: keys)
  }

  private static func text(_ architecture: Architecture) -> String {
    let image = architecture.image
    return "\(image.height)×\(image.width)×\(image.planes), \(architecture.channels) channels, "
      + "\(architecture.latents) latents"
  }

  private static func text(_ objective: Objective) -> String {
    let kind = objective.beta.map { $0 == 1 ? "VAE" : "β-VAE, β = \(Double($0).formatted())" } ?? "autoencoder"
    return switch objective.likelihood {
    case .gaussian: kind
    case .bernoulli: "\(kind), Bernoulli likelihood"
    case .laplace: "\(kind), Laplace likelihood"
    }
  }
}

extension Architecture {
  /// Takes the numbers of the network in.
  func add(to fingerprint: inout Fingerprint) {
    for number in [image.height, image.width, image.planes, channels, latents] { fingerprint.add(number) }
    // The paper's networks follow from these numbers.
    guard network != .paper else { return }
    // The order of additions.
    fingerprint.add(2)
    for net in [encoder, decoder] { fingerprint.add(net.key) }
  }
}

extension Objective {
  /// Takes the raw values in.
  func add(to fingerprint: inout Fingerprint) {
    if isToldByBeta {
      fingerprint.add(beta == nil ? "autoencoder" : "variational")
      fingerprint.add(Int((beta ?? 0).bitPattern))
    } else {
      fingerprint.add("objective \(loss.name)")
      for setting in loss.settings { fingerprint.add("\(setting.name) \(setting.text)") }
    }
    fingerprint.add(likelihood.rawValue)
  }
}
