/// Sixteen floats: one AVX-512 register, two of AVX2, four of SSE or NEON.
typealias Vector = SIMD16<Float>

/// `sum + scale · vector`: one rounding where the processor fuses, two where a fused product would be a slow call.
@inline(__always)
func multiplyAdd(_ sum: Vector, _ scale: Float, _ vector: Vector) -> Vector {
  multiplyAdd(sum, Vector(repeating: scale), vector)
}

/// `sum + left · right`, element by element.
@inline(__always)
func multiplyAdd(_ sum: Vector, _ left: Vector, _ right: Vector) -> Vector {
  #if FUSED || arch(arm64)
    sum.addingProduct(left, right)
  #else
    sum + left * right
  #endif
}

/// A sum as it is stored: with the bias and the (leaky) rectifier of this slope on the way forward; on the way back
/// times the rectifier's derivative at the gate's output.
@inline(__always)
func finished(_ sum: Vector, bias: UnsafePointer<Float>?, slope: Float, gate: UnsafePointer<Float>?) -> Vector {
  var value = sum
  if let bias { value += load(bias) }
  if let gate {
    value = value.replacing(with: value * slope, where: load(gate) .<= Vector())
  } else if slope != 1 {
    value = value.replacing(with: value * slope, where: value .<= Vector())
  }
  return value
}

@inline(__always)
func load(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}
