import BVAEArrays

/// Where the digits of a house number stand in the image, in pixels.
struct StreetLayout {
  private let values: StreetValues
  private let typeface: Typeface
  private let side: Float, height: Float, thickness: Float
  private let center: SIMD2<Float>
  private let sine: Float, cosine: Float

  init(_ values: StreetValues, side: Int) {
    self.values = values
    typeface = Typeface.all[values.kind(.typeface)]
    self.side = Float(side)
    height = values[.size] * self.side
    thickness = values[.thickness] * height
    center = SIMD2(self.side * (0.5 + values[.x]), self.side * (0.5 + values[.y]))
    let turns = Double(values[.rotation]) / 360
    sine = Float(Elementary.sine(turns: turns))
    cosine = Float(Elementary.cosine(turns: turns))
  }

  /// The neighbours: nil where there is none.
  var left: Int? { neighbour(.left) }
  var right: Int? { neighbour(.right) }

  private func neighbour(_ factor: StreetFactor) -> Int? {
    let kind = values.kind(factor)
    return kind == 0 ? nil : kind - 1
  }

  /// The digits' lines.
  func field(side: Int) -> StrokeField {
    var field = StrokeField(side: side)
    let digit = values.kind(.digit)
    add(digit, at: 0, to: &field)
    if let left { add(left, at: -advance(digit, left), to: &field) }
    if let right { add(right, at: advance(digit, right), to: &field) }
    return field
  }

  /// The ends of the row of digits, to the left and the right of the image's digit's middle; beyond the image where
  /// there is a neighbour.
  var ends: (left: Float, right: Float) {
    let half = width(values.kind(.digit)) / 2
    return (left == nil ? -half : -2 * side, right == nil ? half : 2 * side)
  }

  /// Half the digits' height.
  var halfHeight: Float { height / 2 }

  /// A pixel's place as seen from the digit's middle along the row of digits.
  func place(row: Int, column: Int) -> SIMD2<Float> {
    let x = Float(column) + 0.5 - center.x, y = Float(row) + 0.5 - center.y
    return SIMD2(x * cosine + y * sine, y * cosine - x * sine)
  }

  private func width(_ digit: Int) -> Float {
    let most = height * typeface.width * values[.width]
    return max(most * typeface.breadth(digit), thickness * 1.6)
  }

  private func advance(_ a: Int, _ b: Int) -> Float {
    (width(a) + width(b)) / 2 + values[.spacing] * height
  }

  private func add(_ digit: Int, at offset: Float, to field: inout StrokeField) {
    let reach = SIMD2(max(width(digit) - thickness, 0), height - thickness) / 2
    for stroke in typeface.digits[digit] {
      var previous = stroke.points[0] * reach
      for point in stroke.points.dropFirst() {
        let next = point * reach
        let step = next - previous, square = (step * step).sum()
        let level = square > 0 && stroke.followsPen ? typeface.contrast * step.x * step.x / square : 0
        field.add(
          from: inImage(previous, offset), to: inImage(next, offset),
          radius: thickness / 2 * stroke.weight * (1 - level))
        previous = next
      }
    }
  }

  private func inImage(_ point: SIMD2<Float>, _ offset: Float) -> SIMD2<Float> {
    let x = point.x - values[.slant] * point.y + offset, y = point.y
    return SIMD2(x * cosine - y * sine, x * sine + y * cosine) + center
  }
}
