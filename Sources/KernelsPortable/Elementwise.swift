import KernelInterface

/// Lays `count` values of each image out in tiles of six, for the weights' gradient: `[tile][image][6]`. Up to seven
/// values behind the last are read, up to two behind the result are written.
public func layInTiles(
  _ source: UnsafePointer<Float>, sourceStride: Int, count: Int, images: Int, result: UnsafeMutablePointer<Float>
) {
  var i = 0, target = UnsafeMutableRawPointer(result)
  while i < count {
    var image = 0
    while image < images {
      let values = UnsafeRawPointer(source + (image &* sourceStride &+ i)).loadUnaligned(as: SIMD8<Float>.self)
      target.storeBytes(of: values, as: SIMD8<Float>.self)
      target += tileHeight &* 4
      image &+= 1
    }
    i &+= tileHeight
  }
}

/// Turns `source`, a row of images for each of `count` values, around into `result`, the values of each image at
/// `positions`, times the derivative of the rectifier that made the gate's values, which lie one after the other.
/// The count is a multiple of sixteen, and so are the lengths of the pieces in which `positions` is consecutive.
public func turnBack(
  _ source: UnsafePointer<Float>, sourceStride: Int, count: Int, images: Int, result: UnsafeMutablePointer<Float>,
  positions: UnsafePointer<Int32>, resultStride: Int, gate: UnsafePointer<Float>?, gateStride: Int, slope: Float
) {
  var i = 0
  while i < count {
    let block = source + i &* sourceStride, target = result + Int(positions[i])
    var image = 0
    while image < images {
      var value = Vector()
      for lane in 0..<16 { value[lane] = block[lane &* sourceStride &+ image] }
      if let gate {
        let output = load(gate + (image &* gateStride &+ i))
        value = value.replacing(with: value * slope, where: output .<= Vector())
      }
      store(value, target + image &* resultStride)
      image &+= 1
    }
    i &+= 16
  }
}

/// `1 / (1 + e⁻ˣ)` in place, for `count` values (a multiple of sixteen).
public func sigmoid(_ values: UnsafeMutablePointer<Float>, count: Int) {
  let one = Vector(repeating: 1)
  var i = 0
  while i < count {
    store(one / (one + exponential(-load(values + i))), values + i)
    i &+= panelWidth
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
