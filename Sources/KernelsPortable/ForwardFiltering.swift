// The filterings that are used forward only, where one tile then covers the whole of the paper's 7×7 maps. They have
// more points than those of MinimalFiltering.swift, and so round more.

enum F72: ForwardFiltering {
  /// The points are those of F(5, 4).
  typealias Input = F54.Input

  enum Output: LineTransform {
    static let from = 8, to = 7

    @inline(__always)
    static func apply(_ m: Line, _ y: MutableLine) {
      let even = m[1] + m[2], odd = m[1] - m[2], even2 = m[3] + m[4], odd2 = m[3] - m[4]
      let even3 = m[5] + m[6], odd3 = m[5] - m[6]
      y.set(0, m[0] + even + even2 + even3)
      y.set(1, sum(odd, 2, odd2, 0.5, odd3))
      y.set(2, sum(even, 4, even2, 0.25, even3))
      y.set(3, sum(odd, 8, odd2, 0.125, odd3))
      y.set(4, sum(even, 16, even2, 1 / 16, even3))
      y.set(5, sum(odd, 32, odd2, 1 / 32, odd3))
      y.set(6, sum(even + m[7], 64, even2, 1 / 64, even3))
    }
  }

  enum Weights: LineTransform {
    static let from = 2, to = 8

    @inline(__always)
    static func apply(_ g: Line, _ r: MutableLine) {
      let g0 = g[0], g1 = g[1]
      r.set(0, g0 * -1)
      r.set(1, even: g0 * (-2 / 9), odd: g1 * (-2 / 9))
      r.set(3, even: g0 * (1 / 90), odd: g1 * (1 / 45))
      r.set(5, even: g0 * (32 / 45), odd: g1 * (16 / 45))
      r.set(7, g1)
    }
  }
}

enum F74: ForwardFiltering {
  /// One number for each pair of points, in the order ±⅜, ±⅞, ±5⁄4, ±2: points whose powers differ little, and whose
  /// polynomials have coefficients that a float holds exactly.
  typealias Pairs<Value> = (Value, Value, Value, Value)

  @inline(__always)
  static func sum(_ x: Pairs<Vector>, _ a: Pairs<Float>) -> Vector {
    multiplyAdd(multiplyAdd(multiplyAdd(x.0 * a.0, a.1, x.1), a.2, x.2), a.3, x.3)
  }

  enum Input: LineTransform {
    static let from = 10, to = 10

    @inline(__always)
    static func apply(_ d: Line, _ r: MutableLine) {
      let even = (d[2], d[4], d[6], d[8]), odd = (d[1], d[3], d[5], d[7])
      @inline(__always) func setPair(_ index: Int, _ point: Float, _ polynomial: Pairs<Float>) {
        r.set(index, even: sum(even, polynomial), odd: sum(odd, polynomial) * point)
      }
      setPair(1, 0.375, (-4.78515625, 10.5087890625, -6.328125, 1))
      setPair(3, 0.875, (-0.87890625, 7.0322265625, -5.703125, 1))
      setPair(5, 1.25, (-0.4306640625, 3.732666015625, -4.90625, 1))
      setPair(7, 2, (-0.1682281494140625, 1.523681640625, -2.46875, 1))
      let all: Pairs<Float> = (0.67291259765625, -6.2629547119140625, 11.398681640625, -6.46875)
      r.set(0, sum((d[0], d[2], d[4], d[6]), all) + d[8])
      r.set(9, sum(odd, all) + d[9])
    }
  }

  enum Output: LineTransform {
    static let from = 10, to = 7

    @inline(__always)
    static func apply(_ m: Line, _ y: MutableLine) {
      let even = (m[1] + m[2], m[3] + m[4], m[5] + m[6], m[7] + m[8])
      let odd = (m[1] - m[2], m[3] - m[4], m[5] - m[6], m[7] - m[8])
      y.set(0, m[0] + even.0 + even.1 + even.2 + even.3)
      y.set(1, sum(odd, (0.375, 0.875, 1.25, 2)))
      y.set(2, sum(even, (0.140625, 0.765625, 1.5625, 4)))
      y.set(3, sum(odd, (0.052734375, 0.669921875, 1.953125, 8)))
      y.set(4, sum(even, (0.019775390625, 0.586181640625, 2.44140625, 16)))
      y.set(5, sum(odd, (0.007415771484375, 0.512908935546875, 3.0517578125, 32)))
      y.set(6, sum(even, (0.002780914306640625, 0.448795318603515625, 3.814697265625, 64)) + m[9])
    }
  }

  enum Weights: LineTransform {
    static let from = 4, to = 10

    @inline(__always)
    static func apply(_ g: Line, _ r: MutableLine) {
      let g0 = g[0], g1 = g[1], g2 = g[2], g3 = g[3]
      @inline(__always) func setPair(_ index: Int, _ point: Float, _ scale: Float) {
        let square = point * point
        r.set(
          index, even: multiplyAdd(g0, square, g2) * scale, odd: multiplyAdd(g1, square, g3) * (point * scale))
      }
      r.set(0, g0 * (16384 / 11025))
      setPair(1, 0.375, -1_048_576 / 1_011_465)
      setPair(3, 0.875, 1_048_576 / 2_586_465)
      setPair(5, 1.25, -524_288 / 4_524_975)
      setPair(7, 2, 8192 / 1_994_031)
      r.set(9, g3)
    }
  }
}
