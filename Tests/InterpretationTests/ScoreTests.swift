import BVAECPU
import BVAEInterpretation
import BVAEPlatform
import BetaVAE
import Glibc
import Testing

@Suite("Scores of disentanglement")
struct ScoreTests {
  static let names = [
    "β-VAE score", "FactorVAE score", "MIG", "MIG (exact densities)", "SAP", "SAP (r²)", "DCI disentanglement",
    "DCI completeness", "DCI informativeness", "DCI disentanglement (regression)", "DCI completeness (regression)",
    "DCI informativeness (regression)", "modularity", "explicitness",
  ]
  /// Those of which no interval is told.
  static let plain = ["MIG (exact densities)", "modularity", "explicitness"]

  /// Factors drawn anew for each image, and codes made of them.
  private func scored(
    _ count: Int = 2000, seed: UInt64 = 1, _ code: ([Double], inout RandomGenerator) -> [Double]
  ) throws -> ScoredCodes {
    var generator = RandomGenerator(seed: 3, stream: .scores)
    var factors: [[Double]] = [[], [], []], codes: [Float] = []
    for _ in 0..<count {
      let values = [(6, 6.0), (5, 5), (4, 1)].map { levels, unit in
        Double(generator.index(below: levels)) / unit
      }
      for k in 0..<3 { factors[k].append(values[k]) }
      codes += code(values, &generator).map(Float.init)
    }
    return try ScoredCodes(
      codes: Tensor(shape: [count, codes.count / count], values: codes),
      logVariances: Tensor(shape: [count, codes.count / count], values: codes.map { _ in -6 }),
      factors: KnownFactors([
        KnownFactors.Factor(name: "x", isCategorical: false, values: factors[0]),
        KnownFactors.Factor(name: "y", isCategorical: false, values: factors[1]),
        KnownFactors.Factor(name: "shape", isCategorical: true, values: factors[2]),
        KnownFactors.Factor(name: "constant", isCategorical: false, values: factors[0].map { _ in 1 }),
      ]), seed: seed)
  }

  /// Codes and factors of a fixture of disentanglement_lib, which Scripts/reference/make_score_fixture.py makes.
  private func fixture(_ name: String) throws -> (codes: Tensor, factors: KnownFactors) {
    let rows = try text(name).map { $0.compactMap(Double.init) }
    let factors = ["a", "b", "c"].enumerated().map { place, name in
      KnownFactors.Factor(name: name, isCategorical: false, values: rows.map { $0[4 + place] })
    }
    return (
      Tensor(shape: [rows.count, 4], values: rows.flatMap { $0.prefix(4).map(Float.init) }), KnownFactors(factors)
    )
  }

