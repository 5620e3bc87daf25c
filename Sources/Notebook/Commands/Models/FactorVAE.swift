import BVAELanguage
import BetaVAE

struct FactorVAE: EncodingSystem {
  static let about = ModelKindAbout(
    "factorvae", "makes an untrained FactorVAE, whose critic estimates the total correlation of the latents",
    details: "The loss is the reconstruction error + KL + γ · TC (Kim and Mnih 2018, equation 2). A critic, a network "
      + "of its own, learns to tell codes of images from codes whose latents were permuted across a second batch; TC "
      + "is the mean of the difference of its two answers. It is trained beside the model, with a rate of 0.0001. A "
      + "training reports TC and the critic's loss, which is ln 2 = 0.693 for a critic that cannot tell. A step takes "
      + "longer than that of a VAE: it encodes a second batch, and the critic has 5 million weights.",
    example: """
      ones = load mnist digits 1 count 200
      model = factorvae for ones latents 4 gamma 10 critic 100
      train model on ones epochs 3
      """)

  @Option("the weight of the total correlation", .number(.notNegative), default: 10) var gamma: Float
  @Option("numbers of each of the critic's six hidden layers", .integer(Objective.criticRange), default: 1000)
  var critic: Int

  var weights: [(argument: any DeclaredArgument, symbol: String)] { [($gamma, "γ")] }

  func objective(_ likelihood: Objective.Likelihood) throws -> Objective {
    try .factor(gamma: gamma, critic: critic, likelihood: likelihood)
  }
}
