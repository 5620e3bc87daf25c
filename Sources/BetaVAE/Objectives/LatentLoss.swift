import BVAENetworks
import BVAEPlatform
import Glibc

/// What the codes of a batch cost, beside the reconstruction error: the part in which the objectives of β-VAE and its
/// relatives differ.
///
/// A new one is a type in a file of its own and a line in `LatentLosses.all`. It is a value: two of one name with equal
/// settings are the same.
package protocol LatentLoss: Sendable {
  /// The word for it in files, keys and the language: `capacityvae`.
  static var name: String { get }
  /// What a model that has it is called: `β-VAE`.
  var kind: String { get }
  /// What the encoder gives of an image.
  var code: Objective.CodeKind { get }
  /// Its settings, in the order in which they are told.
  var settings: [LossSetting] { get }
  /// The weight of the KL divergence, or of what stands in its place.
  var beta: Float? { get }
  /// Whether a warm-up may scale it.
  var takesWarmup: Bool { get }
  /// The names of what `evaluate` gives, beside reconstruction and KL divergence.
  var terms: [String] { get }

  /// How `terms` are estimated, where there are several ways: `stratified`.
  var estimate: String? { get }

  /// From the settings of a file.
  /// - Throws: `ModelError.unsupported` where one is missing or out of range.
  init(_ settings: SavedSettings) throws

  /// Looks at a batch: adds its gradients, and gives the values of `terms`, means over the batch; nothing where they
  /// are defined for training alone and nothing is trained.
  func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double]

  /// The factors of the scene of which one varies in each batch that it is trained on, in the order of the latents that
  /// follow them; empty for a loss that takes batches as they come.
  var variedFactors: [String] { get }

  /// The network that estimates it, which is trained beside encoder and decoder; nil where none does.
  func critic(latents: Int) -> Net?

  /// How a model that has it is trained.
  func training(_ model: VariationalAutoencoder, batch: Int, options: TrainingOptions) -> any Trainable

  /// The loss without the reconstruction error, of means: the KL divergence, and the values of `terms`. A warm-up does not
  /// show in it, so that epochs can be compared.
  func loss(divergence: Double, terms: [Double]) -> Double
}

extension LatentLoss {
  package var name: String { Self.name }
  package var code: Objective.CodeKind { .gaussian }
  package var beta: Float? { nil }
  package var takesWarmup: Bool { true }
  package var terms: [String] { [] }
  package var estimate: String? { nil }
  package var variedFactors: [String] { [] }
  package func critic(latents: Int) -> Net? { nil }
  package func training(_ model: VariationalAutoencoder, batch: Int, options: TrainingOptions) -> any Trainable {
    AutoencoderTraining(model, batch: batch, options: options)
  }
}

/// All losses of codes, for whoever reads a file.
package enum LatentLosses {
  /// A line each.
  package static let all: [any LatentLoss.Type] = [
    NoLatentLoss.self, BetaLoss.self, CapacityLoss.self, TotalCorrelationLoss.self, DisentangledPriorLoss.self,
    FactorLoss.self, InverseGraphicsLoss.self,
  ]
}

/// A setting of a loss.
package struct LossSetting: Hashable, Sendable {
  /// The name in files and keys: `capacity_steps`.
  package let name: String
  /// The sign for people: `C`; empty where the model's kind says it.
  package let symbol: String
  /// The exact value, in files and keys.
  package let text: String
  /// The value for people.
  package let words: String

  /// A number.
  package init(_ name: String, _ symbol: String, _ value: Float) {
    (self.name, self.symbol, text, words) = (name, symbol, String(value), Double(value).formatted())
  }

  /// A whole number.
  package init(_ name: String, _ symbol: String, _ value: Int) {
    (self.name, self.symbol, text, words) = (name, symbol, String(value), value.grouped)
  }

  /// A word.
  package init(_ name: String, _ symbol: String, word: String) {
    (self.name, self.symbol, text, words) = (name, symbol, word, word)
  }

  /// Names, none of which has a comma.
  package init(_ name: String, _ symbol: String, names: [String]) {
    (self.name, self.symbol, text, words) = (
      name, symbol, names.joined(separator: ","), names.joined(separator: ", ")
    )
  }
}

