import BVAECPU
import Glibc

/// Images on the way from one code to another.
public struct Interpolation: Sendable {
  /// The way between two codes.
  public enum Path: String, CaseIterable, Sendable {
    /// The straight line: `(1 − t) a + t b`.
    case linear
    /// The arc, see `Interpolation.weights`.
    case spherical
  }

  /// The way.
  public let path: Path
  /// How far along each frame is, from 0 to 1.
  public let shares: [Double]
  /// The code of each frame, [frames, latents]; the first and the last are exactly those that it goes between.
  public let codes: Tensor
  /// The decoded images, [frames, height, width, planes] in 0…1.
  public let frames: Tensor

  /// The same with some of its frames.
  package subscript(range: Range<Int>) -> Interpolation {
    Interpolation(
      path: path, shares: Array(shares[range]), codes: codes.rows(range), frames: frames.rows(range))
  }
}

extension Interpolation {
  /// What the codes `a` and `b` count for at the share `t` of the way.
  ///
  /// Spherical linear interpolation (Shoemake 1985, "Animating rotation with quaternion curves"):
  ///
  ///     (sin (1 − t)Ω / sin Ω) a + (sin tΩ / sin Ω) b,   cos Ω = a·b / (|a| |b|)
  ///
  /// keeps to the sphere where |a| = |b|, as codes of the prior N(0, 1) of many latents nearly are, whereas the middle of
  /// the straight line is closer to the origin (White 2016, "Sampling generative networks"). Where a and b are parallel,
  /// opposite or zero, the arc is none or not one, and the way is the straight line.
  static func weights(_ a: [Double], _ b: [Double], at t: Double, _ path: Path) -> (Double, Double) {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let lengths = (dot(a, a) * dot(b, b)).squareRoot()
    guard path == .spherical, lengths > 0 else { return (1 - t, t) }
    let angle = acos(max(-1, min(1, dot(a, b) / lengths)))
    guard sin(angle) > 1e-6 else { return (1 - t, t) }
    return (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle))
  }

  /// The code at the share `t` of the way. A category is not between two others: it changes in the middle, and the way is
  /// that of the other latents.
  static func code(
    between a: [Float], and b: [Float], at t: Double, _ path: Path, isCategory: (Int) -> Bool
  ) -> [Float] {
    if t <= 0 { return a }
    if t >= 1 { return b }
    let continuous = a.indices.filter { !isCategory($0) }
    let (first, second) = weights(continuous.map { Double(a[$0]) }, continuous.map { Double(b[$0]) }, at: t, path)
    return a.indices.map { latent in
      isCategory(latent)
        ? (t < 0.5 ? a[latent] : b[latent]) : Float(first * Double(a[latent]) + second * Double(b[latent]))
    }
  }
}

extension Model {
  /// Goes from one code to another and decodes each step. An InfoGAN's noise is that of the start throughout.
  /// - Parameter steps: frames, the ends included, at least 2.
  /// - Throws: `ModelError` when an image or code does not fit, or the steps are not 2…1000.
  public func interpolate(
    from start: SweepStart, to end: SweepStart, path: Interpolation.Path = .linear, steps: Int = 12
  ) throws -> Interpolation {
    guard (2...1000).contains(steps) else { throw ModelError.unsupported("steps must be from 2 to 1000, not \(steps)") }
    let origin = try origin(of: start), goal = try code(of: end)
    let declared = objective.code.declared
    let shares = (0..<steps).map { Double($0) / Double(steps - 1) }
    let values = shares.flatMap { share in
      Interpolation.code(between: origin.code, and: goal, at: share, path) { declared?.categories(of: $0) != nil }
    }
    let codes = Tensor(shape: [steps, latents], values: values)
    return Interpolation(
      path: path, shares: shares, codes: codes, frames: try decode(codes, draw: { _ in origin.draw }))
  }
}
