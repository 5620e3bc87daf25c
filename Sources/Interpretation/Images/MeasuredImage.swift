import BVAEArrays
import BVAEPlatform

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
/// - **Gate**: a shape is there where `c ≥ max(0.04, 2½ · noise)`, noise being 1.4826 times the median of |d| over the
///   border (of normal noise its standard deviation, of which c alone comes to √3 = 1.7). A digit that has faded away
///   thus has no angle, height or thickness, rather than those of what noise is left.
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
  /// How far the border deviates from its own plane, as a standard deviation.
  let noise: Double
  /// The digit's colour less the background's, averaged over the mask; zeros where there is no digit.
  let difference: [Double]

  /// What is fainter than this is no digit: one and a half steps of a byte.
  static let faintest = 0.006
  /// What is fainter than this, ten steps of a byte, has no shape that could be measured.
  static let faintestShape = 0.04
  /// Nor has what is fainter than so many deviations of the noise.
  static let shapeOverNoise = 2.5

  /// Takes an image apart.
  /// - Parameters:
  ///   - values: the image, [height, width, planes] in 0…1.
  ///   - border: that of images of this size.
  ///   - window: what each column of the mask is multiplied by, less than 1 where neighbours are to be left out.
  init(_ values: some RandomAccessCollection<Float>, border: Border, window: [Double]) {
    let shape = border.shape, planes = shape.planes, pixels = shape.height * shape.width
    let values = values.map(Double.init)
    let fits = (0..<planes).map { plane in border.fit { values[$0 * planes + plane] } }
    self.shape = shape
    level = fits.map(\.level)
    slopeX = fits.map(\.slopeX)
    slopeY = fits.map(\.slopeY)

    var sums = [Double](repeating: 0, count: planes)
    var excess = [Double](repeating: 0, count: pixels * planes)
    var direction = [Double](repeating: 0, count: planes)
    for pixel in 0..<pixels {
      let (u, v) = border.position(pixel)
      var square = 0.0
      for plane in 0..<planes {
        let value = values[pixel * planes + plane], fit = fits[plane]
        let difference = value - fit.level - fit.slopeX * u - fit.slopeY * v
        sums[plane] += value
        excess[pixel * planes + plane] = difference
        square += difference * difference
      }
      square *= window[pixel % shape.width]
      for plane in 0..<planes { direction[plane] += square * excess[pixel * planes + plane] }
    }
    mean = sums.map { $0 / Double(pixels) }
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length > 0 { direction = direction.map { $0 / length / Double(planes).squareRoot() } }
    var deviation = [Double](repeating: 0, count: pixels)
    var squares = 0.0, fourths = 0.0
    for pixel in 0..<pixels {
      var projected = 0.0
      for plane in 0..<planes { projected += excess[pixel * planes + plane] * direction[plane] }
      deviation[pixel] = projected
      let square = max(0, projected) * max(0, projected)
      squares += square * window[pixel % shape.width]
      fourths += square * square * window[pixel % shape.width]
    }
    let visibility = squares > 0 ? (fourths / squares).squareRoot() : 0
    self.deviation = deviation
    self.visibility = visibility
    noise = 1.4826 * (border.pixels.map { abs(deviation[$0]) }.median ?? 0)
    var mask = [Double](repeating: 0, count: pixels), difference = [Double](repeating: 0, count: planes)
    if visibility > Self.faintest {
      var area = 0.0
      for pixel in 0..<pixels {
        let m = min(max((deviation[pixel] / visibility - 0.15) / 0.7, 0), 1) * window[pixel % shape.width]
        mask[pixel] = m
        area += m
        for plane in 0..<planes { difference[plane] += m * excess[pixel * planes + plane] }
      }
      difference = difference.map { $0 / area }
    }
    self.mask = mask
    self.difference = difference
  }

  /// Whether something deviates from the background.
  var hasDigit: Bool { visibility > Self.faintest }

  /// Whether it is plain enough for its shape to be measured.
  var hasShape: Bool { visibility >= max(Self.faintestShape, Self.shapeOverNoise * noise) }

  /// The mean over some columns of the mask as it is without a window; NaN where there is no shape or no column.
  func coverage(columns: Range<Int>) -> Double {
    guard hasShape, !columns.isEmpty else { return .nan }
    var sum = 0.0
    for y in 0..<shape.height {
      for x in columns { sum += min(max((deviation[y * shape.width + x] / visibility - 0.15) / 0.7, 0), 1) }
    }
    return sum / Double(shape.height * columns.count)
  }

  /// The brightness of a colour: Rec. 601's `0.299 R + 0.587 G + 0.114 B`, or the grey value itself.
  static func luminance(_ colour: [Double]) -> Double {
    colour.count == 3 ? 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] : colour[0]
  }
}
