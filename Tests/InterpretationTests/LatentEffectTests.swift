import BVAECPU
import BVAEInterpretation
import BVAEPlatform
import Testing

/// Sweeps that are drawn rather than decoded: what they change is known.
@Suite("What latents are named after")
struct LatentEffectTests {
  let statistics: MeasureStatistics

  init() {
    var generator = RandomGenerator(seed: 11, stream: .scores)
    let images = (0..<200).map { _ in
      Drawing(
        height: 12 + 6 * generator.uniform(), width: 4 + 4 * generator.uniform(), slant: 40 * generator.uniform() - 20,
        x: 4 * generator.uniform() - 2, y: 4 * generator.uniform() - 2, ink: [0.4 + 0.6 * generator.uniform()])
    }
    statistics = MeasureStatistics(of: bytes(images), workers: Workers(count: 2))
  }

  /// The latent that does to each of six drawings what a function does, place going from 0 to 1.
  private func latent(_ change: (inout Drawing, Double) -> Void) -> LatentInterpretation {
    let values = (0..<12).map { -2 + 4 * Double($0) / 11 }
    let frames = (0..<6).map { start in
      values.map { value in
        var drawing = Drawing(
          height: 13 + 0.5 * Double(start), width: 5 + 0.4 * Double(start), x: 0.3 * Double(start) - 0.7, ink: [0.9])
        change(&drawing, (value + 2) / 4)
        return (try? statistics.meter.measure(drawing.values)) ?? []
      }
    }
    return LatentInterpretation(
      latent: 3, divergence: 1, meanVariance: 0.9, lower: -2, upper: 2,
      effect: LatentEffect(frames: frames, values: values, statistics: statistics))
  }

