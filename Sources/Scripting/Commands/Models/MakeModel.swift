import BetaVAE

extension CommandDeclaration {
  static let vae = CommandDeclaration(
    "vae", group: .models,
    summary: "makes an untrained β-VAE for the images of a dataset",
    details: "The network is the paper's: three convolutions and two dense heads, two dense layers, three transposed "
      + "convolutions and a dense layer. beta 1 is the VAE.",
    parameters: modelParameters([
      .option("beta", "the weight of the KL divergence", .number(.notNegative), default: 4)
    ]),
    result: .object(ModelValue.self),
    example: """
      ones = load mnist digits 1
      model = vae for ones latents 12 beta 4
      """
  ) { call, session in
    try makeModel(call, session) { try .variational(beta: call.float("beta"), likelihood: $0) }
  }

  static let autoencoder = CommandDeclaration(
    "autoencoder", group: .models,
    summary: "makes an untrained autoencoder: no KL divergence, no noise",
    details: "The paper's primer, with the same network as 'vae'; the code is the mean.",
    parameters: modelParameters([]),
    result: .object(ModelValue.self),
    example: """
      ones = load mnist digits 1
      model = autoencoder for ones latents 12
      """
  ) { call, session in
    try makeModel(call, session) { .autoencoder(likelihood: $0) }
  }

  /// What every command that makes a model takes, with its own options in between.
  static func modelParameters(_ own: [Parameter]) -> [Parameter] {
    [
      .marker("for", "the images that it is to encode", .object(DatasetValue.self)),
      .option("latents", "the length of the code", .integer(Architecture.latentRange), default: 12),
    ] + own + [
      .option("channels", "channels of every convolution", .integer(Architecture.channelRange), default: 64),
      .option(
        "likelihood", "squared error, cross-entropy or absolute error",
        .words(Objective.Likelihood.allCases.map(\.rawValue)), default: "gaussian"),
      .option("seed", "the seed of the initial weights", .seed, default: .described("the script's seed")),
    ]
  }

  /// Makes an untrained model.
  static func makeModel(
    _ call: Invocation, _ session: Session, objective: (Objective.Likelihood) throws -> Objective
  ) throws -> Value {
    let data = try call.object("for", as: DatasetValue.self)
    let likelihood = try call.likelihood("likelihood")
    let architecture = try call.blaming("for") {
      try Architecture(
        image: data.dataset.images.shape, channels: call.integer("channels"), latents: call.integer("latents"))
    }
    let network = VariationalAutoencoder(
      architecture, objective: try call.blaming("for") { try objective(likelihood) }, seed: try call.seed(session),
      compute: session.workspace.compute)
    return .object(ModelValue(network, subject: data.title, session))
  }
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
