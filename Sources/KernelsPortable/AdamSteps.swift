import BVAEKernelInterface
import CBVAEProcessor

/// The constants of a step, as vectors.
struct AdamConstants {
  private let beta1: Vector, other1: Vector, beta2: Vector, other2: Vector
  private let rate: Vector, epsilon: Vector, correction: Vector

  @inline(__always)
  init(_ step: AdamStep) {
    beta1 = Vector(repeating: step.beta1)
    other1 = Vector(repeating: 1 - step.beta1)
    beta2 = Vector(repeating: step.beta2)
    other2 = Vector(repeating: 1 - step.beta2)
    rate = Vector(repeating: -step.rate)
    epsilon = Vector(repeating: step.epsilon)
    correction = Vector(repeating: step.secondCorrection)
  }

  // One step on sixteen weights, in two halves of about the same length:
  //
  //     m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   root = √v · secondCorrection + ε
  //     w ← w − rate · m / root

  /// The first half. Gives the root.
  @inline(__always)
  func updateMoments(
    gradient: UnsafePointer<Float>, first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
  ) -> Vector {
    let g = load(gradient)
    let m = multiplyAdd(other1 * g, beta1, load(first))
    let v = multiplyAdd(other2 * (g * g), beta2, load(second))
    store(m, first)
    store(v, second)
    return multiplyAdd(epsilon, processor_square_root(v), correction)
  }

  /// The second half.
  @inline(__always)
  func updateWeights(_ weights: UnsafeMutablePointer<Float>, first: UnsafePointer<Float>, root: Vector) {
    store(multiplyAdd(load(weights), rate, load(first) / root), weights)
  }
}

extension Build {
  /// One Adam step on `count` weights (a multiple of sixteen), their gradients and their two moments.
  public static func adam(_ target: AdamTarget, gradient: UnsafePointer<Float>, count: Int) {
    let constants = AdamConstants(target.step), weights = target.weights, first = target.first, second = target.second
    var i = 0
    while i < count {
      let root = constants.updateMoments(gradient: gradient + i, first: first + i, second: second + i)
      constants.updateWeights(weights + i, first: first + i, root: root)
      i &+= panelWidth
    }
  }
}

/// Adam steps on the gradients of register tiles, sixteen weights at a time between pieces of the next tile's
/// arithmetic: roots and quotients keep a unit of the processor busy that products do not need. Each half of a step has
/// its own piece, since products can run ahead of one long operation, but not of two that wait for each other.
struct PendingAdam {
  private let target: AdamTarget?
  private let resultStride: Int
  private let constants: AdamConstants
  /// The next sixteen: their gradients, and how far behind the first their weights are.
  private var gradient: UnsafePointer<Float>, offset = 0
  /// How many times sixteen are left in the panel, and panels behind it.
  private var left = 0, panelsLeft = 0
  private var count = 0
  /// The sixteen whose first half is done, if any.
  private var root = Vector(), rootOffset = -1

  @inline(__always)
  init(_ target: AdamTarget?, _ result: UnsafePointer<Float>, resultStride: Int) {
    self.target = target
    self.resultStride = resultStride
    gradient = result
    constants = AdamConstants(target?.step ?? AdamStep(rate: 0, secondCorrection: 0, beta1: 0, beta2: 0, epsilon: 0))
  }

  /// The distance from one panel's weights to the next.
  @inline(__always)
  var panelStride: Int { target?.panelStride ?? 0 }

  /// Rows of a tile's arithmetic between two calls of `advance`, of which a tile of so many vectors needs as many.
  @inline(__always)
  func pieceRows(rows: Int, vectors: Int) -> Int { target == nil ? rows : max(1, rows / vectors) }

  /// Queues a tile that is complete: `count` values of `panels` panels.
  @inline(__always)
  mutating func append(_ tile: UnsafePointer<Float>, offset: Int, count: Int, panels: Int) {
    guard target != nil else { return }
    while left > 0 { advance() }
    gradient = tile
    self.offset = offset
    self.count = count
    left = count
    panelsLeft = panels &- 1
  }

  /// Takes half a step on the sixteen before, half a step on the next.
  @inline(__always)
  mutating func advance() {
    guard let target else { return }
    if rootOffset >= 0 {
      constants.updateWeights(target.weights + rootOffset, first: target.first + rootOffset, root: root)
      rootOffset = -1
    }
    guard left > 0 else { return }
    root = constants.updateMoments(gradient: gradient, first: target.first + offset, second: target.second + offset)
    rootOffset = offset
    gradient += panelWidth
    offset &+= panelWidth
    left &-= 1
    if left == 0, panelsLeft > 0 {
      panelsLeft &-= 1
      left = count
      gradient += resultStride &- count &* panelWidth
      offset &+= target.panelStride &- count &* panelWidth
    }
  }

  /// Takes all steps that are left.
  @inline(__always)
  mutating func finish() {
    while left > 0 || rootOffset >= 0 { advance() }
  }
}
