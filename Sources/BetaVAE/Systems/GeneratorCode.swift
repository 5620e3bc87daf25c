import BVAEPlatform
import Glibc

/// What an InfoGAN's images are made of (Chen et al. 2016, section 4): noise that nobody looks at, and codes, declared
/// beforehand, that its network Q must be able to tell from the images: categories, each equally likely, and continuous
/// numbers, uniform in −1…1 as the noise is.
///
/// The generator's input is the noise, then a one-hot vector for each category, then the continuous numbers. Q's output is
/// the logits of each category, then the mean of each continuous number, whose variance is taken to be 1.
public struct GeneratorCode: Hashable, Sendable, CustomStringConvertible {
  /// Numbers of noise.
  public let noise: Int
  /// How many categories each categorical code has.
  public let categories: [Int]
  /// Continuous codes.
  public let continuous: Int

  /// The limits of each part, and of a category's size.
  public static let noiseRange = 0...1024, categoriesRange = 0...32, sizeRange = 2...1000, continuousRange = 0...256

  /// Codes, by default those of the paper for MNIST.
  /// - Throws: `ModelError.unsupported` with what is wrong, in words.
  public init(noise: Int = 62, categories: [Int] = [10], continuous: Int = 2) throws(ModelError) {
    func check(_ number: Int, _ range: ClosedRange<Int>, _ words: String) throws(ModelError) {
      guard range.contains(number) else {
        throw .unsupported("\(words) \(range.lowerBound) to \(range.upperBound), not \(number)")
      }
    }
    try check(noise, Self.noiseRange, "the numbers of noise of an InfoGAN are")
    try check(categories.count, Self.categoriesRange, "the categorical codes of an InfoGAN are")
    for size in categories { try check(size, Self.sizeRange, "the categories of a categorical code are") }
    try check(continuous, Self.continuousRange, "the continuous codes of an InfoGAN are")
    guard !categories.isEmpty || continuous > 0 else {
      throw .unsupported("an InfoGAN needs at least one code, categorical or continuous, that its images should show")
    }
    self.noise = noise
    self.categories = categories
    self.continuous = continuous
  }

  /// The paper's for images of a size: for MNIST one category of 10, two continuous codes and 62 numbers of noise, for 32×32
  /// pixels, as for SVHN, four of each and 124.
  public static func usual(for image: ImageShape) throws(ModelError) -> GeneratorCode {
    image.height < 32
      ? try GeneratorCode()
      : try GeneratorCode(noise: 124, categories: Array(repeating: 10, count: 4), continuous: 4)
  }

  /// Codes, that is, latents: the categories' first.
  public var count: Int { categories.count + continuous }

  /// How many categories a latent has; nil for a continuous one.
  public func categories(of latent: Int) -> Int? { categories.indices.contains(latent) ? categories[latent] : nil }

  /// What a latent is drawn from: its categories from the first to the last, or −1…1.
  public func range(of latent: Int) -> ClosedRange<Double> {
    categories(of: latent).map { 0...Double($0 - 1) } ?? -1...1
  }

  /// Numbers that Q gives of an image.
  package var outputs: Int { categories.reduce(0, +) + continuous }

  /// Numbers that the generator reads.
  package var inputs: Int { noise + outputs }

  /// Where the logits of each category stand in Q's output.
  package var logits: [Range<Int>] {
    var start = 0
    return categories.map { size in
      defer { start += size }
      return start..<start + size
    }
  }

  /// Where the means of the continuous codes stand in Q's output.
  package var means: Range<Int> { outputs - continuous..<outputs }

  /// The most that the information can be, in nats: Σ ln K, and 1/6 for each continuous code.
  package var mostInformation: Double {
    categories.reduce(Double(continuous) / 6) { $0 + log(Double($1)) }
  }

