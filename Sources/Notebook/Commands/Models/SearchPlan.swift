import BVAEInterpretation
import BVAELanguage
import BVAEPlatform
import BetaVAE

/// What a call of 'search' tries.
struct SearchPlan {
  struct Setting {
    let kind: any ModelKind
    let latents: Int
    /// The value that is varied, as it was written, not its neighbour among the floats.
    let value: Double
  }

  let settings: [Setting]
  /// The sign of the option that is varied; nil for the number of latents.
  let symbol: String?

  init(_ search: SearchCommand, of verb: String) throws {
    let model = search.model.kind.unbound, latents = search.latents
    var lists: [(name: String, symbol: String, values: [Double])] = []
    for (argument, symbol) in model.searchable {
      guard let given = search.options.argument(argument.name), given.wasGiven, let value = given.literal else {
        continue
      }
      let values = try given.blaming { try Self.tried(value, for: argument) }
      // All of them can be trained with before the first is.
      if let given = given.given {
        for value in values { try argument.bind(given.replaced(by: .number(value)), of: verb) }
      }
      lists.append((argument.name, symbol, values))
    }
    let varied =
      lists.first { $0.values.count > 1 }
      ?? (latents.count == 1 && !search.$latents.wasGiven ? lists.first : nil)
    symbol = varied?.symbol
    func kind(_ name: String?, _ value: Double) throws -> any ModelKind {
      let kind = search.model.kind.unbound
      for argument in kind.arguments {
        guard let given = search.options.argument(argument.name)?.given else { continue }
        let tried =
          argument.name == name ? value : lists.first { $0.name == argument.name }.flatMap(\.values.first)
        try argument.bind(tried.map { given.replaced(by: .number($0)) } ?? given, of: verb)
      }
      return kind
    }
    settings =
      try varied.map { varied in
        try varied.values.map { Setting(kind: try kind(varied.name, $0), latents: latents[0], value: $0) }
      } ?? latents.map { Setting(kind: try kind(nil, 0), latents: $0, value: Double($0)) }
  }

  /// The values of an option that are tried: numbers of 0 or more.
  private static func tried(_ value: Value, for argument: any DeclaredArgument) throws -> [Double] {
    let values = try [Double].read(.value(value), for: argument.parameter, of: "search") ?? []
    guard !values.isEmpty else { throw ScriptFailure("'\(argument.name)' is empty") }
    for value in values where !(value >= 0) {
      throw ScriptFailure("\(argument.name) is 0 or more, not \(value.formatted())")
    }
    return values
  }

  func describe(_ setting: Setting) -> String {
    symbol.map { "\($0) \(setting.value.formatted())" } ?? counted(setting.latents, "latent")
  }
}

/// The options of all kinds of models, with lists where several values can be tried.
struct SearchedOptions: ArgumentGroup {
  let arguments: [any DeclaredArgument]

  init() {
    let kinds = ModelKinds.all.map { (word: $0.word, model: $0.unbound) }
    let all = kinds.flatMap(\.model.arguments)
    arguments = all.indices.filter { i in !all[..<i].contains { $0.name == all[i].name } }.map { i in
      let name = all[i].name
      let owners = kinds.compactMap { kind in
        kind.model.arguments.first { $0.name == name }.map { (kind.word, $0.parameter) }
      }
      let isSearchable = kinds.contains { $0.model.searchable.contains { $0.argument.name == name } }
      let fallbacks = owners.compactMap { word, own in own.fallback.map { "\($0.text) for \(word)" } }
      return Slot<Value?>(
        all[i].parameter.varied(
          owners.map { "\($0): \($1.summary)" }.joined(separator: "; "), adding: isSearchable ? [.numbers] : [],
          default: owners.count == 1 ? all[i].parameter.fallback : .described(fallbacks.joined(separator: ", "))))
    }
  }

  /// Those of which several values can be tried.
  var searchable: [any DeclaredArgument] {
    let names = ModelKinds.all.flatMap { $0.unbound.searchable.map(\.argument.name) }
    return arguments.filter { names.contains($0.name) }
  }

  func argument(_ name: String) -> (any DeclaredArgument)? { arguments.first { $0.name == name } }

  /// What is given and a kind of model does not have.
  func foreign(to kind: any ModelKind.Type) -> [ScriptFailure] {
    let own = kind.unbound.arguments.map(\.name)
    return arguments.filter { $0.wasGiven && !own.contains($0.name) }.map { argument in
      let owners = ModelKinds.all.filter { $0.unbound.arguments.contains { $0.name == argument.name } }
      return argument.failure(
        "models made by '\(kind.word)' have no '\(argument.name)'",
        hint: "write \(owners.map { "model \($0.word)" }.listed("or")) for it")
    }
  }
}

extension DeclaredArgument {
  /// Whether several values are given, as far as is known.
  var hasSeveral: Bool {
    switch literal {
    case .list(let list): list.count > 1
    case .range(let range): range.count > 1
    default: false
    }
  }
}

/// One value of a search and the models that were trained with it, one a seed.
struct SearchResult {
  let value: Double
  let models: [SearchModel]

  var point: SearchPoint { SearchPoint(value: value, runs: models.map(\.run)) }

  /// A number of each model.
  func sample(_ number: (SearchModel) -> Double) -> Sample { Sample(models.map(number)) }
}

/// One trained model of a search.
struct SearchModel {
  let seed: UInt64
  let model: ModelValue
  let evaluation: Evaluation
  let quality: ModelQuality
  let scores: [Score]

  var run: SearchRun {
    let counted = scores.filter { ["MIG", "SAP", "DCI disentanglement"].contains($0.name) }.compactMap(\.value)
    return SearchRun(
      seed: seed, reconstruction: evaluation.reconstruction, divergence: evaluation.totalDivergence,
      loss: evaluation.loss, active: evaluation.active, latents: evaluation.divergence.count,
      disentanglement: counted.isEmpty ? nil : counted.reduce(0, +) / Double(counted.count))
  }
}
