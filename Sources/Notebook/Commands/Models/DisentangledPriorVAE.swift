import BVAELanguage
import BetaVAE

extension ModelKind {
  static let disentangledPriorVAE = ModelKind(
    name: "dipvae",
    summary: "makes an untrained DIP-VAE, which draws the codes' covariance towards the prior's",
    details: "The loss is error + KL + λ_od · Σ K_ij² + λ_d · Σ (K_ii − 1)², i ≠ j in the first sum (Kumar et al. "
      + "2018, equations 6 and 7). With kind 1 K is the covariance of the codes' means over the batch, with kind 2 that of the "
      + "codes themselves, their variances added. A training tells what these sums come to as 'penalty'.",
    parameters: [
      .option("kind", "1, the covariance of the means, or 2, that of the codes", .integer(1...2), default: 1),
      .option("offdiagonal", "λ_od, the weight of what is off the diagonal", .number(.notNegative), default: 10),
      .option(
        "diagonal", "λ_d, the weight of what is on it", .number(.notNegative),
        default: .described("ten times offdiagonal with kind 1, offdiagonal with kind 2")),
    ],
    symbols: ["offdiagonal": "λ_od", "diagonal": "λ_d"],
    example: """
      ones = load mnist digits 1 count 200
      model = dipvae for ones latents 4 kind 2
      train model on ones epochs 3
      """
  ) { options, likelihood in
    try .disentangledPrior(
      kind: options.integer("kind"), offDiagonal: options.float("offdiagonal"),
      diagonal: options.floatIfAny("diagonal"),
      likelihood: likelihood)
  }
}
