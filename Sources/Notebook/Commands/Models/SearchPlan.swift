import BVAELanguage
import BVAEPlatform

/// What a call of 'search' tries.
struct SearchPlan {
  struct Setting {
    let kind: any ModelKind
    let training: TrainingArguments
    /// The value that is varied, as it was written, not its neighbour among the floats.
    let value: Double
  }

  let settings: [Setting]
  /// The option that is varied.
  let varied: String
  /// Its sign for people, where it weighs a term of the loss: `β`.
  let symbol: String?

  /// - Throws: `ScriptFailure` at a value that an option does not take.
  init(_ search: SearchCommand, of verb: String) throws {
    let type = search.model.kind, usual = type.unbound, options = search.options
    let own = usual.arguments + TrainingArguments.unbound.arguments
    let lists = try own.filter(\.parameter.takesNumbers).compactMap { argument -> (name: String, values: [Double])? in
      guard let given = options.argument(argument.name), let value = given.literal else { return nil }
      return try given.blaming { (argument.name, try Self.tried(value, for: argument.parameter, of: verb)) }
    }
    // Where nothing has several values, the first number of the model's own is what the table's rows are named by.
    let named = lists.first { list in usual.arguments.contains { $0.name == list.name } }
    let first = usual.arguments.lazy.compactMap { argument -> (name: String, values: [Double])? in
      guard argument.parameter.takesNumbers, case .number(let number) = argument.parameter.fallback else { return nil }
      return (argument.name, [number])
    }.first
    let tried =
      lists.first { $0.values.count > 1 } ?? named ?? first ?? ("seed", [1])
    varied = tried.name
    symbol = usual.weights.first { $0.argument.name == tried.name }?.symbol
    settings = try tried.values.map { value in
      let (kind, training) = try options.bound(type, of: verb) { name in
        (name == tried.name ? value : lists.first { $0.name == name }?.values.first).map { .number($0) }
      }
      return Setting(kind: kind, training: training, value: value)
    }
  }

  /// The numbers of an option that are tried.
  private static func tried(_ value: Value, for parameter: Parameter, of verb: String) throws -> [Double] {
    let values = try [Double].read(.value(value), for: parameter, of: verb) ?? []
    try parameter.check(values.map { .number($0) }, of: verb)
    return values
  }

  /// What breaks the rules of the model or of the training.
  func mistakes(_ site: CallSite) -> [ScriptFailure] {
    for setting in settings {
      let found = (setting.kind.allRules + setting.training.allRules).flatMap { $0(site) }
      if !found.isEmpty { return found }
    }
    return []
  }

  func describe(_ setting: Setting) -> String {
    varied == "latents" ? counted(Int(setting.value), "latent") : "\(symbol ?? varied) \(setting.value.formatted())"
  }
}
