import BVAELanguage
import BetaVAE

/// A kind of model that scripts can make: what its command takes beside the images and the seed, and the model that
/// comes of it.
///
/// A new one is a file that declares it, and a line in `ModelKinds.all`.
protocol ModelKind: ArgumentGroup {
  static var about: ModelKindAbout { get }
  /// Numbers of its own that weigh the terms of its loss, each with its sign for people: β.
  var weights: [(argument: any DeclaredArgument, symbol: String)] { get }
  /// Says what is chosen for images where the script does not say it.
  func announce(for images: DatasetValue, _ session: Session)
  /// What an untrained model will be.
  /// - Throws: `ScriptFailure` at the argument that does not suit the images.
  func plan(for images: DatasetValue, seed: UInt64) throws -> ModelPlan
}

extension ModelKind {
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
    Encoding<VAE>.self, Encoding<Autoencoder>.self, Encoding<CapacityVAE>.self, Encoding<TotalCorrelationVAE>.self,
    Encoding<DisentangledPriorVAE>.self, Encoding<FactorVAE>.self, Encoding<InverseGraphics>.self,
    GeneratorOfCodes.self,
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

  @Marker(name: "for", "the images that it is to learn") var data: DatasetValue
  @Group var kind: Kind
  @Option("the seed of the initial weights", default: .scriptSeed) var seed: UInt64?

  func run(_ site: CallSite, _ session: Session) throws -> Value {
    kind.announce(for: data, session)
    let model = try $data.blaming {
      try kind.plan(for: data, seed: session.seed(seed)).model(compute: session.workspace.compute)
    }
    return .object(ModelValue(model, subject: data.title, session))
  }
}
