// The transforms of the minimal filterings along one side of a tile (Winograd 1980; Lavin and Gray 2016, "Fast
// algorithms for convolutional neural networks", section 4):
//
//     y = Aᵀ [ (G g) ⊙ (Bᵀ d) ]        d inputs, g taps, y outputs of the correlation yᵢ = Σ gⱼ dᵢ₊ⱼ
//
// The matrices are those of Toom and Cook: the row of Bᵀ for the point a holds the coefficients of Π (x − b) over the
// other finite points b, the one for ∞ those of the product over all of them; Aᵀ and G hold the powers of the points,
// G divided by Π (a − b). Points come in pairs ±a, whose rows are the sum and the difference of an even and an odd part.

/// A line of vectors in memory, a step apart.
struct Line {
  let start: UnsafePointer<Float>, step: Int

  @inline(__always)
  init(_ start: UnsafePointer<Float>, _ step: Int) {
    self.start = start
    self.step = step
  }

  @inline(__always)
  subscript(index: Int) -> Vector { load(start + index &* step) }
}

/// A line of vectors that are written.
struct MutableLine {
  let start: UnsafeMutablePointer<Float>, step: Int

  @inline(__always)
  init(_ start: UnsafeMutablePointer<Float>, _ step: Int) {
    self.start = start
    self.step = step
  }

  @inline(__always)
  func set(_ index: Int, _ value: Vector) { store(value, start + index &* step) }

  /// The two rows of a pair of points.
  @inline(__always)
  func set(_ index: Int, even: Vector, odd: Vector) {
    set(index, even + odd)
    set(index &+ 1, even - odd)
  }
}

/// One of the matrices, applied to a line.
protocol LineTransform {
  static var from: Int { get }
  static var to: Int { get }
  static func apply(_ x: Line, _ y: MutableLine)
}

/// The matrices of one filtering that lead to the outputs.
protocol ForwardFiltering {
  /// `Bᵀ d`.
  associatedtype Input: LineTransform
  /// `Aᵀ m`.
  associatedtype Output: LineTransform
  /// `G g`.
  associatedtype Weights: LineTransform
}

/// All matrices of one filtering: those above, and those of the way back.
protocol MinimalFiltering: ForwardFiltering {
  /// `A y`: the outputs' gradient to the products'.
  associatedtype Gradient: LineTransform
  /// `Gᵀ u`.
  associatedtype WeightGradient: LineTransform
}

/// `x₀ + a x₁`, `x₀ + a x₁ + b x₂`: short names for the sums of the filterings.
@inline(__always)
func sum(_ x0: Vector, _ a: Float, _ x1: Vector) -> Vector { multiplyAdd(x0, a, x1) }
@inline(__always)
func sum(_ x0: Vector, _ a: Float, _ x1: Vector, _ b: Float, _ x2: Vector) -> Vector {
  multiplyAdd(multiplyAdd(x0, a, x1), b, x2)
}

enum F42: MinimalFiltering {
  enum Input: LineTransform {
    static let from = 5, to = 5

    @inline(__always)
    static func apply(_ d: Line, _ r: MutableLine) {
      let d1 = d[1], d2 = d[2], d3 = d[3]
      let low = sum(d2, -2, d1), high = sum(d3, -2, d2), odd = d3 - d1
      r.set(0, sum(odd, -2, d2 - d[0]))
      r.set(1, even: high, odd: low)
      r.set(3, odd)
      r.set(4, sum(d[4] - d2, -2, odd))
    }
  }

  enum Gradient: LineTransform {
    static let from = 4, to = 5

