import BVAEArrays

/// What is done to one image: first its strokes grow or shrink, then it is turned and scaled about its middle. Beyond its
/// edges an image goes on as it is there.
///
/// The same values give the same bits on every machine, see `Elementary`.
struct ImageTransformation {
  /// Degrees clockwise.
  var rotation = 0.0
  /// The new size for one unit of the old.
  var scale = 1.0
  /// Pixels by which bright strokes grow at each side.
  var thickness = 0.0

  /// The values of some factors; what is none of a transformation's is passed over.
  init(_ factors: [Factor], _ values: ArraySlice<Float>) {
    for (factor, value) in zip(factors, values) {
      switch Transformation(rawValue: factor.name) {
      case .rotation: rotation = Double(value)
      case .scale: scale = Double(value)
      case .thickness: thickness = Double(value)
      case nil: break
      }
    }
  }

  /// Adds the image that it makes of one to bytes.
  func add(_ image: ArraySlice<UInt8>, _ shape: ImageShape, to bytes: inout [UInt8]) {
    var values = image.map { Double($0) }
    if thickness != 0 { values = Strokes.thickened(values, shape, by: thickness) }
    if rotation != 0 || scale != 1 {
      values = Resampling(shape: shape, turns: rotation / 360, scale: scale).resampled(values)
    }
    for value in values { bytes.append(UInt8(max(0, min(255, value + 0.5)))) }
  }
}

/// Grey-scale dilation and erosion (Serra 1982): each pixel becomes the brightest, or the darkest, of itself and the four
/// beside it. Once is a pixel, n times are n pixels in a diamond's shape; in between the images are mixed.
enum Strokes {
  /// An image whose bright strokes have grown by so many pixels at each side; below 0 they have shrunk.
  static func thickened(_ values: [Double], _ shape: ImageShape, by thickness: Double) -> [Double] {
    let pick: (Double, Double) -> Double = thickness < 0 ? { min($0, $1) } : { max($0, $1) }
    var rest = abs(thickness), values = values
    while rest > 0 {
      let next = spread(values, shape, pick), part = min(rest, 1)
      values = part == 1 ? next : zip(values, next).map { $0 + part * ($1 - $0) }
      rest -= part
    }
    return values
  }

  private static func spread(
    _ values: [Double], _ shape: ImageShape, _ pick: (Double, Double) -> Double
  ) -> [Double] {
    let step = shape.planes, row = shape.width * step
    var result = values
    for place in values.indices {
      let column = place % row
      if column >= step { result[place] = pick(result[place], values[place - step]) }
      if column < row - step { result[place] = pick(result[place], values[place + step]) }
      if place >= row { result[place] = pick(result[place], values[place - row]) }
      if place + row < values.count { result[place] = pick(result[place], values[place + row]) }
    }
    return result
  }
}

/// An image turned and scaled about its middle. A pixel is the mean of the old ones around the place that it comes from,
/// weighted by a tent over rows and columns: one of a pixel's reach, which is bilinear interpolation, and where the image
/// shrinks one as much wider, so that every old pixel counts (as Pillow's BILINEAR).
struct Resampling {
  let shape: ImageShape
  /// The way through the old image for one pixel to the right, and for one down.
  private let right: (x: Double, y: Double), down: (x: Double, y: Double)
  /// How far a tent reaches.
  private let reach: Double

  init(shape: ImageShape, turns: Double, scale: Double) {
    self.shape = shape
    // Backwards: by the opposite angle, with the inverse of the scale.
    let cosine = Elementary.cosine(turns: turns) / scale, sine = Elementary.sine(turns: turns) / scale
    right = (cosine, -sine)
    down = (sine, cosine)
    reach = max(1, 1 / scale)
  }

  func resampled(_ values: [Double]) -> [Double] {
    let (height, width, planes) = (shape.height, shape.width, shape.planes)
    let middle = (x: Double(width - 1) / 2, y: Double(height - 1) / 2)
    var result = [Double](repeating: 0, count: values.count)
    for row in 0..<height {
      for column in 0..<width {
        let across = Double(column) - middle.x, along = Double(row) - middle.y
        let x = middle.x + across * right.x + along * down.x, y = middle.y + across * right.y + along * down.y
        let target = (row * width + column) * planes
        var total = 0.0
        for j in places(around: y) {
          let line = min(max(j, 0), height - 1) * width, share = 1 - abs(Double(j) - y) / reach
          for i in places(around: x) {
            let weight = share * (1 - abs(Double(i) - x) / reach)
            let source = (line + min(max(i, 0), width - 1)) * planes
            for plane in 0..<planes { result[target + plane] += weight * values[source + plane] }
            total += weight
          }
        }
        for plane in 0..<planes { result[target + plane] /= total }
      }
    }
    return result
  }

  /// The rows, or columns, that a tent around a place reaches.
  private func places(around place: Double) -> ClosedRange<Int> {
    Int((place - reach).rounded(.up))...Int((place + reach).rounded(.down))
  }
}
