import BVAEPlatform

extension Model {
  /// What to try where a training has collapsed: where hardly a latent is in use, or an InfoGAN's categories are hardly
  /// told apart. Nil for a model that is well or was not trained.
  public var collapseAdvice: String? {
    guard !history.epochs.isEmpty else { return nil }
    if let shares = latentStatistics?.categoryShares { return CategoryUse(shares: shares).warning }
    return unusedLatents
  }

  /// What to try where hardly a latent has come into use: fewer than a third of them, after a training. Nil for a model
  /// that is well, that was not trained, and for an autoencoder.
  ///
  /// With a large β the loss is smallest, for many epochs, where the code says nothing and the decoder draws the mean
  /// image ("posterior collapse"; Bowman et al. 2016, section 3). A KL divergence that is asked for, as by a capacity, can
  /// also be made of variances alone.
  private var unusedLatents: String? {
    guard objective.isVariational, !unknown.contains(.beta), let latentStatistics else { return nil }
    let active = latentStatistics.activeLatents
    guard active.count * 3 < latents else { return nil }
    let divergence = latentStatistics.divergence.reduce(0, +), isOfVariances = active.isEmpty && divergence > 0.5
    var state =
      isOfVariances
      ? "no latent is in use: the KL divergence of \(divergence.formatted(decimals: 1)) nats comes from the "
        + "variances alone, and the means are the same for every image"
      : active.isEmpty
        ? "no latent is in use: every image decodes to the same mean image"
        : "only \(active.count) of \(counted(latents, "latent")) \(active.count == 1 ? "is" : "are") in use "
          + "(\(active.map { "Z\($0)" }.joined(separator: ", ")))"
    var tries: [String] = []
    let epochs = history.epochs.count
    // The steps are known of a model that was trained once.
    if let record = trainingRecord, record.options.epochs == epochs, let steps = record.steps(ofEpochs: epochs),
      let one = record.steps(ofEpochs: 1), steps < Self.fewSteps
    {
      state = "after only \(counted(steps, "step")) \(state)"
      tries.append("more epochs (\((2 * Self.fewSteps - 1) / one + 1))")
    }
    let isShort = !tries.isEmpty
    if isOfVariances { tries.append("another seed") }
    if let beta = objective.beta, beta > 1 { tries.append("a lower beta than \(Double(beta).formatted()) (beta 1)") }
    let warmup = trainingRecord?.options.warmup ?? 0
    // In a short training there is no room for a warm-up that would change anything.
    if !objective.takesWarmup {
      // What there is to raise rises by itself.
    } else if isShort {
      // There is no room for one.
    } else if warmup > 0 {
      tries.append("a longer warm-up (warmup \(warmup.multipliedOrSame(by: 2)))")
    } else if epochs >= Self.leastForWarmup {
      tries.append("a warm-up (warmup \(epochs / 4))")
    }
    if !isShort { tries.append("more epochs (\(epochs.multipliedOrSame(by: 2)))") }
    return "\(state); try \(tries.listed("or"))"
  }

  /// The epochs from which on a warm-up is advised.
  private static let leastForWarmup = 20
  /// Steps that are too few for latents to come into use, whatever the objective.
  private static let fewSteps = 500
}

extension Int {
  func multipliedOrSame(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? self : product
  }
}
