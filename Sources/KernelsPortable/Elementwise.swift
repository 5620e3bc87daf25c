import BVAEKernelInterface

extension Build {
  /// Packs `count` values of each image in tiles of six.
  public static func packTiles(_ packing: TilePacking) {
    var i = 0, target = UnsafeMutableRawPointer(packing.result)
    while i < packing.count {
      var image = 0
      while image < packing.images {
        let source = packing.source + (image &* packing.imageStride &+ i)
        target.storeBytes(of: UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self), as: SIMD8<Float>.self)
        target += tileHeight &* 4
        image &+= 1
      }
      i &+= tileHeight
    }
  }

  /// Transposes a block back to rows of images, through the derivative of the rectifier.
  public static func transposeAndGate(_ block: TransposedBlock) {
    let stride = block.sourceStride
    var i = 0
    while i < block.count {
      let source = block.source + i &* stride, target = block.result + Int(block.positions[i])
      var image = 0
      while image < block.images {
        var value = Vector()
        for lane in 0..<16 { value[lane] = source[lane &* stride &+ image] }
        if let gate = block.gate {
          let output = load(gate + (image &* block.gateStride &+ i))
          value = value.replacing(with: value * block.slope, where: output .<= Vector())
        }
        store(value, target + image &* block.resultStride)
        image &+= 1
      }
      i &+= 16
    }
  }

  /// `1 / (1 + e⁻ˣ)` in place, for `count` values (a multiple of sixteen).
  public static func sigmoid(_ values: UnsafeMutablePointer<Float>, count: Int) {
    let one = Vector(repeating: 1)
    var i = 0
    while i < count {
      store(one / (one + exponential(-load(values + i))), values + i)
      i &+= panelWidth
    }
  }
}

extension Build {
  /// `max(x, 0) + slope · min(x, 0)` in place.
  public static func rectify(_ values: UnsafeMutablePointer<Float>, count: Int, slope: Float) {
    var i = 0
    while i < count {
      let value = load(values + i)
      store(value.replacing(with: value * slope, where: value .<= Vector()), values + i)
      i &+= panelWidth
    }
  }

  /// The gradient of a function of each value, through the derivative of the rectifier that made them.
  public static func differentiate(_ row: DerivedRow) {
    switch row.function {
    case .sigmoid: differentiate(row) { $0 * ($1 * (Vector(repeating: 1) - $1)) }
    case .tanh: differentiate(row) { $0 * (Vector(repeating: 1) - $1 * $1) }
    case .rectifier(let slope): differentiate(row) { $0.replacing(with: $0 * slope, where: $1 .<= Vector()) }
    }
  }

  @inline(__always)
  private static func differentiate(_ row: DerivedRow, _ derivative: (_ gradient: Vector, _ y: Vector) -> Vector) {
    var i = 0
    while i < row.count {
      var value = derivative(load(row.gradient + i), load(row.output + i))
      if row.gate != 1 { value = value.replacing(with: value * row.gate, where: load(row.input + i) .<= Vector()) }
      store(value, row.result + i)
      i &+= panelWidth
    }
  }
}

/// eˣ to about one unit in the last place: x = n ln 2 + r with |r| ≤ ½ ln 2, a polynomial in r, and n put into the
/// exponent (the method and the coefficients of Cephes' `expf`, S. Moshier). The argument is limited to ±87; NaN stays NaN.
@inline(__always)
private func exponential(_ argument: Vector) -> Vector {
  let limit = Vector(repeating: 87)
  // Minimum and maximum drop a NaN; it has to come through, so that a diverging training is noticed.
  let bounded = pointwiseMin(pointwiseMax(argument, -limit), limit)
  let x = bounded.replacing(with: argument, where: argument .!= argument)
  // Adding 1.5 · 2²³ rounds to a whole number and leaves it in the low bits.
  let shift = Vector(repeating: 12_582_912)
  let shifted = multiplyAdd(shift, x, Vector(repeating: 1.442_695_04))
  let n = shifted - shift
  var r = multiplyAdd(x, n, Vector(repeating: -0.693_359_375))
  r = multiplyAdd(r, n, Vector(repeating: 2.121_944_4e-4))
  var p = Vector(repeating: 1.987_569_15e-4)
  p = multiplyAdd(Vector(repeating: 1.398_199_95e-3), p, r)
  p = multiplyAdd(Vector(repeating: 8.333_451_9e-3), p, r)
  p = multiplyAdd(Vector(repeating: 4.166_579_6e-2), p, r)
  p = multiplyAdd(Vector(repeating: 1.666_666_55e-1), p, r)
  p = multiplyAdd(Vector(repeating: 0.5), p, r)
  let fraction = multiplyAdd(r + Vector(repeating: 1), p, r * r)
  let power = (unsafeBitCast(shifted, to: SIMD16<Int32>.self) &+ 127) &<< 23
  return fraction * unsafeBitCast(power, to: Vector.self)
}
