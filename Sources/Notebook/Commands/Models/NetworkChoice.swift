import BVAELanguage
import BVAENetworks
import BVAEPlatform
import BetaVAE

extension Parameter {
  /// What every command that makes models takes.
  static let networkOptions: [Parameter] = [
    .option(
      "network", NetworkKind.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; "),
      .words(NetworkKind.all.map(\.name)), default: .word(NetworkChoice.fallback.name)),
    .option(
      "channels", "channels of every convolution", .integer(Architecture.channelRange),
      default: NetworkChoice.fallbacks(\.channels)),
    .option(
      "hidden", "numbers of every hidden dense layer", .integer(Architecture.hiddenRange),
      default: NetworkChoice.fallbacks(\.hidden)),
    .option(
      "likelihood", "squared error, cross-entropy or absolute error",
      .words(Objective.Likelihood.allCases.map(\.rawValue)), default: "gaussian"),
  ]
}

/// The network that a call asks for.
struct NetworkChoice {
  let kind: NetworkKind
  let channels: Int?, hidden: Int?

  static let fallback = NetworkKind.paper

  init(_ call: Invocation) throws {
    kind = try NetworkKind.named(call.word("network")) ?? Self.fallback
    for (name, size) in Self.sizes where size(kind) == nil && call.wasGiven(name) {
      let (message, hint) = Self.foreign(name, kind)
      throw call.failure(name, message, hint: hint)
    }
    channels = try call.integerIfAny("channels")
    hidden = try call.integerIfAny("hidden")
  }

  /// The options that say how large a network is.
  private static let sizes: [(name: String, own: @Sendable (NetworkKind) -> Int?)] = [
    ("channels", { $0.channels }), ("hidden", { $0.hidden }),
  ]

  /// What holds where an option is not given: `64 for paper, 32 for burgess`.
  static func fallbacks(_ size: (NetworkKind) -> Int?) -> Fallback {
    .described(
      NetworkKind.all.compactMap { kind in size(kind).map { "\($0) for \(kind.name)" } }.joined(separator: ", "))
  }

  private static func foreign(_ name: String, _ kind: NetworkKind) -> (message: String, hint: String) {
    let owners = NetworkKind.all.filter { other in sizes.contains { $0.name == name && $0.own(other) != nil } }
    return (
      "network \(kind.name) has no '\(name)'", "write \(owners.map { "network \($0.name)" }.listed("or")) for it"
    )
  }

  /// What can be said before anything runs.
  static func mistakes(_ call: Inspection) -> [ScriptFailure] {
    // A network that is not written as a word is known when it runs.
    guard !call.wasGiven("network") || call.word("network") != nil else { return [] }
    let kind = call.word("network").flatMap(NetworkKind.named) ?? fallback
    return sizes.filter { $0.own(kind) == nil && call.wasGiven($0.name) }.map { size in
      let (message, hint) = foreign(size.name, kind)
      return call.mistake(size.name, message, hint: hint)
    }
  }
}