  /// `62 noise, categories of 10, 2 continuous`.
  public var description: String {
    let parts = [
      "\(noise) noise", categories.isEmpty ? "" : "categories of \(categories.map(String.init).listed("and"))",
      continuous == 0 ? "" : "\(continuous) continuous",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Draws what so many images are made of, image after image, so that more of them begin with the same ones.
  package func draw(_ count: Int, from generator: inout RandomGenerator) -> GeneratorInputs {
    func uniform() -> Float { Float(2 * generator.uniform() - 1) }
    var inputs = GeneratorInputs(code: self, count: max(0, count))
    for _ in 0..<inputs.count {
      for _ in 0..<noise { inputs.noise.append(uniform()) }
      for size in categories { inputs.categories.append(generator.index(below: size)) }
      for _ in 0..<continuous { inputs.continuous.append(uniform()) }
    }
    return inputs
  }
}

extension GeneratorCode {
  /// What a draw gives.
  func inputs(of draw: Draw) -> GeneratorInputs {
    var random = RandomGenerator(seed: draw.seed, stream: .sample, index: draw.number)
    return self.draw(1, from: &random)
  }

  /// What images of some codes, [images × latents], are made of, with the noise of draws.
  /// - Throws: `ModelError.unsupported` for numbers that are none of a code's categories.
  func inputs(_ codes: Tensor, draw: (_ image: Int) -> Draw) throws(ModelError) -> GeneratorInputs {
    var noise: [Float] = [], chosen: [Int] = [], numbers: [Float] = []
    var last: (draw: Draw, noise: [Float])?
    for image in 0..<codes.count {
      let draw = draw(image)
      if last?.draw != draw { last = (draw, inputs(of: draw).noise) }
      noise += last?.noise ?? []
      for latent in 0..<count {
        let value = codes.values[image * count + latent]
        guard let size = categories(of: latent) else {
          numbers.append(value)
          continue
        }
        guard let category = Int(exactly: value), (0..<size).contains(category) else {
          throw .unsupported(
            "Z\(latent) is a category, a whole number from 0 to \(size - 1), not \(Double(value).formatted())")
        }
        chosen.append(category)
      }
    }
    return try GeneratorInputs(self, count: codes.count, noise: noise, categories: chosen, continuous: numbers)
  }
}

extension Objective.CodeKind {
  /// What was declared; nil for the codes of autoencoders.
  public var declared: GeneratorCode? { if case .declared(let code) = self { code } else { nil } }

  /// What the prior covers of a latent.
  public func priorRange(of latent: Int) -> ClosedRange<Double> {
    declared?.range(of: latent) ?? LatentStatistics.priorRange
  }
}

/// What some images are made of.
package struct GeneratorInputs: Sendable, Equatable {
  package let code: GeneratorCode
  /// Images.
  package let count: Int
  /// [images × noise].
  package fileprivate(set) var noise: [Float] = []
  /// [images × categorical codes], each 0 up to its size.
  package fileprivate(set) var categories: [Int] = []
  /// [images × continuous codes].
  package fileprivate(set) var continuous: [Float] = []

  fileprivate init(code: GeneratorCode, count: Int) { (self.code, self.count) = (code, count) }

  /// Chosen ones; continuous codes may lie outside −1…1, to see what goes on there.
  /// - Throws: `ModelError.unsupported` where there are not as many as the code has, or a category is none.
  package init(
    _ code: GeneratorCode, count: Int, noise: [Float], categories: [Int], continuous: [Float]
  ) throws(ModelError) {
    self.init(code: code, count: max(0, count))
    for (found, each, words) in [
      (noise.count, code.noise, "numbers of noise"), (categories.count, code.categories.count, "categories"),
      (continuous.count, code.continuous, "continuous codes"),
    ] {
      let (expected, isTooMany) = self.count.multipliedReportingOverflow(by: each)
      guard !isTooMany, found == expected else {
        throw .unsupported("\(self.count) images are made of \(self.count) × \(each) \(words), not \(found)")
      }
    }
    for (i, category) in categories.enumerated() {
      let size = code.categories[i % code.categories.count]
      guard (0..<size).contains(category) else {
        throw .unsupported("a code of \(size) categories has those from 0 to \(size - 1), not \(category)")
      }
    }
    guard (noise + continuous).allSatisfy(\.isFinite) else {
      throw .unsupported("noise and continuous codes must be finite numbers")
    }
    (self.noise, self.categories, self.continuous) = (noise, categories, continuous)
  }

  /// The categories of an image.
  package func categories(of image: Int) -> ArraySlice<Int> {
    categories[image * code.categories.count..<(image + 1) * code.categories.count]
  }

  /// The continuous codes of an image.
  package func continuous(of image: Int) -> ArraySlice<Float> {
    continuous[image * code.continuous..<(image + 1) * code.continuous]
  }

  /// The code of an image, as `Code` has it.
  func latents(of image: Int) -> [Float] { categories(of: image).map(Float.init) + continuous(of: image) }

  /// What the generator reads for an image.
  package func row(_ image: Int) -> [Float] {
    var row = Array(noise[image * code.noise..<(image + 1) * code.noise])
    row.reserveCapacity(code.inputs)
    for (size, category) in zip(code.categories, categories(of: image)) {
      for i in 0..<size { row.append(i == category ? 1 : 0) }
    }
    return row + continuous(of: image)
  }
}
