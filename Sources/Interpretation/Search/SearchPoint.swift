import BVAEPlatform

/// How one model of a search did.
public struct SearchRun: Sendable, Equatable, Codable {
  /// The seed of its weights, of the images' order and of the noise.
  public let seed: UInt64
  /// Reconstruction error of an image; NaN where the model reconstructs nothing.
  public let reconstruction: Double
  /// KL divergence of an image, in nats; NaN where there is none.
  public let divergence: Double
  /// What models are compared by: the loss, unless the search's criterion is another.
  public let compared: Double
  /// How many latents are in use, and how many there are.
  public let active: Int, latents: Int
  /// The mean of MIG, SAP and DCI disentanglement, 0…1; nil where the factors are not known or there is a single latent,
  /// of which gaps between latents say nothing.
  public let disentanglement: Double?

  /// A model's numbers.
  public init(
    seed: UInt64, reconstruction: Double, divergence: Double, compared: Double, active: Int, latents: Int,
    disentanglement: Double? = nil
  ) {
    self.seed = seed
    self.reconstruction = reconstruction
    self.divergence = divergence
    self.compared = compared
    self.active = active
    self.latents = latents
    self.disentanglement = latents > 1 ? disentanglement : nil
  }

  /// Whether no latent is in use, so that all images have the same code.
  public var isCollapsed: Bool { active == 0 }
}

/// How the models did that were trained with one of the values that a search tries, one a seed.
public struct SearchPoint: Sendable, Equatable {
  /// The value that was tried: a number of latents, a β.
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
  /// What the runs are compared by.
  public var compared: Sample { Sample(runs.map(\.compared)) }
  /// The runs' means of MIG, SAP and DCI disentanglement; nil where one has none.
  public var disentanglement: Sample? {
    let known = runs.compactMap(\.disentanglement)
    return known.isEmpty || known.count < runs.count ? nil : Sample(known)
  }
  /// How many of its models use no latent.
  public var collapsed: Int { runs.count(where: \.isCollapsed) }
  /// Whether it can be recommended: what it is compared by is a number, and in more than half of its models a latent is in use.
  public var isUsable: Bool { compared.mean.isFinite && 2 * collapsed < runs.count }
}

/// What the models of a search are compared by.
public struct Criterion: Sendable, Equatable {
  /// What it is called: `loss`.
  public let name: String
  /// Whether more is better.
  public let isHighest: Bool
  /// How many decimals it is told with.
  let decimals: Int
  /// What it means that no latent is in use.
  let unused: String

  /// The loss of models that reconstruct.
  public static let loss = Criterion(
    name: "loss", isHighest: false, decimals: 2, unused: "every image decodes to the same one")

  /// The share of images whose category stands for another label.
  /// - Parameter latent: the categorical code.
  public static func error(of latent: String) -> Criterion {
    Criterion(name: "error of \(latent)", isHighest: false, decimals: 3, unused: sameCode)
  }

  /// What Q tells of the codes, in nats.
  /// - Parameter term: `L_cat` or `L_cont`.
  public static func information(_ term: String) -> Criterion {
    Criterion(name: term, isHighest: true, decimals: 3, unused: sameCode)
  }

  private static let sameCode = "Q gives all images the same code"

  /// The criterion of a name.
  public init(named name: String) {
    self =
      name.hasPrefix("error of ")
      ? .error(of: String(name.dropFirst(9))) : name.hasPrefix("L_") ? .information(name) : .loss
  }

  private init(name: String, isHighest: Bool, decimals: Int, unused: String) {
    (self.name, self.isHighest, self.decimals, self.unused) = (name, isHighest, decimals, unused)
  }

  /// Whether a value is better than another.
  public func isBetter(_ value: Double, than other: Double) -> Bool { isHighest ? value > other : value < other }
}
