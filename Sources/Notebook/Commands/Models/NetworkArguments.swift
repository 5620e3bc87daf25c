import BVAELanguage
import BVAENetworks
import BVAEPlatform
import BetaVAE

/// What every command that makes models takes: the network and the likelihood.
struct NetworkArguments: ArgumentGroup {
  @Option(
    NetworkKind.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; "), default: .word(Self.usual.name))
  var network: NetworkKind
  @Option(
    "channels of every convolution", .integer(Architecture.channelRange), default: Self.sizes(\.channels))
  var channels: Int?
  @Option(
    "numbers of every hidden dense layer", .integer(Architecture.hiddenRange), default: Self.sizes(\.hidden))
  var hidden: Int?
  @Option("squared error, cross-entropy or absolute error", default: "gaussian") var likelihood: Objective.Likelihood

  private static let usual = NetworkKind.paper

  /// What holds where an option is not given: `64 for paper, 32 for burgess`.
  private static func sizes(_ size: (NetworkKind) -> Int?) -> Fallback {
    .described(
      NetworkKind.all.compactMap { kind in size(kind).map { "\($0) for \(kind.name)" } }.joined(separator: ", "))
  }

  var rules: [Rule] { [{ _ in foreign($channels, \.channels) + foreign($hidden, \.hidden) }] }

  /// A size that the network does not have.
  private func foreign(_ argument: Slot<Int?>, _ own: (NetworkKind) -> Int?) -> [ScriptFailure] {
    guard argument.wasGiven, let kind = $network.known, own(kind) == nil else { return [] }
    let owners = NetworkKind.all.filter { own($0) != nil }.map { "network \($0.name)" }
    return [
      argument.failure("network \(kind.name) has no '\(argument.name)'", hint: "write \(owners.listed("or")) for it")
    ]
  }

  /// An untrained model.
  func model(
    _ kind: any ModelKind, for images: DatasetValue, latents: Int, seed: UInt64, _ session: Session
  ) throws -> VariationalAutoencoder {
    VariationalAutoencoder(
      try Architecture(
        image: images.dataset.images.shape, network: network, channels: channels, hidden: hidden, latents: latents),
      objective: try kind.objective(likelihood), seed: seed, compute: session.workspace.compute)
  }
}

extension NetworkKind: WordValue {
  package static var choices: [NetworkKind] { all }
  package var word: String { name }
}

extension Objective.Likelihood: WordValue {}
