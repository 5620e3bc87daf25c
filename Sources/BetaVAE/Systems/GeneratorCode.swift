import BVAEPlatform
import Glibc

/// What an InfoGAN's images are made of (Chen et al. 2016, section 4): noise that nobody looks at, and codes, declared
/// beforehand, that its network Q must be able to tell from the images: categories, each equally likely, and continuous
/// numbers, uniform in −1…1 as the noise is.
///
/// The generator's input is the noise, then a one-hot vector for each category, then the continuous numbers. Q's output is
/// the logits of each category, then the mean of each continuous number, whose variance is taken to be 1.
package struct GeneratorCode: Hashable, Sendable, CustomStringConvertible {
  /// Numbers of noise.
  package let noise: Int
  /// How many categories each categorical code has.
  package let categories: [Int]
  /// Continuous codes.
  package let continuous: Int

  /// The limits of each part, and of a category's size.
  package static let noiseRange = 0...1024, categoriesRange = 0...32, sizeRange = 2...1000, continuousRange = 0...256

  /// Codes, by default those of the paper for MNIST.
  /// - Throws: `ModelError.unsupported` with what is wrong, in words.
  package init(noise: Int = 62, categories: [Int] = [10], continuous: Int = 2) throws(ModelError) {
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
  package static func usual(for image: ImageShape) throws(ModelError) -> GeneratorCode {
    image.height < 32
      ? try GeneratorCode()
      : try GeneratorCode(noise: 124, categories: Array(repeating: 10, count: 4), continuous: 4)
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
  package var description: String {
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
