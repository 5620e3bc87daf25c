import BVAELanguage
import BVAENetworks
import BVAEPlatform
import BetaVAE

/// What every command that makes models takes: the network and the likelihood.
struct NetworkArguments: ArgumentGroup {
  @Option(
    NetworkKind.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; "),
    default: .described("paper for images up to 32×32, burgess for larger ones"))
  var network: NetworkKind?
  @Option(
    "channels of every convolution; network ign has as many in its first one, then half and a quarter of them",
    .integer(Architecture.channelRange), default: Self.sizes(\.channels))
  var channels: Int?
  @Option(
    "numbers of every hidden dense layer", .integer(Architecture.hiddenRange), default: Self.sizes(\.hidden))
  var hidden: Int?
  @Option("squared error, cross-entropy or absolute error", default: "gaussian") var likelihood: Objective.Likelihood

  /// What holds where an option is not given: `64 for paper, 32 for burgess`.
  private static func sizes(_ size: (NetworkKind) -> Int?) -> Fallback {
    .described(
      NetworkKind.all.compactMap { kind in size(kind).map { "\($0) for \(kind.name)" } }.joined(separator: ", "))
  }

  var rules: [Rule] { [{ _ in $network.knownOrNil().map(foreignSizes) ?? [] }] }

  /// Sizes that the network does not have.
  private func foreignSizes(_ kind: NetworkKind) -> [ScriptFailure] {
    foreign($channels, \.channels, kind) + foreign($hidden, \.hidden, kind)
  }

  private func foreign(_ argument: Slot<Int?>, _ own: (NetworkKind) -> Int?, _ kind: NetworkKind) -> [ScriptFailure] {
    guard argument.wasGiven, own(kind) == nil else { return [] }
    let owners = NetworkKind.all.filter { own($0) != nil }.map { "network \($0.name)" }
    return [
      argument.failure("network \(kind.name) has no '\(argument.name)'", hint: "write \(owners.listed("or")) for it")
    ]
  }

  /// Says which network images are given, where that is another than the paper's and the script does not say it.
  func announce(for images: DatasetValue, _ session: Session) {
    let shape = images.dataset.images.shape, kind = NetworkKind.usual(for: shape)
    guard network == nil, kind != .paper else { return }
    session.host.note(
      "network \(kind.name), as the images, \(shape), are larger than 32×32; 'network paper' chooses the paper's")
  }

  /// The architecture of a model for images.
  func architecture(for images: DatasetValue, latents: Int) throws -> Architecture {
    let shape = images.dataset.images.shape, network = network ?? .usual(for: shape)
    if let mistake = foreignSizes(network).first { throw mistake }
    return try Architecture(image: shape, network: network, channels: channels, hidden: hidden, latents: latents)
  }
}

extension NetworkKind: WordValue {
  package static var choices: [NetworkKind] { all }
  package var word: String { name }
}

extension Objective.Likelihood: WordValue {}
