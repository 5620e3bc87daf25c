import BVAEArrays

/// An uneven surface: smooth noise of a few sizes, stretched one way, and the joints of boards or bricks.
struct Grain {
  private let cells: [(columns: Int, rows: Int, strength: Float, lattice: [Float])]
  private let joints: (period: Float, offset: Float, strength: Float)?
  private let side: Float

  /// A surface for images of a size.
  init(side: Int, _ generator: inout RandomGenerator) {
    self.side = Float(side)
    let shape = Int(generator.uniform() * 4)
    let coarse = [(2, 2), (2, 6), (5, 2), (4, 4)][shape], fine = [(9, 9), (4, 16), (16, 4), (16, 16)][shape]
    cells = [(coarse, Float(0.7)), (fine, 0.6)].map { size, strength in
      let lattice = (0..<(size.0 + 1) * (size.1 + 1)).map { _ in Float(generator.uniform()) * 2 - 1 }
      return (size.0, size.1, strength, lattice)
    }
    let period = (0.25 + 0.5 * Float(generator.uniform())) * self.side, offset = Float(generator.uniform())
    joints = generator.uniform() < 0.25 ? (period, offset * period, 1.5) : nil
  }

  /// The surface at a pixel, about −1…1.
  func value(row: Int, column: Int) -> Float {
    let x = (Float(column) + 0.5) / side, y = (Float(row) + 0.5) / side
    var sum: Float = 0
    for cell in cells { sum += cell.strength * Self.smooth(cell.lattice, cell.columns, cell.rows, x, y) }
    if let joints {
      let place = (Float(row) + joints.offset) / joints.period
      let distance = (place - place.rounded()).magnitude * joints.period
      sum -= joints.strength * max(0, 1 - distance)
    }
    return sum
  }

  private static func smooth(_ lattice: [Float], _ columns: Int, _ rows: Int, _ x: Float, _ y: Float) -> Float {
    let across = x * Float(columns), down = y * Float(rows)
    let column = min(Int(across), columns - 1), row = min(Int(down), rows - 1)
    func ease(_ t: Float) -> Float { t * t * (3 - 2 * t) }
    let u = ease(across - Float(column)), v = ease(down - Float(row))
    let first = row * (columns + 1) + column, second = first + columns + 1
    let top = lattice[first] + (lattice[first + 1] - lattice[first]) * u
    let bottom = lattice[second] + (lattice[second + 1] - lattice[second]) * u
    return top + (bottom - top) * v
  }
}

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
