import Glibc

/// How to train.
public struct TrainingOptions: Hashable, Sendable {
  /// How the step size falls over a training.
  public enum Decay: String, CaseIterable, Sendable {
    /// Not at all.
    case none
    /// Along a line, to 0 behind the last step.
    case linear
    /// Along half a cosine, to 0 behind the last step (Loshchilov and Hutter 2017, equation 5, without restarts).
    case cosine
  }

  /// Passes over the images.
  public var epochs: Int
  /// Images a step.
  public var batch: Int
  /// Adam's step size.
  public var rate: Float
  /// The seed of the images' order and of the noise.
  public var seed: UInt64
  /// Epochs over which what codes cost, in a β-VAE β, rises from 0 to its value, step by step; 0, as in the paper, for
  /// all of it from the first step on.
  public var warmup: Int
  /// How the step size falls, behind its own warm-up.
  public var decay: Decay
  /// Epochs over which the step size rises from 0, step by step.
  public var rateWarmup: Int
  /// The largest norm that the gradient of a step may have, over all weights together; a longer one is scaled down to it
  /// (Pascanu et al. 2013, section 3.2). Nil for any.
  public var clip: Float?

  /// The paper's options unless others are given.
  public init(
    epochs: Int = 200, batch: Int = 64, rate: Float = 5e-4, seed: UInt64 = 1, warmup: Int = 0, decay: Decay = .none,
    rateWarmup: Int = 0, clip: Float? = nil
  ) {
    self.epochs = epochs
    self.batch = batch
    self.rate = rate
    self.seed = seed
    self.warmup = warmup
    self.decay = decay
    self.rateWarmup = rateWarmup
    self.clip = clip
  }

  /// The share of what codes cost that holds at a place of the training: rises linearly over the first `warmup` epochs
  /// (Bowman et al. 2016, section 3.1, "KL cost annealing", there with another curve).
  /// - Parameters:
  ///   - epoch: counted from 0.
  ///   - place: the share of the epoch's images that were seen, 0..<1.
  /// - Returns: 0…1, and 1 from epoch `warmup` on.
  package func shareOfBeta(epoch: Int, place: Double) -> Float {
    epoch >= warmup ? 1 : Float((Double(epoch) + place) / Double(warmup))
  }

  /// What the schedule leaves of the step size in a step.
  ///
  ///     t ≤ w:   t / w
  ///     t > w:   f((t − w − 1) / (T − w)),   f(p) = 1,   1 − p   or   ½ (1 + cos π p)
  ///
  /// with w the steps of `rateWarmup` epochs and T all steps.
  /// - Parameters:
  ///   - step: t, counted from 1.
  ///   - stepsPerEpoch: the steps of an epoch.
  /// - Returns: 0…1.
  package func rateShare(step: Int, stepsPerEpoch: Int) -> Double {
    let rising = rateWarmup * stepsPerEpoch
    guard step > rising else { return Double(step) / Double(rising) }
    let share = Double(step - rising - 1) / Double(max(1, epochs * stepsPerEpoch - rising))
    return switch decay {
    case .none: 1
    case .linear: 1 - share
    case .cosine: 0.5 * (1 + cos(.pi * share))
    }
  }

  /// What makes no training, in words; nil where nothing does.
  var fault: String? {
    guard epochs >= 1, (1...4096).contains(batch), rate > 0, rate.isFinite else {
      return "training needs epochs ≥ 1, batch 1…4096 and a positive rate, not epochs \(epochs), batch \(batch) and "
        + "rate \(rate)"
    }
    if let clip, !(clip > 0 && clip.isFinite) { return "clip must be a positive number" }
    for (name, count) in [("warm-up", warmup), ("warm-up of the rate", rateWarmup)]
    where !(0...epochs).contains(count) {
      return "a \(name) of \(count) epochs is longer than the training of \(epochs)"
    }
    return nil
  }
}
