import BVAELanguage
import BVAEPlatform

/// The options of all kinds of models and of a training, with lists where several numbers can be tried.
struct VariedOptions: ArgumentGroup {
  let arguments: [any DeclaredArgument]

  init() { self.init(takesWordLists: false) }

  /// - Parameter takesWordLists: whether words, such as the network's, may be listed as numbers may.
  init(takesWordLists: Bool) {
    let kinds = ModelKinds.all.map { (word: $0.word, arguments: $0.unbound.arguments) }
    let all = kinds.flatMap(\.arguments) + TrainingArguments.unbound.arguments
    let distinct = all.indices.filter { i in !all[..<i].contains { $0.name == all[i].name } }.map { all[$0].parameter }
    arguments = distinct.map { parameter in
      let owners = kinds.compactMap { kind in
        kind.arguments.first { $0.name == parameter.name }.map { (kind.word, $0.parameter) }
      }
      return Slot<Value?>(
        parameter.varied(
          Self.summary(owners) ?? parameter.summary,
          adding: parameter.takesNumbers
            ? [.numbers] : parameter.takesWords && takesWordLists ? [.list] : [],
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

  /// A kind of model and its training with the options that are given.
  /// - Parameters:
  ///   - missing: those that are left out.
  ///   - value: the value of an option in the place of what is given; nil for that.
  /// - Throws: `ScriptFailure` at a value that an option does not take.
  func bound(
    _ type: any ModelKind.Type, without missing: [String] = [], of verb: String, _ value: (String) -> Value?
  ) throws -> (kind: any ModelKind, training: TrainingArguments) {
    let kind = type.unbound, training = TrainingArguments.unbound
    for argument in kind.arguments + training.arguments where !missing.contains(argument.name) {
      guard let given = self.argument(argument.name)?.given else { continue }
      try argument.bind(value(argument.name).map { given.replaced(by: $0) } ?? given, of: verb)
    }
    return (kind, training)
  }

  /// What is given and none of some kinds of models has.
  func foreign(to kinds: [any ModelKind.Type]) -> [ScriptFailure] {
    let own = (kinds.flatMap { $0.unbound.arguments } + TrainingArguments.unbound.arguments).map(\.name)
    return arguments.filter { $0.wasGiven && !own.contains($0.name) }.map { argument in
      let owners = ModelKinds.all.filter { $0.unbound.arguments.contains { $0.name == argument.name } }
      return argument.failure(
        "models made by \(kinds.map { "'\($0.word)'" }.listed("or")) have no '\(argument.name)'",
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

extension Parameter {
  /// Values that it is to have one after the other.
  /// - Throws: `ScriptFailure` where there are none, or it does not take one of them.
  func check(_ values: [Value], of verb: String) throws {
    guard !values.isEmpty else { throw ScriptFailure("'\(name)' is empty") }
    for value in values {
      if let complaint = complaint(about: value, verb: verb) {
        throw ScriptFailure(complaint.message, hint: complaint.hint)
      }
    }
  }

  /// Whether it takes a single number.
  var takesNumbers: Bool {
    kinds.contains {
      switch $0 {
      case .number, .integer: true
      default: false
      }
    }
  }

  /// Whether it takes one of some words.
  var takesWords: Bool { !words.isEmpty }
}