    @inline(__always)
    static func apply(_ y: Line, _ r: MutableLine) {
      let y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3]
      r.set(0, y0)
      r.set(1, even: y0 + y2, odd: y1 + y3)
      r.set(3, sum(sum(y0, 4, y2), 2, y1, 8, y3))
      r.set(4, y3)
    }
  }

  enum Output: LineTransform {
    static let from = 5, to = 4

    @inline(__always)
    static func apply(_ m: Line, _ y: MutableLine) {
      let even = m[1] + m[2], odd = m[1] - m[2], m3 = m[3]
      y.set(0, m[0] + even + m3)
      y.set(1, sum(odd, 2, m3))
      y.set(2, sum(even, 4, m3))
      y.set(3, sum(odd + m[4], 8, m3))
    }
  }

  enum Weights: LineTransform {
    static let from = 2, to = 5

    @inline(__always)
    static func apply(_ g: Line, _ r: MutableLine) {
      let g0 = g[0], g1 = g[1]
      r.set(0, g0 * 0.5)
      r.set(1, (g0 + g1) * -0.5)
      r.set(2, (g1 - g0) * (1 / 6))
      r.set(3, (sum(g0, 2, g1)) * (1 / 6))
      r.set(4, g1)
    }
  }

  enum WeightGradient: LineTransform {
    static let from = 5, to = 2

    @inline(__always)
    static func apply(_ u: Line, _ g: MutableLine) {
      let u1 = u[1] * -0.5, u2 = u[2] * (1 / 6), u3 = u[3] * (1 / 6)
      g.set(0, sum(u1, 0.5, u[0]) - u2 + u3)
      g.set(1, sum(u1 + u2 + u[4], 2, u3))
    }
  }
}

enum F44: MinimalFiltering {
  enum Input: LineTransform {
    static let from = 7, to = 7

    @inline(__always)
    static func apply(_ d: Line, _ r: MutableLine) {
      let d1 = d[1], d2 = d[2], d3 = d[3], d4 = d[4], d5 = d[5]
      let half4 = sum(d4, -0.5, d3), half5 = sum(d5, -0.5, d4)
      r.set(1, even: sum(half5, 2, d2, -4, d3), odd: sum(half4, 2, d1, -4, d2))
      r.set(3, even: sum(half5 - d3, 0.5, d2), odd: 2 * sum(half4 - d2, 0.5, d1))
      let w0 = sum(d4, 4, d[0], -5, d2), w1 = sum(d5, 4, d1, -5, d3), w2 = sum(d[6], 4, d2, -5, d4)
      r.set(0, sum(w1, -0.5, w0))
      r.set(5, w1)
      r.set(6, sum(w2, -0.5, w1))
    }
  }

  enum Gradient: LineTransform {
    static let from = 4, to = 7

    @inline(__always)
    static func apply(_ y: Line, _ r: MutableLine) {
      let y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3]
      r.set(0, y0)
      r.set(1, even: y0 + y2, odd: y1 + y3)
      r.set(3, even: sum(y0, 4, y2), odd: sum(2 * y1, 8, y3))
      r.set(5, sum(sum(y0, 0.5, y1), 0.25, y2, 0.125, y3))
      r.set(6, y3)
    }
  }

  enum Output: LineTransform {
    static let from = 7, to = 4

    @inline(__always)
    static func apply(_ m: Line, _ y: MutableLine) {
      let even = m[1] + m[2], odd = m[1] - m[2], even2 = m[3] + m[4], odd2 = m[3] - m[4], m5 = m[5]
      y.set(0, m[0] + even + even2 + m5)
      y.set(1, sum(odd, 2, odd2, 0.5, m5))
      y.set(2, sum(even, 4, even2, 0.25, m5))
      y.set(3, sum(odd + m[6], 8, odd2, 0.125, m5))
    }
  }

  enum Weights: LineTransform {
    static let from = 4, to = 7

    @inline(__always)
    static func apply(_ g: Line, _ r: MutableLine) {
      let g0 = g[0], g1 = g[1], g2 = g[2], g3 = g[3]
      let even = g0 + g2, odd = g1 + g3, even2 = sum(g0, 4, g2), odd2 = sum(2 * g1, 8, g3)
      r.set(0, g0 * -0.5)
      r.set(1, (even + odd) * (-1 / 3))
      r.set(2, (even - odd) * (1 / 9))
      r.set(3, (even2 + odd2) * (1 / 36))
      r.set(4, (even2 - odd2) * (-1 / 60))
      r.set(5, sum(sum(g3, 8, g0), 4, g1, 2, g2) * (4 / 45))
      r.set(6, g3)
    }
  }

  enum WeightGradient: LineTransform {
    static let from = 7, to = 4

    @inline(__always)
    static func apply(_ u: Line, _ g: MutableLine) {
      let u1 = u[1] * (-1 / 3), u2 = u[2] * (1 / 9), u3 = u[3] * (1 / 36), u4 = u[4] * (-1 / 60), u5 = u[5] * (4 / 45)
      let even = u1 + u2, odd = u1 - u2, even2 = u3 + u4, odd2 = u3 - u4
      g.set(0, sum(even + even2, -0.5, u[0], 8, u5))
      g.set(1, sum(odd, 2, odd2, 4, u5))
      g.set(2, sum(even, 4, even2, 2, u5))
      g.set(3, sum(odd + u5 + u[6], 8, odd2))
    }
  }
}

