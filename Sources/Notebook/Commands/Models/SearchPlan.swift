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
      let kind = type.unbound, training = TrainingArguments.unbound
      for argument in kind.arguments + training.arguments {
        guard let given = options.argument(argument.name)?.given else { continue }
        let number = argument.name == tried.name ? value : lists.first { $0.name == argument.name }?.values.first
        try argument.bind(number.map { given.replaced(by: .number($0)) } ?? given, of: verb)
      }
      return Setting(kind: kind, training: training, value: value)
    }
  }

  /// The numbers of an option that are tried.
  private static func tried(_ value: Value, for parameter: Parameter, of verb: String) throws -> [Double] {
    let values = try [Double].read(.value(value), for: parameter, of: verb) ?? []
    guard !values.isEmpty else { throw ScriptFailure("'\(parameter.name)' is empty") }
    for value in values {
      if let complaint = parameter.complaint(about: .number(value), verb: verb) {
        throw ScriptFailure(complaint.message, hint: complaint.hint)
      }
    }
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

/// The options of all kinds of models and of a training, with lists where several numbers can be tried.
struct SearchedOptions: ArgumentGroup {
  let arguments: [any DeclaredArgument]

  init() {
    let kinds = ModelKinds.all.map { (word: $0.word, arguments: $0.unbound.arguments) }
    let all = kinds.flatMap(\.arguments) + TrainingArguments.unbound.arguments
    let distinct = all.indices.filter { i in !all[..<i].contains { $0.name == all[i].name } }.map { all[$0].parameter }
    arguments = distinct.map { parameter in
      let owners = kinds.compactMap { kind in
        kind.arguments.first { $0.name == parameter.name }.map { (kind.word, $0.parameter) }
      }
      return Slot<Value?>(
        parameter.varied(
          Self.summary(owners) ?? parameter.summary, adding: parameter.takesNumbers ? [.numbers] : [],
          default: Self.fallback(owners) ?? parameter.fallback))
    }
  }

  /// What it is for each kind of model that has it; what most of them say stands for all.
  private static func summary(_ owners: [(word: String, parameter: Parameter)]) -> String? {
    let summaries = owners.map(\.parameter.summary)
    let distinct = summaries.indices.filter { !summaries[..<$0].contains(summaries[$0]) }.map { summaries[$0] }
    guard let first = distinct.first else { return nil }
    let words = distinct.map { summary in owners.filter { $0.parameter.summary == summary }.map(\.word) }
    if distinct.count == 1 { return words[0].count > 2 ? first : "\(words[0].joined(separator: ", ")): \(first)" }
    return zip(words, distinct).map { words, summary in
      words.count > 2 ? summary : "\(words.joined(separator: ", ")): \(summary)"
    }.joined(separator: "; ")
  }

  private static func fallback(_ owners: [(word: String, parameter: Parameter)]) -> Fallback? {
    guard let first = owners.first?.parameter.fallback else { return nil }
    let fallbacks = owners.compactMap { word, own in own.fallback.map { (word, $0) } }
    if fallbacks.allSatisfy({ $0.1 == first }) { return first }
    let distinct = fallbacks.indices.filter { i in !fallbacks[..<i].contains { $0.1 == fallbacks[i].1 } }
    return .described(
      distinct.map { i in
        let words = fallbacks.filter { $0.1 == fallbacks[i].1 }.map(\.0)
        return words.count > 2 ? fallbacks[i].1.text : "\(fallbacks[i].1.text) for \(words.listed("and"))"
      }.joined(separator: "; "))
  }

  /// Those with several values, as far as is known.
  var several: [any DeclaredArgument] { arguments.filter { $0.parameter.takesNumbers && $0.hasSeveral } }

  func argument(_ name: String) -> (any DeclaredArgument)? { arguments.first { $0.name == name } }

  /// What is given and a kind of model does not have.
  func foreign(to kind: any ModelKind.Type) -> [ScriptFailure] {
    let own = (kind.unbound.arguments + TrainingArguments.unbound.arguments).map(\.name)
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
  fileprivate var hasSeveral: Bool {
    switch literal {
    case .list(let list): list.count > 1
    case .range(let range): range.count > 1
    default: false
    }
  }
}

extension Parameter {
  /// Whether it takes a single number.
  fileprivate var takesNumbers: Bool {
    kinds.contains {
      switch $0 {
      case .number, .integer: true
      default: false
      }
    }
  }
}
