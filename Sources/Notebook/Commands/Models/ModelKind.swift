import BVAELanguage
import BetaVAE

/// A kind of model that scripts can make: its command, and what `search` can vary of it.
///
/// A new one is a file that declares it, and a line in `all`.
struct ModelKind: Sendable {
  /// A line each, in the order in which help lists them.
  static let all: [ModelKind] = [.vae, .autoencoder, .capacityVAE, .totalCorrelationVAE, .disentangledPriorVAE]

  /// The kind that a command makes.
  static func named(_ name: String) -> ModelKind? { all.first { $0.name == name } }

  /// The command that makes one.
  let name: String
  let summary: String
  let details: String
  /// What it takes beside what all kinds take.
  var parameters: [Parameter] = []
  /// Those of `parameters`, numbers of 0 or more, of which a search can try several, each with its sign for people:
  /// `["beta": "β"]`.
  var symbols: [String: String] = [:]
  let example: String
  /// Makes its objective.
  let objective: @Sendable (ModelOptions, Objective.Likelihood) throws -> Objective

  /// The command.
  var command: CommandDeclaration {
    CommandDeclaration(
      name, group: .models, summary: summary, details: details,
      parameters: [
        .marker("for", "the images that it is to encode", .object(DatasetValue.self)),
        .option("latents", "the length of the code", .integer(Architecture.latentRange), default: 12),
      ] + parameters + Parameter.networkOptions + [
        .option("seed", "the seed of the initial weights", .seed, default: .described("the script's seed"))
      ],
      result: .object(ModelValue.self), example: example, check: NetworkChoice.mistakes
    ) { call, session in
      let data = try call.object("for", as: DatasetValue.self)
      let network = try make(
        ModelOptions(call, self), images: data, blaming: "for", latents: call.integer("latents"),
        seed: call.seed(session),
        call, session)
      return .object(ModelValue(network, subject: data.title, session))
    }
  }

  /// Makes an untrained model.
  /// - Parameter place: the parameter of the call that gives the images, and is blamed for what does not fit them.
  func make(
    _ options: ModelOptions, images: DatasetValue, blaming place: String, latents: Int, seed: UInt64,
    _ call: Invocation,
    _ session: Session
  ) throws -> VariationalAutoencoder {
    let likelihood = try call.likelihood("likelihood"), network = try NetworkChoice(call)
    return try call.blaming(place) {
      VariationalAutoencoder(
        try Architecture(
          image: images.dataset.images.shape, network: network.kind, channels: network.channels, hidden: network.hidden,
          latents: latents),
        objective: try objective(options, likelihood), seed: seed, compute: session.workspace.compute)
    }
  }
}

/// What a call says of the options of a kind of model.
struct ModelOptions {
  private let call: Invocation
  private let kind: ModelKind
  /// What a search tries instead.
  private let tried: [String: Double]

  init(_ call: Invocation, _ kind: ModelKind, trying tried: [String: Double] = [:]) {
    self.call = call
    self.kind = kind
    self.tried = tried
  }

  private func fallback(_ name: String) -> Fallback? { kind.parameters.first { $0.name == name }?.fallback }

  /// A number as the kernels compute with it; nil where the call does not say it and nothing holds by itself.
  func floatIfAny(_ name: String) throws -> Float? {
    var number = try tried[name] ?? call.numberIfAny(name)
    if number == nil, case .number(let own) = fallback(name) { number = own }
    return try number.map { try call.floats(name, [$0])[0] }
  }

  /// A number as the kernels compute with it.
  func float(_ name: String) throws -> Float {
    guard let number = try floatIfAny(name) else { throw call.failure(name, "'\(name)' is missing") }
    return number
  }

  /// A whole number.
  func integer(_ name: String) throws -> Int { try call.integer(name) }

  /// One of the option's words.
  func word(_ name: String) throws -> String { try call.word(name) }
}

extension Invocation {
  /// One of the likelihoods.
  func likelihood(_ name: String) throws -> Objective.Likelihood {
    guard let likelihood = try likelihoodIfAny(name) else { throw failure(name, "a likelihood is missing") }
    return likelihood
  }

  /// One of the likelihoods, if one was given.
  func likelihoodIfAny(_ name: String) throws -> Objective.Likelihood? {
    try wordIfAny(name).flatMap(Objective.Likelihood.init(rawValue:))
  }
}