/// The settings in a file's metadata.
package struct SavedSettings {
  private let texts: [String: String]

  package init(_ texts: [String: String]) { self.texts = texts }

  /// A finite number of a range.
  /// - Throws: `ModelError.unsupported`.
  package func number(_ name: String, from least: Float = 0) throws -> Float {
    guard let value = texts[name].flatMap(Float.init), value.isFinite, value >= least else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected a number of "
          + "\(Double(least).formatted()) or more")
    }
    return value
  }

  /// A whole number of 1 or more.
  /// - Throws: `ModelError.unsupported`.
  package func count(_ name: String) throws -> Int {
    guard let value = texts[name].flatMap({ Int($0) }), value >= 1 else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected a whole number of 1 or more")
    }
    return value
  }

  /// Names with commas between them: at least one, none empty, each once.
  /// - Throws: `ModelError.unsupported`.
  package func names(_ name: String) throws -> [String] {
    let names = texts[name].map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    guard !names.isEmpty, !names.contains(""), Set(names).count == names.count else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected names with commas between them, each once"
      )
    }
    return names
  }

  /// One of some words.
  /// - Throws: `ModelError.unsupported`.
  package func word<Words: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> Words {
    guard let word = texts[name].flatMap(Words.init(rawValue:)) else {
      throw ModelError.unsupported(
        "its metadata give '\(texts[name] ?? "nothing")' as \(name); expected "
          + Words.allCases.map(\.rawValue).listed("or"))
    }
    return word
  }
}

/// What the encoder says of a batch, and what was drawn from it. Lists are [images × latents], image after image.
package struct Posterior {
  /// Images, and latents of each.
  package let images: Int, latents: Int
  /// μ, log σ² and z = μ + σ ε.
  package let mean: [Float], logVariance: [Float], sample: [Float]
  /// The KL divergence of an image over all latents, in nats: its mean over the batch.
  package let divergence: Double
  /// The step of the training, counted from 1; past any schedule where nothing is trained.
  package let step: Int
  /// N, the images of the training set.
  package let trainingImages: Int
  /// What a warm-up leaves of the loss, 0…1.
  package let warmup: Float
  /// What estimates the total correlation, where a critic does.
  package let critic: Critic?
  /// How far a DC-IGN's inactive latents were from their means over the batch, squared and summed over an image: its mean
  /// over the batch; nil where no latents were held.
  package let spread: Double?

  package init(
    images: Int, latents: Int, mean: [Float], logVariance: [Float], sample: [Float], divergence: Double, step: Int,
    trainingImages: Int, warmup: Float = 1, critic: Critic? = nil, spread: Double? = nil
  ) {
    self.images = images
    self.latents = latents
    self.mean = mean
    self.logVariance = logVariance
    self.sample = sample
    self.divergence = divergence
    self.step = step
    self.trainingImages = trainingImages
    self.warmup = warmup
    self.critic = critic
    self.spread = spread
  }
}

/// The gradient of a batch's mean loss by what a posterior holds.
package struct PosteriorGradient {
  /// By μ and log σ², with z held fast.
  package var mean: [Float], logVariance: [Float]
  /// By z; empty where the loss does not look at it.
  package var sample: [Float] = []

  /// Zeros.
  package init(_ posterior: Posterior) {
    mean = Array(repeating: 0, count: posterior.mean.count)
    logVariance = mean
  }

  /// Adds the gradient of `weight` times the mean KL divergence: `weight · μ / B` and `weight · ½ (e^s − 1) / B`.
  package mutating func addDivergence(_ weight: Float, _ posterior: Posterior) {
    let scale = 1 / Float(posterior.images)
    for i in mean.indices {
      mean[i] += weight * scale * posterior.mean[i]
      logVariance[i] += weight * scale * 0.5 * (exp(posterior.logVariance[i]) - 1)
    }
  }
}
