import BVAEArrays

/// The border of images of one size, a fourteenth of them wide, and planes that are fitted to it.
struct Border: Sendable {
  /// A plane `level + slopeX u + slopeY v`, u and v from −½ to ½ across the image.
  struct Fit {
    var level = 0.0, slopeX = 0.0, slopeY = 0.0
  }

  let shape: ImageShape
  /// The border's pixels by their numbers, row after row.
  let pixels: [Int]

  init(_ shape: ImageShape) {
    self.shape = shape
    let thickness = Self.thickness(shape)
    pixels = (0..<shape.height * shape.width).filter { pixel in
      let x = pixel % shape.width, y = pixel / shape.width
      return min(x, y, shape.width - 1 - x, shape.height - 1 - y) < thickness
    }
  }

  /// How wide the border is, in pixels.
  static func thickness(_ shape: ImageShape) -> Int { max(1, min(shape.height, shape.width) / 14) }

  /// u and v of a pixel.
  func position(_ pixel: Int) -> (Double, Double) {
    (
      (Double(pixel % shape.width) + 0.5) / Double(shape.width) - 0.5,
      (Double(pixel / shape.width) + 0.5) / Double(shape.height) - 0.5
    )
  }

  /// The plane that fits the border's values by least squares, reweighted eight times with Cauchy weights.
  func fit(_ value: (Int) -> Double) -> Fit {
    let points = pixels.map { (position: position($0), value: value($0)) }
    var fit = Fit()
    for round in 0..<9 {
      var matrix = SymmetricThree(), right = (0.0, 0.0, 0.0)
      for point in points {
        let (u, v) = point.position
        let residual = (point.value - fit.level - fit.slopeX * u - fit.slopeY * v) / Self.scale
        let weight = round == 0 ? 1 : 1 / (1 + residual * residual)
        matrix.add(u, v, weight)
        right.0 += weight * point.value
        right.1 += weight * point.value * u
        right.2 += weight * point.value * v
      }
      guard let solution = matrix.solve(right) else { break }
      fit = Fit(level: solution.0, slopeX: solution.1, slopeY: solution.2)
    }
    return fit
  }

  /// Residuals of this size have half the weight.
  private static let scale = 0.08
}

/// The normal equations of a plane.
private struct SymmetricThree {
  private var s = 0.0, su = 0.0, sv = 0.0, suu = 0.0, suv = 0.0, svv = 0.0

  mutating func add(_ u: Double, _ v: Double, _ weight: Double) {
    s += weight
    su += weight * u
    sv += weight * v
    suu += weight * u * u
    suv += weight * u * v
    svv += weight * v * v
  }

  /// Cramer's rule; nil where the points do not span a plane.
  func solve(_ right: (Double, Double, Double)) -> (Double, Double, Double)? {
    let a = suu * svv - suv * suv, b = suv * sv - su * svv, c = su * suv - suu * sv
    let determinant = s * a + su * b + sv * c
    guard determinant > 1e-12 * s * s * s, determinant.isFinite else { return nil }
    let d = s * svv - sv * sv, e = su * sv - s * suv, f = s * suu - su * su
    return (
      (a * right.0 + b * right.1 + c * right.2) / determinant,
      (b * right.0 + d * right.1 + e * right.2) / determinant,
      (c * right.0 + e * right.1 + f * right.2) / determinant
    )
  }
}
