import BVAELanguage
import BVAEPlatform
import BVAEReporting
import BetaVAE

/// How a training goes: the options that `train` and `search` share.
extension Parameter {
  static let trainingOptions: [Parameter] = [
    .option("epochs", "passes over the images", .integer(1...1_000_000), default: 200),
    .option("batch", "images a step", .integer(1...4096), default: 64),
    .option("rate", "Adam's step size", .number(.positive), default: 5e-4),
    .option(
      "decay", "how the rate falls to 0 over the training",
      .words(TrainingOptions.Decay.allCases.map(\.rawValue)), default: "none"),
    .option("ratewarmup", "epochs over which the rate rises from 0", .count, default: .described("none")),
    .option(
      "clip", "the largest norm of a step's gradient, over all weights; a longer one is scaled down",
      .number(.positive), default: .described("none")),
    .option(
      "warmup", "epochs over which beta rises from 0; helps where no latent comes into use", .count,
      default: .described("none")),
  ]
}

extension TrainingOptions {
  /// What a call says of them.
  init(_ call: Invocation, seed: UInt64) throws {
    self.init(
      epochs: try call.integer("epochs"), batch: try call.integer("batch"), rate: try call.float("rate"), seed: seed,
      warmup: try call.integerIfAny("warmup") ?? 0, decay: try Decay(rawValue: call.word("decay")) ?? .none,
      rateWarmup: try call.integerIfAny("ratewarmup") ?? 0, clip: try call.floatIfAny("clip"))
  }

  /// - Throws: `ScriptFailure` where a warm-up is longer than the training.
  func check(_ call: Invocation) throws {
    for (name, count) in [("warmup", warmup), ("ratewarmup", rateWarmup)] where count > epochs {
      throw call.failure(
        name, "a warm-up of \(counted(count, "epoch")) does not end within the training's \(epochs)",
        hint: "write \(epochs) or less")
    }
  }

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
