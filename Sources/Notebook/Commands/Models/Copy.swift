import BVAELanguage
import BetaVAE

struct CopyCommand: Command {
  static let about = CommandAbout(
    "copy", in: .models, "makes a model of its own with the weights of another",
    details:
      "After b = m both names refer to the same model, and training one trains the other. After b = copy m they are two: "
      + "training one leaves the other as it is. The copy has the history and the ranges of the latents too, and a "
      + "training that both are given is done once and taken from the store for the second.",
    result: .object(ModelValue.self),
    example: """
      ones = load mnist digits 1 count 64
      model = vae for ones
      before = copy model
      train model on ones epochs 2
      print before.fingerprint == model.fingerprint
      """)

  @Positional("the model") var model: ModelValue

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    .object(ModelValue(try model.network.copy(), subject: model.subject, session))
  }
}
