import BVAELanguage
import BVAENetworks
import BetaVAE

/// A system that encodes and decodes images: what its command takes beside what all of them take, and the objective
/// that comes of it.
protocol EncodingSystem: ArgumentGroup {
  static var about: ModelKindAbout { get }
  /// See `ModelKind.weights`.
  var weights: [(argument: any DeclaredArgument, symbol: String)] { get }
  /// Checks that a model of these options can be made for images.
  /// - Throws: `ScriptFailure` at the argument that does not suit them.
  func check(_ images: DatasetValue, latents: Int) throws
  /// What a model of these options is trained for.
  func objective(_ likelihood: Objective.Likelihood) throws -> Objective
}

extension EncodingSystem {
  /// None.
  var weights: [(argument: any DeclaredArgument, symbol: String)] { [] }

  /// Any images will do.
  func check(_ images: DatasetValue, latents: Int) {}
}

/// The kind of model that a system makes: with a number of latents and a network.
struct Encoding<System: EncodingSystem>: ModelKind {
  static var about: ModelKindAbout { System.about }

  @Option("the length of the code", .integer(Architecture.latentRange), default: 12) var latents: Int
  @Group var system: System
  @Group var network: NetworkArguments

  var weights: [(argument: any DeclaredArgument, symbol: String)] { system.weights }

  func announce(for images: DatasetValue, _ session: Session) { network.announce(for: images, session) }

  func plan(for images: DatasetValue, seed: UInt64) throws -> ModelPlan {
    let architecture = try network.architecture(for: images, latents: latents)
    try system.check(images, latents: latents)
    return VariationalAutoencoder.plan(
      architecture, objective: try system.objective(network.likelihood), seed: seed)
  }
}
