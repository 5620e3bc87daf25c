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
