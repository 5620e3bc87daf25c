/// How the values of a drawn factor are spread: by its quantiles, at equal distances from the least to the greatest
/// value, between which it is uniform. Two numbers are a uniform distribution.
struct Distribution: Sendable {
  let factor: Factor
  private let quantiles: [Float]

  /// A continuous factor; `quantiles` are ascending.
  init(_ name: String, _ summary: String, _ quantiles: [Float], isCircular: Bool = false) {
    factor = Factor(
      name, summary, .continuous((quantiles.first ?? 0)...(quantiles.last ?? 0)), isCircular: isCircular)
    self.quantiles = quantiles
  }

  /// A factor of several kinds, all as likely unless `weights` says otherwise: kind k is taken for `weights[k]` of all.
  init(_ name: String, _ summary: String, oneOf names: [String], weights: [Int]? = nil) {
    factor = Factor(name, summary, .categorical(names))
    quantiles = (weights ?? names.map { _ in 1 }).enumerated().flatMap { kind, weight in
      [Float](repeating: Float(kind), count: weight)
    }
  }

  /// The value below which a share of all lies, 0 ≤ `share` < 1.
  func value(at share: Double) -> Float {
    switch factor.kind {
    case .categorical: return quantiles[min(Int(share * Double(quantiles.count)), quantiles.count - 1)]
    case .continuous(let range):
      let place = share * Double(quantiles.count - 1), index = min(Int(place), quantiles.count - 2)
      let low = Double(quantiles[index]), high = Double(quantiles[index + 1])
      let value = Float(low + (high - low) * (place - Double(index)))
      return min(max(value, range.lowerBound), range.upperBound)
    }
  }

  /// `count` values from the least to the greatest, at equal distances; of kinds each in turn. An angle stops short of
  /// the whole turn.
  func steps(_ count: Int) -> [Float] {
    switch factor.kind {
    case .categorical(let names): (0..<count).map { Float($0 % names.count) }
    case .continuous(let range):
      (0..<count).map { step in
        let part = Float(step) / Float(max(1, factor.isCircular ? count : count - 1))
        return min(range.lowerBound + (range.upperBound - range.lowerBound) * part, range.upperBound)
      }
    }
  }
}

/// Functions made of +, −, × and ÷ alone, which give the same bits on every machine; those of C libraries do not.
enum Elementary {
  /// The sine of an angle in turns (1 is the whole circle), within 10⁻⁷.
  static func sine(turns: Double) -> Double {
    var angle = turns - turns.rounded()
    if angle > 0.25 { angle = 0.5 - angle }
    if angle < -0.25 { angle = -0.5 - angle }
    // The Taylor series up to the eleventh power.
    let x = angle * 6.283185307179586, square = x * x
    var sum = 1.0
    for k in [110.0, 72, 42, 20, 6] { sum = 1 - square / k * sum }
    return x * sum
  }

  /// The cosine of an angle in turns, within 10⁻⁷.
  static func cosine(turns: Double) -> Double { sine(turns: turns + 0.25) }

  /// e to the power of −x for x from 0 to 16, within 10⁻⁶ of the value.
  static func decay(_ x: Double) -> Double {
    let part = x / 32
    var power = 1 + part * (1 + part / 2 * (1 + part / 3 * (1 + part / 4 * (1 + part / 5))))
    for _ in 0..<5 { power *= power }
    return 1 / power
  }
}
