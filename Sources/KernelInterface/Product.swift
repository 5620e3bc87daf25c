// What the kernels work on. The structures are shared by every build of the kernels; the pointers in them are
// checked where Numerics fills them in, once a layer, and live as long as the layer's buffers.

/// The width of a panel: the columns of a matrix are kept, and computed, sixteen at a time.
public let panelWidth = 16

/// The height of the register tile: rows of the left matrix that one tile computes together.
public let tileHeight = 6

/// One matrix product `C = A · B`, with the rows of A and C found by offset tables, so that the same kernel is a
/// convolution, a transposed convolution or a dense layer.
///
///     depth k = (run r, position l):   A[m, k] = a[aRows[m] + r · aRunStride + l]
///     panel p of B, 16 columns wide:   B[k, 16p + j] = b[p · bPanelStride + (r · runLength + l) · 16 + j]
///     result:                          C[m, 16p + j] at c[cRows[m] + cPanels[p] + j]
///
/// For a 4×4 convolution on a channels-last image a run is one kernel row: 4 · channels consecutive inputs.
/// The result is finished in registers: `leaky(C + bias)` on the way forward, `C · leaky′(gate)` on the way back.
@frozen
public struct Product: @unchecked Sendable {  // Unchecked: pointers into buffers that outlive the parallel region.
  /// The left matrix.
  public var a: UnsafePointer<Float>
  /// The offset of each row of A.
  public var aRows: UnsafePointer<Int32>
  /// The distance from one run to the next.
  public var aRunStride: Int
  /// Runs a row.
  public var runs: Int
  /// Consecutive values a run.
  public var runLength: Int
  /// The right matrix, in panels.
  public var b: UnsafePointer<Float>
  /// The distance from one panel to the next.
  public var bPanelStride: Int
  /// The result.
  public var c: UnsafeMutablePointer<Float>
  /// The offset of each row of C.
  public var cRows: UnsafePointer<Int32>
  /// The offset of each panel of C.
  public var cPanels: UnsafePointer<Int32>
  /// Added to each column, or nil.
  public var bias: UnsafePointer<Float>?
  /// The factor below zero: 0 is ReLU, 1 the identity, anything else leaky ReLU.
  public var slope: Float
  /// The previous layer's output, whose derivative multiplies the result, or nil.
  public var gate: UnsafePointer<Float>?
  /// The offset of each row in the gate; its panels are offset as those of C. Set wherever `gate` is.
  public var gateRows: UnsafePointer<Int32>?
  /// Whether the products are added to what C holds already.
  public var accumulates: Bool
  /// What is wanted after the product.
  public var prefetch: Prefetch?

  /// A product without bias, activation and gate.
  public init(
    a: UnsafePointer<Float>, aRows: UnsafePointer<Int32>, aRunStride: Int, runs: Int, runLength: Int,
    b: UnsafePointer<Float>, bPanelStride: Int,
    c: UnsafeMutablePointer<Float>, cRows: UnsafePointer<Int32>, cPanels: UnsafePointer<Int32>
  ) {
    self.a = a
    self.aRows = aRows
    self.aRunStride = aRunStride
    self.runs = runs
    self.runLength = runLength
    self.b = b
    self.bPanelStride = bPanelStride
    self.c = c
    self.cRows = cRows
    self.cPanels = cPanels
    bias = nil
    slope = 1
    gate = nil
    gateRows = nil
    accumulates = false
    prefetch = nil
  }
}

/// The gradient of a product's right matrix: `G = Aᵀ · D`, for A as in `Product` and D the gradient of its result.
///
///     D[m, 16p + j] at d[dRows[m] + dPanels[p] + j]
///     G in panels like B: the first value of a call at result, its next panel resultStride behind
@frozen
public struct WeightGradient: @unchecked Sendable {  // Unchecked: as Product.
  /// The left matrix of the product.
  public var a: UnsafePointer<Float>
  /// The offset of each row of A.
  public var aRows: UnsafePointer<Int32>
  /// The distance from one run to the next.
  public var aRunStride: Int
  /// Consecutive values a run.
  public var runLength: Int
  /// The distance from six values of a run to the next six: six, unless A was laid out in tiles.
  public var aTileStride = tileHeight
  /// The gradient of the result.
  public var d: UnsafePointer<Float>
  /// The offset of each row of D.
  public var dRows: UnsafePointer<Int32>
  /// The offset of each panel of D.
  public var dPanels: UnsafePointer<Int32>
  /// Rows of A and D.
  public var rows: Int
  /// Where the gradient of a call's first panel and first depth goes.
  public var result: UnsafeMutablePointer<Float>
  /// The distance from one panel of the result to the next.
  public var resultStride: Int
  /// Whether the sums are added to what the result holds already.
  public var accumulates = false
  /// What is wanted after the gradient.
  public var prefetch: Prefetch?
  /// Weights that take an Adam step with the gradient as it is computed, or nil.
  public var adam: AdamTarget?

  /// A weight gradient's operands.
  public init(
    a: UnsafePointer<Float>, aRows: UnsafePointer<Int32>, aRunStride: Int, runLength: Int,
    d: UnsafePointer<Float>, dRows: UnsafePointer<Int32>, dPanels: UnsafePointer<Int32>, rows: Int,
    result: UnsafeMutablePointer<Float>, resultStride: Int
  ) {
    self.a = a
    self.aRows = aRows
    self.aRunStride = aRunStride
    self.runLength = runLength
    self.d = d
    self.dRows = dRows
    self.dPanels = dPanels
    self.rows = rows
    self.result = result
    self.resultStride = resultStride
    prefetch = nil
    adam = nil
  }
}

/// The constants of one Adam step (Kingma and Ba 2015, algorithm 1, with the bias corrections folded in).
@frozen
public struct AdamStep: Sendable {
  /// The step size divided by the first moment's bias correction: `rate / (1 − β₁ᵗ)`.
  public var rate: Float
  /// `1 / √(1 − β₂ᵗ)`.
  public var secondCorrection: Float
  /// The first moment's decay.
  public var beta1: Float
  /// The second moment's decay.
  public var beta2: Float
  /// Keeps the quotient finite.
  public var epsilon: Float

  /// The constants of a step.
  public init(rate: Float, secondCorrection: Float, beta1: Float, beta2: Float, epsilon: Float) {
    self.rate = rate
    self.secondCorrection = secondCorrection
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }
}

/// Where an Adam step goes: the weights and moments of the gradient's first value.
@frozen
public struct AdamTarget: @unchecked Sendable {  // Unchecked: as Product.
  /// The constants.
  public var step: AdamStep
  /// What the step changes.
  public var weights: UnsafeMutablePointer<Float>, first: UnsafeMutablePointer<Float>
  /// The second moments.
  public var second: UnsafeMutablePointer<Float>
  /// The distance from one panel to the next, in all three.
  public var panelStride: Int

  /// A target.
  public init(
    _ step: AdamStep, weights: UnsafeMutablePointer<Float>, first: UnsafeMutablePointer<Float>,
    second: UnsafeMutablePointer<Float>, panelStride: Int = 0
  ) {
    self.step = step
    self.weights = weights
    self.first = first
    self.second = second
    self.panelStride = panelStride
  }
}
