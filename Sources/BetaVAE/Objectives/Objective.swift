/// What a model is trained for: how decoded images are compared with the true ones, and what codes cost beside that.
public struct Objective: Hashable, Sendable, CustomStringConvertible {
  /// What the encoder gives of an image.
  public enum CodeKind: Sendable, Equatable {
    /// A code; the log variances mean nothing.
    case deterministic
    /// A normal distribution for each latent.
    case gaussian
  }

  /// The reconstruction term.
  public let likelihood: Likelihood
  /// What codes cost.
  package let latentLoss: any LatentLoss

  /// An objective of a likelihood and a loss of the codes.
  package init(_ latentLoss: any LatentLoss, _ likelihood: Likelihood = .gaussian) {
    self.latentLoss = latentLoss
    self.likelihood = likelihood
  }

  /// The paper's objective: β = 4, squared error.
  public static let paper = Objective(BetaLoss(weight: 4))

  /// What the encoder gives of an image: whether there are variances, noise and a KL divergence.
  public var code: CodeKind { latentLoss.code }

  /// The weight β of the KL divergence, or of what stands in its place; nil where the objective has none.
  public var beta: Float? { latentLoss.beta }

  /// What sort of model has it: `β-VAE`, `VAE`, `autoencoder`, `β-TCVAE`, …
  public var kind: String { latentLoss.kind }

  /// `β-VAE, β = 4` or `autoencoder`, with the likelihood where it is not Gaussian.
  public var description: String {
    let shown = latentLoss.settings.filter { !$0.symbol.isEmpty }
    let words = ([latentLoss.kind] + shown.map { "\($0.symbol) = \($0.words)" }).joined(separator: ", ")
    return switch likelihood {
    case .gaussian: words
    case .bernoulli: "\(words), Bernoulli likelihood"
    case .laplace: "\(words), Laplace likelihood"
    }
  }

  /// What a number of the objective's own is called beside others of its kind: `TC, stratified`.
  public func measured(_ term: Term) -> String {
    latentLoss.estimate.map { term.name.contains($0) ? term.name : "\(term.name), \($0)" } ?? term.name
  }

  /// Whether a warm-up may scale what codes cost.
  public var takesWarmup: Bool { latentLoss.takesWarmup }

  /// The factors of the scene of which one varies in each batch that models are trained on; empty for most objectives.
  public var variedFactors: [String] { latentLoss.variedFactors }

  /// The same likelihood, the same loss with the same settings.
  public static func == (left: Objective, right: Objective) -> Bool {
    left.likelihood == right.likelihood && left.latentLoss.name == right.latentLoss.name
      && left.latentLoss.settings == right.latentLoss.settings
  }

  /// Equal objectives hash equally.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(likelihood)
    hasher.combine(latentLoss.name)
    hasher.combine(latentLoss.settings)
  }
}