enum F54: MinimalFiltering {
  enum Input: LineTransform {
    static let from = 8, to = 8

    @inline(__always)
    static func apply(_ d: Line, _ r: MutableLine) {
      let d1 = d[1], d2 = d[2], d3 = d[3], d4 = d[4], d5 = d[5], d6 = d[6]
      r.set(0, sum(d6 - d[0], 5.25, d2 - d4))
      r.set(1, even: sum(d2 + d6, -4.25, d4), odd: sum(d1 + d5, -4.25, d3))
      r.set(3, even: sum(d6, 0.25, d2, -1.25, d4), odd: sum(2 * d5, 0.5, d1, -2.5, d3))
      r.set(5, even: sum(d6, 4, d2, -5, d4), odd: sum(2 * d1, 0.5, d5, -2.5, d3))
      r.set(7, sum(d[7] - d1, 5.25, d3 - d5))
    }
  }

  enum Gradient: LineTransform {
    static let from = 5, to = 8

    @inline(__always)
    static func apply(_ y: Line, _ r: MutableLine) {
      let y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3], y4 = y[4]
      r.set(0, y0)
      r.set(1, even: y0 + y2 + y4, odd: y1 + y3)
      r.set(3, even: sum(y0, 4, y2, 16, y4), odd: sum(2 * y1, 8, y3))
      r.set(5, even: sum(y0, 0.25, y2, 0.0625, y4), odd: sum(0.5 * y1, 0.125, y3))
      r.set(7, y4)
    }
  }

  enum Output: LineTransform {
    static let from = 8, to = 5

    @inline(__always)
    static func apply(_ m: Line, _ y: MutableLine) {
      let even = m[1] + m[2], odd = m[1] - m[2], even2 = m[3] + m[4], odd2 = m[3] - m[4]
      let even3 = m[5] + m[6], odd3 = m[5] - m[6]
      y.set(0, m[0] + even + even2 + even3)
      y.set(1, sum(odd, 2, odd2, 0.5, odd3))
      y.set(2, sum(even, 4, even2, 0.25, even3))
      y.set(3, sum(odd, 8, odd2, 0.125, odd3))
      y.set(4, sum(even + m[7], 16, even2, 0.0625, even3))
    }
  }

  enum Weights: LineTransform {
    static let from = 4, to = 8

    @inline(__always)
    static func apply(_ g: Line, _ r: MutableLine) {
      let g0 = g[0], g1 = g[1], g2 = g[2], g3 = g[3]
      r.set(0, g0 * -1)
      r.set(1, even: (g0 + g2) * (-2 / 9), odd: (g1 + g3) * (-2 / 9))
      r.set(3, even: sum(g0, 4, g2) * (1 / 90), odd: sum(g1, 4, g3) * (1 / 45))
      r.set(5, even: sum(g2, 4, g0) * (8 / 45), odd: sum(g3, 4, g1) * (4 / 45))
      r.set(7, g3)
    }
  }

  enum WeightGradient: LineTransform {
    static let from = 8, to = 4

    @inline(__always)
    static func apply(_ u: Line, _ g: MutableLine) {
      let even = (u[1] + u[2]) * (-2 / 9), odd = (u[1] - u[2]) * (-2 / 9)
      let even2 = (u[3] + u[4]) * (1 / 90), odd2 = (u[3] - u[4]) * (1 / 45)
      let even3 = (u[5] + u[6]) * (8 / 45), odd3 = (u[5] - u[6]) * (4 / 45)
      g.set(0, sum(even + even2 - u[0], 4, even3))
      g.set(1, sum(odd + odd2, 4, odd3))
      g.set(2, sum(even + even3, 4, even2))
      g.set(3, sum(odd + odd3 + u[7], 4, odd2))
    }
  }
}
