import Glibc

/// The Adam optimiser (Kingma and Ba 2015, algorithm 1).
///
///     m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
///     w ← w − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
public struct Adam: Hashable, Sendable {
  /// The step size.
  public var rate: Float
  /// The first moment's decay.
  public var beta1: Float
  /// The second moment's decay.
  public var beta2: Float
  /// Keeps the quotient finite.
  public var epsilon: Float = 1e-8

  /// Adam with a step size, and with the paper's constants unless others are given.
  public init(rate: Float, beta1: Float = 0.9, beta2: Float = 0.999) {
    (self.rate, self.beta1, self.beta2) = (rate, beta1, beta2)
  }

  /// The constants of step `number`, counted from 1; a step before the first is taken for the first.
  package func update(_ number: Int) -> AdamUpdate {
    let number = Double(max(1, number))
    return AdamUpdate(
      rate: Float(Double(rate) / (1 - pow(Double(beta1), number))),
      secondCorrection: Float(1 / (1 - pow(Double(beta2), number)).squareRoot()), beta1: beta1, beta2: beta2,
      epsilon: epsilon)
  }
}

/// The constants of one Adam step, with the bias corrections folded in.
package struct AdamUpdate: Hashable, Sendable {
  /// `rate / (1 − β₁ᵗ)`.
  package let rate: Float
  /// `1 / √(1 − β₂ᵗ)`.
  package let secondCorrection: Float
  package let beta1: Float, beta2: Float, epsilon: Float
}

/// What Adam remembers of one buffer of values.
package struct Moments {
  /// The running mean of the gradient, and of its square.
  package let first: any Buffer, second: any Buffer

  package init(first: any Buffer, second: any Buffer) {
    self.first = first
    self.second = second
  }
}
