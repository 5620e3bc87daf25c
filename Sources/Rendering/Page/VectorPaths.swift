/// Lines as formats of vectors draw them.
enum VectorPaths {
  /// The stretches of a line between points that are not finite; what lies far off the page is cut, as no reader of such
  /// files can be trusted with coordinates of any size.
  static func stretches(_ points: [Point], on page: Page) -> [[Point]] {
    let far = Rectangle(x: 0, y: 0, width: page.width, height: page.height).inset(-4096)
    var stretches: [[Point]] = [], current: [Point] = []
    func finish() {
      if current.count > 1 { stretches.append(current) }
      current = []
    }
    for (a, b) in zip(points, points.dropFirst()) {
      guard a.isFinite, b.isFinite, let (from, to) = Canvas.clipped(a, b, to: far, reach: 0)
      else {
        finish()
        continue
      }
      if current.last != from {
        finish()
        current = [from]
      }
      current.append(to)
    }
    finish()
    return stretches
  }

  /// A coordinate with at most two decimals.
  static func number(_ value: Float) -> String { number(Double(value)) }

  static func number(_ value: Double) -> String {
    let hundredths = Int((max(-1e9, min(1e9, value.isFinite ? value : 0)) * 100).rounded())
    let whole = abs(hundredths) / 100, rest = abs(hundredths) % 100
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
