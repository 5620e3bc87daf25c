import BVAELanguage
import BetaVAE

struct CapacityVAE: EncodingSystem {
  static let about = ModelKindAbout(
    "capacityvae", "makes an untrained VAE whose capacity rises as it is trained",
    details: "The loss is the reconstruction error + γ · |KL − C(t)|, C(t) = C · min(1, t / T) at step t of a "
      + "training (Burgess et al. 2018, equation 8): latents come into use one after another. Choose gamma so large "
      + "that the KL divergence stays within 1 nat of the capacity, and the capacity about as large as the KL "
      + "divergence of a β-VAE that reconstructs well. The steps are those of one training; a second 'train' begins "
      + "with t = 1. When the model is measured the capacity is C.",
    example: """
      ones = load mnist digits 1 count 200
      model = capacityvae for ones gamma 100 capacity 5 steps 40
      plot (train model on ones epochs 10)
      """)

  @Option("γ, the weight of the deviation from the capacity", .number(.notNegative), default: 1000) var gamma: Float
  @Option("C, the final capacity, in nats", .number(.notNegative), default: 25) var capacity: Float
  @Option("T, the steps over which it rises", .integer(1...1_000_000_000), default: 100_000) var steps: Int

  var weights: [(argument: any DeclaredArgument, symbol: String)] { [($gamma, "γ"), ($capacity, "C")] }

  func objective(_ likelihood: Objective.Likelihood) throws -> Objective {
    try .capacity(gamma: gamma, capacity: capacity, steps: steps, likelihood: likelihood)
  }
}
