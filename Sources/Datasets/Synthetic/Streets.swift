import BVAEArrays

extension SyntheticData {
  /// House numbers in the manner of SVHN, [side, side, 3].
  public static let streets = SyntheticData(
    "streets", side: 32, planes: 3, origin: "drawn by bvae-script in the manner of SVHN (Netzer et al. 2011)",
    distributions: Streets.distributions, needsSeeds: true, choose: Streets.factors,
    draw: { values, seed, side, bytes in Streets.draw(values, seed: seed, side: side, into: &bytes) })
}

/// Synthetic house numbers in the manner of SVHN (Netzer et al. 2011): digits drawn as skeletons of strokes on walls
/// and plates, lit, blurred and noisy, their factors known (see `StreetFactor`).
enum Streets {
  static let distributions = StreetFactor.allCases.map(\.distribution)

  /// Draws an image, [side, side, 3].
  /// - Parameters:
  ///   - values: the factors, each within its range.
  ///   - seed: stands for what no factor says: grain, the wall's colour, the plate's margins, noise.
  static func draw(_ values: ArraySlice<Float>, seed: UInt32, side: Int, into bytes: inout [UInt8]) {
    let values = StreetValues(values)
    // Positions far from the start are for the noise, which is drawn pixel by pixel.
    var generator = RandomGenerator(seed: UInt64(seed), stream: .drawing)
    var picture = Photograph(side: side)
    paint(values, side, &generator, &picture)
    picture.blur(deviation: values[.blur] * Float(side) / 32)
    picture.addNoise(deviation: values[.noise] * 2, generator, from: 1 << 20)
    picture.soften()
    picture.write(to: &bytes)
  }

  /// The factors of the images wanted.
  static func factors(_ wish: SyntheticWish, side: Int) throws -> FactorTable {
    if let wrong = wish.selection.digits?.first(where: { !(0...9).contains($0) }) {
      throw SelectionError.digit(wrong)
    }
    let data = SyntheticData.streets
    let digits = wish.selection.digits.map { Array(Set($0)).sorted() } ?? Array(0...9), each = wish.selection.each
    // `each` takes the digits in turn, and skips as many of every one.
    let count = each.map { $0 * digits.count } ?? wish.selection.count ?? SyntheticData.usualCount
    let first = each == nil ? wish.selection.skip : wish.selection.skip * digits.count
    try data.check(count: count, side: side)
    guard first + count <= Selection.most else { throw SyntheticError.tooFar(data, skip: wish.selection.skip) }
    var values: [Float] = [], seeds: [UInt32] = []
    values.reserveCapacity(count * distributions.count)
    for image in first..<first + count {
      var generator = RandomGenerator(
        seed: wish.selection.shuffle ?? 0, stream: wish.split == .test ? .testDraw : .trainingDraw, index: image)
      var row = distributions.map { $0.value(at: generator.uniform()) }
      // The digit is drawn among those wanted; whichever they are, the image's other factors are the same.
      let share = Int(row[0]) * digits.count / 10
      row[0] = Float(digits[each == nil ? share : image % digits.count])
      values += row
      // Even seeds are for training, odd ones for testing: no image is drawn of both.
      seeds.append(UInt32(truncatingIfNeeded: generator.next()) & ~1 | (wish.split == .test ? 1 : 0))
    }
    return FactorTable(factors: data.factors, count: count, values: values, seeds: seeds)
  }

  private static func paint(
    _ values: StreetValues, _ side: Int, _ generator: inout RandomGenerator, _ picture: inout Photograph
  ) {
    let layout = StreetLayout(values, side: side)
    let digits = layout.field(side: side).coverage
    let colors = Colors(values, &generator)
    let wallGrain = Grain(side: side, &generator), plateGrain = Grain(side: side, &generator)
    let kind = values.kind(.plate)
    let plate = Plate(layout, isFramed: kind == 2, side: side, &generator)
    let light = Light(values, side: side)
    let texture = values[.texture]
    for row in 0..<side {
      for column in 0..<side {
        let pixel = row * side + column
        let covered = kind == 0 ? (plate: 1, line: 0) : plate.coverage(layout.place(row: row, column: column))
        // A number without a plate is on the wall itself, as uneven as that is.
        let unevenness = (kind == 0 ? wallGrain : plateGrain).value(row: row, column: column) * (kind == 0 ? 1 : 0.5)
        var color = colors.ground * (1 + texture * unevenness)
        if covered.plate < 1 {
          let wall = colors.wall * (1 + texture * wallGrain.value(row: row, column: column))
          color = wall + (color - wall) * covered.plate
        }
        color += (colors.digit - color) * covered.line
        color *= 1 - values[.shadow] * light.shadow(of: digits, row: row, column: column) * covered.plate
        color += (colors.digit - color) * digits[pixel]
        picture[pixel] = color * light.level(row: row, column: column)
      }
    }
  }

  /// What is of which colour.
  private struct Colors {
    let digit: StreetColor, ground: StreetColor, wall: StreetColor

    init(_ values: StreetValues, _ generator: inout RandomGenerator) {
      let middle = values[.brightness], room = min(middle, 1 - middle)
      let difference = values[.contrast] * room * (values.kind(.polarity) == 0 ? -1 : 1)
      digit = StreetColor(
        lightness: middle + difference, hue: values[.digitHue], saturation: values[.digitSaturation])
      ground = StreetColor(
        lightness: middle - difference, hue: values[.groundHue], saturation: values[.groundSaturation])
      let share = Float(generator.uniform()), warm = Float(generator.uniform()), strength = Float(generator.uniform())
      wall = StreetColor(
        lightness: 0.15 + 0.6 * share, hue: warm < 0.7 ? 0.02 + 0.12 * warm : 0.5 + 0.15 * warm,
        saturation: 0.3 * strength * strength)
    }
  }

  /// A light from one side: it makes that side of the image lighter and throws the digits' shadow to the other.
  private struct Light {
    private let direction: SIMD2<Float>
    private let strength: Float
    private let offset: (rows: Float, columns: Float)
    private let side: Int

    init(_ values: StreetValues, side: Int) {
      let turns = Double(values[.lightDirection]) / 360
      direction = SIMD2(Float(Elementary.sine(turns: turns)), -Float(Elementary.cosine(turns: turns)))
      strength = values[.lightStrength]
      self.side = side
      let reach = 0.06 * Float(side)
      offset = (direction.y * reach, direction.x * reach)
    }

    /// What a pixel's colour is multiplied with.
    func level(row: Int, column: Int) -> Float {
      let half = Float(side) / 2
      let x = (Float(column) + 0.5 - half) / half, y = (Float(row) + 0.5 - half) / half
      return 1 + strength * (x * direction.x + y * direction.y)
    }

    /// How much of a pixel is in the digits' shadow.
    func shadow(of digits: [Float], row: Int, column: Int) -> Float {
      let y = min(max(Float(row) + offset.rows, 0), Float(side - 1))
      let x = min(max(Float(column) + offset.columns, 0), Float(side - 1))
      let top = Int(y), left = Int(x)
      let bottom = min(top + 1, side - 1), right = min(left + 1, side - 1)
      let v = y - Float(top), u = x - Float(left)
      let upper = digits[top * side + left] * (1 - u) + digits[top * side + right] * u
      let lower = digits[bottom * side + left] * (1 - u) + digits[bottom * side + right] * u
      return upper * (1 - v) + lower * v
    }
  }
}
