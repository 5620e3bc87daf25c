import BVAELanguage
import BetaVAE

/// A kind of model that scripts can make: what its command takes beside what all of them take, and the objective that
/// comes of it.
///
/// A new one is a file that declares it, and a line in `ModelKinds.all`.
protocol ModelKind: ArgumentGroup {
  static var about: ModelKindAbout { get }
  /// Those of its arguments, numbers of 0 or more, of which a search can try several, each with its sign for people: β.
  var searchable: [(argument: any DeclaredArgument, symbol: String)] { get }
  /// Checks that a model of these options can be made for images.
  /// - Throws: `ScriptFailure` at the argument that does not suit them.
  func check(_ images: DatasetValue, latents: Int) throws
  /// What a model of these options is trained for.
  func objective(_ likelihood: Objective.Likelihood) throws -> Objective
}

extension ModelKind {
  /// None.
  var searchable: [(argument: any DeclaredArgument, symbol: String)] { [] }

  /// Any images will do.
  func check(_ images: DatasetValue, latents: Int) {}

  /// The word that stands for it.
  static var word: String { about.name }
}

/// What help says about a kind of model.
struct ModelKindAbout {
  /// Its command's name.
  let name: String
  let summary: String
  let details: String
  let example: String

  init(_ name: String, _ summary: String, details: String, example: String) {
    (self.name, self.summary, self.details, self.example) = (name, summary, details, example)
  }
}

/// The kinds of models: a line each, in the order in which help lists them.
enum ModelKinds {
  static let all: [any ModelKind.Type] = [
    VAE.self, Autoencoder.self, CapacityVAE.self, TotalCorrelationVAE.self, DisentangledPriorVAE.self, FactorVAE.self,
    InverseGraphics.self,
  ]

  /// The commands that make them.
  static var commands: [any Command.Type] { all.map { command($0) } }

  private static func command<Kind: ModelKind>(_ kind: Kind.Type) -> any Command.Type { MakeCommand<Kind>.self }
}

/// The command that makes an untrained model of a kind.
struct MakeCommand<Kind: ModelKind>: Command {
  static var about: CommandAbout {
    let about = Kind.about
    return CommandAbout(
      about.name, in: .models, about.summary, details: about.details, result: .object(ModelValue.self),
      example: about.example)
  }

  @Marker(name: "for", "the images that it is to encode") var data: DatasetValue
  @Option("the length of the code", .integer(Architecture.latentRange), default: 12) var latents: Int
  @Group var kind: Kind
  @Group var network: NetworkArguments
  @Option("the seed of the initial weights", default: .scriptSeed) var seed: UInt64?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    network.announce(for: data, session)
    let model = try $data.blaming {
      try network.model(kind, for: data, latents: latents, seed: session.seed(seed), session)
    }
    return .object(ModelValue(model, subject: data.title, session))
  }
}