  /// The cells of a fixture below its first row.
  private func text(_ name: String) throws -> [[String]] {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return try Files.readText("/\(folder)/Fixtures/\(name)").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").map(String.init)
    }
  }

  private func published() throws -> [String: (mean: Double, deviation: Double)] {
    var values: [String: (mean: Double, deviation: Double)] = [:]
    for row in try text("scores.csv") { values[row[0]] = (Double(row[1]) ?? .nan, Double(row[2]) ?? .nan) }
    return values
  }

  @Test("MIG, SAP and DCI are disentanglement_lib's on unbalanced, asymmetric data")
  func likeTheLibrary() throws {
    func sample(_ name: String) throws -> ScoreSample {
      let (codes, factors) = try fixture(name)
      return try ScoredCodes(codes: codes, factors: factors).sample
    }
    let training = try sample("scores-training.csv"), testing = try sample("scores-testing.csv")
    let expected = try published()
    func check(_ name: String, _ found: Double, within: Double) throws {
      let (mean, _) = try #require(expected[name])
      #expect(abs(found - mean) < within, "\(name): \(found), disentanglement_lib has \(mean)")
    }
    try check("MIG", MutualInformationGap.gap(training), within: 1e-6)
    let sap = SeparatedAttributePredictability.gaps(training, testing)
    // Two test images of 900 predictions: LIBLINEAR stops a little before the minimum.
    try check("SAP", sap[0], within: 2.0 / 900 + 1e-6)
    // All three factors have an order, so the other definition never takes a classifier.
    try check("SAP (r²)", sap[1], within: 1e-6)
    // scikit-learn breaks ties between equal splits at random, three images of 900.
    let dci = InformationScores.byClass(training, testing)
    try check("DCI disentanglement", dci[0], within: 0.002)
    try check("DCI completeness", dci[1], within: 0.002)
    try check("DCI informativeness", dci[2], within: 3.0 / 900 + 1e-6)
    try check("modularity", ModularityExplicitness.modularity(training), within: 1e-6)
    // scikit-learn stops a little before the minimum.
    try check("explicitness", ModularityExplicitness.explicitness(training, testing), within: 2e-4)
  }

  @Test("The unsupervised ranking is that of its authors' code, whatever the order and the sign of latents")
  func ranking() throws {
    let codes = try fixture("scores-training.csv").codes
    func model(_ latents: ([Float]) -> [Float]) -> Code {
      let rows = (0..<codes.shape[0]).map { row in Array(codes.values[4 * row..<4 * row + 4]) }
      let mean = Tensor(shape: codes.shape, values: rows.flatMap(latents))
      return Code(mean: mean, logVariance: Tensor(shape: mean.shape, values: mean.values.map { _ in 0 }))
    }
    // As Scripts/reference/make_score_fixture.py makes them; the last latent of the last is not in use.
    let models = [
      model { z in z }, model { z in [z[2], -z[0], z[3], z[1]] },
      model { z in [z[0] + z[1], z[0] - z[1], z[2], Float(0)] },
    ]
    for kind in UnsupervisedRanking.allCases {
      for (place, score) in kind.scores(models).enumerated() {
        let expected = try #require(try published()["\(kind) \(place)"])
        #expect(try abs(#require(score) - expected.mean) < 1e-4, "\(kind) \(place): \(score ?? .nan)")
      }
    }
    let none = UnsupervisedRanking.lasso.scores([models[0], models[1], model { _ in [0, 0, 0, 0] }])
    #expect(none[2] == nil && none[0] != nil)
  }

  @Test("Information by exact densities is that of the normal distributions that the codes are drawn from")
  func exactDensities() throws {
    // Z0 tells x well, Z1 partly: two normal distributions of variance 1 whose means lie 2 apart. Z2 tells nothing.
    let count = 6000
    var generator = RandomGenerator(seed: 5, stream: .scores)
    let bits = (0..<count).map { _ in Float(generator.index(below: 2)) }
    let codes = bits.flatMap { (bit: Float) -> [Float] in [20 * bit, 2 * bit, 0] }
    let sample = try ScoredCodes(
      codes: Tensor(shape: [count, 3], values: codes),
      logVariances: Tensor(shape: [count, 3], values: codes.map { _ in 0 }),
      factors: KnownFactors([
        KnownFactors.Factor(name: "x", isCategorical: false, values: bits.map(Double.init)),
        KnownFactors.Factor(name: "shape", isCategorical: true, values: bits.map { 1 - Double($0) }),
      ])
    ).sample
    let found = ExactInformationGap.gap(
      sample, &generator, noise: RandomGenerator(seed: 5, stream: .scores, index: 1))
    // I = ln 2 − E[ln(1 + e^−2(1 + ε))], by the trapezoidal rule.
    var expected = log(2.0)
    let step = 0.001
    for i in -9000...9000 {
      let e = Double(i) * step
      expected -= step * exp(-0.5 * e * e) / (2 * Double.pi).squareRoot() * log(1 + exp(-2 * (1 + e)))
    }
    #expect(abs(found - (1 - expected / log(2.0))) < 0.02, "\(found), expected \(1 - expected / log(2.0))")
  }

  @Test("The β-VAE and FactorVAE scores of a complete grid are disentanglement_lib's")
  func votesLikeTheLibrary() throws {
    let (codes, factors) = try fixture("scores-grid.csv")
    let scores = try ScoredCodes(codes: codes, factors: factors).scores(intervals: false)
    for name in ["β-VAE score", "FactorVAE score"] {
      let (mean, deviation) = try #require(try published()[name])
      let value = try #require(scores.first { $0.name == name }?.value)
      #expect(abs(value - mean) < 4 * deviation + 0.002, "\(name): \(value), disentanglement_lib has \(mean)")
    }
  }

  @Test("Codes that are the factors score near 1 within their interval, and above what chance gives")
  func perfect() throws {
    let scores = try scored { factors, _ in [factors[1], factors[0], factors[2]] }.scores()
    #expect(scores.map(\.name) == Self.names)
    for score in scores {
      let value = try #require(score.value), shuffled = try #require(score.shuffled)
      #expect(score.reason == nil && value > shuffled + 0.02, "\(score)")
      guard !Self.plain.contains(score.name) else {
        #expect(score.interval == nil)
        continue
      }
      let interval = try #require(score.interval)
      #expect(interval.contains(value), "\(score)")
      #expect(interval.lowerBound >= 0 && interval.upperBound <= 1, "\(score)")
    }
    func value(_ name: String) -> Double { scores.first { $0.name == name }?.value ?? .nan }
    for name in ["β-VAE score", "FactorVAE score", "MIG", "DCI disentanglement", "DCI completeness"] {
      #expect(value(name) > 0.85, "\(name): \(value(name))")
    }
    // Planes of one class against the rest find few of the levels in between.
    #expect(value("SAP") < 0.6 && value("SAP (r²)") > 0.6)
    #expect(value("DCI informativeness (regression)") > 0.95)
  }

  @Test("Codes that mix all factors score low, and noise scores what shuffled codes do")
  func mixed() throws {
    let mixing = try scored { f, generator in
      let s = f[2] / 4
      return [f[0] + f[1] + s, f[0] - f[1] + s, f[0] + f[1] - s].map { $0 + 0.01 * generator.uniform() }
    }.scores(intervals: false)
    let perfect = try scored { factors, _ in [factors[1], factors[0], factors[2]] }.scores(intervals: false)
    for (bad, good) in zip(mixing, perfect) where ["MIG", "SAP (r²)", "DCI disentanglement"].contains(bad.name) {
      #expect(try #require(bad.value) < #require(good.value) - 0.25, "\(bad) \(good)")
    }
    let noise = try scored { _, generator in [generator.uniform(), generator.uniform()] }.scores()
    for score in noise {
      let value = try #require(score.value), shuffled = try #require(score.shuffled)
      #expect(abs(value - shuffled) < 0.1, "\(score)")
    }
  }

  @Test("The same seed gives the same scores on any number of threads, another seed nearly the same")
  func determinism() throws {
    func scores(_ seed: UInt64, threads: Int = 1) throws -> [Score] {
      try scored(seed: seed) { f, generator in [f[0] + 0.3 * generator.uniform(), f[1] * f[0], f[2]] }
        .scores(intervals: seed == 1, workers: Workers(count: threads))
    }
    let first = try scores(1)
    #expect(first == (try scores(1, threads: 2)))
    let other = try scores(2)
    #expect(first != other)
    for (one, two) in zip(first, other) {
      let difference = try abs(#require(one.value) - #require(two.value))
      #expect(difference < max(0.06, 2 * one.error), "\(one) \(two)")
    }
  }

  @Test("The gap of mutual information is the one that can be counted by hand")
  func gapByHand() throws {
    // Two balanced binary factors; one latent is the first, one is both at once, one is nothing.
    let a: [Double] = (0..<80).map { Double($0 % 2) }, b: [Double] = (0..<80).map { Double($0 / 2 % 2) }
    var codes: [Float] = []
    for i in 0..<80 { codes += [Float(a[i]), Float(a[i] + 2 * b[i]), 0] }
    let sample = try ScoredCodes(
      codes: Tensor(shape: [80, 3], values: codes),
      factors: KnownFactors([
        KnownFactors.Factor(name: "a", isCategorical: true, values: a),
        KnownFactors.Factor(name: "b", isCategorical: true, values: b),
      ])
    ).sample
    // a: both latents know it, gap 0; b: only the second, gap 1.
    #expect(abs(MutualInformationGap.gap(sample) - 0.5) < 1e-12)
  }

  @Test("Factors keep more than twenty levels, and numbers that hardly come back are cut into twenty")
  func levels() throws {
    func levels(_ values: [Double]) throws -> Int {
      let codes = Tensor(shape: [values.count, 2], values: [Float](repeating: 0, count: 2 * values.count))
      let other = values.indices.map { Double($0 % 2) }
      return try ScoredCodes(
        codes: codes,
        factors: KnownFactors([
          KnownFactors.Factor(name: "of interest", isCategorical: false, values: values),
          KnownFactors.Factor(name: "other", isCategorical: false, values: other),
        ])
      ).sample.factors[0].levelCount
    }
    #expect(try levels((0..<1200).map { Double($0 % 40) }) == 40)
    #expect(try levels((0..<1200).map { Double($0) }) == 20)
  }

  @Test("The order of the images changes no score beyond sampling")
  func order() throws {
    // A grid of 21 × 10 × 10 in order, but for one image, so that half of it and thirds of it are chosen.
    let count = 2099
    let values = (0..<count).map { place -> [Double] in [place / 100, place / 10 % 10, place % 10].map(Double.init) }
    func scores(_ places: [Int]) throws -> [Score] {
      let codes = places.flatMap { place -> [Float] in
        let f = values[place]
        let first: Double = f[0] + 0.5 * f[1], second: Double = f[1] - 0.3 * f[2]
        let third: Double = 0.25 * f[2] * f[2] + 0.2 * f[0]
        return [Float(first), Float(second), Float(third)]
      }
      return try ScoredCodes(
        codes: Tensor(shape: [count, 3], values: codes),
        logVariances: Tensor(shape: [count, 3], values: codes.map { _ in -1 }),
        factors: KnownFactors(
          (0..<3).map { k in
            KnownFactors.Factor(name: "\(k)", isCategorical: false, values: places.map { values[$0][k] })
          })
      ).scores()
    }
    var generator = RandomGenerator(seed: 5, stream: .order)
    for (one, two) in try zip(scores(Array(0..<count)), scores(generator.permutation(count))) {
      let difference = try abs(#require(one.value) - #require(two.value))
      #expect(difference < max(0.03, 1.5 * max(one.error, two.error)), "\(one) \(two)")
    }
  }

  @Test("Of many images a random choice is scored that has all levels evenly, of a complete grid all images")
  func choice() {
    func factors(_ count: Int, _ sizes: [Int]) -> KnownFactors {
      var stride = 1
      return KnownFactors(
        sizes.map { size in
          defer { stride *= size }
          let step = stride
          return KnownFactors.Factor(
            name: "\(size)", isCategorical: false, values: (0..<count).map { Double($0 / step % size) })
        })
    }
    #expect(ScoredCodes.images(of: factors(15_000, [20, 15, 50])).count == 15_000)
    #expect(ScoredCodes.images(of: factors(30_000, [30, 20, 50])) == Array(0..<30_000))
    let chosen = ScoredCodes.images(of: factors(29_999, [30, 20, 50]))
    #expect(chosen.count == 15_000 && chosen == chosen.sorted())
    for (step, size) in [(1, 30), (30, 20), (600, 50)] {
      var counts = [Double](repeating: 0, count: size)
      for image in chosen { counts[image / step % size] += 1 }
      let even = 15_000.0 / Double(size)
      #expect(counts.allSatisfy { abs($0 - even) < 6 * even.squareRoot() }, "\(counts)")
    }
    #expect(ScoredCodes.images(of: factors(29_999, [30, 20, 50]), seed: 2) != chosen)
  }

  @Test("What cannot be scored has no value, and says why")
  func edges() throws {
    func reasons(_ codes: ScoredCodes) throws -> [String] {
      let scores = codes.scores(intervals: false)
      #expect(scores.map(\.name) == Self.names)
      #expect(scores.allSatisfy { $0.value == nil && $0.interval == nil && $0.shuffled == nil })
      return Set(scores.compactMap(\.reason)).sorted()
    }
    #expect(try reasons(scored { f, _ in [f[0]] }) == ["a single latent cannot separate factors"])
    #expect(try reasons(scored { f, _ in [f[0], f[0] > 0.8 ? .nan : 0] })[0].hasSuffix("are not finite"))
    #expect(
      try reasons(scored(60) { f, _ in f }).allSatisfy {
        $0.hasPrefix("it needs ") && $0.contains("images (there are 60)") || $0.hasSuffix("there are 60")
      })
    let few = try scored(1999) { f, _ in f }.scores(intervals: false)
    let told = few.compactMap(\.reason)
    #expect(told.allSatisfy { $0 == "its trees need 2,000 images to learn from; there are 1,999" })
    #expect(told.count == 6 && few.filter { $0.reason != nil }.allSatisfy { $0.name.hasPrefix("DCI") })
    func flat(_ factors: [[Double]], latents: Int = 2) throws -> ScoredCodes {
      let count = factors.first?.count ?? 300
      return try ScoredCodes(
        codes: Tensor(shape: [count, latents], values: (0..<count * latents).map { Float($0 % 7) }),
        factors: KnownFactors(
          factors.enumerated().map { KnownFactors.Factor(name: "f\($0)", isCategorical: false, values: $1) }))
    }
    let varying = (0..<300).map { Double($0 % 5) }, constant = varying.map { _ in 1.0 }
    #expect(try reasons(flat([varying, varying], latents: 0)) == ["the codes have no latents"])
    #expect(try reasons(flat([constant, constant])) == ["no factor varies over the images"])
    #expect(
      try reasons(flat([varying, constant])) == [
        "only 'f0' varies over the images; scores need two factors"
      ])
    // Latents that are all constant score nothing, and that can be said.
    let nothing = try scored { _, _ in [1, 2] }.scores(intervals: false)
    #expect(nothing.first { $0.name == "FactorVAE score" }?.value == 0)
    #expect(nothing.first { $0.name == "MIG" }?.value == 0 && nothing.first { $0.name == "SAP" }?.value == 0)
    #expect(nothing.allSatisfy { $0.value?.isFinite == true })
  }

  @Test("Codes of another count than the factors, or of another shape, are refused")
  func mismatch() {
    let factors = KnownFactors([KnownFactors.Factor(name: "a", isCategorical: true, values: [1, 2, 3])])
    #expect(throws: ScoreError.counts(codes: 2, factors: 3)) {
      try ScoredCodes(codes: Tensor(shape: [2, 2], values: [1, 2, 3, 4]), factors: factors)
    }
    #expect(throws: ScoreError.shape([4])) {
      try ScoredCodes(codes: Tensor(shape: [4], values: [1, 2, 3, 4]), factors: factors)
    }
  }

  @Test("An interval is Student's, corrected for what half of the images tell of more of them")
  func interval() {
    // Ten values of mean 0.5 and deviation 0.01 · √(10 / 9).
    let repeats = (0..<10).map { $0 % 2 == 0 ? 0.49 : 0.51 }
    let deviation = 0.01 * (10.0 / 9).squareRoot()
    func check(_ found: ClosedRange<Double>, _ middle: Double, _ half: Double) {
      #expect(abs(found.lowerBound - (middle - half)) < 1e-9, "\(found)")
      #expect(abs(found.upperBound - (middle + half)) < 1e-9, "\(found)")
    }
    func interval(
      _ value: Double, _ repeats: [Double], images: Int?, _ behaviour: ScoreInterval.Behaviour
    ) -> ClosedRange<Double> { ScoreInterval.interval(value, repeats, images: images, behaviour) }
    for behaviour in [ScoreInterval.Behaviour.votes, .entropies, .importance, .accuracy, .importanceByOrder] {
      for images in [nil, 15_000, 40_000] {
        check(interval(0.55, repeats, images: images, behaviour), 0.55, 2.262 * deviation)
      }
    }
    check(interval(0.55, repeats, images: 3750, .votes), 0.55, 2.262 * deviation)
    // Halves are divided anew each time; draws from a complete grid are not halves.
    check(interval(0.55, repeats, images: 3750, .prediction), 0.55, 2.262 * deviation * 0.65.squareRoot())
    check(interval(0.55, repeats, images: nil, .prediction), 0.55, 2.262 * deviation)
    // At a quarter of 15,000 three quarters of an error that falls with the number are left to go, or half of one that
    // falls with its root; from a half of the images on it fell by as much as there is, or by (√2 − 1) of it.
    let root = 0.5 / 0.414_213_562_373_095
    for (behaviour, factor, multiple) in [
      (ScoreInterval.Behaviour.entropies, 0.75, 1 + 0.2 * 0.5625),
      (.accuracy, root, 1 + root + 0.6 * root * root), (.accuracyByOrder, root, 1 + root),
    ] {
      let correction = 0.02 * factor
      check(
        interval(0.52, repeats, images: 3750, behaviour), 0.52 + correction,
        2.262 * (deviation * deviation * multiple + correction * correction / 9).squareRoot())
    }
    // Odds grow from 1 at the halves to 11 / 9, and by as much at each of two doublings.
    let step = log(11.0 / 9), spread = deviation / (0.55 * 0.45)
    for (behaviour, multiple, doubt) in [
      (ScoreInterval.Behaviour.importance, 9, 1 / 3.0), (.importanceByOrder, 4.2, 1 / 8.0),
    ] {
      let odds = interval(0.55, repeats, images: 3750, behaviour)
      let half = 2.262 * (multiple * spread * spread + 4 * step * step * doubt * doubt).squareRoot()
      #expect(abs(odds.lowerBound - 1 / (1 + exp(-min(step, 3 * step - half)))) < 1e-9)
      #expect(abs(odds.upperBound - 1 / (1 + exp(-3 * step - half))) < 1e-9)
    }
    for extreme in [0.0, 1] {
      let found = interval(extreme, repeats.map { _ in extreme }, images: 3750, .importance)
      #expect(found.contains(extreme) && found.upperBound - found.lowerBound < 1e-3)
    }
    #expect(interval(0.99, repeats, images: 600, .accuracy).upperBound == 1)
  }

  @Test("The FactorVAE score of a small grid is that of three million votes in NumPy")
  func votes() throws {
    // All of 4 × 5 × 3 levels in order, and codes that mix them.
    var columns: [[Double]] = [[], [], []], codes: [Double] = []
    for i in 0..<60 {
      let (a, b, c, at) = (Double(i / 15), Double(i / 3 % 5), Double(i % 3), Double(i))
      for (k, value) in [a, b, c].enumerated() { columns[k].append(value) }
      codes += [a + 3 * sin(7 * at), b + 4 * cos(5 * at), c + a / 2 + 3 * sin(3 * at * at), b / 2 + 2 * cos(11 * at)]
    }
    let sample = try ScoredCodes(
      codes: Tensor(shape: [60, 4], values: codes.map(Float.init)),
      factors: KnownFactors(
        columns.enumerated().map { KnownFactors.Factor(name: "\($0)", isCategorical: false, values: $1) })
    ).sample
    let scores = (1...60).map { FixedFactorScores.factorVAE(sample, RandomGenerator(seed: $0, stream: .scores)) }
    // The standard error of the mean of 60 is 0.0009.
    #expect(abs(scores.reduce(0, +) / 60 - 0.5281) < 0.003, "\(scores)")
  }

  @Test("Scoring tells how far it is, and ends when it is told to")
  func progress() throws {
    struct Enough: Error {}
    let codes = try scored { f, _ in [f[0], f[1]] }
    var told: [Double] = []
    #expect(throws: Enough.self) {
      try codes.scores { done in
        told.append(done)
        if told.count == 5 { throw Enough() }
      }
    }
    #expect(told.count == 5 && told == told.sorted() && told[0] == 0 && told[4] < 1)
  }
}
