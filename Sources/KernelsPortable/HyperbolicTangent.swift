import BVAEKernelInterface
import CBVAEProcessor

// tanh in double precision, so that its rounding to a float is that of the exact value: with E = e²ˣ − 1
//
//     tanh x = E / (E + 2)
//     2x = n ln 2 + r,  |r| ≤ ½ ln 2:   E = 2ⁿ (eʳ − 1) + (2ⁿ − 1),   eʳ − 1 = r + r² (1/2! + r/3! + …)
//
// which keeps small values' relative precision. For every float the result is what the C library's tanh of doubles rounds
// to: all of them were gone through, and a test goes through some.

/// Eight at a time: as doubles they are as wide as sixteen floats.
private typealias Floats = SIMD8<Float>
private typealias Doubles = SIMD8<Double>

extension Build {
  /// The hyperbolic tangent in place, for `count` values (a multiple of sixteen).
  public static func tanh(_ values: UnsafeMutablePointer<Float>, count: Int) {
    var i = 0
    while i < count {
      let place = UnsafeMutableRawPointer(values + i)
      place.storeBytes(of: hyperbolicTangent(place.loadUnaligned(as: Floats.self)), as: Floats.self)
      i &+= 8
    }
  }
}

@inline(__always)
private func add(_ sum: Doubles, _ left: Doubles, _ right: Doubles) -> Doubles {
  #if FUSED || arch(arm64)
    sum.addingProduct(left, right)
  #else
    sum + left * right
  #endif
}

@inline(__always)
private func hyperbolicTangent(_ argument: Floats) -> Floats {
  // Beyond ±10 it rounds to ±1.
  let limit = Floats(repeating: 10)
  let x = processor_doubles(pointwiseMin(pointwiseMax(argument, -limit), limit)), twice = x + x
  // Adding 1.5 · 2⁵² rounds to a whole number and leaves it in the low bits.
  let shift = Doubles(repeating: 6_755_399_441_055_744)
  let shifted = add(shift, twice, Doubles(repeating: 1.442_695_040_888_963_4))
  let n = shifted - shift
  // ln 2 in two parts, the first with zeros at the end, so that its product with n is exact.
  var r = add(twice, n, Doubles(repeating: -6.931_471_803_691_238_16e-1))
  r = add(r, n, Doubles(repeating: -1.908_214_929_270_587_7e-10))
  // Up to 1/13!: what is left out is below 10⁻¹⁷ of the whole.
  var p = Doubles(repeating: 1.0 / 6_227_020_800)
  p = add(Doubles(repeating: 1.0 / 479_001_600), p, r)
  p = add(Doubles(repeating: 1.0 / 39_916_800), p, r)
  p = add(Doubles(repeating: 1.0 / 3_628_800), p, r)
  p = add(Doubles(repeating: 1.0 / 362_880), p, r)
  p = add(Doubles(repeating: 1.0 / 40_320), p, r)
  p = add(Doubles(repeating: 1.0 / 5_040), p, r)
  p = add(Doubles(repeating: 1.0 / 720), p, r)
  p = add(Doubles(repeating: 1.0 / 120), p, r)
  p = add(Doubles(repeating: 1.0 / 24), p, r)
  p = add(Doubles(repeating: 1.0 / 6), p, r)
  p = add(Doubles(repeating: 1.0 / 2), p, r)
  let minusOne = add(r, p, r * r)
  let power = unsafeBitCast((unsafeBitCast(shifted, to: SIMD8<Int64>.self) &+ 1023) &<< 52, to: Doubles.self)
  let numerator = add(power - Doubles(repeating: 1), power, minusOne)
  let result = processor_floats(numerator / (numerator + Doubles(repeating: 2)))
  // Small values are their own tangents, zeros with their sign; and a NaN has to come through, so that a diverging training
  // is noticed.
  let small = Floats(repeating: 0x1p-13)
  let isOwn = ((argument .< small) .& (argument .> -small)) .| (argument .!= argument)
  return result.replacing(with: argument, where: isOwn)
}
