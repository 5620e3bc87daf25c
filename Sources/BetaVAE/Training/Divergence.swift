import BVAEPlatform

/// How a training came to a bad end, and what that points to.
public struct Divergence: Sendable, Equatable, CustomStringConvertible {
  /// What was noticed.
  public enum Sign: Sendable, Equatable {
    /// The loss, or a weight, is no finite number.
    case notANumber
    /// The loss of many steps in succession was above a limit that no training which learns comes near (`LossWatch`).
    case exploded(loss: Double, limit: Double)
  }

  /// What went out of bounds first.
  public enum Part: Sendable, Equatable {
    /// The reconstruction error.
    case reconstruction
    /// What the objective tells beside the reconstruction error: the losses of an InfoGAN's networks, a critic's.
    case terms
    /// The KL divergence, or the mean, of a latent.
    case latent(Int)
    /// The weights, after the last step.
    case weights
  }

  /// What was noticed.
  public let sign: Sign
  /// What went out of bounds.
  public let part: Part
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The step of the whole training, counted from 1.
  public let step: Int
  /// Adam's step size.
  public let rate: Float
  /// β; nil for an autoencoder.
  public let beta: Float?

  /// Epochs whose weights the model still has.
  public var keptEpochs: Int { epoch - 1 }

  /// In words: where, what, why probably, and what to do.
  public var description: String {
    "\(noticed) at epoch \(epoch), step \(step): training diverged; \(kept). \(cause). \(advice)"
  }

  private var noticed: String {
    switch sign {
    case .notANumber: "the loss is not a number"
    case .exploded(let loss, let limit):
      "the loss exploded to \(loss.formatted(digits: 3)), above the limit of \(limit.formatted(digits: 3)) for "
        + "\(LossWatch.patience) steps,"
    }
  }

  private var kept: String {
    keptEpochs == 0
      ? "the model keeps its initial weights"
      : "the model keeps the weights it had after \(counted(keptEpochs, "epoch"))"
  }

  /// The images cannot be the cause: they are bytes, read as 0…1.
  private var cause: String {
    let what =
      switch part {
      case .reconstruction: "The decoder's values"
      case .terms: "The terms of the loss"
      case .latent(let latent): beta == nil ? "The code Z\(latent)" : "The KL divergence of latent Z\(latent)"
      case .weights: "The weights"
      }
    if step <= 1 && rate <= Self.highRate {
      return "\(what) diverged at the first step: the initial weights are too large"
    }
    if rate > Self.highRate {
      return "\(what) diverged, most likely because the rate \(Double(rate).formatted()) is "
        + "\((Double(rate) / 5e-4).formatted(digits: 3)) times the usual 0.0005"
    }
    if let beta, beta > Self.highBeta {
      return "\(what) diverged, most likely because beta \(Double(beta).formatted()) is too large"
    }
    return "\(what) diverged, most likely because the steps are too large for these images"
  }

  private var advice: String {
    "Try a rate below \(Double(rate).formatted())" + (beta == nil ? "" : " or a smaller beta")
  }

  private static let highRate: Float = 2e-3
  private static let highBeta: Float = 100
}

/// Notices a training whose loss explodes.
///
/// The loss of a step counts as exploded when it is more than a hundred times as large as both the worst possible
/// reconstruction (every value of every image wrong by the most that a sigmoid allows) and the loss of the first step;
/// a training explodes when twenty steps in succession have such a loss. β counts with its full value, also during a
/// warm-up. The loss of a training that learns anything falls below that of its first step, and the reconstruction
/// error alone cannot exceed its worst: only a KL divergence that has left all bounds, and stays there, is noticed.
package struct LossWatch: Sendable, Equatable, Codable {
  /// The loss of the first step.
  package var first: Double?
  /// Steps in succession whose loss has exploded.
  package var steps = 0

  /// Nothing seen yet.
  package init() {}

  /// How many times as large a loss must be.
  static let factor = 100.0
  /// How many steps in succession it takes.
  package static let patience = 20

  /// The loss above which a step has exploded.
  func limit(worst: Double) -> Double { Self.factor * max(worst, first ?? 0) }

  /// Takes the mean loss of a step in.
  /// - Returns: whether the training explodes.
  package mutating func explodes(_ loss: Double, worst: Double) -> Bool {
    if first == nil { first = loss }
    steps = loss > limit(worst: worst) ? steps + 1 : 0
    return steps >= Self.patience
  }
}
