import BVAELanguage
import BetaVAE

struct VAE: EncodingSystem {
  static let about = ModelKindAbout(
    "vae", "makes an untrained β-VAE for the images of a dataset",
    details:
      "beta 1 is the VAE. The network is the paper's, three convolutions and two dense heads, two dense layers, three "
      + "transposed convolutions and a dense layer, unless 'network' names another; 'diagram' draws it.",
    example: """
      ones = load mnist digits 1
      model = vae for ones latents 12 beta 4
      """)

  @Option("the weight of the KL divergence", .number(.notNegative), default: 4) var beta: Float

  var weights: [(argument: any DeclaredArgument, symbol: String)] { [($beta, "β")] }

  func objective(_ likelihood: Objective.Likelihood) throws -> Objective {
    try .variational(beta: beta, likelihood: likelihood)
  }
}

struct Autoencoder: EncodingSystem {
  static let about = ModelKindAbout(
    "autoencoder", "makes an untrained autoencoder: no KL divergence, no noise",
    details: "The paper's primer, with the same network as 'vae'; the code is the mean.",
    example: """
      ones = load mnist digits 1
      model = autoencoder for ones latents 12
      """)

  func objective(_ likelihood: Objective.Likelihood) -> Objective { .autoencoder(likelihood: likelihood) }
}
