import BVAELanguage
import BetaVAE

struct TotalCorrelationVAE: EncodingSystem {
  static let about = ModelKindAbout(
    "tcvae", "makes an untrained β-TCVAE, which weighs the total correlation of the latents alone",
    details: "The loss is the reconstruction error + KL + (β − 1) · TC (Chen et al. 2018, equation 4, α = γ = 1). The "
      + "KL divergence is the sum of the mutual information of image and code (MI), the total correlation of the "
      + "latents (TC) and the latents' own divergences (DW); a training reports all three, estimated from its "
      + "batches. 'stratified' counts an image of the batch for itself and the others for the rest of the data; "
      + "'weighted' counts all alike and is off by a constant, which for latents that are not in use is (Z − 1) · ln "
      + "N. Estimates from a small batch may be negative.",
    example: """
      ones = load mnist digits 1 count 200
      model = tcvae for ones latents 4 beta 6
      train model on ones epochs 3
      """)

  /// How the estimate weights the images of a batch.
  enum Estimator: String, CaseIterable, WordValue {
    case stratified, weighted
  }

  @Option("the weight of the total correlation", .number(.notNegative), default: 6) var beta: Float
  @Option("how the estimate weights the images of a batch", default: "stratified") var estimator: Estimator

  var weights: [(argument: any DeclaredArgument, symbol: String)] { [($beta, "β")] }

  func objective(_ likelihood: Objective.Likelihood) throws -> Objective {
    try .totalCorrelation(beta: beta, isStratified: estimator == .stratified, likelihood: likelihood)
  }
}
