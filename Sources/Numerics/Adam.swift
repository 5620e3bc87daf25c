import Glibc
import KernelInterface

/// The Adam optimiser (Kingma and Ba 2015, algorithm 1).
public struct Adam: Hashable, Sendable {
  /// The step size.
  public var rate: Float
  /// The first moment's decay.
  public var beta1: Float = 0.9
  /// The second moment's decay.
  public var beta2: Float = 0.999
  /// Keeps the quotient finite.
  public var epsilon: Float = 1e-8

  /// Adam with the paper's constants and a step size.
  public init(rate: Float) { self.rate = rate }

  /// Applies step `number`, counted from 1, to all values of a buffer.
  public func update(
    _ compute: Compute, step number: Int, values: FloatBuffer, gradient: FloatBuffer, moments: AdamMoments
  ) {
    let constants = constants(number), part = 1 << 14, count = values.count
    precondition(gradient.count == count && moments.first.count == count && count % panelWidth == 0)
    compute.workers.run(units: units(count, by: part)) { unit in
      let start = unit * part
      compute.kernels.adam(
        constants, values.pointer + start, gradient.pointer + start, moments.first.pointer + start,
        moments.second.pointer + start, min(part, count - start))
    }
  }

  /// Step `number`, counted from 1, for weights whose gradient is being computed.
  public func step(_ number: Int, _ moments: AdamMoments) -> WeightGradientUse {
    .adam(constants(number), moments)
  }

  private func constants(_ number: Int) -> AdamStep {
    precondition(number >= 1, "steps are counted from 1")
    return AdamStep(
      rate: Float(Double(rate) / (1 - pow(Double(beta1), Double(number)))),
      secondCorrection: Float(1 / (1 - pow(Double(beta2), Double(number))).squareRoot()),
      beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}

/// What Adam remembers of one buffer of values.
public final class AdamMoments: Sendable {
  /// Running mean of the gradient.
  public let first: FloatBuffer
  /// Running mean of the squared gradient.
  public let second: FloatBuffer

  /// Zeros for `count` values.
  public init(count: Int) {
    first = FloatBuffer(count: count)
    second = FloatBuffer(count: count)
  }
}
