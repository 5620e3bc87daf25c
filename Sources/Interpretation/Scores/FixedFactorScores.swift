import BVAEArrays

/// Scores that fix a factor and look at what stays the same in the codes. Their papers draw new images with the factor
/// fixed; here they are drawn from those images of the dataset that agree in it: equal values, or for continuous factors one
/// of twenty groups of nearly equal size. Sample sizes are those of disentanglement_lib (Locatello et al. 2019): 64 images
/// or pairs for a vote, 10,000 votes to train and 5000 to test on.
package enum FixedFactorScores {
  static let images = 64, training = 10_000, testing = 5000

  /// The β-VAE score (Higgins et al. 2017, appendix A.4): the accuracy with which a linear classifier says which factor
  /// 64 pairs of images agree in, by the mean of |z − z'| over the pairs.
  package static func betaVAE(_ sample: ScoreSample, _ generator: RandomGenerator) -> Double {
    var draws = FixedFactorDraws(sample, generator)
    let (training, testing) = (draws.differences(training), draws.differences(testing))
    let classifier = LogisticRegression(training.x, training.y, classes: sample.factors.count)
    let right = zip(testing.x, testing.y).count { classifier.predict($0) == $1 }
    return Double(right) / Double(Self.testing)
  }

  /// The FactorVAE score (Kim and Mnih 2018, section 3): 64 images that agree in one factor vote for the latent whose
  /// variance over them is the least share of its variance over all images; the score is how often the factor that most
  /// training votes give a latent is that of further votes. Latents with a deviation below 0.05 are left out; 0 where that
  /// leaves none.
  package static func factorVAE(_ sample: ScoreSample, _ generator: RandomGenerator) -> Double {
    var draws = FixedFactorDraws(sample, generator)
    let variances = draws.variances()
    let active = variances.indices.filter { variances[$0].squareRoot() >= 0.05 }
    guard !active.isEmpty else { return 0 }
    var votes = Array(repeating: [Int](repeating: 0, count: sample.factors.count), count: sample.latents)
    for _ in 0..<training {
      let (factor, latent) = draws.vote(active, variances)
      votes[latent][factor] += 1
    }
    let factorOf = votes.map { counts in counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 } }
    let right = (0..<testing).count { _ in
      let (factor, latent) = draws.vote(active, variances)
      return factorOf[latent] == factor
    }
    return Double(right) / Double(testing)
  }
}

/// Draws images that agree in a factor.
private struct FixedFactorDraws {
  let sample: ScoreSample
  private var generator: RandomGenerator
  /// For each factor and group the images that are alike.
  private var groups: [[[Int]]]

  init(_ sample: ScoreSample, _ generator: RandomGenerator) {
    self.sample = sample
    self.generator = generator
    groups = sample.factors.map { factor in
      var groups = [[Int]](repeating: [], count: factor.groupCount)
      for (image, group) in factor.groups.enumerated() { groups[group].append(image) }
      return groups
    }
  }

  /// Points for a classifier: which factor is fixed, and how far the codes of pairs that agree in it lie apart.
  mutating func differences(_ number: Int) -> (x: [[Double]], y: [Int]) {
    var x: [[Double]] = [], y: [Int] = []
    let width = sample.latents
    for _ in 0..<number {
      let factor = generator.index(below: groups.count)
      var sums = [Double](repeating: 0, count: width)
      for _ in 0..<FixedFactorScores.images {
        let first = generator.index(below: sample.count)
        let group = sample.factors[factor].groups[first]
        let second = partner(of: first, factor, group)
        for k in 0..<width { sums[k] += abs(sample.codes[first * width + k] - sample.codes[second * width + k]) }
      }
      x.append(sums.map { $0 / Double(FixedFactorScores.images) })
      y.append(factor)
    }
    return (x, y)
  }

  /// An image that agrees with another; itself only among all images that there can be, or where it is alone.
  private mutating func partner(of image: Int, _ factor: Int, _ group: Int) -> Int {
    let count = groups[factor][group].count
    while true {
      let other = groups[factor][group][generator.index(below: count)]
      if other != image || sample.isComplete || count == 1 { return other }
    }
  }

  /// Which factor is fixed, and which latent varies least.
  mutating func vote(_ active: [Int], _ variances: [Double]) -> (factor: Int, latent: Int) {
    let factor = generator.index(below: groups.count)
    let group = sample.factors[factor].groups[generator.index(below: sample.count)]
    let count = groups[factor][group].count, width = sample.latents
    let drawn = sample.isComplete ? FixedFactorScores.images : min(FixedFactorScores.images, count)
    var sums = [Double](repeating: 0, count: width), squares = sums
    for place in 0..<drawn {
      var image: Int
      if sample.isComplete {
        image = groups[factor][group][generator.index(below: count)]
      } else {
        // The first steps of a shuffle, so that no image comes twice.
        groups[factor][group].swapAt(place, place + generator.index(below: count - place))
        image = groups[factor][group][place]
      }
      image *= width
      for k in 0..<width {
        let value = sample.codes[image + k]
        sums[k] += value
        squares[k] += value * value
      }
    }
    func share(_ k: Int) -> Double { (squares[k] - sums[k] * sums[k] / Double(drawn)) / variances[k] }
    return (factor, active.reduce(active[0]) { share($1) < share($0) ? $1 : $0 })
  }

  /// The variance of each latent.
  mutating func variances() -> [Double] {
    sample.drawn(&generator).columns.map { values in
      let mean = values.reduce(0, +) / Double(values.count)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count - 1))
    }
  }
}
