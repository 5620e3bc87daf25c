import BVAEDatasets
import BVAELanguage
import BVAEPlatform
import BetaVAE

struct InverseGraphics: EncodingSystem {
  static let about = ModelKindAbout(
    "dcign", "makes an untrained DC-IGN, of which one latent each follows a factor of the scene",
    details: "The deep convolutional inverse graphics network (Kulkarni et al. 2015) is a VAE, with the loss "
      + "reconstruction error + KL, that is trained on batches in which one thing varies: one of the 'factors', or all "
      + "else, which is drawn ten times as often as each factor. Latent Z0 belongs to the first factor, Z1 to the "
      + "second, and the latents beyond them to all else. In a batch the means and log variances h of the latents that "
      + "do not belong to what varies are replaced by their means over the batch, and on the way back their gradient is "
      + "(h − mean) / 100 instead of that of the loss. So only the latents that belong to what varies can tell the "
      + "images apart, and the others learn not to follow it. The optimiser is Adam with β₂ = 0.99.\n"
      + "This is semi-supervised: the training is told which images differ in one factor alone, but no value of a "
      + "factor. The images need known factors. Those of 'load sprites' and 'load streets' are drawn anew for each "
      + "batch, with factors that the data have, and those of 'augment' are transformed anew; of other data with "
      + "factors, such as dSprites, the images are chosen, so their factors must make a complete grid. A training reports 'spread', how far the inactive latents "
      + "of a batch are from their means, squared and summed over an image: 0 for latents that follow only what "
      + "belongs to them. 'clamp off' trains on the same batches without it, to see what it does. 'measure MODEL on DATASET "
      + "factors' measures what each latent has learned.",
    example: """
      shapes = load sprites count 200 size 16
      model = dcign for shapes latents 4 factors ["x", "y"] channels 4
      train model on shapes epochs 3
      """)

  @Option(
    "the factors that a latent each is to follow, in this order", .text, .list,
    default: .described("none; they are needed"), placeholder: "[\"…\", \"…\"]")
  var factors: [String]?
  @Option("whether latents that do not belong to what varies are held", default: "on") var clamp: Clamping

  /// Whether latents are held.
  enum Clamping: String, CaseIterable, WordValue {
    case on, off
  }

  var rules: [Rule] {
    [{ _ in $factors.wasGiven ? [] : [$factors.failure(Self.missing, hint: Self.hint)] }]
  }

  private static let missing = "dcign needs 'factors', the names of the factors that a latent each is to follow"
  private static let hint = "write, for instance, factors [\"x\", \"y\"]; DATASET.factors lists those of a dataset"

  func check(_ images: DatasetValue, latents: Int) throws {
    guard let factors else { throw $factors.failure(Self.missing, hint: Self.hint) }
    try $factors.blaming {
      let objective = try objective(.gaussian)
      do {
        try images.dataset.checkFactors(factors)
      } catch VariationError.noSuchFactor(let name, let known) {
        throw ScriptFailure(
          "there is no factor '\(name)' in \(images.title); expected one of \(known.map { "'\($0)'" }.listed("or"))",
          hint: Suggestion.hint(name, among: known))
      }
      if let fault = objective.fault(latents: latents) {
        throw ScriptFailure(fault, hint: "ask for more 'latents', or name fewer factors")
      }
    }
  }

  func objective(_ likelihood: Objective.Likelihood) throws -> Objective {
    try .inverseGraphics(factors: factors ?? [], isClamped: clamp == .on, likelihood: likelihood)
  }
}
