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

@inline(__always)
func load(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}
