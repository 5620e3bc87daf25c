/// KL: the loss of the DC-IGN, the deep convolutional inverse graphics network (Kulkarni, Whitney, Kohli and Tenenbaum
/// 2015). What makes it learn a latent for a factor is not the loss but how it is trained; see `InverseGraphicsTraining`.
///
/// Latent k follows the k-th factor, all others what no factor says: the intrinsic latents.
package struct InverseGraphicsLoss: LatentLoss {
  package static let name = "dcign"
  package let variedFactors: [String]
  /// Whether inactive latents are held; without, the same batches train a plain VAE, to see what holding them does.
  private let isClamped: Bool

  package init(factors: [String], isClamped: Bool = true) {
    (variedFactors, self.isClamped) = (factors, isClamped)
  }

  package init(_ settings: SavedSettings) throws {
    variedFactors = try settings.names("factors")
    let clamp: Switch = try settings.has("clamp") ? settings.word("clamp") : .on
    isClamped = clamp == .on
  }

  private enum Switch: String, CaseIterable { case on, off }

  package let kind = "DC-IGN"
  package var settings: [LossSetting] {
    [LossSetting("factors", "factors", names: variedFactors)]
      + (isClamped ? [] : [LossSetting("clamp", "clamp", word: Switch.off.rawValue)])
  }
  /// Σ (h − h̄)² over the inactive latents' means and log variances h, h̄ their means over the batch: 0 for latents that do
  /// not follow what does not belong to them. No part of the loss.
  package var terms: [String] { isClamped ? ["spread"] : [] }

  package func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double] {
    gradient.addDivergence(posterior.warmup, posterior)
    return posterior.spread.map { [$0] } ?? []
  }

  package func loss(divergence: Double, terms: [Double]) -> Double { divergence }

  package func training(_ model: VariationalAutoencoder, batch: Int, options: TrainingOptions) -> any Trainable {
    InverseGraphicsTraining(
      model, factors: variedFactors.count, isClamped: isClamped, batch: batch, options: options)
  }
}

extension Objective {
  /// The objective of the DC-IGN (Kulkarni et al. 2015).
  /// - Parameters:
  ///   - factors: the names of the factors of the scene, of which latent 0 is to follow the first, latent 1 the second,
  ///     and so on; the latents beyond them are for all else.
  ///   - isClamped: whether the latents that do not belong to what varies are held.
  /// - Throws: `ModelError.unsupported` where there are none, one is empty or has a comma, or two are the same.
  public static func inverseGraphics(
    factors: [String], isClamped: Bool = true, likelihood: Likelihood = .gaussian
  ) throws -> Objective {
    guard !factors.isEmpty else {
      throw ModelError.unsupported("a DC-IGN needs the name of at least one factor, which a latent is to follow")
    }
    if let wrong = factors.first(where: { $0.isEmpty || $0.contains(",") }) {
      throw ModelError.unsupported("'\(wrong)' cannot be the name of a factor; expected a name without a comma")
    }
    guard Set(factors).count == factors.count else {
      throw ModelError.unsupported("the factors \(factors.joined(separator: ", ")) are not all different")
    }
    return Objective(InverseGraphicsLoss(factors: factors, isClamped: isClamped), likelihood)
  }

  /// Why no model with so many latents can have it, in words; nil where one can.
  package func fault(latents: Int) -> String? {
    let factors = variedFactors.count
    guard factors > latents else { return nil }
    return "\(factors) factors need as many latents, one each, and there \(latents == 1 ? "is 1" : "are \(latents)")"
  }
}
