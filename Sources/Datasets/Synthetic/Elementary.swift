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