  @Test("A latent that slants is named so, with how far, and is pure")
  func slant() throws {
    let found = latent { $0.slant = -20 + 40 * $1 }
    let named = try #require(found.named)
    #expect([.slant, .rotation].contains(named.measure))
    #expect(abs(named.from + 20) < 4 && abs(named.to - 20) < 4)
    #expect(named.pearson > 0.98 && named.spearman > 0.98)
    #expect(found.isPure && (found.effect?.purity ?? 0) > 0.8)
    let sentence = found.sentence(subject: "digit")
    #expect(
      sentence.hasPrefix("Z3 ") && sentence.contains(" the digit") && sentence.contains(" from −")
        && sentence.contains("° (r = "))
    #expect(sentence.contains(", while ") && sentence.hasSuffix(" %"), "\(sentence)")
  }

  @Test("Each thing drawn to vary gives the latent its name, in either direction")
  func names() {
    let changes: [(Set<ImageMeasure>, (inout Drawing, Double) -> Void)] = [
      ([.height], { $0.height = 11 + 7 * $1 }), ([.width, .thickness], { $0.width = 8 - 4 * $1 }),
      ([.centreX], { $0.x = 4 * $1 - 2 }), ([.centreY], { $0.y = 2 - 4 * $1 }),
      ([.contrast, .visibility], { $0.ink = [0.4 + 0.6 * $1] }),
      (
        [.size],
        {
          $0.height *= 0.8 + 0.4 * $1
          $0.width *= 0.8 + 0.4 * $1
        }
      ),
    ]
    for (expected, change) in changes {
      let found = latent(change)
      #expect(found.named.map { expected.contains($0.measure) } == true, "\(found.sentence(subject: "bar"))")
      #expect(found.isPure, "\(found.sentence(subject: "bar"))")
    }
  }

  @Test("What goes one way names a latent, even where something going there and back is larger")
  func oneWay() throws {
    let found = latent {
      $0.height = 12 + 8 * abs($1 - 0.5)
      $0.slant = -12 + 24 * $1
    }
    let named = try #require(found.named)
    #expect([.slant, .rotation].contains(named.measure), "\(found.sentence(subject: "bar"))")
    #expect(named.isMonotonic)
    #expect(found.sentence(subject: "bar").contains(" and in height (from "), "\(found.sentence(subject: "bar"))")
    // Alone, it is told as what it is, and never pure.
    let only = latent { $0.height = 12 + 8 * abs($1 - 0.5) }
    #expect(only.named?.measure == .height && only.named?.isMonotonic == false && !only.isPure)
    let sentence = only.sentence(subject: "bar"), height = try #require(only.named)
    #expect(sentence.contains("changes the bar's height non-monotonically, from "), "\(sentence)")
    // The ends in words are those of the table, and the turning point is told beside them.
    let ends = [height.from, height.to].map { height.measure.text($0) }
    #expect(
      sentence.contains("from \(ends[0]) through a minimum of 1") && sentence.contains(" to \(ends[1])"), "\(sentence)")
  }

  @Test("Of two changes that explain much the same, the one that goes with the latent in the data gives the name")
  func agreement() throws {
    let values = (0..<12).map { Double($0) }
    let frames = [
      try values.map { value in
        let drawing = Drawing(height: 13 + 0.25 * value, x: 0.17 * value - 0.9, ink: [0.9])
        return try statistics.meter.measure(drawing.values)
      }
    ]
    for measure in [ImageMeasure.height, .centreX] {
      let agreement = statistics.measures.map { $0 == measure ? 0.9 : 0.1 }
      let effect = LatentEffect(frames: frames, values: values, statistics: statistics, agreement: agreement)
      #expect(effect.mainChange?.measure == measure)
      #expect(effect.purity < LatentInterpretation.pureFrom)
    }
  }

  @Test("Noise gives no latent a pure name")
  func noise() {
    var generator = RandomGenerator(seed: 3, stream: .scores)
    let found = latent { drawing, _ in
      drawing.slant = 20 * generator.uniform() - 10
      drawing.height += 3 * generator.uniform()
      drawing.x += 2 * generator.uniform()
    }
    #expect(!found.isPure)
    #expect(found.effect?.changes.contains { abs($0.pearson) > 0.6 } == false)
  }

  @Test("Numbers that are told together have as many decimals as tell them apart")
  func decimals() {
    #expect(ImageMeasure.brightness.texts([0.10, 0.20]) == ["0.10", "0.20"])
    #expect(ImageMeasure.brightness.texts([0.081, 0.088, 0.094]) == ["0.081", "0.088", "0.094"])
    #expect(ImageMeasure.contrast.texts([0.052, 0.046, 0.03]) == ["+0.052", "+0.046", "+0.030"])
    #expect(ImageMeasure.rotation.texts([-20.4, 20]) == ["−20°", "+20°"])
    #expect(ImageMeasure.height.texts([7, 7]) == ["7.0 px", "7.0 px"])
  }

  @Test("Of a digit that fades away no angle is told")
  func fade() throws {
    let found = latent { $0.ink = [0.9 - 0.9 * $1] }
    #expect([.contrast, .visibility].contains(try #require(found.named).measure))
    #expect(found.effect?.changes.contains { [.slant, .rotation, .height].contains($0.measure) } == false)
  }

  @Test("A sweep in which nothing changes has no name, and an inactive latent is said to be so")
  func nothing() {
    let still = latent { _, _ in }
    #expect(still.named == nil && !still.isPure)
    #expect(still.sentence(subject: "digit") == "Z3 is active, but has no clear effect on any measure")
    let inactive = LatentInterpretation(
      latent: 5, divergence: 0, meanVariance: 0.001, lower: -3, upper: 3, effect: nil)
    #expect(!inactive.isActive && inactive.agreesWithFactor == nil)
    #expect(inactive.sentence(subject: "digit") == "Z5 is inactive (variance of its mean ≤ 0.01)")
  }

  @Test("A latent along which a measure falls has a negative r and ρ, and says so in words")
  func direction() throws {
    let falling = latent { $0.slant = 20 - 40 * $1 }
    let named = try #require(falling.named)
    #expect(named.pearson < -0.98 && named.spearman < -0.98 && named.from > named.to)
    #expect(falling.sentence(subject: "bar").contains("(r = −"))
  }

  @Test("The purity is one less the change that the named measure does not explain, over all change")
  func purity() throws {
    let values = (0..<9).map { Double($0) }
    let frames = try (0..<3).map { start in
      try values.map { value in
        let drawing = Drawing(height: 13 + 0.3 * value, width: 5 + 0.2 * Double(start), x: 0.2 * value - 1, ink: [0.9])
        return try statistics.meter.measure(drawing.values)
      }
    }
    let effect = LatentEffect(frames: frames, values: values, statistics: statistics)
    // By the definition, from the frames alone.
    func profile(_ measure: ImageMeasure) throws -> [Double] {
      let k = try #require(statistics.measures.firstIndex(of: measure))
      let means = values.indices.map { step in frames.reduce(0) { $0 + $1[step][k] } / 3 }
      let middle = means.reduce(0, +) / 9
      return means.map { ($0 - middle) / statistics.spread[k] }
    }
    let elementary: [ImageMeasure] = [
      .slant, .height, .width, .thickness, .centreX, .centreY, .contrast, .surroundings, .lightFromRight,
      .lightFromBelow,
    ]
    let named = try #require(effect.mainChange).measure
    let j = try #require(statistics.measures.firstIndex(of: named)), main = try profile(named)
    var left = 0.0, all = 0.0
    for measure in elementary {
      let i = try #require(statistics.measures.firstIndex(of: measure)), own = try profile(measure)
      left += zip(own, main).reduce(0) {
        let rest = $1.0 - statistics.correlation[i][j] * $1.1
        return $0 + rest * rest
      }
      all += own.reduce(0) { $0 + $1 * $1 }
    }
    #expect(abs(effect.purity - (1 - left / all)) < 1e-6 && effect.purity > 0.1 && effect.purity < 0.9)
    let largest = effect.changes.map(\.strength).max() ?? 0
    #expect(abs(effect.strength - (all / 9).squareRoot()) < 1e-6 && effect.strength > largest)
  }

  @Test("A name agrees with the factor that it is the name for, and with no other")
  func agreesWithFactor() {
    func interpreted(_ factors: [(String, Double)], images: Int = 10_000) -> LatentInterpretation {
      let found = latent { $0.x = 4 * $1 - 2 }
      return LatentInterpretation(
        latent: 0, divergence: 1, meanVariance: 0.9, lower: -2, upper: 2, effect: found.effect,
        factors: factors.map { FactorAssociation(name: $0.0, strength: $0.1) }, images: images)
    }
    #expect(interpreted([("x", 0.9), ("y", 0.2)]).agreesWithFactor == true)
    #expect(interpreted([("y", 0.9), ("x", 0.8)]).agreesWithFactor == false)
    #expect(interpreted([("shape", 0.9)]).agreesWithFactor == false)
    // As close as so few images can tell.
    #expect(interpreted([("y", 0.9), ("x", 0.85)], images: 400).agreesWithFactor == true)
    #expect(interpreted([]).agreesWithFactor == nil)
  }
}
