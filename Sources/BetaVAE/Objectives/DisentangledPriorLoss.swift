import Glibc

/// KL + λ_od Σ_{i≠j} K_ij² + λ_d Σ_i (K_ii − 1)²: the DIP-VAE's loss (Kumar, Sattigeri and Balakrishnan 2018, equations 6
/// and 7), which draws the covariance K of the codes towards the prior's. Kind I: K is that of the means over the batch,
/// divided by B. Kind II: that of the samples, `Cov(μ) + diag(mean e^s)`.
package struct DisentangledPriorLoss: LatentLoss {
  package static let name = "dipvae"
  private let number: Int, offDiagonal: Float, diagonal: Float

  package init(kind: Int, offDiagonal: Float, diagonal: Float) {
    (number, self.offDiagonal, self.diagonal) = (kind, offDiagonal, diagonal)
  }

  package init(_ settings: SavedSettings) throws {
    number = try settings.count("dip")
    guard (1...2).contains(number) else {
      throw ModelError.unsupported("its metadata give \(number) as dip; expected 1 or 2")
    }
    offDiagonal = try settings.number("off_diagonal")
    diagonal = try settings.number("diagonal")
  }

  package var kind: String { "DIP-VAE-\(number == 1 ? "I" : "II")" }
  package var settings: [LossSetting] {
    [
      LossSetting("dip", "", number), LossSetting("off_diagonal", "λ_od", offDiagonal),
      LossSetting("diagonal", "λ_d", diagonal),
    ]
  }
  package let terms = ["penalty"]

  package func evaluate(_ posterior: Posterior, _ gradient: inout PosteriorGradient) -> [Double] {
    let batch = posterior.images, latents = posterior.latents, count = Double(batch), share = posterior.warmup
    var centred = posterior.mean.map(Double.init)
    for d in 0..<latents {
      let mean = (0..<batch).reduce(0) { $0 + centred[$1 * latents + d] } / count
      for b in 0..<batch { centred[b * latents + d] -= mean }
    }
    var covariance = [Double](repeating: 0, count: latents * latents)
    for b in 0..<batch {
      for i in 0..<latents {
        for j in 0..<latents {
          covariance[i * latents + j] += centred[b * latents + i] * centred[b * latents + j] / count
        }
        if number == 2 { covariance[i * latents + i] += exp(Double(posterior.logVariance[b * latents + i])) / count }
      }
    }
    // The penalty, and its gradient by each element of K.
    var penalty = 0.0, slope = covariance
    for i in 0..<latents {
      for j in 0..<latents {
        let off = covariance[i * latents + j] - (i == j ? 1 : 0), weight = Double(i == j ? diagonal : offDiagonal)
        penalty += weight * off * off
        slope[i * latents + j] = 2 * weight * off * Double(share)
      }
    }
    gradient.addDivergence(share, posterior)
    for b in 0..<batch {
      for i in 0..<latents {
        var sum = 0.0
        for j in 0..<latents { sum += slope[i * latents + j] * centred[b * latents + j] }
        gradient.mean[b * latents + i] += Float(2 * sum / count)
        guard number == 2 else { continue }
        let variance = exp(Double(posterior.logVariance[b * latents + i]))
        gradient.logVariance[b * latents + i] += Float(slope[i * latents + i] * variance / count)
      }
    }
    return [penalty]
  }

  package func loss(divergence: Double, terms: [Double]) -> Double { divergence + terms[0] }
}

extension Objective {
  /// The objective of the DIP-VAE (Kumar et al. 2018).
  /// - Parameters:
  ///   - kind: 1, by the covariance of the means, or 2, by that of the samples.
  ///   - offDiagonal: λ_od, the weight of what is off the diagonal.
  ///   - diagonal: λ_d; nil for ten times λ_od with kind 1 and λ_od with kind 2, as in the paper.
  /// - Throws: `ModelError.unsupported` where one is out of range.
  public static func disentangledPrior(
    kind: Int = 1, offDiagonal: Float = 10, diagonal: Float? = nil, likelihood: Likelihood = .gaussian
  ) throws -> Objective {
    guard (1...2).contains(kind) else { throw ModelError.unsupported("the kind of a DIP-VAE is 1 or 2, not \(kind)") }
    let usual = kind == 1 ? 10 * offDiagonal : offDiagonal
    return Objective(
      DisentangledPriorLoss(
        kind: kind, offDiagonal: try checked(offDiagonal, "the weight off the diagonal"),
        diagonal: try checked(diagonal ?? usual, "the weight of the diagonal")), likelihood)
  }
}
