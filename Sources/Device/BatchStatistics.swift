/// Mean and variance of one channel over the images, rows and columns of a batch, for batch normalisation (Ioffe and
/// Szegedy 2015, algorithm 1):
///
///     x̂ = (x − mean) / √(variance + ε),   y = γ x̂ + β
///
/// A training pass takes the batch's own, an inference pass the running ones. Constants and rules are PyTorch's.
package struct BatchStatistics {
  /// ε, which keeps the quotient finite.
  package static let epsilon: Float = 1e-5
  /// The part of a batch in the running statistics: running ← (1 − momentum) · running + momentum · batch.
  package static let momentum: Float = 0.1

  /// Over the batch; the variance is divided by the number of values.
  package let mean: Double, variance: Double
  /// Values of the channel: images × rows × columns.
  package let count: Int

  package init(mean: Double, variance: Double, count: Int) {
    self.mean = mean
    self.variance = variance
    self.count = count
  }

  /// `1 / √(variance + ε)`.
  package var scale: Double { Self.scale(variance) }

  /// `1 / √(variance + ε)` of any variance.
  package static func scale(_ variance: Double) -> Double { 1 / (variance + Double(epsilon)).squareRoot() }

  /// Moves running statistics on by this batch, whose variance is then divided by one less than the number of values. A
  /// single value says nothing of a variance: it leaves them as they are.
  package func update(mean running: inout Float, variance runningVariance: inout Float) {
    guard count > 1 else { return }
    let unbiased = variance * Double(count) / Double(count - 1)
    running = (1 - Self.momentum) * running + Self.momentum * Float(mean)
    runningVariance = (1 - Self.momentum) * runningVariance + Self.momentum * Float(unbiased)
  }
}
