import Platform

extension VariationalAutoencoder {
  /// What to try where hardly a latent has come into use: fewer than a third of them, after a training. Nil for a model
  /// that is well, that was not trained, and for an autoencoder.
  ///
  /// With a large β the loss is smallest, for many epochs, where the code says nothing and the decoder draws the mean
  /// image ("posterior collapse"; Bowman et al. 2016, section 3).
  public var collapseAdvice: String? {
    guard let beta = objective.beta, let latentStatistics, !history.epochs.isEmpty else { return nil }
    let active = latentStatistics.activeLatents, latents = architecture.latents
    guard active.count * 3 < latents else { return nil }
    let state =
      active.isEmpty
      ? "no latent is in use: every image is decoded to the same mean image"
      : "only \(active.count) of \(counted(latents, "latent")) \(active.count == 1 ? "is" : "are") in use "
        + "(\(active.map { "Z\($0)" }.joined(separator: ", ")))"
    var tries: [String] = []
    if beta > 1 { tries.append("a lower beta than \(Double(beta).formatted()) (beta 1)") }
    let epochs = history.epochs.count
    let warmup = provenance["warmup"].flatMap(Int.init) ?? 0
    tries.append(
      warmup == 0
        ? "a warm-up (warmup \(max(1, epochs / 4)))" : "a longer warm-up (warmup \(warmup.multipliedOrSame(by: 2)))")
    tries.append("more epochs (\(epochs.multipliedOrSame(by: 2)))")
    return "\(state); try \(tries.dropLast().joined(separator: ", ")) or \(tries[tries.count - 1])"
  }
}

extension Int {
  fileprivate func multipliedOrSame(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? self : product
  }
}
