import BVAEPlatform

/// How one model of a search did.
public struct SearchRun: Sendable, Equatable {
  /// The seed of its weights, of the images' order and of the noise.
  public let seed: UInt64
  /// Reconstruction error of an image.
  public let reconstruction: Double
  /// KL divergence of an image, in nats.
  public let divergence: Double
  /// Reconstruction error + β · KL divergence.
  public let loss: Double
  /// How many latents are in use, and how many there are.
  public let active: Int, latents: Int
  /// The mean of MIG, SAP and DCI disentanglement, 0…1; nil where the factors are not known or there is a single latent,
  /// of which gaps between latents say nothing.
  public let disentanglement: Double?

  /// A model's numbers.
  public init(
    seed: UInt64, reconstruction: Double, divergence: Double, loss: Double, active: Int, latents: Int,
    disentanglement: Double? = nil
  ) {
    self.seed = seed
    self.reconstruction = reconstruction
    self.divergence = divergence
    self.loss = loss
    self.active = active
    self.latents = latents
    self.disentanglement = latents > 1 ? disentanglement : nil
  }

  /// Whether no latent is in use, so that every image is decoded to the same one.
  public var isCollapsed: Bool { active == 0 }
}

/// How the models did that were trained with one of the values that a search tries, one a seed.
public struct SearchPoint: Sendable, Equatable {
  /// The number of latents, or β.
  public let value: Double
  /// The models, at least one.
  public let runs: [SearchRun]

  /// The models of a value.
  public init(value: Double, runs: [SearchRun]) {
    self.value = value
    self.runs = runs
  }

  /// The runs' reconstruction errors.
  public var reconstruction: Sample { Sample(runs.map(\.reconstruction)) }
  /// The runs' KL divergences, in nats.
  public var divergence: Sample { Sample(runs.map(\.divergence)) }
  /// The runs' losses.
  public var loss: Sample { Sample(runs.map(\.loss)) }
  /// The runs' means of MIG, SAP and DCI disentanglement; nil where one has none.
  public var disentanglement: Sample? {
    let known = runs.compactMap(\.disentanglement)
    return known.isEmpty || known.count < runs.count ? nil : Sample(known)
  }
  /// How many of its models use no latent.
  public var collapsed: Int { runs.count(where: \.isCollapsed) }
  /// Whether it can be recommended: its losses are numbers, and in more than half of its models a latent is in use.
  public var isUsable: Bool { loss.mean.isFinite && 2 * collapsed < runs.count }
}
