import BVAEArrays

/// The plate that a number is on: a rectangle along the row of digits, its corners rounded.
struct Plate {
  private let middle: SIMD2<Float>, half: SIMD2<Float>
  private let rounding: Float
  /// Half the thickness of the line along its edge, where there is one, and the line's distance from the edge.
  private let frame: (radius: Float, inset: Float)?

  /// A plate around the digits; how far around them is left to chance.
  init(_ layout: StreetLayout, isFramed: Bool, side: Int, _ generator: inout RandomGenerator) {
    let side = Float(side)
    func margin(_ least: Float, _ most: Float) -> Float { side * (least + (most - least) * Float(generator.uniform())) }
    let left = layout.ends.left - margin(0.05, 0.3), right = layout.ends.right + margin(0.05, 0.3)
    let top = -layout.halfHeight - margin(0.02, 0.2), bottom = layout.halfHeight + margin(0.02, 0.2)
    middle = SIMD2(left + right, top + bottom) / 2
    half = SIMD2(right - left, bottom - top) / 2
    rounding = margin(0, 0.15)
    let radius = margin(0.012, 0.03), inset = margin(0.02, 0.05)
    frame = isFramed ? (radius, radius + inset) : nil
  }

  /// How much of a pixel the plate covers, and how much the line along its edge does; `place` is that of `StreetLayout`.
  func coverage(_ place: SIMD2<Float>) -> (plate: Float, line: Float) {
    let fromMiddle = place - middle
    let outside = SIMD2(fromMiddle.x.magnitude, fromMiddle.y.magnitude) - half + SIMD2(repeating: rounding)
    let x = max(outside.x, 0), y = max(outside.y, 0)
    let distance = (x * x + y * y).squareRoot() + min(max(outside.x, outside.y), 0) - rounding
    func covered(_ distance: Float) -> Float { min(max(0.5 - distance, 0), 1) }
    return (covered(distance), frame.map { covered((distance + $0.inset).magnitude - $0.radius) } ?? 0)
  }
}
