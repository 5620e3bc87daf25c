import BVAELanguage
import BetaVAE

extension ModelKind {
  static let capacityVAE = ModelKind(
    name: "capacityvae",
    summary: "makes an untrained VAE whose capacity rises as it is trained",
    details: "The loss is error + γ · |KL − C(t)|, C(t) = C · min(1, t / T) at step t of a training (Burgess et al. "
      + "2018, equation 8): latents come into use one after another. Choose gamma so large that the KL divergence "
      + "stays within 1 nat of the capacity, and the capacity about as large as the KL divergence of a β-VAE that "
      + "reconstructs well. The steps are those of one training; a second 'train' begins with t = 1. When the model is "
      + "measured the capacity is C.",
    parameters: [
      .option("gamma", "γ, how dear it is to be off the capacity", .number(.notNegative), default: 1000),
      .option("capacity", "C, what the capacity rises to, in nats", .number(.notNegative), default: 25),
      .option("steps", "T, the steps over which it rises", .integer(1...1_000_000_000), default: 100_000),
    ],
    symbols: ["gamma": "γ", "capacity": "C"],
    example: """
      ones = load mnist digits 1 count 200
      model = capacityvae for ones gamma 100 capacity 5 steps 40
      plot (train model on ones epochs 10)
      """
  ) { options, likelihood in
    try .capacity(
      gamma: options.float("gamma"), capacity: options.float("capacity"), steps: options.integer("steps"),
      likelihood: likelihood)
  }
}
