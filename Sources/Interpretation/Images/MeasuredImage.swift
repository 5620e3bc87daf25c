import Numerics

/// An image taken apart into what is drawn and what lies behind it; all measures of images follow from these parts.
///
/// - **Background**: for each colour plane a tilted plane `b(u, v) = b₀ + bₓ u + b_y v` with u and v from −½ to ½ across
///   the image, fitted to the border (a fourteenth of the image wide, at least a pixel) by least squares, reweighted
///   eight times with Cauchy weights of scale 0.08, so that a neighbouring digit that crosses the border counts little.
/// - **Deviation**: `e(p) = pixel − b(p)`, a colour, seen along the direction in which the image's strongest pixels
///   deviate, `m ∝ Σ e |e|²`: `d(p) = e · m / √planes`. So the digit is what deviates from the border, be it brighter,
///   darker or of another colour, and d is positive on it.
/// - **Visibility**: `c = √(Σ d⁺⁴ / Σ d⁺²)` with d⁺ = max(d, 0): the deviation of a digit of one colour.
/// - **Mask**: `m(p) = (d / c − 0.15) / 0.7`, held within 0…1: the digit's shape in whatever strength it is drawn, with half
///   coverage where the deviation is half the visibility. Geometry is measured on the mask.
struct MeasuredImage {
  let shape: ImageShape
  /// The background in the middle of the image, and how much it rises from left to right and from top to bottom.
  let level: [Double], slopeX: [Double], slopeY: [Double]
  /// The mean of each plane.
  let mean: [Double]
  /// d of each pixel.
  let deviation: [Double]
  /// c.
  let visibility: Double
  /// m of each pixel.
  let mask: [Double]
  /// The digit's colour less the background's, averaged over the mask; zeros where there is no digit.
  let difference: [Double]

  /// What is fainter than this is no digit: one and a half steps of a byte.
  static let faintest = 0.006

  /// Takes an image apart.
  /// - Parameters:
  ///   - values: `shape.count` values in 0…1.
  ///   - window: what each column of the mask is multiplied by, where neighbours at the sides are to be left out.
  init(_ values: some RandomAccessCollection<Float>, shape: ImageShape, window: [Double]? = nil) {
    let planes = shape.planes, pixels = shape.height * shape.width
    let values = values.map(Double.init)
    let border = Border(shape)
    let fits = (0..<planes).map { plane in border.fit { values[$0 * planes + plane] } }
    self.shape = shape
    level = fits.map(\.level)
    slopeX = fits.map(\.slopeX)
    slopeY = fits.map(\.slopeY)

    var sums = [Double](repeating: 0, count: planes)
    var colours = [Double](repeating: 0, count: pixels * planes)
    var direction = [Double](repeating: 0, count: planes)
    for pixel in 0..<pixels {
      let (u, v) = border.position(pixel)
      let weight = window.map { $0[pixel % shape.width] } ?? 1
      var square = 0.0
      for plane in 0..<planes {
        let value = values[pixel * planes + plane]
        let excess = value - fits[plane].level - fits[plane].slopeX * u - fits[plane].slopeY * v
        sums[plane] += value
        colours[pixel * planes + plane] = excess
        square += excess * excess
      }
      for plane in 0..<planes { direction[plane] += weight * square * colours[pixel * planes + plane] }
    }
    mean = sums.map { $0 / Double(pixels) }
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length > 0 { direction = direction.map { $0 / length / Double(planes).squareRoot() } }
    var deviation = [Double](repeating: 0, count: pixels)
    var squares = 0.0, fourths = 0.0
    for pixel in 0..<pixels {
      var projected = 0.0
      for plane in 0..<planes { projected += colours[pixel * planes + plane] * direction[plane] }
      deviation[pixel] = projected
      let square = max(0, projected) * max(0, projected) * (window.map { $0[pixel % shape.width] } ?? 1)
      squares += square
      fourths += square * max(0, projected) * max(0, projected)
    }
    let visibility = squares > 0 ? (fourths / squares).squareRoot() : 0
    self.deviation = deviation
    self.visibility = visibility
    guard visibility > Self.faintest else {
      mask = [Double](repeating: 0, count: pixels)
      difference = [Double](repeating: 0, count: planes)
      return
    }
    mask = (0..<pixels).map { pixel in
      min(max((deviation[pixel] / visibility - 0.15) / 0.7, 0), 1) * (window.map { $0[pixel % shape.width] } ?? 1)
    }
    let area = mask.reduce(0, +)
    var difference = [Double](repeating: 0, count: planes)
    for pixel in 0..<pixels where mask[pixel] > 0 {
      for plane in 0..<planes { difference[plane] += mask[pixel] * colours[pixel * planes + plane] / area }
    }
    self.difference = difference
  }

  /// Whether there is a digit to be measured.
  var hasDigit: Bool { visibility > Self.faintest }

  /// The brightness of a colour: Rec. 601's `0.299 R + 0.587 G + 0.114 B`, or the grey value itself.
  static func luminance(_ colour: [Double]) -> Double {
    colour.count == 3 ? 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] : colour[0]
  }
}

/// The border of an image, and planes fitted to it.
private struct Border {
  struct Fit {
    var level = 0.0, slopeX = 0.0, slopeY = 0.0
  }

  let shape: ImageShape
  let pixels: [Int]

  init(_ shape: ImageShape) {
    self.shape = shape
    pixels = MeasuredImage.borderPixels(shape)
  }

  func position(_ pixel: Int) -> (Double, Double) {
    (
      (Double(pixel % shape.width) + 0.5) / Double(shape.width) - 0.5,
      (Double(pixel / shape.width) + 0.5) / Double(shape.height) - 0.5
    )
  }

  /// The plane `level + slopeX u + slopeY v` that fits the border.
  func fit(_ value: (Int) -> Double) -> Fit {
    let points = pixels.map { (position: position($0), value: value($0)) }
    var fit = Fit()
    for round in 0..<9 {
      var matrix = SymmetricThree(), right = (0.0, 0.0, 0.0)
      for point in points {
        let (u, v) = point.position
        let residual = (point.value - fit.level - fit.slopeX * u - fit.slopeY * v) / 0.08
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
}

extension MeasuredImage {
  /// The pixels of the border, a fourteenth of the image wide.
  static func borderPixels(_ shape: ImageShape) -> [Int] {
    let thickness = max(1, min(shape.height, shape.width) / 14)
    return (0..<shape.height * shape.width).filter { pixel in
      let x = pixel % shape.width, y = pixel / shape.width
      return min(x, y, shape.width - 1 - x, shape.height - 1 - y) < thickness
    }
  }
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
