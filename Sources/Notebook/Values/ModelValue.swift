import BVAECPU
import BVAELanguage
import BVAEPlatform
import BetaVAE

/// A model in a script. Training changes it in place, wherever it is named.
final class ModelValue: SyntheticOrigin {
  static let typeName = "model"
  static let typeSummary = "a β-VAE or another model; 'train' trains it in place"
  static let fields: [Field<ModelValue>] = [
    Field("latents", .number, "how many latents the code has") { .number($0.network.latents) },
    Field("network", .text, (NetworkKind.all.map(\.name) + ["infogan"]).map { "\"\($0)\"" }.listed("or")) {
      .text($0.autoencoder?.architecture.network.name ?? "infogan")
    },
    Field("channels", .number, "channels of each convolution, of an InfoGAN's judge's first; 0 in a network without") {
      .number($0.autoencoder?.architecture.sizes.channels ?? ($0.network as? InfoGAN)?.channels ?? 0)
    },
    Field("hidden", .number, "numbers of each hidden dense layer; 0 where the network has no such option") {
      .number($0.autoencoder?.architecture.sizes.hidden ?? 0)
    },
    Field(
      "kind", .text,
      "\"β-VAE\", \"VAE\" (β is 1), \"autoencoder\", \"β-TCVAE\", …; \"unknown\" where its file does not say"
    ) {
      .text($0.network.unknown.contains(.beta) ? "unknown" : $0.network.objective.kind)
    },
    Field(
      "beta", .number,
      "the weight of the KL divergence, in a β-TCVAE of the total correlation; an error for a kind without one"
    ) {
      guard !$0.network.unknown.contains(.beta) else {
        throw ScriptFailure("the file of this model does not state its β", hint: "to supply it: open … beta 4")
      }
      guard let beta = $0.network.objective.beta else {
        throw ScriptFailure(
          "this model has no β: its kind is \($0.network.objective.kind)",
          hint: "the field 'kind' says what a model is")
      }
      // The number that was written, not its neighbour among the floats.
      return .number(Double(beta.description) ?? Double(beta))
    },
    Field("categories", .list, "of an InfoGAN, how many categories each categorical code has; empty for other models") {
      try .numbers(($0.network.objective.code.declared?.categories ?? []).map(Double.init))
    },
    Field("likelihood", .text, "gaussian, bernoulli or laplace; unknown where its file does not say") {
      guard $0.network.objective.reconstructs else {
        throw ScriptFailure("this model has no likelihood: its kind is \($0.network.objective.kind)")
      }
      return .text($0.network.unknown.contains(.likelihood) ? "unknown" : $0.network.objective.likelihood.rawValue)
    },
    Field("seed", .number, "the seed of the initial weights; an error where its file does not say") {
      guard !$0.network.unknown.contains(.seed) else {
        throw ScriptFailure("the file of this model does not state the seed of its initial weights")
      }
      return .number(Double($0.network.seed))
    },
    Field("parameters", .number, "how many trained values there are") { .number($0.network.parameterCount) },
    Field("history", .object(HistoryValue.self), "the record of its training, epoch by epoch") {
      .object(HistoryValue(history: $0.network.history, title: $0.title))
    },
    Field("active", .list, "the latents in use, by number; empty before training") {
      try .numbers(($0.network.latentStatistics?.activeLatents ?? []).map(Double.init))
    },
    Field("advice", .text, "what to try if few latents are in use, or categories have collapsed; empty otherwise") {
      .text($0.network.collapseAdvice ?? "")
    },
    Field("fingerprint", .text, "a hash of the weights, sixteen digits") {
      .text($0.network.weightsFingerprint.description)
    },
  ]

  let network: Model
  /// The same where it has an encoder and a decoder.
  var autoencoder: VariationalAutoencoder? { network as? VariationalAutoencoder }
  /// What it is for: the data's name.
  let subject: String
  var synthetic: Set<String> = []

  init(_ network: Model, subject: String, _ session: Session) {
    self.network = network
    self.subject = subject
    synthetic = Set(network.trainingRecord?.synthetic ?? [])
    network.beforeBatch = session.goOn
  }

  /// `β-VAE, β = 4, 12 latents, for MNIST train, digit 1`
  var title: String { Self.title(objective, latents: network.latents, subject: subject) }

  static func title(_ objective: String, latents: Int, subject: String) -> String {
    "\(objective), \(counted(latents, "latent")), for \(subject)"
  }

  private var objective: String {
    guard network.unknown.contains(.beta) else { return "\(network.objective)" }
    return switch (network.objective.likelihood, network.unknown.contains(.likelihood)) {
    case (.bernoulli, false): "model of unknown β, Bernoulli likelihood"
    default: "model of unknown β"
    }
  }

  /// What determines the weights, for the provenance of figures.
  var provenance: String {
    let training = network.trainingRecord.map { ", seed of the training \($0.options.seed)" } ?? ""
    let seed = network.unknown.contains(.seed) ? "" : ", seed of the weights \(network.seed)"
    return "\(title), key \(network.lineage)\(seed)\(training)"
  }

  var summary: String {
    let epochs = network.history.epochs
    let state: String
    if let last = epochs.last {
      let active = network.latentStatistics.map { ", \(counted($0.activeLatents.count, "latent")) active" } ?? ""
      state =
        "trained \(counted(epochs.count, "epoch")), "
        + "mean loss \(last.loss.formatted(decimals: 2)) in the last epoch\(active)"
    } else {
      state = network.unknown.isEmpty ? "untrained" : "no record of its training"
    }
    return "\(title); images of \(network.image), \(network.parameterCount.grouped) parameters; \(state)"
  }
}

extension ModelValue: SavableValue {
  static let endings = ["safetensors"]

  func write(to path: String) throws { try network.save(to: path) }
}
