import BVAELanguage
import BetaVAE

struct DisentangledPriorVAE: EncodingSystem {
  static let about = ModelKindAbout(
    "dipvae", "makes an untrained DIP-VAE, which pulls the covariance of the codes towards the prior's",
    details: "The loss is the reconstruction error + KL + λ_od · Σ K_ij² + λ_d · Σ (K_ii − 1)², i ≠ j in the first "
      + "sum (Kumar et al. 2018, equations 6 and 7). With kind 1 K is the covariance of the codes' means over the "
      + "batch, with kind 2 that of the codes themselves, their variances added. A training reports the sum of both "
      + "as 'penalty'.",
    example: """
      ones = load mnist digits 1 count 200
      model = dipvae for ones latents 4 kind 2
      train model on ones epochs 3
      """)

  @Option("1, the covariance of the means, or 2, that of the codes", .integer(1...2), default: 1) var kind: Int
  @Option(
    name: "offdiagonal", "λ_od, the weight of what is off the diagonal", .number(.notNegative), default: 10)
  var offDiagonal: Float
  @Option(
    "λ_d, the weight of what is on it", .number(.notNegative),
    default: .described("ten times offdiagonal with kind 1, offdiagonal with kind 2"))
  var diagonal: Float?

  var weights: [(argument: any DeclaredArgument, symbol: String)] { [($offDiagonal, "λ_od"), ($diagonal, "λ_d")] }

  func objective(_ likelihood: Objective.Likelihood) throws -> Objective {
    try .disentangledPrior(kind: kind, offDiagonal: offDiagonal, diagonal: diagonal, likelihood: likelihood)
  }
}
