import BVAELanguage
import BVAEPlatform
import BVAEReporting
import BetaVAE

/// How a training goes: the options that `train` and `search` share.
struct TrainingArguments: ArgumentGroup {
  @Option("passes over the images", .integer(1...1_000_000), default: 200) var epochs: Int
  @Option("images a step", .integer(1...4096), default: .described("64; 128 for an InfoGAN"), placeholder: "64")
  var batch: Int?
  @Option("Adam's step size", .number(.positive), default: 5e-4) var rate: Float
  @Option("how the rate falls to 0 over the training", default: "none") var decay: TrainingOptions.Decay
  @Option(
    name: "ratewarmup", "epochs over which the rate rises from 0", .count, default: .described("none"))
  var rateWarmup: Int?
  @Option(
    "the largest norm of a step's gradient, over all weights; a longer one is scaled down", .number(.positive),
    default: .described("none"))
  var clip: Float?
  @Option(
    "epochs over which beta rises from 0; helps where no latent comes into use", .count, default: .described("none"))
  var warmup: Int?

  var rules: [Rule] {
    [
      { _ in
        guard let epochs = $epochs.known else { return [] }
        return [$warmup, $rateWarmup].compactMap { argument in
          guard let count = argument.knownOrNil(), count > epochs else { return nil }
          return argument.failure(
            "a warm-up of \(counted(count, "epoch")) is longer than the training of \(epochs)",
            hint: "write \(epochs) or less")
        }
      }
    ]
  }

  /// - Parameter usualBatch: images a step where none are asked for.
  func options(seed: UInt64, usualBatch: Int) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batch: batch ?? usualBatch, rate: rate, seed: seed, warmup: warmup ?? 0, decay: decay,
      rateWarmup: rateWarmup ?? 0, clip: clip)
  }
}

extension TrainingOptions.Decay: WordValue {}

extension TrainingOptions {
  /// For reports: those that are not as in the paper are named only where they are there.
  var provenance: [Provenance.Option] {
    var options: [(String, String)] = [
      ("epochs", String(epochs)), ("batch", String(batch)), ("rate", Double(rate).formatted()), ("seed", String(seed)),
    ]
    if warmup > 0 { options.append(("warm-up", String(warmup))) }
    if decay != .none { options.append(("decay", decay.rawValue)) }
    if rateWarmup > 0 { options.append(("rate warm-up", String(rateWarmup))) }
    if let clip { options.append(("clip", Double(clip).formatted())) }
    return options.map { Provenance.Option($0.0, $0.1) }
  }
}
