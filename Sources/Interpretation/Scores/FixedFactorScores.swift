import Numerics

/// Scores that fix a factor and look at what stays the same in the codes. Their papers draw new images with the factor
/// fixed; here they are drawn, with replacement, from those images of the dataset that agree in it: equal values,
/// or for continuous factors one of twenty groups of nearly equal size.
extension ScoredCodes {
  /// The β-VAE score (Higgins et al. 2017, appendix A.4; disentanglement_lib's sample sizes): the accuracy with which a
  /// linear classifier says which factor 64 pairs of images agree in, by the mean of |z − z'| over the pairs; trained on
  /// 10,000 such points, tested on 5000, which the bootstrap draws from.
  public func betaVAEScore() -> Score {
    var generator = generator(0)
    let groups = factors.factors.map(Discretization.groups), memberships = groups.map { Self.memberships($0, count) }
    let pairs = 64
    func points(_ number: Int) -> (x: [[Double]], y: [Int]) {
      var x: [[Double]] = [], y: [Int] = []
      for _ in 0..<number {
        let factor = generator.index(below: groups.count)
        var sums = [Double](repeating: 0, count: codes.count)
        for _ in 0..<pairs {
          let first = generator.index(below: count)
          let alike = groups[factor][memberships[factor][first]]
          let second = alike[generator.index(below: alike.count)]
          for k in codes.indices { sums[k] += abs(codes[k][first] - codes[k][second]) }
        }
        x.append(sums.map { $0 / Double(pairs) })
        y.append(factor)
      }
      return (x, y)
    }
    let training = points(10_000), testing = points(5000)
    let classifier = LogisticRegression(training.x, training.y, classes: groups.count)
    let isRight = zip(testing.x, testing.y).map { classifier.predict($0) == $1 }
    return Self.score("β-VAE score", isRight, self.generator(4))
  }

  /// The FactorVAE score (Kim and Mnih 2018, section 3; disentanglement_lib's sample sizes): 64 images that agree in one
  /// factor vote for the latent whose variance over them is the least share of its variance over all images; the score is
  /// how often the factor that most of 10,000 training votes give a latent is that of 5000 further votes, which the
  /// bootstrap draws from. Latents with a deviation below 0.05 are left out; 0 where that leaves none.
  public func factorVAEScore() -> Score {
    let name = "FactorVAE score"
    var generator = generator(1)
    let groups = factors.factors.map(Discretization.groups), memberships = groups.map { Self.memberships($0, count) }
    let everyone = Array(0..<count)
    let variances = codes.map { Self.variance($0, everyone) }
    let active = codes.indices.filter { variances[$0].squareRoot() >= 0.05 }
    guard !active.isEmpty else { return Score(name: name, value: 0, lower: 0, upper: 0) }
    func vote() -> (factor: Int, latent: Int) {
      let factor = generator.index(below: groups.count)
      let alike = groups[factor][memberships[factor][generator.index(below: count)]]
      let images = (0..<64).map { _ in alike[generator.index(below: alike.count)] }
      var best = 0, least = Double.infinity
      for (place, k) in active.enumerated() {
        let share = Self.variance(codes[k], images) / variances[k]
        if share < least { (best, least) = (place, share) }
      }
      return (factor, best)
    }
    var votes = [[Int]](repeating: Array(repeating: 0, count: groups.count), count: active.count)
    for _ in 0..<10_000 {
      let vote = vote()
      votes[vote.latent][vote.factor] += 1
    }
    let factorOf = votes.map { counts in
      counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
    }
    let isRight = (0..<5000).map { _ in
      let vote = vote()
      return factorOf[vote.latent] == vote.factor
    }
    return Self.score(name, isRight, self.generator(5))
  }

  /// For each image the group that it belongs to.
  private static func memberships(_ groups: [[Int]], _ count: Int) -> [Int] {
    var memberships = [Int](repeating: 0, count: count)
    for (group, images) in groups.enumerated() { for image in images { memberships[image] = group } }
    return memberships
  }

  private static func variance(_ values: [Double], _ images: [Int]) -> Double {
    var sum = 0.0, squares = 0.0
    for image in images { sum += values[image] }
    let mean = sum / Double(images.count)
    for image in images { squares += (values[image] - mean) * (values[image] - mean) }
    return squares / Double(max(1, images.count - 1))
  }

  private static func score(_ name: String, _ isRight: [Bool], _ generator: RandomGenerator) -> Score {
    let right = isRight.map { $0 ? 1 : 0 }
    return Bootstrap.score(name, right.count, generator) { draws in
      guard let draws else { return Double(right.reduce(0, +)) / Double(right.count) }
      return Double(zip(right, draws).reduce(0) { $0 + $1.0 * $1.1 }) / Double(right.count)
    }
  }
}
