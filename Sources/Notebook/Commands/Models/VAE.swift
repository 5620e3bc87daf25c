import BVAELanguage
import BetaVAE

extension ModelKind {
  static let vae = ModelKind(
    name: "vae",
    summary: "makes an untrained β-VAE for the images of a dataset",
    details:
      "beta 1 is the VAE. The network is the paper's, three convolutions and two dense heads, two dense layers, three "
      + "transposed convolutions and a dense layer, unless 'network' names another; 'diagram' draws it.",
    parameters: [.option("beta", "the weight of the KL divergence", .number(.notNegative), default: 4)],
    symbols: ["beta": "β"],
    example: """
      ones = load mnist digits 1
      model = vae for ones latents 12 beta 4
      """
  ) { options, likelihood in
    try .variational(beta: options.float("beta"), likelihood: likelihood)
  }

  static let autoencoder = ModelKind(
    name: "autoencoder",
    summary: "makes an untrained autoencoder: no KL divergence, no noise",
    details: "The paper's primer, with the same network as 'vae'; the code is the mean.",
    example: """
      ones = load mnist digits 1
      model = autoencoder for ones latents 12
      """
  ) { _, likelihood in
    .autoencoder(likelihood: likelihood)
  }
}
