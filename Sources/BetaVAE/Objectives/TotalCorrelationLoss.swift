import Glibc

/// KL + (β − 1) · TC: the β-TCVAE's loss with α = γ = 1 (Chen et al. 2018, equation 4), in which KL = MI + TC + DW and the
/// total correlation TC alone is weighted. KL is exact; TC is estimated from the batch.
///
/// With l_ijd the log density of sample i's latent d under image j's posterior, the estimates are
///
///     ln q(z_i)  = lse_j (ln w_ij + Σ_d l_ijd),    ln q(z_id) = lse_j (ln w_ij + l_ijd)
///     MI = mean [ln q(z|x) − ln q(z)],   TC = mean [ln q(z) − Σ_d ln q(z_d)],   DW = mean [Σ_d ln q(z_d) − ln p(z)]
///
/// The weight counts once a density, and the stratified one of an image for itself stands on the diagonal; much public code
/// has it otherwise.
package struct TotalCorrelationLoss: LatentLoss {
  /// How a batch stands for all images.
  package enum Estimator: String, CaseIterable, Sendable {
    /// Minibatch stratified sampling (Chen et al. 2018, appendix C.2): w_ii = 1/N, (N − M) / (N M) for one other image and
    /// 1/M for the rest, M = B − 1.
    case stratified
    /// Minibatch weighted sampling (equation 6): w = 1 / (N B).
    case weighted
    /// The batch for all there is, w = 1: densities up to a constant.
    case minibatch
  }

  package static let name = "tcvae"
  private let weight: Float
  private let estimator: Estimator

  package init(weight: Float, estimator: Estimator = .stratified) {
    (self.weight, self.estimator) = (weight, estimator)
  }

  package init(_ settings: SavedSettings) throws {
    weight = try settings.number("beta")
    estimator = try settings.word("estimator")
  }

  package let kind = "β-TCVAE"
  package var settings: [LossSetting] {
    [LossSetting("beta", "β", weight), LossSetting("estimator", "estimator", word: estimator.rawValue)]
  }
  package var beta: Float? { weight }
  package let terms = ["MI", "TC", "DW"]
  package var estimate: String? { estimator.rawValue }

  /// ln w_ij.
  package func logWeight(_ i: Int, _ j: Int, batch: Int, images: Int) -> Double {
    let n = Double(max(images, batch)), m = Double(batch - 1)
    switch estimator {
    case .stratified:
      if batch < 2 { return 0 }
      return i == j ? -log(n) : j == (i + 1) % batch ? log((n - m) / (n * m)) : -log(m)
    case .weighted: return -log(n * Double(batch))
    case .minibatch: return 0
    }
  }

  package func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double] {
    let batch = posterior.images, latents = posterior.latents
    let mean = posterior.mean.map(Double.init), sample = posterior.sample.map(Double.init)
    let logVariance = posterior.logVariance.map(Double.init), precision = logVariance.map { exp(-$0) }
    let share = posterior.warmup, scale = Double((weight - 1) * share) / Double(batch)
    var byMean = [Double](repeating: 0, count: mean.count), byVariance = byMean, bySample = byMean
    // Of one sample: l_jd, and the two softmaxes over j.
    var density = [Double](repeating: 0, count: batch * latents)
    var joint = [Double](repeating: 0, count: batch), each = density
    var information = 0.0, correlation = 0.0, dimensions = 0.0
    for i in 0..<batch {
      for j in 0..<batch {
        joint[j] = logWeight(i, j, batch: batch, images: posterior.trainingImages)
        for d in 0..<latents {
          let difference = sample[i * latents + d] - mean[j * latents + d], place = j * latents + d
          let value = -0.5 * (Self.log2Pi + logVariance[place] + difference * difference * precision[place])
          density[place] = value
          each[place] = joint[j] + value
        }
        for d in 0..<latents { joint[j] += density[j * latents + d] }
      }
      let own = (0..<latents).reduce(0) { $0 + density[i * latents + $1] }
      let prior = (0..<latents).reduce(0) { sum, d in
        sum - 0.5 * (Self.log2Pi + sample[i * latents + d] * sample[i * latents + d])
      }
      let all = Self.softmax(&joint, stride: 1, from: 0)
      let product = (0..<latents).reduce(0) { $0 + Self.softmax(&each, stride: latents, from: $1) }
      information += own - all
      correlation += all - product
      dimensions += product - prior
      for j in 0..<batch {
        for d in 0..<latents {
          let place = j * latents + d, weight = scale * (joint[j] - each[place])
          let slope = (sample[i * latents + d] - mean[place]) * precision[place]
          bySample[i * latents + d] -= weight * slope
          byMean[place] += weight * slope
          byVariance[place] += weight * 0.5 * (slope * slope / precision[place] - 1)
        }
      }
    }
    gradient.addDivergence(share, posterior)
    for place in byMean.indices {
      gradient.mean[place] += Float(byMean[place])
      gradient.logVariance[place] += Float(byVariance[place])
    }
    gradient.sample = bySample.map(Float.init)
    return [information, correlation, dimensions].map { $0 / Double(batch) }
  }

  package func loss(divergence: Double, terms: [Double]) -> Double { divergence + Double(weight - 1) * terms[1] }

  private static let log2Pi = log(2 * Double.pi)

  /// Turns every `stride`-th value from a place on into its share of the sum of their exponentials.
  /// - Returns: the logarithm of that sum.
  private static func softmax(_ values: inout [Double], stride step: Int, from start: Int) -> Double {
    var greatest = -Double.infinity, sum = 0.0
    for place in stride(from: start, to: values.count, by: step) { greatest = max(greatest, values[place]) }
    for place in stride(from: start, to: values.count, by: step) {
      values[place] = exp(values[place] - greatest)
      sum += values[place]
    }
    for place in stride(from: start, to: values.count, by: step) { values[place] /= sum }
    return greatest + log(sum)
  }
}

extension Objective {
  /// The objective of the β-TCVAE (Chen et al. 2018) with α = γ = 1.
  /// - Parameters:
  ///   - beta: the weight of the total correlation, 6 in the paper.
  ///   - isStratified: whether densities are estimated by stratified sampling; by weighted sampling otherwise.
  /// - Throws: `ModelError.unsupported` where β is out of range.
  public static func totalCorrelation(
    beta: Float = 6, isStratified: Bool = true, likelihood: Likelihood = .gaussian
  ) throws -> Objective {
    Objective(
      TotalCorrelationLoss(weight: try checked(beta, "beta"), estimator: isStratified ? .stratified : .weighted),
      likelihood)
  }
}
