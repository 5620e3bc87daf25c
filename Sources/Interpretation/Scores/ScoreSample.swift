import BVAEArrays

/// What one computation of a score sees: the codes of some images, and the factors as whole numbers.
package struct ScoreSample: Sendable {
  /// A factor of the images of a sample.
  package struct Column: Sendable {
    let name: String
    /// Whether its values have an order, so that a number can be predicted rather than a class.
    let isOrdered: Bool
    let values: [Double]
    /// The values as 0, 1, 2, …
    let levels: [Int]
    /// Which of the groups of images that count as alike in this factor each image belongs to.
    let groups: [Int]
    let groupCount: Int
    package let levelCount: Int
  }

  /// The number of images, and of latents.
  let count: Int, latents: Int
  /// The codes, [images, latents].
  let codes: [Double]
  /// The logarithms of their variances, of the same shape; empty where codes have none.
  let logVariances: [Double]
  package let factors: [Column]
  /// Whether these are all images that there can be: each combination of the factors' values once. Then images are drawn from
  /// them with replacement, as disentanglement_lib draws from its datasets. Otherwise they stand for many others, and no
  /// image serves twice where another would.
  let isComplete: Bool

  /// The most images that are used of those that are not complete; disentanglement_lib trains on 10,000 and tests on 5000.
  static let training = 10_000, testing = 5000

  /// One list for each latent, a value an image.
  var columns: [[Double]] { (0..<latents).map { k in (0..<count).map { codes[$0 * latents + k] } } }

  /// Some of the images, no longer complete.
  package func selecting(_ images: [Int]) -> ScoreSample {
    ScoreSample(
      count: images.count, latents: latents,
      codes: rows(images, of: codes), logVariances: rows(images, of: logVariances),
      factors: factors.map { factor in
        Column(
          name: factor.name, isOrdered: factor.isOrdered, values: images.map { factor.values[$0] },
          levels: images.map { factor.levels[$0] }, groups: images.map { factor.groups[$0] },
          groupCount: factor.groupCount, levelCount: factor.levelCount)
      }, isComplete: false)
  }

  private func rows(_ images: [Int], of values: [Double]) -> [Double] {
    values.isEmpty ? [] : images.flatMap { values[$0 * latents..<($0 + 1) * latents] }
  }

  /// The same images and codes, which code belongs to which image being left to chance.
  func shuffled(_ generator: inout RandomGenerator) -> ScoreSample {
    let order = generator.permutation(count)
    return ScoreSample(
      count: count, latents: latents, codes: rows(order, of: codes), logVariances: rows(order, of: logVariances),
      factors: factors, isComplete: isComplete)
  }

  /// Images to train and to test on: of a complete set 10,000 and 5000 draws, otherwise two thirds and one third.
  func split(_ generator: inout RandomGenerator) -> (training: ScoreSample, testing: ScoreSample) {
    if isComplete { return (draw(Self.training, &generator), draw(Self.testing, &generator)) }
    let testing = generator.subset(of: count, atMost: count / 3)
    var isTesting = [Bool](repeating: false, count: count)
    for image in testing { isTesting[image] = true }
    return (selecting((0..<count).filter { !isTesting[$0] }), selecting(testing))
  }

  /// Images for a score that needs no test: of a complete set 10,000 draws, otherwise each once.
  func drawn(_ generator: inout RandomGenerator) -> ScoreSample {
    isComplete ? draw(Self.training, &generator) : self
  }

  private func draw(_ number: Int, _ generator: inout RandomGenerator) -> ScoreSample {
    selecting((0..<number).map { _ in generator.index(below: count) })
  }
}
