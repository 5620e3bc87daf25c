/// What a model is trained for: how decoded images are compared with the true ones, and what codes cost beside that.
public struct Objective: Hashable, Sendable, CustomStringConvertible {
  /// What a code is.
  public enum CodeKind: Sendable, Equatable {
    /// Numbers; the log variances mean nothing.
    case deterministic
    /// A normal distribution for each latent.
    case gaussian
    /// What was declared before the training: categories and continuous numbers. The log variances mean nothing.
    case declared(GeneratorCode)
  }

  /// The reconstruction term.
  public let likelihood: Likelihood
  /// What is minimised beside the reconstruction error, which is all of it where images are not reconstructed.
  package let loss: any SystemLoss

  /// An objective of a loss, with the likelihood that autoencoders have beside it.
  package init(_ loss: any SystemLoss, _ likelihood: Likelihood = .gaussian) {
    self.loss = loss
    self.likelihood = likelihood
  }

  /// The paper's objective: β = 4, squared error.
  public static let paper = Objective(BetaLoss(weight: 4))

  /// What a code is: whether there are variances, noise and a KL divergence, or categories.
  public var code: CodeKind { loss.code }

  /// The weight β of the KL divergence, or of what stands in its place; nil where the objective has none.
  public var beta: Float? { loss.beta }

  /// Whether images are encoded and decoded again, so that there is a reconstruction error.
  public var reconstructs: Bool { loss is any LatentLoss }

  /// Whether an encoder gives a normal distribution over codes, and so a KL divergence.
  public var isVariational: Bool { code == .gaussian }

  /// What sort of model has it: `β-VAE`, `VAE`, `autoencoder`, `β-TCVAE`, …
  public var kind: String { loss.kind }

  /// `β-VAE, β = 4` or `autoencoder`, with the likelihood where it is not Gaussian.
  public var description: String {
    let shown = loss.settings.filter { !$0.symbol.isEmpty }
    let words = ([loss.kind] + shown.map { "\($0.symbol) = \($0.words)" }).joined(separator: ", ")
    return switch likelihood {
    case .gaussian: words
    case .bernoulli: "\(words), Bernoulli likelihood"
    case .laplace: "\(words), Laplace likelihood"
    }
  }

  /// What a number of the objective's own is called beside others of its kind: `TC, stratified`.
  public func measured(_ term: Term) -> String {
    loss.estimate.map { term.name.contains($0) ? term.name : "\(term.name), \($0)" } ?? term.name
  }

  /// Whether a warm-up may scale what codes cost.
  public var takesWarmup: Bool { loss.takesWarmup }

  /// Images of a step unless others are asked for.
  public var usualBatch: Int { loss.usualBatch }

  /// The factors of the scene of which one varies in each batch that models are trained on; empty for most objectives.
  public var variedFactors: [String] { loss.variedFactors }

  /// The same likelihood, the same loss with the same settings.
  public static func == (left: Objective, right: Objective) -> Bool {
    left.likelihood == right.likelihood && left.loss.name == right.loss.name
      && left.loss.settings == right.loss.settings
  }

  /// Equal objectives hash equally.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(likelihood)
    hasher.combine(loss.name)
    hasher.combine(loss.settings)
  }
}
