/// A number that an objective tells of a training: `TC`, `capacity`.
public struct Term: Sendable, Equatable, Codable {
  /// What it is called.
  public let name: String
  /// Its mean over an epoch's images, or over those that were measured.
  public let value: Double

  /// A named number.
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// What one epoch of training came to: means over its images, in the units of the objective.
public struct EpochRecord: Sendable, Equatable, Codable {
  /// Reconstruction error and what codes cost, β · KL divergence for a β-VAE.
  public var loss: Double
  /// Reconstruction error of an image: squared or absolute error summed over its values, or cross-entropy in nats; nil for
  /// a system that does not reconstruct images, which has no KL divergence either.
  public var reconstruction: Double?
  /// KL divergence of an image for each latent, in nats.
  public var divergence: [Double]
  /// What the objective tells beside these, in its order.
  public var terms: [Term] = []
  /// Latents in use: by the epoch's own codes, while the weights moved; after the last epoch, by the final weights.
  public var active: Int
  /// The loss on the validation images with z = μ, if there are any.
  public var validationLoss: Double?
  /// Wall time, in seconds; nil where it is not known, as for a model from a file of its own.
  public var seconds: Double?

  /// KL divergence of an image over all latents, in nats.
  public var totalDivergence: Double { divergence.reduce(0, +) }

  /// All numbers that were minimised or watched, by name: the loss, the error, the KL divergence and the objective's own.
  public var named: [Term] {
    let parts = reconstruction.map { [Term("error", $0), Term("KL", totalDivergence)] } ?? []
    return [Term("loss", loss)] + parts + terms
  }
}

extension EpochRecord {
  private enum CodingKeys: String, CodingKey {
    case loss, reconstruction, divergence, terms, active, validationLoss, seconds
  }

  /// From a file; those before 0.2 have no terms.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    loss = try values.decode(Double.self, forKey: .loss)
    reconstruction = try values.decodeIfPresent(Double.self, forKey: .reconstruction)
    divergence = try values.decode([Double].self, forKey: .divergence)
    terms = try values.decodeIfPresent([Term].self, forKey: .terms) ?? []
    active = try values.decode(Int.self, forKey: .active)
    validationLoss = try values.decodeIfPresent(Double.self, forKey: .validationLoss)
    seconds = try values.decodeIfPresent(Double.self, forKey: .seconds)
  }

  /// Into a file; without terms, as an autoencoder and a β-VAE have none, it is what earlier versions wrote.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(loss, forKey: .loss)
    try values.encodeIfPresent(reconstruction, forKey: .reconstruction)
    try values.encode(divergence, forKey: .divergence)
    if !terms.isEmpty { try values.encode(terms, forKey: .terms) }
    try values.encode(active, forKey: .active)
    try values.encodeIfPresent(validationLoss, forKey: .validationLoss)
    try values.encodeIfPresent(seconds, forKey: .seconds)
  }
}

/// The course of a training.
public struct History: Sendable, Equatable, Codable {
  /// One record an epoch.
  public internal(set) var epochs: [EpochRecord] = []
  /// Whether training was stopped before its last epoch.
  public internal(set) var wasInterrupted = false

  /// An empty history.
  public init() {}

  /// The last epochs of a history: those of the last of several trainings.
  public func last(_ count: Int) -> History {
    var part = self
    part.epochs = epochs.suffix(max(0, count))
    return part
  }

  /// Wall time of all epochs, in seconds, as far as it is known.
  public var seconds: Double { epochs.reduce(0) { $0 + ($1.seconds ?? 0) } }

  /// Takes wall times in seconds, one an epoch, where they are as many as the epochs.
  mutating func add(times: [Double?]) {
    guard times.count == epochs.count else { return }
    for (i, time) in times.enumerated() { epochs[i].seconds = time.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }
  }

  /// The history without wall times: what is the same on every machine and after every interruption.
  public var withoutTimes: History {
    var part = self
    for i in part.epochs.indices { part.epochs[i].seconds = nil }
    return part
  }
}

/// Where a training is, told after every step.
public struct TrainingProgress: Sendable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// Epochs in all.
  public var epochs: Int
  /// Images seen in this epoch.
  public var images: Int
  /// Images an epoch.
  public var imagesPerEpoch: Int
  /// Wall time so far, in seconds.
  public var seconds: Double
  /// Images a second, since training began.
  public var imagesPerSecond: Double
  /// Mean loss of this epoch so far.
  public var loss: Double
  /// Mean reconstruction error of this epoch so far; nil for a system that does not reconstruct images.
  public var reconstruction: Double?
  /// Mean KL divergence of this epoch so far, in nats.
  public var divergence: Double
  /// What the objective tells beside, means of this epoch so far.
  public var terms: [Term]
  /// Latents in use, by this epoch so far.
  public var active: Int

  /// The part that is done, in 0…1.
  public var fraction: Double {
    (Double(epoch - 1) + Double(images) / Double(max(1, imagesPerEpoch))) / Double(max(1, epochs))
  }
}
